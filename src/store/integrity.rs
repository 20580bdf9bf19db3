//! The facts behind the integrity report; what they are signs of is said in [`crate::domain::integrity`].

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::dsl::count;
use diesel::prelude::*;

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

/// The dossiers of these units (of all, if none are named) closed within the window on their due day: neither early nor late.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn timely_closings(
    c: &mut AnyConnection,
    units: Option<&[String]>,
    by: IntegrityBy,
    window: &Window,
) -> Result<Vec<TimelyClosing>, StoreError> {
    let (start, cut): (Moment, Moment) = (window.start().into(), window.cut().into());
    let rows: Vec<ClosingRow> = on!(c, |c| {
        let query = dossiers::table
            .filter(dossiers::closed_at.ge(start).and(dossiers::closed_at.lt(cut)))
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
                .filter(ledger::at.ge(start).and(ledger::at.lt(cut)))
                .filter(ledger::recorded_at.lt(cut))
                .group_by($key)
                .select(($key.nullable(), count(dossiers::id).aggregate_distinct()))
                .into_boxed();
            of_units!(query, dossiers::unit, $units).load::<KeyRow>(c)
        })
    }};
}

/// Dossiers of these units (of all, if none are named) in the window on which an act was done within it, once or more; recorded by the window's instant.
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
