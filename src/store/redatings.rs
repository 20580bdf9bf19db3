//! How far the re-dating of open dossiers by each calendar version has come.

use diesel::prelude::*;

use super::schema::{calendar_versions, redatings};
use super::{AnyConnection, Moment, StoreError};

/// A re-dating that has begun.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct RedatingRow {
    /// The calendar version it goes by.
    pub version: i64,
    /// The version's scope.
    pub scope: String,
    /// The key of the last dossier that was looked at.
    pub after_id: i64,
    /// When all were, if they were.
    pub finished_at: Option<Moment>,
}

/// Begins the re-dating by a version.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn redating_begin(c: &mut AnyConnection, version: i64, now: Moment) -> Result<(), StoreError> {
    on!(c, |c| diesel::insert_into(redatings::table)
        .values((
            redatings::version.eq(version),
            redatings::after_id.eq(0_i64),
            redatings::started_at.eq(now)
        ))
        .execute(c))?;
    Ok(())
}

/// The re-dating by a version; `None` when it never began.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn redating_find(c: &mut AnyConnection, version: i64) -> Result<Option<RedatingRow>, StoreError> {
    Ok(on!(c, |c| redatings::table
        .inner_join(calendar_versions::table)
        .filter(redatings::version.eq(version))
        .select((redatings::version, calendar_versions::scope, redatings::after_id, redatings::finished_at))
        .first(c)
        .optional())?)
}

/// The versions whose re-dating is not finished, the oldest first, with the key of the last dossier each looked at.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn redatings_unfinished(c: &mut AnyConnection) -> Result<Vec<(i64, i64)>, StoreError> {
    Ok(on!(c, |c| redatings::table
        .filter(redatings::finished_at.is_null())
        .order(redatings::version)
        .select((redatings::version, redatings::after_id))
        .load(c))?)
}

/// Notes how far the re-dating by a version has come, and when it was finished.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn redating_advance(
    c: &mut AnyConnection,
    version: i64,
    after_id: i64,
    finished_at: Option<Moment>,
) -> Result<(), StoreError> {
    on!(c, |c| diesel::update(redatings::table.filter(redatings::version.eq(version)))
        .set((redatings::after_id.eq(after_id), redatings::finished_at.eq(finished_at)))
        .execute(c))?;
    Ok(())
}
