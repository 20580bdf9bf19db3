//! Published calendar versions of a scope, to be looked at again. A version never changes: triggers refuse it on both engines.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::catalogue::CalendarVersionRow;
use super::schema::{calendar_versions, dossiers, users};
use super::{AnyConnection, Moment, StoreError};

/// A version without what it says.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = calendar_versions)]
pub struct VersionHead {
    /// Its number.
    pub version: i64,
    /// Where it comes from.
    pub source: String,
    /// When it was published.
    pub published_at: Moment,
    /// By whom.
    pub published_by: Option<i64>,
}

/// The version of a scope that is in force, its newest; `None` when it says nothing.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn calendar_in_force(
    c: &mut AnyConnection,
    scope: &str,
) -> Result<Option<CalendarVersionRow>, StoreError> {
    on!(c, |c| calendar_versions::table
        .filter(calendar_versions::scope.eq(scope))
        .order(calendar_versions::version.desc())
        .select(CalendarVersionRow::as_select())
        .first(c)
        .optional())
    .map_err(Into::into)
}

/// The version of this number, if the scope published it.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn calendar_version(
    c: &mut AnyConnection,
    scope: &str,
    version: i64,
) -> Result<Option<CalendarVersionRow>, StoreError> {
    on!(c, |c| calendar_versions::table
        .find(version)
        .filter(calendar_versions::scope.eq(scope))
        .select(CalendarVersionRow::as_select())
        .first(c)
        .optional())
    .map_err(Into::into)
}

/// Every version of a scope, the newest first.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn calendar_versions(c: &mut AnyConnection, scope: &str) -> Result<Vec<VersionHead>, StoreError> {
    on!(c, |c| calendar_versions::table
        .filter(calendar_versions::scope.eq(scope))
        .order(calendar_versions::version.desc())
        .select(VersionHead::as_select())
        .load(c))
    .map_err(Into::into)
}

/// The names of these users by their keys.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn publishers(c: &mut AnyConnection, ids: &[i64]) -> Result<BTreeMap<i64, String>, StoreError> {
    let found: Vec<(i64, String)> =
        on!(c, |c| users::table.filter(users::id.eq_any(ids)).select((users::id, users::name)).load(c))?;
    Ok(found.into_iter().collect())
}

/// How many open dossiers of these units are due at or after an instant: those that rest on what is published for it.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn open_due_from(
    c: &mut AnyConnection,
    units: Option<&[String]>,
    from: Moment,
) -> Result<i64, StoreError> {
    on!(c, |c| {
        let query = dossiers::table
            .filter(dossiers::closed_at.is_null().and(dossiers::due_at.ge(from)))
            .count()
            .into_boxed();
        of_units!(query, dossiers::unit, units).first(c)
    })
    .map_err(Into::into)
}
