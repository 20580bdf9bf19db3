//! Counters of many scopes or units at once, by procedure, with the sums alone that say how much was in time of what came due: a ranking of a country
//! reads tens of thousands of rows.

use chrono::NaiveDate;
use diesel::dsl::count;
use diesel::prelude::*;

use super::schema::{counter_scopes, dossiers};
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
