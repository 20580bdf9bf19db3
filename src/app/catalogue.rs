//! Units, procedures, commitments, calendars and the office's alert rules, held in memory and read again when their version in the database grows.
//!
//! Changing them is [`units`]', [`procedures`]' and [`commitments`]' part (and [`templates`]'; [`commitments_shown`] tells what rests on them), each change in one transaction with its entry in the ledger, whose
//! words are [`record`]'s.

pub mod commitments;
pub mod commitments_shown;
pub mod procedure_search;
pub mod procedures;
pub mod procedures_planned;
pub mod record;
pub mod templates;
pub mod units;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use arc_swap::ArcSwapOption;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::alerts::rules::{OfficeRule, office_rules};
use super::entries::Stamp;
use super::error::{AppError, Fault, Invalid};
use super::shipped;
use crate::clock::Clock;
use crate::domain::calendar::{Calendar, CalendarError, CalendarSpec, DayRow, Layer, SessionRule};
use crate::domain::commitment::Commitment;
use crate::domain::office_time::local_date;
use crate::domain::procedure::Procedure;
use crate::domain::procedure_search::ProcedureIndex;
use crate::domain::promise::Rules;
use crate::domain::unit::{Unit, UnitRegister, UnitTree};
use crate::store::AnyConnection;
use crate::store::catalogue::{self as store, CalendarVersionRow};
use crate::store::commitments::{commitment_ends, commitments_all};
use crate::store::counters::counters_state;
use crate::store::redatings::redatings_unfinished;
pub use commitments::commitment_create;
pub use units::units_put;

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

/// The calendars that were asked for. Few differ, and reports ask for one with each dossier.
#[derive(Default)]
struct Calendars {
    by_unit: HashMap<String, Arc<Calendar>>,
    /// By whose layers they are made of.
    by_scopes: HashMap<Vec<String>, Arc<Calendar>>,
}

/// Everything slow to change, at one version.
pub struct Catalogue {
    version: i64,
    /// The office's day it is read for.
    pub day: NaiveDate,
    /// The tree of units on that day.
    pub units: UnitTree,
    /// The units with their history.
    pub register: UnitRegister,
    /// Procedures by code.
    pub procedures: BTreeMap<String, Procedure>,
    /// Commitments, the oldest first.
    pub commitments: Vec<Commitment>,
    /// The alert rules of the office's own, by name.
    pub alert_rules: Vec<OfficeRule>,
    /// The newest calendar version over all scopes.
    pub calendar_version: i64,
    /// Whether open dossiers are still being re-dated by a calendar already in force.
    pub redating: bool,
    /// Whether acts are counted; they are not while the counters still have to be made.
    pub counting: bool,
    ends: BTreeMap<i64, String>,
    layers: BTreeMap<String, LayerContent>,
    calendars: Mutex<Calendars>,
    procedure_index: OnceLock<ProcedureIndex>,
}

impl Catalogue {
    fn load(c: &mut AnyConnection, version: i64, day: NaiveDate) -> Result<Catalogue, AppError> {
        let register = UnitRegister::new(store::units_all(c)?, store::former_units_all(c)?);
        let units = register.on(day).map_err(|error| AppError::Internal(error.to_string()))?;
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
            day,
            units,
            register,
            procedures: store::procedures_all(c)?.into_iter().map(|of| (of.code.clone(), of)).collect(),
            commitments: commitments_all(c)?,
            ends: commitment_ends(c)?.into_iter().collect(),
            alert_rules: office_rules(c)?,
            calendar_version,
            redating: !redatings_unfinished(c)?.is_empty(),
            counting: counters_state(c)?.counting,
            layers,
            calendars: Mutex::default(),
            procedure_index: OnceLock::new(),
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

    /// The calendars of these units, each once: many units have the same.
    ///
    /// # Errors
    /// As [`Catalogue::calendar`].
    pub fn calendars_of<'a>(
        &self,
        units: impl IntoIterator<Item = &'a String>,
    ) -> Result<Vec<Arc<Calendar>>, AppError> {
        let (mut seen, mut apart) = (HashSet::new(), Vec::new());
        for unit in units {
            let calendar = self.calendar(unit)?;
            if seen.insert(Arc::as_ptr(&calendar)) {
                apart.push(calendar);
            }
        }
        Ok(apart)
    }

    fn built(&self, unit: &str) -> Result<Arc<Calendar>, CalendarError> {
        let mut built = self.calendars.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(calendar) = built.by_unit.get(unit) {
            return Ok(Arc::clone(calendar));
        }
        let scopes = scopes(&self.units, &self.layers, unit);
        let calendar = match built.by_scopes.get(&scopes) {
            Some(calendar) => Arc::clone(calendar),
            None => {
                let calendar = Arc::new(Calendar::build(&spec(&scopes, &self.layers))?);
                built.by_scopes.insert(scopes, Arc::clone(&calendar));
                calendar
            }
        };
        // What is no unit has no calendar of its own to be remembered.
        if unit == NATIONAL || self.units.get(unit).is_some() {
            built.by_unit.insert(unit.to_owned(), Arc::clone(&calendar));
        }
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

    /// The scopes that say something of their own days and hours.
    pub fn layered_scopes(&self) -> impl Iterator<Item = &str> {
        self.layers.keys().map(String::as_str)
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
            day: self.day,
            units: self.units.clone(),
            register: self.register.clone(),
            procedures: self.procedures.clone(),
            commitments: self.commitments.clone(),
            ends: self.ends.clone(),
            alert_rules: self.alert_rules.clone(),
            calendar_version: self.calendar_version,
            redating: self.redating,
            counting: self.counting,
            layers,
            calendars: Mutex::default(),
            procedure_index: OnceLock::new(),
        };
        for code in after.units.iter().map(|unit| unit.code.as_str()).chain([NATIONAL]) {
            after.built(code)?;
        }
        Ok(after)
    }

    /// The units to ask the store for; none to name where all are meant, for a database compares a long list with every row.
    pub(super) fn narrowed(&self, units: Vec<String>) -> Option<Vec<String>> {
        Some(units).filter(|units| units.len() < self.units.count())
    }

    /// A unit and all below it, to ask the store for; none to name where these are all.
    pub(super) fn units_below(&self, unit: &str) -> Option<Vec<String>> {
        self.narrowed(self.units.subtree(unit))
    }

    /// The rules by which a unit's promises are made; `calendar` is the unit's own.
    pub fn rules<'a>(&'a self, calendar: &'a Calendar) -> Rules<'a> {
        Rules { calendar, units: &self.units, commitments: &self.commitments }
    }

    /// The unit that takes dossiers under this code on a day.
    ///
    /// # Errors
    /// [`AppError::Invalid`] naming `unit` for one that is unknown, does not exist yet, or has ended; then its successor is told.
    pub fn open_unit(&self, code: &str, on: NaiveDate) -> Result<&Unit, AppError> {
        let unit = self.units.get(code).ok_or_else(|| AppError::invalid("unit", Fault::UnknownReference))?;
        if unit.is_to_come(on) {
            return Err(AppError::invalid("unit", Fault::NotYet));
        }
        if !unit.has_ended(on) {
            return Ok(unit);
        }
        let successor = self.units.successors(code, on).last().map(|unit| unit.code.clone());
        let ended =
            Invalid { allowed: successor.into_iter().collect(), ..Invalid::new("unit", Fault::Ended) };
        Err(AppError::Invalid(vec![ended]))
    }

    /// The unit's name; its code when it is unknown.
    pub fn unit_name<'a>(&'a self, code: &'a str) -> &'a str {
        self.units.get(code).map_or(code, |unit| &unit.name)
    }

    /// A procedure's name, or its code where there is none of that code.
    pub fn procedure_name<'a>(&'a self, code: &'a str) -> &'a str {
        self.procedures.get(code).map_or(code, |of| &of.name)
    }

    /// What procedures are searched by, made when it is first asked for.
    pub fn procedure_index(&self) -> &ProcedureIndex {
        self.procedure_index.get_or_init(|| ProcedureIndex::of(self.procedures.values()))
    }

    /// Whether a commitment binds units at or below `unit`: it is of one of them, or of a unit above that binds those below.
    pub fn concerns(&self, of: &Commitment, unit: &str) -> bool {
        self.units.is_within(&of.unit, unit) || (of.subtree && self.units.is_within(unit, &of.unit))
    }

    /// The decision by which a commitment ends, if it has one of its own.
    pub fn end_decision(&self, id: i64) -> Option<&str> {
        self.ends.get(&id).map(String::as_str)
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

/// Holds the catalogue of the version last seen, for the day it is: names and parents change at the office's midnight.
pub struct Cache {
    clock: Clock,
    held: ArcSwapOption<Catalogue>,
}

impl Cache {
    /// A cache that holds nothing yet.
    pub fn new(clock: Clock) -> Cache {
        Cache { clock, held: ArcSwapOption::empty() }
    }

    /// The catalogue as it stands in the database: one small read, and a full one when it has changed.
    ///
    /// # Errors
    /// The store's errors.
    pub fn current(&self, c: &mut AnyConnection) -> Result<Arc<Catalogue>, AppError> {
        let version = store::catalogue_version(c)?;
        let day = local_date(self.clock.now());
        if let Some(held) = self.held.load_full().filter(|held| held.version == version && held.day == day) {
            return Ok(held);
        }
        let read = Arc::new(Catalogue::load(c, version, day)?);
        self.held.store(Some(Arc::clone(&read)));
        Ok(read)
    }
}

/// What a scope says, as a version to be inserted.
pub(super) fn version_row(
    scope: &str,
    content: &LayerContent,
    source: &str,
    stamp: Stamp,
) -> Result<CalendarVersionRow, AppError> {
    Ok(CalendarVersionRow {
        version: 0,
        scope: scope.to_owned(),
        content: serde_json::to_string(content).map_err(|error| AppError::Internal(error.to_string()))?,
        source: source.to_owned(),
        published_at: stamp.now.into(),
        published_by: stamp.actor,
    })
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
        let row = version_row(NATIONAL, &content, "config/calendar", Stamp::of(None, now))?;
        store::calendar_insert(c, row)?;
    }
    if !has_procedures {
        store::procedures_put(c, &shipped::procedures()?)?;
    }
    Ok(store::catalogue_touch(c)?)
}
