//! Addresses that turned out to be dead: what waits for them is not sent until somebody says that they live again.

use diesel::prelude::*;

use super::schema::{suppressions, users};
use super::{AnyConnection, Moment, StoreError};

/// A dead address of a user.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = suppressions, treat_none_as_default_value = false)]
pub struct SuppressionRow {
    /// Key.
    pub id: i64,
    /// Whose address it is.
    pub user_id: i64,
    /// The address, as it was written to.
    pub address: String,
    /// The message that found it dead.
    pub outbox_id: i64,
    /// What the server said.
    pub reply: String,
    /// Since when it is written to no more.
    pub since: Moment,
}

/// Writes a dead address down under the next free key, whatever key the row carries; false when it is known as dead.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn suppression_insert(c: &mut AnyConnection, new: SuppressionRow) -> Result<bool, StoreError> {
    let last = last_key!(c, suppressions::id, suppressions::table)?;
    let row = SuppressionRow { id: last + 1, ..new };
    let inserted = on!(c, |c| diesel::insert_into(suppressions::table)
        .values(&row)
        .on_conflict((suppressions::user_id, suppressions::address))
        .do_nothing()
        .execute(c))?;
    Ok(inserted == 1)
}

/// A dead address, its user's name and unit.
pub type Suppressed = (SuppressionRow, String, String);

/// The dead addresses of users of these units, the newest first.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn suppressions_list(c: &mut AnyConnection, units: &[String]) -> Result<Vec<Suppressed>, StoreError> {
    on!(c, |c| suppressions::table
        .inner_join(users::table)
        .filter(users::unit.eq_any(units))
        .order(suppressions::id.desc())
        .select((SuppressionRow::as_select(), users::name, users::unit))
        .load(c))
    .map_err(Into::into)
}

/// A dead address by its key.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn suppression_find(c: &mut AnyConnection, id: i64) -> Result<Option<Suppressed>, StoreError> {
    on!(c, |c| suppressions::table
        .inner_join(users::table)
        .filter(suppressions::id.eq(id))
        .select((SuppressionRow::as_select(), users::name, users::unit))
        .first(c)
        .optional())
    .map_err(Into::into)
}

/// Whether this address of this user is known as dead.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn suppression_holds(c: &mut AnyConnection, user_id: i64, address: &str) -> Result<bool, StoreError> {
    let found: Option<i64> = on!(c, |c| suppressions::table
        .filter(suppressions::user_id.eq(user_id).and(suppressions::address.eq(address)))
        .select(suppressions::id)
        .first(c)
        .optional())?;
    Ok(found.is_some())
}

/// How many addresses are known as dead.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn suppressions_count(c: &mut AnyConnection) -> Result<i64, StoreError> {
    on!(c, |c| suppressions::table.count().get_result(c)).map_err(Into::into)
}

/// Takes a dead address away: it is written to again.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn suppression_delete(c: &mut AnyConnection, id: i64) -> Result<(), StoreError> {
    on!(c, |c| diesel::delete(suppressions::table.find(id)).execute(c))?;
    Ok(())
}
