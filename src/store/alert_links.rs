//! What links in mails rest on: the key they are signed with, and which mails were turned off by them.

use diesel::prelude::*;

use super::schema::{alert_opt_downs, secrets, users};
use super::{AnyConnection, Moment, StoreError};

/// Mails that a user has turned off.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = alert_opt_downs, treat_none_as_default_value = false)]
pub struct OptDownRow {
    /// Key.
    pub id: i64,
    /// Whose mails.
    pub user_id: i64,
    /// The rule's name.
    pub rule: String,
    /// Since when.
    pub since: Moment,
}

/// A secret of the installation.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn secret_find(c: &mut AnyConnection, name: &str) -> Result<Option<String>, StoreError> {
    on!(c, |c| secrets::table.find(name).select(secrets::value).first(c).optional()).map_err(Into::into)
}

/// Keeps a secret, unless there is one of this name already.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn secret_insert(c: &mut AnyConnection, name: &str, value: &str, now: Moment) -> Result<(), StoreError> {
    on!(c, |c| diesel::insert_into(secrets::table)
        .values((secrets::name.eq(name), secrets::value.eq(value), secrets::made_at.eq(now)))
        .on_conflict(secrets::name)
        .do_nothing()
        .execute(c))?;
    Ok(())
}

/// Notes that a user has turned off the mails of a rule; false when that stood already.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn opt_down_insert(
    c: &mut AnyConnection,
    user_id: i64,
    rule: &str,
    since: Moment,
) -> Result<bool, StoreError> {
    let last = last_key!(c, alert_opt_downs::id, alert_opt_downs::table)?;
    let row = OptDownRow { id: last + 1, user_id, rule: rule.to_owned(), since };
    let inserted = on!(c, |c| diesel::insert_into(alert_opt_downs::table)
        .values(&row)
        .on_conflict((alert_opt_downs::user_id, alert_opt_downs::rule))
        .do_nothing()
        .execute(c))?;
    Ok(inserted == 1)
}

/// Forgets that a user has turned off the mails of a rule; false when that did not stand.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn opt_down_remove(c: &mut AnyConnection, user_id: i64, rule: &str) -> Result<bool, StoreError> {
    let of = alert_opt_downs::user_id.eq(user_id).and(alert_opt_downs::rule.eq(rule));
    let removed = on!(c, |c| diesel::delete(alert_opt_downs::table.filter(of)).execute(c))?;
    Ok(removed > 0)
}

/// Whether a user has turned off the mails of a rule.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn opt_down_stands(c: &mut AnyConnection, user_id: i64, rule: &str) -> Result<bool, StoreError> {
    let of = alert_opt_downs::user_id.eq(user_id).and(alert_opt_downs::rule.eq(rule));
    let found: Option<i64> =
        on!(c, |c| alert_opt_downs::table.filter(of).select(alert_opt_downs::id).first(c).optional())?;
    Ok(found.is_some())
}

/// What was turned off by a key, with the unit of the user.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn opt_down_find(c: &mut AnyConnection, id: i64) -> Result<Option<(OptDownRow, String)>, StoreError> {
    on!(c, |c| alert_opt_downs::table
        .inner_join(users::table)
        .filter(alert_opt_downs::id.eq(id))
        .select((OptDownRow::as_select(), users::unit))
        .first(c)
        .optional())
    .map_err(Into::into)
}

/// The users who have turned off the mails of a rule.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn opted_down(c: &mut AnyConnection, rule: &str) -> Result<Vec<i64>, StoreError> {
    on!(c, |c| alert_opt_downs::table
        .filter(alert_opt_downs::rule.eq(rule))
        .select(alert_opt_downs::user_id)
        .load(c))
    .map_err(Into::into)
}

/// All that was turned off by users of these units, each with name and unit of the user, the oldest first.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn opt_downs_list(
    c: &mut AnyConnection,
    units: &[String],
) -> Result<Vec<(OptDownRow, String, String)>, StoreError> {
    on!(c, |c| alert_opt_downs::table
        .inner_join(users::table)
        .filter(users::unit.eq_any(units))
        .order(alert_opt_downs::id)
        .select((OptDownRow::as_select(), users::name, users::unit))
        .load(c))
    .map_err(Into::into)
}
