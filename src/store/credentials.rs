//! What users sign in by, and the tally of failures that are no account's own. The hash of a password is in no other row than this one.

use diesel::prelude::*;

use super::schema::{credentials, sign_in_tally, users};
use super::{AnyConnection, Moment, StoreError};

/// The tally is one row.
const TALLY: i32 = 1;

/// What a user signs in by.
#[derive(Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = credentials, treat_none_as_default_value = false)]
pub struct CredentialRow {
    /// Whose it is.
    pub user_id: i64,
    /// The username as it is shown.
    pub username: String,
    /// The same as it is compared; no two are alike.
    pub username_key: String,
    /// The password's hash as a PHC string; none before one is set.
    pub password: Option<String>,
    /// When it was set.
    pub password_set_at: Option<Moment>,
    /// Failures since the last success.
    pub failures: i32,
    /// When the last of them was.
    pub failed_at: Option<Moment>,
    /// Until when no password is looked at.
    pub locked_until: Option<Moment>,
}

impl std::fmt::Debug for CredentialRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CredentialRow").field("user_id", &self.user_id).finish_non_exhaustive()
    }
}

/// Failures that are no account's own, not yet in the ledger.
#[derive(Debug, Clone, Copy, Queryable, Selectable)]
#[diesel(table_name = sign_in_tally)]
pub struct TallyRow {
    /// With a username that nobody has.
    pub unknown: i64,
    /// With one that may not sign in: locked, without a password, no longer active.
    pub turned_away: i64,
    /// When the ledger was last told.
    pub recorded_at: Option<Moment>,
}

/// What the username with this key signs in by.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn credential_by_key(c: &mut AnyConnection, key: &str) -> Result<Option<CredentialRow>, StoreError> {
    on!(c, |c| credentials::table
        .filter(credentials::username_key.eq(key))
        .select(CredentialRow::as_select())
        .first(c)
        .optional())
    .map_err(Into::into)
}

/// What these users sign in by, of those who do.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn credentials_of(c: &mut AnyConnection, users: &[i64]) -> Result<Vec<CredentialRow>, StoreError> {
    on!(c, |c| credentials::table
        .filter(credentials::user_id.eq_any(users))
        .select(CredentialRow::as_select())
        .load(c))
    .map_err(Into::into)
}

/// The accounts of these units that are locked beyond an instant: whose, by key and name, and until when; the first to open first.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn credentials_locked(
    c: &mut AnyConnection,
    units: &[String],
    now: Moment,
) -> Result<Vec<(i64, String, Option<Moment>)>, StoreError> {
    on!(c, |c| credentials::table
        .inner_join(users::table)
        .filter(users::unit.eq_any(units).and(users::active.eq(true)))
        .filter(credentials::locked_until.gt(now))
        .order((credentials::locked_until, users::id))
        .select((users::id, users::name, credentials::locked_until))
        .load(c))
    .map_err(Into::into)
}

/// Writes what a user signs in by, in the place of what stood.
///
/// # Errors
/// [`StoreError::Duplicate`] when another user has the name; of the engine.
pub fn credential_put(c: &mut AnyConnection, row: &CredentialRow) -> Result<(), StoreError> {
    credential_delete(c, row.user_id)?;
    on!(c, |c| diesel::insert_into(credentials::table).values(row).execute(c))?;
    Ok(())
}

/// Takes from a user what they sign in by.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn credential_delete(c: &mut AnyConnection, user_id: i64) -> Result<(), StoreError> {
    on!(c, |c| diesel::delete(credentials::table.find(user_id)).execute(c))?;
    Ok(())
}

/// The tally as it stands.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn tally_find(c: &mut AnyConnection) -> Result<TallyRow, StoreError> {
    on!(c, |c| sign_in_tally::table.find(TALLY).select(TallyRow::as_select()).first(c)).map_err(Into::into)
}

/// Writes the tally.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn tally_put(c: &mut AnyConnection, row: TallyRow) -> Result<(), StoreError> {
    on!(c, |c| diesel::update(sign_in_tally::table.find(TALLY))
        .set((
            sign_in_tally::unknown.eq(row.unknown),
            sign_in_tally::turned_away.eq(row.turned_away),
            sign_in_tally::recorded_at.eq(row.recorded_at),
        ))
        .execute(c))?;
    Ok(())
}
