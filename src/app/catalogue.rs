//! Units, procedures, commitments and calendars, held in memory and read again when their version in the database grows.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwapOption;
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::error::{AppError, Fault, Invalid};
use super::{App, shipped};
use crate::domain::calendar::{Calendar, CalendarError, CalendarSpec, DayRow, Layer, SessionRule};
use crate::domain::commitment::{Commitment, Effect};
use crate::domain::deadline::LimitUnit;
use crate::domain::letters::on_a_line;
use crate::domain::procedure::Procedure;
use crate::domain::promise::Rules;
use crate::domain::unit::{Unit, UnitTree};
use crate::store::AnyConnection;
use crate::store::catalogue::{self as store, CalendarVersionRow};
use crate::store::redatings::redatings_unfinished;

/// The scope every calendar begins with.
pub const NATIONAL: &str = "national";

/// One layer of a calendar as it is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LayerContent {
    /// Days off and make-up days.
    #[serde(default)]
    pub days: Vec<DayRow>,
    /// Sessions, where they differ from the layer outside.
    #[serde(default)]
    pub sessions: Vec<SessionRule>,
    /// Years whose days the government has announced; only the national layer says so.
    #[serde(default)]
    pub announced: BTreeSet<i32>,
}

/// Everything slow to change, at one version.
pub struct Catalogue {
    version: i64,
    /// The tree of units.
    pub units: UnitTree,
    /// Procedures by code.
    pub procedures: BTreeMap<String, Procedure>,
    /// Commitments, the oldest first.
    pub commitments: Vec<Commitment>,
    /// The newest calendar version over all scopes.
    pub calendar_version: i64,
    /// Whether open dossiers are still being re-dated by a calendar already in force.
    pub redating: bool,
    layers: BTreeMap<String, LayerContent>,
    calendars: Mutex<HashMap<Vec<String>, Arc<Calendar>>>,
}

impl Catalogue {
    fn load(c: &mut AnyConnection, version: i64) -> Result<Catalogue, AppError> {
        let units =
            UnitTree::new(store::units_all(c)?).map_err(|error| AppError::Internal(error.to_string()))?;
        let versions = store::calendars_in_force(c)?;
        let calendar_version = versions.iter().map(|row| row.version).max().unwrap_or(0);
        let mut layers = BTreeMap::new();
        for row in versions {
            let content = serde_json::from_str(&row.content)
                .map_err(|error| AppError::Internal(format!("calendar version {}: {error}", row.version)))?;
            layers.insert(row.scope, content);
        }
        Ok(Catalogue {
            version,
            units,
            procedures: store::procedures_all(c)?.into_iter().map(|of| (of.code.clone(), of)).collect(),
            commitments: store::commitments_all(c)?,
            calendar_version,
            redating: !redatings_unfinished(c)?.is_empty(),
            layers,
            calendars: Mutex::default(),
        })
    }

    /// The number that grows with every change of what stands here.
    pub fn version(&self) -> i64 {
        self.version
    }

    /// The calendar of a unit: the national layer, overlaid by those of the units above it, the outermost first, and its own.
    /// Units without layers of their own share one calendar.
    ///
    /// # Errors
    /// [`AppError::Internal`] when the layers contradict each other, which publishing should have refused.
    pub fn calendar(&self, unit: &str) -> Result<Arc<Calendar>, AppError> {
        self.built(unit).map_err(|error| AppError::Internal(error.to_string()))
    }

    fn built(&self, unit: &str) -> Result<Arc<Calendar>, CalendarError> {
        let scopes = scopes(&self.units, &self.layers, unit);
        let mut built = self.calendars.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(calendar) = built.get(&scopes) {
            return Ok(Arc::clone(calendar));
        }
        let calendar = Arc::new(Calendar::build(&spec(&scopes, &self.layers))?);
        built.insert(scopes, Arc::clone(&calendar));
        Ok(calendar)
    }

    /// Whose layers a unit's calendar is made of, the outermost first: `national`, then units' codes.
    pub fn scopes(&self, unit: &str) -> Vec<String> {
        scopes(&self.units, &self.layers, unit)
    }

    /// What a scope itself says of its days and hours; `None` when it says nothing.
    pub fn layer(&self, scope: &str) -> Option<&LayerContent> {
        self.layers.get(scope)
    }

    /// What holds at a scope without what it says itself, were these years announced.
    ///
    /// # Errors
    /// When the layers contradict each other, which publishing should have refused.
    pub fn calendar_around(&self, scope: &str, announced: BTreeSet<i32>) -> Result<Calendar, CalendarError> {
        let around = self.scopes_around(scope);
        Calendar::build(&CalendarSpec { announced, ..spec(&around, &self.layers) })
    }

    /// The scopes whose layers a scope's own lies over, the outermost first.
    pub fn scopes_around(&self, scope: &str) -> Vec<String> {
        let mut around = self.scopes(scope);
        around.retain(|of| of != scope);
        around
    }

    /// Whether there is such a scope: `national`, or a unit's code.
    pub fn is_scope(&self, scope: &str) -> bool {
        scope == NATIONAL || self.units.get(scope).is_some()
    }

    /// The catalogue as it would be if the scope said `content`, with a calendar for every unit.
    ///
    /// # Errors
    /// The contradiction.
    pub fn with_layer(&self, scope: &str, content: &LayerContent) -> Result<Catalogue, CalendarError> {
        let mut layers = self.layers.clone();
        layers.insert(scope.to_owned(), content.clone());
        let after = Catalogue {
            version: self.version,
            units: self.units.clone(),
            procedures: self.procedures.clone(),
            commitments: self.commitments.clone(),
            calendar_version: self.calendar_version,
            redating: self.redating,
            layers,
            calendars: Mutex::default(),
        };
        for code in after.units.iter().map(|unit| unit.code.as_str()).chain([NATIONAL]) {
            after.built(code)?;
        }
        Ok(after)
    }

    /// The rules by which a unit's promises are made; `calendar` is the unit's own.
    pub fn rules<'a>(&'a self, calendar: &'a Calendar) -> Rules<'a> {
        Rules { calendar, units: &self.units, commitments: &self.commitments }
    }

    /// The unit's name; its code when it is unknown.
    pub fn unit_name<'a>(&'a self, code: &'a str) -> &'a str {
        self.units.get(code).map_or(code, |unit| &unit.name)
    }

    /// The commitment with this key.
    pub fn commitment(&self, id: i64) -> Option<&Commitment> {
        self.commitments.iter().find(|of| of.id == id)
    }
}

/// The layers a unit's calendar is made of, the outermost first.
fn scopes(units: &UnitTree, layers: &BTreeMap<String, LayerContent>, unit: &str) -> Vec<String> {
    let lineage = units.lineage(unit);
    let own = lineage.iter().rev().map(|of| of.code.clone()).filter(|code| layers.contains_key(code));
    std::iter::once(NATIONAL.to_owned()).chain(own).collect()
}

fn spec(scopes: &[String], layers: &BTreeMap<String, LayerContent>) -> CalendarSpec {
    let contents: Vec<&LayerContent> = scopes.iter().filter_map(|scope| layers.get(scope)).collect();
    let announced = contents.first().map(|national| national.announced.clone()).unwrap_or_default();
    let layers = contents
        .into_iter()
        .map(|content| Layer { days: content.days.clone(), sessions: content.sessions.clone() })
        .collect();
    CalendarSpec { layers, announced }
}

/// Holds the catalogue of the version last seen.
#[derive(Default)]
pub struct Cache {
    held: ArcSwapOption<Catalogue>,
}

impl Cache {
    /// The catalogue as it stands in the database: one small read, and a full one when it has changed.
    ///
    /// # Errors
    /// The store's errors.
    pub fn current(&self, c: &mut AnyConnection) -> Result<Arc<Catalogue>, AppError> {
        let version = store::catalogue_version(c)?;
        if let Some(held) = self.held.load_full().filter(|held| held.version == version) {
            return Ok(held);
        }
        let read = Arc::new(Catalogue::load(c, version)?);
        self.held.store(Some(Arc::clone(&read)));
        Ok(read)
    }
}

/// Publishes the shipped national calendar and procedures where the database has none.
///
/// # Errors
/// The store's errors; the shipped data being unreadable.
pub(super) fn furnish(c: &mut AnyConnection, now: DateTime<Utc>) -> Result<(), AppError> {
    let has_calendar = store::calendars_in_force(c)?.iter().any(|row| row.scope == NATIONAL);
    let has_procedures = !store::procedures_all(c)?.is_empty();
    if has_calendar && has_procedures {
        return Ok(());
    }
    if !has_calendar {
        let (days, announced) = shipped::national_calendar_rows()?;
        let content = LayerContent { days, sessions: Vec::new(), announced };
        let content =
            serde_json::to_string(&content).map_err(|error| AppError::Internal(error.to_string()))?;
        let row = CalendarVersionRow {
            version: 0,
            scope: NATIONAL.to_owned(),
            content,
            source: "config/calendar".to_owned(),
            published_at: now.into(),
            published_by: None,
        };
        store::calendar_insert(c, row)?;
    }
    if !has_procedures {
        store::procedures_put(c, &shipped::procedures()?)?;
    }
    Ok(store::catalogue_touch(c)?)
}

/// Adds or changes units, parents and children in any order.
///
/// # Errors
/// An empty code or name, an unknown parent or a cycle, each naming the row; the store's errors.
pub async fn units_put(app: &App, new: Vec<Unit>) -> Result<usize, AppError> {
    app.write_job("units", move |c, catalogue| {
        let ordered = units_ordered(catalogue, new)?;
        store::units_put(c, &ordered)?;
        store::catalogue_touch(c)?;
        Ok(ordered.len())
    })
    .await
}

/// Whether [`units_put`] would take these units.
///
/// # Errors
/// Those of [`units_put`].
pub async fn units_check(app: &App, new: Vec<Unit>) -> Result<(), AppError> {
    app.read(move |_, catalogue| units_ordered(catalogue, new).map(|_| ())).await
}

/// The units as they may be written: parents first, so that each reference finds its row.
fn units_ordered(catalogue: &Catalogue, new: Vec<Unit>) -> Result<Vec<Unit>, AppError> {
    let empty: Vec<Invalid> = new
        .iter()
        .enumerate()
        .filter(|(_, unit)| unit.code.trim().is_empty() || unit.name.trim().is_empty())
        .map(|(at, _)| Invalid::new(format!("[{at}].name"), Fault::Empty))
        .collect();
    if !empty.is_empty() {
        return Err(AppError::Invalid(empty));
    }
    let mut all: BTreeMap<String, Unit> =
        catalogue.units.iter().map(|unit| (unit.code.clone(), unit.clone())).collect();
    let codes: Vec<String> = new.iter().map(|unit| unit.code.clone()).collect();
    all.extend(new.into_iter().map(|unit| (unit.code.clone(), unit)));
    let tree = UnitTree::new(all.into_values().collect())
        .map_err(|_| AppError::invalid("parent", Fault::UnknownReference))?;
    let mut ordered: Vec<Unit> = codes.iter().filter_map(|code| tree.get(code).cloned()).collect();
    ordered.sort_by_key(|unit| tree.lineage(&unit.code).len());
    Ok(ordered)
}

/// Adds or changes procedures; the limits given replace those kept.
///
/// # Errors
/// The store's errors.
pub async fn procedures_put(app: &App, new: Vec<Procedure>) -> Result<usize, AppError> {
    app.write_job("procedures", move |c, _| {
        store::procedures_put(c, &new)?;
        store::catalogue_touch(c)?;
        Ok(new.len())
    })
    .await
}

/// Registers a commitment; answers it with its key.
///
/// # Errors
/// An unknown unit or procedure, a selector that covers nothing, days in the wrong order; the store's errors.
pub async fn commitment_create(app: &App, new: Commitment, by: Option<i64>) -> Result<Commitment, AppError> {
    let now = app.clock().now().into();
    app.write_job("commitment", move |c, catalogue| {
        let faults = commitment_faults(&new, catalogue);
        if !faults.is_empty() {
            return Err(AppError::Invalid(faults));
        }
        let id = store::commitment_insert(c, &new, now, by)?;
        store::catalogue_touch(c)?;
        Ok(Commitment { id, ..new })
    })
    .await
}

/// Every fault of a commitment to be registered.
fn commitment_faults(new: &Commitment, catalogue: &Catalogue) -> Vec<Invalid> {
    let mut faults = references_faults(new, catalogue);
    faults.extend(terms_faults(new));
    faults
}

/// Units, procedures and sectors that are none.
fn references_faults(new: &Commitment, catalogue: &Catalogue) -> Vec<Invalid> {
    let mut faults = Vec::new();
    let mut fault = |name: String, fault| faults.push(Invalid::new(name, fault));
    if catalogue.units.get(&new.unit).is_none() {
        fault("unit".into(), Fault::UnknownReference);
    }
    for (at, code) in new.selector.procedures.iter().enumerate() {
        if !catalogue.procedures.contains_key(code) {
            fault(format!("procedures[{at}]"), Fault::UnknownReference);
        }
    }
    for (at, sector) in new.selector.sectors.iter().enumerate() {
        if !catalogue.procedures.values().any(|of| of.sector == *sector) {
            fault(format!("sectors[{at}]"), Fault::UnknownReference);
        }
    }
    faults
}

/// Terms that cannot be kept, or mean nothing.
fn terms_faults(new: &Commitment) -> Vec<Invalid> {
    let mut faults = Vec::new();
    let mut fault = |name: &str, fault| faults.push(Invalid::new(name, fault));
    if new.selector.is_empty() && new.effect != Effect::NoWeekRollover {
        fault("procedures", Fault::Required);
    }
    let most = LimitUnit::WorkingDay.max();
    if new.selector.max_working_days.is_some_and(|days| !(1..=most).contains(&days)) {
        fault("max_working_days", Fault::OutOfRange);
    }
    if new.received_on.nth_week.is_some_and(|nth| !(1..=5).contains(&nth)) {
        fault("received_on.nth_week", Fault::OutOfRange);
    }
    let known_year = |day: NaiveDate| (2000..=2100).contains(&day.year());
    if !known_year(new.valid_from) {
        fault("valid_from", Fault::OutOfRange);
    }
    if new.valid_to.is_some_and(|last| last < new.valid_from || !known_year(last)) {
        fault("valid_to", Fault::OutOfRange);
    }
    match new.decision.trim() {
        "" => fault("decision", Fault::Empty),
        text if !text.chars().all(on_a_line) => fault("decision", Fault::BadCharacters),
        _ => {}
    }
    if let Effect::Within(limit) = new.effect {
        // Days of grace and months are the law's: a commitment counts in the office's own time.
        let taken = [LimitUnit::WorkingHour, LimitUnit::WorkingDay];
        if !taken.contains(&limit.unit()) {
            faults.push(Invalid::not_allowed("effect.within.unit", &taken));
        }
    }
    faults
}
