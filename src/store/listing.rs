//! Lists of dossiers: every filter of the REST contract, in keyset order (due date, then code).

use diesel::prelude::*;

use super::counted::{CountedBy, Instants};
use super::dossiers::DossierRow;
use super::schema::{all_findings, applicants, dossier_halts, dossiers};
use super::{AnyConnection, Moment, StoreError};
use crate::domain::cell::Cell;
use crate::domain::dossier::{Channel, ClosedAs, Dossier, Outcome};
use crate::domain::statistics::GroupBy;

/// Bounds on an instant; each that is given must hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bounds {
    /// Earlier than.
    pub lt: Option<Moment>,
    /// Not later than.
    pub lte: Option<Moment>,
    /// Later than.
    pub gt: Option<Moment>,
    /// Not earlier than.
    pub gte: Option<Moment>,
}

/// Which dossiers; an empty filter means all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DossierFilter {
    /// Of one of these units.
    pub units: Option<Vec<String>>,
    /// Of one of these procedures.
    pub procedures: Option<Vec<String>>,
    /// Of this sector.
    pub sector: Option<String>,
    /// By this channel.
    pub channel: Option<String>,
    /// In one of these states.
    pub statuses: Option<Vec<String>>,
    /// Closed with this outcome.
    pub outcome: Option<String>,
    /// In this officer's hands.
    pub officer: Option<String>,
    /// Open and lapsed at `now` (or not so).
    pub overdue: Option<bool>,
    /// With this finding, seen by `now`.
    pub finding: Option<String>,
    /// When it was received.
    pub received_at: Bounds,
    /// When it is due.
    pub due_at: Bounds,
    /// When it was closed.
    pub closed_at: Bounds,
    /// Open (true) or closed (false).
    pub open: Option<bool>,
    /// Not closed before this instant: open, or closed at or after it.
    pub open_at: Option<Moment>,
    /// Counted by this number of a report.
    pub counted: Option<CountedBy>,
    /// Folded words to find in the code.
    pub q: Option<String>,
    /// Whether `q` is looked for in the applicant's name too; only for readers who may see it.
    pub q_in_names: bool,
}

/// The place after which a page begins: due instant and code of the last row before it.
pub type Place = (Moment, String);

/// Adds the filter's conditions to a boxed query over `dossiers`.
macro_rules! filtered {
    ($query:expr, $filter:expr, $now:expr) => {{
        let mut query = $query;
        let filter: &DossierFilter = $filter;
        let now: Moment = $now;
        if let Some(units) = &filter.units {
            query = query.filter(dossiers::unit.eq_any(units));
        }
        if let Some(procedures) = &filter.procedures {
            query = query.filter(dossiers::procedure.eq_any(procedures));
        }
        if let Some(sector) = &filter.sector {
            query = query.filter(dossiers::sector.eq(sector));
        }
        if let Some(channel) = &filter.channel {
            query = query.filter(dossiers::channel.eq(channel));
        }
        if let Some(statuses) = &filter.statuses {
            query = query.filter(dossiers::status.eq_any(statuses));
        }
        if let Some(outcome) = &filter.outcome {
            query = query.filter(dossiers::outcome.eq(outcome));
        }
        if let Some(officer) = &filter.officer {
            query = query.filter(dossiers::officer.eq(officer));
        }
        match filter.overdue {
            Some(true) => {
                query = query.filter(dossiers::closed_at.is_null().and(dossiers::lapses_at.le(now)))
            }
            Some(false) => {
                query = query.filter(dossiers::closed_at.is_not_null().or(dossiers::lapses_at.gt(now)))
            }
            None => {}
        }
        match filter.open {
            Some(true) => query = query.filter(dossiers::closed_at.is_null()),
            Some(false) => query = query.filter(dossiers::closed_at.is_not_null()),
            None => {}
        }
        if let Some(at) = filter.open_at {
            query = query.filter(dossiers::closed_at.is_null().or(dossiers::closed_at.ge(at)));
        }
        query = bounded!(query, filter.received_at, dossiers::received_at);
        query = bounded!(query, filter.due_at, dossiers::due_at);
        query = bounded!(query, filter.closed_at, dossiers::closed_at);
        if let Some(by) = &filter.counted {
            query = counted!(query, by);
        }
        if let Some(code) = &filter.finding {
            query = query.filter(diesel::dsl::exists(
                all_findings::table
                    .filter(all_findings::dossier_id.eq(dossiers::id))
                    .filter(all_findings::code.eq(code))
                    .filter(all_findings::first_seen_at.le(now)),
            ));
        }
        if let Some(q) = &filter.q {
            let part = format!("%{}%", escape_like(q));
            let code = dossiers::code_search.like(part.clone()).escape('\\');
            if filter.q_in_names {
                let person = applicants::table
                    .filter(applicants::dossier_id.eq(dossiers::id))
                    .filter(applicants::search.like(part).escape('\\'));
                query = query.filter(diesel::dsl::exists(person).or(code));
            } else {
                query = query.filter(code);
            }
        }
        query
    }};
}

macro_rules! bounded {
    ($query:expr, $bounds:expr, $column:expr) => {{
        let mut query = $query;
        if let Some(at) = $bounds.lt {
            query = query.filter($column.lt(at));
        }
        if let Some(at) = $bounds.lte {
            query = query.filter($column.le(at));
        }
        if let Some(at) = $bounds.gt {
            query = query.filter($column.gt(at));
        }
        if let Some(at) = $bounds.gte {
            query = query.filter($column.ge(at));
        }
        query
    }};
}

/// A page of dossiers after `after`, at most `limit` rows.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn dossiers_list(
    c: &mut AnyConnection,
    filter: &DossierFilter,
    now: Moment,
    after: Option<&Place>,
    limit: i64,
) -> Result<Vec<Dossier>, StoreError> {
    let rows: Vec<DossierRow> = on!(c, |c| {
        let mut query = filtered!(dossiers::table.select(DossierRow::as_select()).into_boxed(), filter, now);
        if let Some((due_at, code)) = after {
            query = query.filter(
                dossiers::due_at.gt(*due_at).or(dossiers::due_at.eq(*due_at).and(dossiers::code.gt(code))),
            );
        }
        query.order((dossiers::due_at.asc(), dossiers::code.asc())).limit(limit).load(c)
    })?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// How many dossiers the filter finds.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn dossiers_count(c: &mut AnyConnection, filter: &DossierFilter, now: Moment) -> Result<i64, StoreError> {
    on!(c, |c| {
        let query = filtered!(dossiers::table.into_boxed(), filter, now);
        query.count().get_result(c)
    })
    .map_err(Into::into)
}

/// `%` and `_` in the words looked for mean themselves.
fn escape_like(words: &str) -> String {
    words.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
