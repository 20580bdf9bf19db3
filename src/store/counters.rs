//! Counters as reports read them, within one snapshot. How they are folded and made again is [`super::counter_folding`]'s.

use chrono::NaiveDate;
use diesel::dsl::count;
use diesel::prelude::*;

use super::counter_rows::{Plain, Summed, columns, columns_of, sums, sums_of, with_sums};
use super::reports::About;
use super::schema::{
    counter_days, counter_members, counter_recent, counter_scopes, counter_state, counter_units, dossiers,
};
use super::{AnyConnection, Moment, StoreError};
use crate::domain::counters::Counts;
use crate::domain::dossier::Channel;
use crate::domain::statistics::GroupBy;

pub use super::counter_rows::{
    DayRow, RecentRow, ScopeRow, UnitRow, days_add, recent_add, scopes_add, units_add,
};

/// How far the counters have come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable)]
pub struct CounterState {
    /// Whether all dossiers are counted, and acts count on.
    pub counting: bool,
    /// The day before which all was folded; `None` when nothing was.
    pub folded_until: Option<NaiveDate>,
}

/// How far the counters have come.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn counters_state(c: &mut AnyConnection) -> Result<CounterState, StoreError> {
    Ok(on!(c, |c| counter_state::table
        .select((counter_state::counting, counter_state::folded_until))
        .first(c))?)
}

/// Sums of a row of a report.
pub type Keyed = (String, Counts);
/// Sums of a row of a report, with the day they are of.
pub type Dated = (NaiveDate, String, Counts);

/// What all came to that was folded before a boundary, unit by unit (of all, if none are named).
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn counter_units_at(
    c: &mut AnyConnection,
    units: Option<&[String]>,
    boundary: NaiveDate,
) -> Result<Vec<Keyed>, StoreError> {
    let rows: Vec<(String, Plain)> = on!(c, |c| {
        let query = counter_units::table
            .filter(counter_units::boundary.eq(boundary))
            .select((counter_units::unit, columns_of!(counter_units)))
            .into_boxed();
        of_units!(query, counter_units::unit, units).load(c)
    })?;
    Ok(rows.into_iter().map(|(unit, sums)| (unit, sums.counts())).collect())
}

/// What the folded days from `from` on and before `before` came to, unit by unit; half a month at most.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn counter_days_between(
    c: &mut AnyConnection,
    units: Option<&[String]>,
    (from, before): (NaiveDate, NaiveDate),
) -> Result<Vec<Keyed>, StoreError> {
    let rows: Vec<(String, Summed)> = on!(c, |c| {
        // Day by day, so that of each only the units that are named are read.
        let days = from.iter_days().take_while(|day| *day < before);
        let query = counter_days::table
            .filter(counter_days::day.eq_any(days.collect::<Vec<_>>()))
            .group_by(counter_days::unit)
            .select((counter_days::unit, sums_of!(counter_days)))
            .into_boxed();
        of_units!(query, counter_days::unit, units).load(c)
    })?;
    Ok(rows.into_iter().map(|(unit, sums)| (unit, sums.counts())).collect())
}

macro_rules! recent_rows {
    ($c:expr, $about:expr, $before:expr, $key:expr) => {
        on!($c, |c| {
            let query = counter_recent::table
                .filter(counter_recent::day.lt($before))
                .group_by((counter_recent::day, $key))
                .select((counter_recent::day, $key, sums_of!(counter_recent)))
                .into_boxed();
            let query = of_units!(query, counter_recent::unit, $about.units);
            of_sector!(query, counter_recent::sector, $about.sector).load::<(NaiveDate, String, Summed)>(c)
        })
    };
}

/// What is not folded yet of the days before `before`, by day and row.
///
/// # Errors
/// [`StoreError`] of the engine; [`StoreError::Corrupt`] for officers, whom counters do not know.
pub fn counter_recent_before(
    c: &mut AnyConnection,
    about: About<'_>,
    before: NaiveDate,
    group_by: GroupBy,
) -> Result<Vec<Dated>, StoreError> {
    let rows = match group_by {
        GroupBy::Unit => recent_rows!(c, about, before, counter_recent::unit),
        GroupBy::Sector => recent_rows!(c, about, before, counter_recent::sector),
        GroupBy::Procedure => recent_rows!(c, about, before, counter_recent::procedure),
        GroupBy::Channel => recent_rows!(c, about, before, counter_recent::channel),
        GroupBy::Officer => return Err(uncounted()),
    }?;
    Ok(rows.into_iter().map(|(day, key, sums)| (day, key, sums.counts())).collect())
}

/// One kind of a scope's rows at a boundary.
macro_rules! scope_rows {
    ($c:expr, $scope:expr, $boundary:expr, $kind:expr, $key:expr) => {{
        let (scope, sector): (&str, Option<&str>) = $scope;
        on!($c, |c| {
            let query = counter_scopes::table
                .filter(counter_scopes::boundary.eq($boundary).and(counter_scopes::scope.eq(scope)))
                .filter($kind)
                .group_by($key)
                .select(($key, sums_of!(counter_scopes)))
                .into_boxed();
            of_sector!(query, counter_scopes::sector, sector).load::<(String, Summed)>(c)
        })
    }};
}

/// What all came to that was folded before a boundary, of a scope's units together; of one sector, where one is named beside the scope.
///
/// # Errors
/// [`StoreError`] of the engine; [`StoreError::Corrupt`] for units and officers, whom a scope does not keep apart.
pub fn counter_scopes_at(
    c: &mut AnyConnection,
    scope: (&str, Option<&str>),
    boundary: NaiveDate,
    group_by: GroupBy,
) -> Result<Vec<Keyed>, StoreError> {
    let of_all_channels = || counter_scopes::channel.eq("").and(counter_scopes::procedure.ne(""));
    let of_channels = || counter_scopes::channel.eq_any(Channel::ALL.iter().map(|of| of.word()));
    let rows = match (group_by, scope.1) {
        (GroupBy::Sector, _) => {
            scope_rows!(c, scope, boundary, of_all_channels(), counter_scopes::sector)
        }
        (GroupBy::Procedure, _) => {
            scope_rows!(c, scope, boundary, of_all_channels(), counter_scopes::procedure)
        }
        (GroupBy::Channel, None) => {
            let of_all_procedures = of_channels().and(counter_scopes::procedure.eq(""));
            scope_rows!(c, scope, boundary, of_all_procedures, counter_scopes::channel)
        }
        (GroupBy::Channel, Some(_)) => {
            let each = of_channels().and(counter_scopes::procedure.ne(""));
            scope_rows!(c, scope, boundary, each, counter_scopes::channel)
        }
        (GroupBy::Unit | GroupBy::Officer, _) => return Err(uncounted()),
    }?;
    Ok(rows.into_iter().map(|(key, sums)| (key, sums.counts())).collect())
}

/// The units that the sums of these scopes are of, as (scope, unit), in order.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn counter_members_of(
    c: &mut AnyConnection,
    scopes: &[&str],
) -> Result<Vec<(String, String)>, StoreError> {
    Ok(on!(c, |c| counter_members::table
        .filter(counter_members::scope.eq_any(scopes))
        .order((counter_members::scope, counter_members::unit))
        .select((counter_members::scope, counter_members::unit))
        .load(c))?)
}

macro_rules! lapsed_rows {
    ($c:expr, $about:expr, $from:expr, $until:expr, $key:expr) => {
        on!($c, |c| {
            let query = dossiers::table
                .filter(dossiers::closed_at.is_null())
                .filter(dossiers::lapses_at.gt($from).and(dossiers::lapses_at.le($until)))
                .group_by(($key, dossiers::reappointments))
                .select(($key, dossiers::reappointments, count(dossiers::id)))
                .into_boxed();
            let query = of_units!(query, dossiers::unit, $about.units);
            of_sector!(query, dossiers::sector, $about.sector).load::<(String, i32, i64)>(c)
        })
    };
}

/// How many open dossiers have lapsed after `from` and no later than `until`, by row: the limits of hours that end within the day that runs.
///
/// # Errors
/// [`StoreError`] of the engine; [`StoreError::Corrupt`] for officers.
pub fn lapsed_between(
    c: &mut AnyConnection,
    about: About<'_>,
    (from, until): (Moment, Moment),
    group_by: GroupBy,
) -> Result<Vec<Keyed>, StoreError> {
    let rows = match group_by {
        GroupBy::Unit => lapsed_rows!(c, about, from, until, dossiers::unit),
        GroupBy::Sector => lapsed_rows!(c, about, from, until, dossiers::sector),
        GroupBy::Procedure => lapsed_rows!(c, about, from, until, dossiers::procedure),
        GroupBy::Channel => lapsed_rows!(c, about, from, until, dossiers::channel),
        GroupBy::Officer => return Err(uncounted()),
    }?;
    let counts = |reappointments: i32, n: i64| Counts {
        overdue: n,
        overdue_apologised: if reappointments > 0 { n } else { 0 },
        ..Counts::default()
    };
    Ok(rows.into_iter().map(|(key, again, n)| (key, counts(again, n))).collect())
}

fn uncounted() -> StoreError {
    StoreError::Corrupt("counters do not keep these rows apart".to_owned())
}
