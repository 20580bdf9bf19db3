//! Users and their tokens. A token is kept only as a digest.

use diesel::prelude::*;

use super::schema::{tokens, users};
use super::{AnyConnection, Moment, StoreError};

/// A person, or a system, that may sign in.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = users, treat_none_as_default_value = false)]
pub struct UserRow {
    /// Key.
    pub id: i64,
    /// Name, as shown.
    pub name: String,
    /// Where mail goes; none without it.
    pub email: Option<String>,
    /// Role's word.
    pub role: String,
    /// The unit at the top of what the user sees.
    pub unit: String,
    /// Language of mail: `vi` or `en`.
    pub language: String,
    /// Whether the user may still sign in and is still written to.
    pub active: bool,
    /// When the user was added.
    pub created_at: Moment,
}

/// A token's digest and its life.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = tokens, treat_none_as_default_value = false)]
pub struct TokenRow {
    /// Key.
    pub id: i64,
    /// Whose it is.
    pub user_id: i64,
    /// SHA-256 of the token, in hex.
    pub digest: String,
    /// When it was given.
    pub created_at: Moment,
    /// When it ends.
    pub expires_at: Option<Moment>,
    /// When it was taken back.
    pub revoked_at: Option<Moment>,
}

/// Adds a user under the next free key, whatever key the row carries; answers that key.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn user_insert(c: &mut AnyConnection, new: UserRow) -> Result<i64, StoreError> {
    let last: Option<i64> = on!(c, |c| users::table.select(diesel::dsl::max(users::id)).first(c))?;
    let row = UserRow { id: last.unwrap_or(0) + 1, ..new };
    on!(c, |c| diesel::insert_into(users::table).values(&row).execute(c))?;
    Ok(row.id)
}

/// Active users of a role that have an e-mail address.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn users_to_mail(c: &mut AnyConnection, role: &str) -> Result<Vec<UserRow>, StoreError> {
    on!(c, |c| users::table
        .filter(users::role.eq(role).and(users::active.eq(true)).and(users::email.is_not_null()))
        .order(users::id)
        .select(UserRow::as_select())
        .load(c))
    .map_err(Into::into)
}

/// Adds a token under the next free key, whatever key the row carries.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn token_insert(c: &mut AnyConnection, new: TokenRow) -> Result<i64, StoreError> {
    let last: Option<i64> = on!(c, |c| tokens::table.select(diesel::dsl::max(tokens::id)).first(c))?;
    let row = TokenRow { id: last.unwrap_or(0) + 1, ..new };
    on!(c, |c| diesel::insert_into(tokens::table).values(&row).execute(c))?;
    Ok(row.id)
}

/// The token with this digest and its user, whatever their state.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn token_find(c: &mut AnyConnection, digest: &str) -> Result<Option<(TokenRow, UserRow)>, StoreError> {
    on!(c, |c| tokens::table
        .inner_join(users::table)
        .filter(tokens::digest.eq(digest))
        .select((TokenRow::as_select(), UserRow::as_select()))
        .first(c)
        .optional())
    .map_err(Into::into)
}
