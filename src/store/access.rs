//! Users and their tokens; a session is a token of its own kind. A token is kept only as a digest; passwords are `credentials`'.

use diesel::prelude::*;

use super::schema::{tokens, users};
use super::{AnyConnection, Moment, StoreError};

const ROWS_A_STATEMENT: usize = 500;

/// A person, or a system, that may sign in.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
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
    /// The kind's word: `token` or `session`.
    pub kind: String,
    /// What it is for, in its issuer's words.
    pub label: Option<String>,
    /// When it was last used, as far as that was written down.
    pub used_at: Option<Moment>,
}

/// Which users a list is about.
#[derive(Debug, Clone, Default)]
pub struct UserFilter {
    /// Of these units; of all, if none are named.
    pub units: Option<Vec<String>>,
    /// Only those who may still sign in (true), or only the others (false).
    pub active: Option<bool>,
}

/// Adds a user under the next free key, whatever key the row carries; answers that key.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn user_insert(c: &mut AnyConnection, new: UserRow) -> Result<i64, StoreError> {
    let last = last_key!(c, users::id, users::table)?;
    let row = UserRow { id: last + 1, ..new };
    on!(c, |c| diesel::insert_into(users::table).values(&row).execute(c))?;
    Ok(row.id)
}

/// The user with this key.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn user_find(c: &mut AnyConnection, id: i64) -> Result<Option<UserRow>, StoreError> {
    on!(c, |c| users::table.find(id).select(UserRow::as_select()).first(c).optional()).map_err(Into::into)
}

/// The users with these keys.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn users_by_id(c: &mut AnyConnection, ids: &[i64]) -> Result<Vec<UserRow>, StoreError> {
    on!(c, |c| users::table.filter(users::id.eq_any(ids)).select(UserRow::as_select()).load(c))
        .map_err(Into::into)
}

/// Users in order of their keys, after `after`, at most `most`.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn users_list(
    c: &mut AnyConnection,
    filter: &UserFilter,
    after: i64,
    most: i64,
) -> Result<Vec<UserRow>, StoreError> {
    on!(c, |c| {
        let query = users::table
            .filter(users::id.gt(after))
            .order(users::id)
            .limit(most)
            .select(UserRow::as_select())
            .into_boxed();
        let mut query = of_units!(query, users::unit, filter.units.as_deref());
        if let Some(active) = filter.active {
            query = query.filter(users::active.eq(active));
        }
        query.load(c)
    })
    .map_err(Into::into)
}

/// How many users the filter finds.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn users_count(c: &mut AnyConnection, filter: &UserFilter) -> Result<i64, StoreError> {
    on!(c, |c| {
        let query = users::table.count().into_boxed();
        let mut query = of_units!(query, users::unit, filter.units.as_deref());
        if let Some(active) = filter.active {
            query = query.filter(users::active.eq(active));
        }
        query.first(c)
    })
    .map_err(Into::into)
}

/// Writes a user as the row has it.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn user_update(c: &mut AnyConnection, row: &UserRow) -> Result<(), StoreError> {
    on!(c, |c| diesel::update(users::table.find(row.id))
        .set((
            users::name.eq(&row.name),
            users::email.eq(&row.email),
            users::role.eq(&row.role),
            users::unit.eq(&row.unit),
            users::language.eq(&row.language),
            users::active.eq(row.active),
        ))
        .execute(c))?;
    Ok(())
}

/// How many active users of the role there are at the unit itself, other than `but`.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn users_active_but(c: &mut AnyConnection, role: &str, unit: &str, but: i64) -> Result<i64, StoreError> {
    on!(c, |c| users::table
        .filter(
            users::role.eq(role).and(users::unit.eq(unit)).and(users::active.eq(true)).and(users::id.ne(but))
        )
        .count()
        .first(c))
    .map_err(Into::into)
}

/// The active users of a role, by key.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn users_of_role(c: &mut AnyConnection, role: &str) -> Result<Vec<UserRow>, StoreError> {
    on!(c, |c| users::table
        .filter(users::role.eq(role).and(users::active.eq(true)))
        .order(users::id)
        .select(UserRow::as_select())
        .load(c))
    .map_err(Into::into)
}

/// The active users of these names other than those of a role, by key.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn users_named(c: &mut AnyConnection, names: &[&str], but: &str) -> Result<Vec<UserRow>, StoreError> {
    let mut found = Vec::new();
    for some in names.chunks(ROWS_A_STATEMENT) {
        found.extend(on!(c, |c| users::table
            .filter(users::name.eq_any(some).and(users::active.eq(true)).and(users::role.ne(but)))
            .order(users::id)
            .select(UserRow::as_select())
            .load::<UserRow>(c))?);
    }
    Ok(found)
}

/// Whom an alert rule reaches.
#[derive(Debug, Clone, Copy)]
pub struct Reached<'a> {
    /// Everybody of this role.
    pub role: Option<&'a str>,
    /// And these, by key, name or e-mail address.
    pub people: &'a [String],
    /// As far as they are of these units; of any, if none are named.
    pub units: Option<&'a [String]>,
}

/// Active users whom a rule reaches, with keys beyond `after`, in the order of their keys, at most `most`.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn users_reached(
    c: &mut AnyConnection,
    reached: &Reached<'_>,
    after: i64,
    most: i64,
) -> Result<Vec<UserRow>, StoreError> {
    let keys: Vec<i64> = reached.people.iter().filter_map(|of| of.parse().ok()).collect();
    let role = reached.role.unwrap_or_default();
    on!(c, |c| {
        let named = users::id
            .eq_any(&keys)
            .or(users::name.eq_any(reached.people))
            .or(users::email.eq_any(reached.people).assume_not_null());
        let query = users::table
            .filter(users::active.eq(true).and(users::id.gt(after)))
            .filter(users::role.eq(role).or(named))
            .order(users::id)
            .limit(most)
            .select(UserRow::as_select())
            .into_boxed();
        of_units!(query, users::unit, reached.units).load(c)
    })
    .map_err(Into::into)
}

/// Adds a token under the next free key, whatever key the row carries.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn token_insert(c: &mut AnyConnection, new: TokenRow) -> Result<i64, StoreError> {
    let last = last_key!(c, tokens::id, tokens::table)?;
    let row = TokenRow { id: last + 1, ..new };
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

/// The token with this key.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn token_by_id(c: &mut AnyConnection, id: i64) -> Result<Option<TokenRow>, StoreError> {
    on!(c, |c| tokens::table.find(id).select(TokenRow::as_select()).first(c).optional()).map_err(Into::into)
}

/// A user's tokens that were not taken back, the oldest first.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn tokens_of(c: &mut AnyConnection, user_id: i64) -> Result<Vec<TokenRow>, StoreError> {
    on!(c, |c| tokens::table
        .filter(tokens::user_id.eq(user_id).and(tokens::revoked_at.is_null()))
        .order(tokens::id)
        .select(TokenRow::as_select())
        .load(c))
    .map_err(Into::into)
}

/// Takes tokens back.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn tokens_revoke(c: &mut AnyConnection, ids: &[i64], at: Moment) -> Result<(), StoreError> {
    on!(c, |c| diesel::update(tokens::table.filter(tokens::id.eq_any(ids)))
        .set(tokens::revoked_at.eq(Some(at)))
        .execute(c))?;
    Ok(())
}

/// Notes that a token was used; never an earlier instant than the one that stands.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn token_touch(c: &mut AnyConnection, id: i64, at: Moment) -> Result<(), StoreError> {
    let later = tokens::used_at.is_null().or(tokens::used_at.lt(Some(at)).assume_not_null());
    on!(c, |c| diesel::update(tokens::table.filter(tokens::id.eq(id).and(later)))
        .set(tokens::used_at.eq(Some(at)))
        .execute(c))?;
    Ok(())
}

/// Forgets tokens of a kind that ended of themselves before `before`; the ledger remembers them.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn tokens_forget(c: &mut AnyConnection, kind: &str, before: Moment) -> Result<(), StoreError> {
    let ended = tokens::expires_at.lt(Some(before)).assume_not_null();
    on!(c, |c| diesel::delete(tokens::table.filter(tokens::kind.eq(kind).and(ended))).execute(c))?;
    Ok(())
}
