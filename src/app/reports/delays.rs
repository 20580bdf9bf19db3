//! How late the late dossiers were; by the definitions of [`crate::domain::delay`].

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::heading::{HeadingView, list, query, row_name, written};
use super::tables::{Tabular, title};
use super::tallies::change;
use super::{Asked, Scope};
use crate::app::access::Principal;
use crate::app::{App, AppError, Catalogue};
use crate::domain::delay::{Delays, Late, delays as summed, late};
use crate::domain::dossier::Outcome;
use crate::domain::statistics::{GroupBy, Window};
use crate::store::delays::{LateDossier, late_closed, late_open};
use crate::text::{Lang, report_words as words, reports as text};

/// What a delays report is asked for.
#[derive(Debug, Clone)]
pub struct DelaysRequest {
    /// Of when and whom.
    pub asked: Asked,
    /// What a row stands for.
    pub group_by: GroupBy,
}

/// How late the late dossiers were.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DelaysReport {
    /// What it is about.
    #[serde(flatten)]
    pub heading: HeadingView,
    /// What a row stands for.
    pub group_by: GroupBy,
    /// One row each with any late dossier, sorted by key.
    pub rows: Vec<DelaysRow>,
    /// All of them; its key is the unit.
    pub total: DelaysRow,
}

/// A row.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DelaysRow {
    /// The unit's or procedure's code, the sector, or the officer's name; empty for dossiers nobody is in charge of.
    pub key: String,
    /// The name to show.
    pub name: String,
    /// Closed late in the period.
    pub closed_late: DelaysView,
    /// Open and overdue at `as_of`, late until then.
    pub overdue: DelaysView,
    /// Both.
    pub together: DelaysView,
    /// Lists exactly the dossiers of `closed_late`; null for those that nobody is in charge of.
    pub closed_late_dossiers: Option<String>,
    /// Lists exactly the dossiers of `overdue`; null also for a report seen from the past, for lists look from now.
    pub overdue_dossiers: Option<String>,
}

/// Late dossiers together; working days are counted by each unit's own calendar.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct DelaysView {
    /// How many dossiers.
    pub count: u32,
    /// Their late working days, summed.
    pub working_days: u64,
    /// The median of the late working days; may be a half. Null of none.
    pub median: Option<f64>,
    /// Their 90th percentile by nearest rank: the smallest number of days that at least 90 % do not exceed. Null of none.
    pub p90: Option<u32>,
    /// The most. Null of none.
    pub max: Option<u32>,
    /// Calendar days that citizens waited beyond the due day, summed.
    pub citizen_days: u64,
}

impl From<Delays> for DelaysView {
    fn from(of: Delays) -> Self {
        DelaysView {
            count: of.count,
            working_days: of.sum,
            median: of.median,
            p90: of.p90,
            max: of.max,
            citizen_days: of.citizen_days,
        }
    }
}

/// How late the dossiers of a unit and all below it were.
///
/// # Errors
/// Those of [`Asked::scope`]; the store's; [`AppError::Internal`] when a unit's calendar cannot be built.
pub async fn delays(app: &App, request: DelaysRequest, by: Principal) -> Result<DelaysReport, AppError> {
    let now = app.clock().now();
    app.read_at_once(move |c, catalogue| {
        let scope = request.asked.scope(catalogue, &by, now)?;
        let drawing = Drawing {
            catalogue,
            scope: &scope,
            group_by: request.group_by,
            lang: request.asked.lang,
            listed: request.asked.units_as_of.is_none(),
            closed_late: closed_late(&scope.window),
        };
        let mut measured = Measured::new(catalogue, &scope);
        for of in late_closed(c, scope.narrowed(), &scope.window)? {
            measured.add(&of, request.group_by)?;
        }
        for of in late_open(c, scope.narrowed(), &scope.window)? {
            measured.add(&of, request.group_by)?;
        }
        Ok(DelaysReport {
            heading: HeadingView::new(&scope),
            group_by: request.group_by,
            total: drawing.total(&measured),
            rows: measured.rows.iter().map(|(key, of)| drawing.row(key, of)).collect(),
        })
    })
    .await
}

/// The late dossiers of a row.
#[derive(Debug, Clone, Default)]
struct Lates {
    closed: Vec<Late>,
    open: Vec<Late>,
}

/// Late dossiers, measured one by one.
struct Measured<'a> {
    catalogue: &'a Catalogue,
    scope: &'a Scope,
    rows: BTreeMap<String, Lates>,
}

impl<'a> Measured<'a> {
    fn new(catalogue: &'a Catalogue, scope: &'a Scope) -> Measured<'a> {
        Measured { catalogue, scope, rows: BTreeMap::new() }
    }

    fn add(&mut self, of: &LateDossier, by: GroupBy) -> Result<(), AppError> {
        let calendar = self.catalogue.calendar(&of.unit)?;
        let how = late(&calendar, of.due_at, of.closed_at.unwrap_or(self.scope.window.as_of()));
        let key = if by == GroupBy::Unit { self.scope.answering(&of.unit) } else { of.key(by) };
        change(&mut self.rows, key, |row| {
            let place = if of.closed_at.is_some() { &mut row.closed } else { &mut row.open };
            place.push(how);
        });
        Ok(())
    }
}

/// What a report is drawn against.
struct Drawing<'a> {
    catalogue: &'a Catalogue,
    scope: &'a Scope,
    group_by: GroupBy,
    lang: Lang,
    /// Whether lists go by the same tree of units: that of today.
    listed: bool,
    /// The parameters of a list of what was closed late.
    closed_late: String,
}

fn closed_late(window: &Window) -> String {
    let (start, cut) = (written(window.start()), written(window.cut()));
    query(&[("outcome", Outcome::Late.word()), ("closed_at__gte", start.as_str()), ("closed_at__lt", &cut)])
}

impl Drawing<'_> {
    fn row(&self, key: &str, of: &Lates) -> DelaysRow {
        let here = [("unit", key), ("subtree", "false")];
        let word = self.group_by.word();
        let below = [("unit", self.scope.unit.as_str()), ("subtree", "true"), (word, key)];
        let listed = match self.group_by {
            GroupBy::Unit => Some(&here[..]),
            _ if key.is_empty() => None,
            _ => Some(&below[..]),
        };
        self.drawn(key, row_name(self.catalogue, self.group_by, key, self.lang), of, listed)
    }

    fn total(&self, of: &Measured<'_>) -> DelaysRow {
        let mut all = Lates::default();
        for row in of.rows.values() {
            all.closed.extend_from_slice(&row.closed);
            all.open.extend_from_slice(&row.open);
        }
        let unit = self.scope.unit.as_str();
        self.drawn(unit, self.catalogue.unit_name(unit), &all, Some(&[("unit", unit), ("subtree", "true")]))
    }

    fn drawn(&self, key: &str, name: &str, of: &Lates, listed: Option<&[(&str, &str)]>) -> DelaysRow {
        let listed = listed.filter(|_| self.listed);
        let closed = |of: &[(&str, &str)]| format!("{}&{}", list("dossiers", of), self.closed_late);
        let overdue = |of: &[(&str, &str)]| list("dossiers", &[of, &[("overdue", "true")]].concat());
        DelaysRow {
            key: key.to_owned(),
            name: name.to_owned(),
            closed_late: summed(&of.closed).into(),
            overdue: summed(&of.open).into(),
            together: summed(&[&of.closed[..], &of.open].concat()).into(),
            closed_late_dossiers: listed.map(closed),
            overdue_dossiers: listed.filter(|_| self.scope.is_seen_from_now()).map(overdue),
        }
    }
}

impl Tabular for DelaysReport {
    fn file_name(&self) -> String {
        format!("cham-tre-{}", self.heading.period.label)
    }

    fn records(&self, lang: Lang) -> Vec<Vec<String>> {
        let mut all = vec![words::delays_headings(lang, self.group_by)];
        for row in &self.rows {
            all.push(record(title(&row.key, &row.name), row));
        }
        all.push(record(text::total(lang).to_owned(), &self.total));
        all
    }
}

fn record(title: String, row: &DelaysRow) -> Vec<String> {
    let mut cells = vec![title];
    for of in [row.closed_late, row.overdue, row.together] {
        let whole = |number: Option<u32>| number.map_or_else(|| "—".to_owned(), |of| of.to_string());
        cells.push(of.count.to_string());
        cells.push(of.working_days.to_string());
        cells.push(of.median.map_or_else(|| "—".to_owned(), |of| of.to_string()));
        cells.extend([whole(of.p90), whole(of.max), of.citizen_days.to_string()]);
    }
    cells
}
