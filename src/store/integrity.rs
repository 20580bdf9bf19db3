//! The facts behind the integrity report; what they are signs of is said in [`crate::domain::integrity`].

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::dsl::{count, sql};
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::reports::fits;
use super::schema::{dossiers, findings, ledger};
use super::{AnyConnection, Moment, StoreError};
use crate::domain::act::ActKind;
use crate::domain::dossier::Outcome;
use crate::domain::finding::{ClearedWhy, FindingCode};
use crate::domain::integrity::IntegrityBy;
use crate::domain::statistics::Window;

/// A closing that was on time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimelyClosing {
    /// The row it belongs to; empty for a dossier that nobody is in charge of.
    pub key: String,
    /// Its unit.
    pub unit: String,
    /// When it was due.
    pub due_at: DateTime<Utc>,
    /// When it was closed.
    pub closed_at: DateTime<Utc>,
}

/// How many of each row; the row of dossiers that nobody is in charge of has an empty key.
pub type ByKey = BTreeMap<String, u32>;

type KeyRow = (Option<String>, i64);

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = dossiers)]
struct ClosingRow {
    unit: String,
    officer: Option<String>,
    due_at: Moment,
    closed_at: Option<Moment>,
}

/// How many dossiers of a row there are in a window, and how many of them were closed in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Base {
    /// All of them.
    pub received: u32,
    /// Those closed.
    pub resolved: u32,
}

macro_rules! base_rows {
    ($c:expr, $units:expr, $window:expr, $part:expr) => {{
        let cut: Moment = $window.cut().into();
        on!($c, |c| {
            let closed = dossiers::closed_at.is_not_null().and(dossiers::closed_at.assume_not_null().lt(cut));
            let query = dossiers::table
                .filter(dossiers::received_at.lt(cut))
                .filter($part)
                .group_by(dossiers::officer)
                .select((
                    dossiers::officer,
                    count(dossiers::unit),
                    count(dossiers::unit).aggregate_filter(closed),
                ))
                .into_boxed();
            of_units!(query, dossiers::unit, $units).load::<(Option<String>, i64, i64)>(c)
        })
    }};
}

/// The dossiers of these units (of all, if none are named) in the window, by the officer in charge; those that nobody is in charge of have an empty key.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn officers_bases(
    c: &mut AnyConnection,
    units: Option<&[String]>,
    window: &Window,
) -> Result<BTreeMap<String, Base>, StoreError> {
    let open_from: Moment = window.open_from().into();
    // Each of the two has an index, both together have none.
    let mut rows = base_rows!(c, units, window, dossiers::closed_at.is_null())?;
    rows.extend(base_rows!(c, units, window, dossiers::closed_at.ge(open_from))?);
    let mut bases: BTreeMap<String, Base> = BTreeMap::new();
    for (officer, received, resolved) in rows {
        let base = bases.entry(officer.unwrap_or_default()).or_default();
        base.received += fits(received)?;
        base.resolved += fits(resolved)?;
    }
    Ok(bases)
}

/// The dossiers of these units (of all, if none are named) closed from one instant on and before another, on their due day: neither early nor late.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn timely_closings(
    c: &mut AnyConnection,
    units: Option<&[String]>,
    by: IntegrityBy,
    (from, before): (Moment, Moment),
) -> Result<Vec<TimelyClosing>, StoreError> {
    let rows: Vec<ClosingRow> = on!(c, |c| {
        let query = dossiers::table
            .filter(dossiers::closed_at.ge(from).and(dossiers::closed_at.lt(before)))
            .filter(dossiers::outcome.eq(Outcome::OnTime.word()))
            .select(ClosingRow::as_select())
            .into_boxed();
        of_units!(query, dossiers::unit, units).load(c)
    })?;
    let read = |row: ClosingRow| {
        let key = match by {
            IntegrityBy::Officer => row.officer.unwrap_or_default(),
            IntegrityBy::Unit => row.unit.clone(),
        };
        let closed_at = row.closed_at?.utc();
        Some(TimelyClosing { key, unit: row.unit, due_at: row.due_at.utc(), closed_at })
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

/// Runs `$rows` with the key of the rows.
macro_rules! by_key {
    ($by:expr, $rows:ident, $($argument:expr),+) => {
        match $by {
            IntegrityBy::Officer => $rows!($($argument),+, dossiers::officer),
            IntegrityBy::Unit => $rows!($($argument),+, dossiers::unit),
        }
    };
}

macro_rules! paused_rows {
    ($c:expr, $units:expr, $window:expr, $key:expr) => {{
        let (start, cut): (Moment, Moment) = ($window.start().into(), $window.cut().into());
        let open_from: Moment = $window.open_from().into();
        on!($c, |c| {
            let query = findings::table
                .inner_join(dossiers::table)
                .filter(dossiers::received_at.lt(cut))
                .filter(dossiers::closed_at.is_null().or(dossiers::closed_at.ge(open_from)))
                .filter(findings::code.eq(FindingCode::PausedWhenDue.word()))
                .filter(findings::act_at.ge(start).and(findings::act_at.lt(cut)))
                .filter(findings::first_seen_at.lt(cut))
                .filter(
                    findings::cleared_why
                        .is_null()
                        .or(findings::cleared_why.ne(ClearedWhy::Corrected.word()))
                        .or(findings::cleared_at.ge(cut)),
                )
                .group_by($key)
                .select(($key.nullable(), count(findings::dossier_id).aggregate_distinct()))
                .into_boxed();
            of_units!(query, dossiers::unit, $units).load::<KeyRow>(c)
        })
    }};
}

/// Dossiers of these units (of all, if none are named) paused or sent back within the window on their due day or after it, as the findings have it.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn paused_when_due(
    c: &mut AnyConnection,
    units: Option<&[String]>,
    by: IntegrityBy,
    window: &Window,
) -> Result<ByKey, StoreError> {
    read(by_key!(by, paused_rows, c, units, window)?)
}

macro_rules! backdated_rows {
    ($c:expr, $units:expr, $window:expr, $key:expr) => {{
        let (start, cut): (Moment, Moment) = ($window.start().into(), $window.cut().into());
        on!($c, |c| {
            let query = findings::table
                .inner_join(dossiers::table)
                .filter(dossiers::closed_at.ge(start).and(dossiers::closed_at.lt(cut)))
                .filter(findings::code.eq(FindingCode::Backdated.word()))
                .filter(findings::act_at.eq(dossiers::closed_at))
                // Which says the same of the act, so that it is found by its index.
                .filter(findings::act_at.ge(start).and(findings::act_at.lt(cut)))
                .filter(findings::first_seen_at.lt(cut))
                .group_by($key)
                .select(($key.nullable(), count(findings::dossier_id).aggregate_distinct()))
                .into_boxed();
            of_units!(query, dossiers::unit, $units).load::<KeyRow>(c)
        })
    }};
}

/// Dossiers of these units (of all, if none are named) closed within the window whose closing was recorded too long after it, as the findings have it; recorded by the window's instant.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn backdated_closings(
    c: &mut AnyConnection,
    units: Option<&[String]>,
    by: IntegrityBy,
    window: &Window,
) -> Result<ByKey, StoreError> {
    read(by_key!(by, backdated_rows, c, units, window)?)
}

/// The predicate of `ledger_signs`, word for word: an index knows nothing of what is bound.
const SIGN_ACTS: &str = "ledger.act IN ('apologise', 'request_supplement')";

macro_rules! acted_rows {
    ($c:expr, $units:expr, $window:expr, $act:expr, $key:expr) => {{
        let act: ActKind = $act;
        let (start, cut): (Moment, Moment) = ($window.start().into(), $window.cut().into());
        let open_from: Moment = $window.open_from().into();
        on!($c, |c| {
            let query = dossiers::table
                .inner_join(ledger::table.on(ledger::dossier_id.eq(dossiers::id.nullable())))
                .filter(dossiers::received_at.lt(cut))
                .filter(dossiers::closed_at.is_null().or(dossiers::closed_at.ge(open_from)))
                .filter(ledger::act.eq(act.word()))
                .filter(sql::<Bool>(SIGN_ACTS))
                .filter(ledger::at.ge(start).and(ledger::at.lt(cut)))
                .filter(ledger::recorded_at.lt(cut))
                .group_by($key)
                .select(($key.nullable(), count(dossiers::id).aggregate_distinct()))
                .into_boxed();
            of_units!(query, dossiers::unit, $units).load::<KeyRow>(c)
        })
    }};
}

/// Dossiers of these units (of all, if none are named) in the window on which an apology was given or a supplement asked for within it, once or more;
/// recorded by the window's instant. Other acts are no sign of anything, and of them none are found.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn acted_on(
    c: &mut AnyConnection,
    units: Option<&[String]>,
    by: IntegrityBy,
    window: &Window,
    act: ActKind,
) -> Result<ByKey, StoreError> {
    read(by_key!(by, acted_rows, c, units, window, act)?)
}

fn read(rows: Vec<KeyRow>) -> Result<ByKey, StoreError> {
    rows.into_iter().map(|(key, n)| Ok((key.unwrap_or_default(), fits(n)?))).collect()
}
