//! Delegations: who is written to in whose place, and when.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::schema::delegations;
use super::{AnyConnection, Moment, StoreError};

/// A delegation.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = delegations, treat_none_as_default_value = false)]
pub struct DelegationRow {
    /// Key.
    pub id: i64,
    /// Who is away.
    pub user_id: i64,
    /// Who is written to instead.
    pub delegate_id: i64,
    /// The first day.
    pub from_day: NaiveDate,
    /// The last day.
    pub to_day: NaiveDate,
    /// Whether the one who is away is written to as well.
    pub keep: bool,
    /// Why, or by which decision.
    pub reason: Option<String>,
    /// When it was made.
    pub created_at: Moment,
    /// By whom.
    pub created_by: Option<i64>,
}

/// The delegations that run on a day.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn delegations_on(c: &mut AnyConnection, day: NaiveDate) -> Result<Vec<DelegationRow>, StoreError> {
    on!(c, |c| delegations::table
        .filter(delegations::to_day.ge(day).and(delegations::from_day.le(day)))
        .order(delegations::id)
        .select(DelegationRow::as_select())
        .load(c))
    .map_err(Into::into)
}

/// A user's delegations, the oldest first, those that are over included.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn delegations_of(c: &mut AnyConnection, user_id: i64) -> Result<Vec<DelegationRow>, StoreError> {
    on!(c, |c| delegations::table
        .filter(delegations::user_id.eq(user_id))
        .order((delegations::from_day, delegations::id))
        .select(DelegationRow::as_select())
        .load(c))
    .map_err(Into::into)
}

/// Writes a delegation under the next free key, whatever key the row carries; answers that key.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn delegation_insert(c: &mut AnyConnection, new: DelegationRow) -> Result<i64, StoreError> {
    let last = last_key!(c, delegations::id, delegations::table)?;
    let row = DelegationRow { id: last + 1, ..new };
    on!(c, |c| diesel::insert_into(delegations::table).values(&row).execute(c))?;
    Ok(row.id)
}

/// Takes a delegation away.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn delegation_delete(c: &mut AnyConnection, id: i64) -> Result<(), StoreError> {
    on!(c, |c| diesel::delete(delegations::table.find(id)).execute(c))?;
    Ok(())
}
