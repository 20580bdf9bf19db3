//! The office's own alert rules: a small table, read whole with the catalogue.

use diesel::prelude::*;
use diesel::upsert::excluded;

use super::schema::alert_rules;
use super::{AnyConnection, Moment, StoreError};

/// A rule of the office's own.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = alert_rules, treat_none_as_default_value = false)]
pub struct AlertRuleRow {
    /// Its name.
    pub name: String,
    /// The unit whose administrators keep it; it reaches nobody outside of that unit and those below it.
    pub unit: String,
    /// The rule as JSON.
    pub content: String,
    /// Grows with each change, from 1.
    pub version: i64,
    /// When it was changed last.
    pub changed_at: Moment,
    /// By whom.
    pub changed_by: Option<i64>,
}

/// Every rule, by name.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn alert_rules_all(c: &mut AnyConnection) -> Result<Vec<AlertRuleRow>, StoreError> {
    on!(c, |c| alert_rules::table.order(alert_rules::name).select(AlertRuleRow::as_select()).load(c))
        .map_err(Into::into)
}

/// Writes a rule, new or changed.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn alert_rule_put(c: &mut AnyConnection, row: &AlertRuleRow) -> Result<(), StoreError> {
    on!(c, |c| diesel::insert_into(alert_rules::table)
        .values(row)
        .on_conflict(alert_rules::name)
        .do_update()
        .set((
            alert_rules::unit.eq(excluded(alert_rules::unit)),
            alert_rules::content.eq(excluded(alert_rules::content)),
            alert_rules::version.eq(excluded(alert_rules::version)),
            alert_rules::changed_at.eq(excluded(alert_rules::changed_at)),
            alert_rules::changed_by.eq(excluded(alert_rules::changed_by)),
        ))
        .execute(c))?;
    Ok(())
}

/// Takes a rule away.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn alert_rule_delete(c: &mut AnyConnection, name: &str) -> Result<(), StoreError> {
    on!(c, |c| diesel::delete(alert_rules::table.find(name)).execute(c))?;
    Ok(())
}
