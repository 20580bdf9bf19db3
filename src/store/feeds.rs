//! Secret addresses of calendars to subscribe to. A secret is kept only as a digest.

use diesel::prelude::*;

use super::access::UserRow;
use super::schema::{feeds, users};
use super::{AnyConnection, Moment, StoreError};

/// An address's digest and its life.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = feeds, treat_none_as_default_value = false)]
pub struct FeedRow {
    /// Key.
    pub id: i64,
    /// The unit whose calendar and due dates it shows, with all below it.
    pub unit: String,
    /// SHA-256 of the secret, in hex.
    pub digest: String,
    /// What it is for, in its maker's words.
    pub label: Option<String>,
    /// When it was made.
    pub created_at: Moment,
    /// Who made it; it shows what that user may see.
    pub created_by: i64,
    /// When it was taken back.
    pub revoked_at: Option<Moment>,
}

/// Adds an address under the next free key, whatever key the row carries; answers that key.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn feed_insert(c: &mut AnyConnection, new: FeedRow) -> Result<i64, StoreError> {
    let last = last_key!(c, feeds::id, feeds::table)?;
    let row = FeedRow { id: last + 1, ..new };
    on!(c, |c| diesel::insert_into(feeds::table).values(&row).execute(c))?;
    Ok(row.id)
}

/// The address with this digest and its maker, whatever their state.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn feed_find(c: &mut AnyConnection, digest: &str) -> Result<Option<(FeedRow, UserRow)>, StoreError> {
    on!(c, |c| feeds::table
        .inner_join(users::table)
        .filter(feeds::digest.eq(digest))
        .select((FeedRow::as_select(), UserRow::as_select()))
        .first(c)
        .optional())
    .map_err(Into::into)
}

/// The address with this key.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn feed_by_id(c: &mut AnyConnection, id: i64) -> Result<Option<FeedRow>, StoreError> {
    on!(c, |c| feeds::table.find(id).select(FeedRow::as_select()).first(c).optional()).map_err(Into::into)
}

/// The addresses of these units that were not taken back, the oldest first.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn feeds_of(c: &mut AnyConnection, units: &[String]) -> Result<Vec<FeedRow>, StoreError> {
    on!(c, |c| feeds::table
        .filter(feeds::unit.eq_any(units).and(feeds::revoked_at.is_null()))
        .order(feeds::id)
        .select(FeedRow::as_select())
        .load(c))
    .map_err(Into::into)
}

/// Takes an address back.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn feed_revoke(c: &mut AnyConnection, id: i64, at: Moment) -> Result<(), StoreError> {
    on!(c, |c| diesel::update(feeds::table.find(id)).set(feeds::revoked_at.eq(Some(at))).execute(c))?;
    Ok(())
}
