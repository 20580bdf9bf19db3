//! Counters of many scopes or units at once, by procedure, with the sums alone that say how much was in time of what came due: a ranking of a country
//! reads tens of thousands of rows.

use chrono::NaiveDate;
use diesel::dsl::count;
use diesel::prelude::*;

use super::schema::{counter_members, counter_recent, counter_scopes, dossiers};
use super::{AnyConnection, Moment, StoreError};
use crate::domain::counters::Counts;

/// Sums of a unit or scope and a procedure; of the sums only those that a share is made of.
pub type Shared = (String, String, Counts);

/// What all came to that was folded before this boundary, scope by scope and procedure by procedure. Early and on time are not kept apart: `on_time` has both.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn scopes_shared_at(
    c: &mut AnyConnection,
    scopes: &[&str],
    boundary: NaiveDate,
) -> Result<Vec<Shared>, StoreError> {
    let rows: Vec<(String, String, i32, i32, i32)> = on!(c, |c| counter_scopes::table
        .filter(counter_scopes::boundary.eq(boundary).and(counter_scopes::scope.eq_any(scopes)))
        .filter(counter_scopes::channel.eq("").and(counter_scopes::procedure.ne("")))
        .select((
            counter_scopes::scope,
            counter_scopes::procedure,
            counter_scopes::early + counter_scopes::on_time,
            counter_scopes::late,
            counter_scopes::overdue,
        ))
        .load(c))?;
    let shared = |(scope, procedure, on_time, late, overdue): (_, _, i32, i32, i32)| {
        let counts = Counts {
            on_time: on_time.into(),
            late: late.into(),
            overdue: overdue.into(),
            ..Counts::default()
        };
        (scope, procedure, counts)
    };
    Ok(rows.into_iter().map(shared).collect())
}

#[derive(Debug, Queryable)]
struct RecentShare {
    day: NaiveDate,
    unit: String,
    procedure: String,
    early: i32,
    on_time: i32,
    late: i32,
    overdue: i32,
    left_open: i32,
}

impl RecentShare {
    fn shared(self) -> (NaiveDate, Shared) {
        let counts = Counts {
            early: self.early.into(),
            on_time: self.on_time.into(),
            late: self.late.into(),
            overdue: self.overdue.into(),
            left_open: self.left_open.into(),
            ..Counts::default()
        };
        (self.day, (self.unit, self.procedure, counts))
    }
}

/// What is not folded yet of the days before `before`, with its day, unit by unit (of all, if none are named) and procedure by procedure; a row for each
/// channel.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn recent_shared_before(
    c: &mut AnyConnection,
    units: Option<&[String]>,
    before: NaiveDate,
) -> Result<Vec<(NaiveDate, Shared)>, StoreError> {
    let rows: Vec<RecentShare> = on!(c, |c| {
        let query = counter_recent::table
            .filter(counter_recent::day.lt(before))
            .select((
                counter_recent::day,
                counter_recent::unit,
                counter_recent::procedure,
                counter_recent::early,
                counter_recent::on_time,
                counter_recent::late,
                counter_recent::overdue,
                counter_recent::left_open,
            ))
            .into_boxed();
        of_units!(query, counter_recent::unit, units).load(c)
    })?;
    Ok(rows.into_iter().map(RecentShare::shared).collect())
}

/// How many open dossiers have lapsed after `from` and no later than `until`, by unit and procedure.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn lapsed_shared_between(
    c: &mut AnyConnection,
    units: Option<&[String]>,
    (from, until): (Moment, Moment),
) -> Result<Vec<(String, String, i64)>, StoreError> {
    Ok(on!(c, |c| {
        let query = dossiers::table
            .filter(dossiers::closed_at.is_null())
            .filter(dossiers::lapses_at.gt(from).and(dossiers::lapses_at.le(until)))
            .group_by((dossiers::unit, dossiers::procedure))
            .select((dossiers::unit, dossiers::procedure, count(dossiers::unit)))
            .into_boxed();
        of_units!(query, dossiers::unit, units).load(c)
    })?)
}

/// The units that the sums of these scopes are of, as (scope, unit), in order.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn members_of_each(c: &mut AnyConnection, scopes: &[&str]) -> Result<Vec<(String, String)>, StoreError> {
    Ok(on!(c, |c| counter_members::table
        .filter(counter_members::scope.eq_any(scopes))
        .order((counter_members::scope, counter_members::unit))
        .select((counter_members::scope, counter_members::unit))
        .load(c))?)
}
