//! Alert slots: which instants of which rule have been claimed. A slot is claimed once, by its primary key, by whichever process comes first.

use diesel::prelude::*;

use super::schema::alert_slots;
use super::{AnyConnection, Moment, StoreError};

/// A claimed slot.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = alert_slots, treat_none_as_default_value = false)]
pub struct SlotRow {
    /// The rule's name.
    pub rule: String,
    /// The instant at which the rule spoke.
    pub slot_at: Moment,
    /// When it was claimed.
    pub claimed_at: Moment,
    /// What came of it: `enqueued`, `nothing` (to report) or `stale`; `begun` marks when the rule was first heard of.
    pub result: String,
}

/// The last slot claimed for a rule.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn slot_last(c: &mut AnyConnection, rule: &str) -> Result<Option<Moment>, StoreError> {
    on!(c, |c| alert_slots::table
        .filter(alert_slots::rule.eq(rule))
        .order(alert_slots::slot_at.desc())
        .select(alert_slots::slot_at)
        .first(c)
        .optional())
    .map_err(Into::into)
}

/// Claims a slot; false when it was claimed before.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn slot_claim(c: &mut AnyConnection, slot: &SlotRow) -> Result<bool, StoreError> {
    let inserted = on!(c, |c| diesel::insert_into(alert_slots::table)
        .values(slot)
        .on_conflict((alert_slots::rule, alert_slots::slot_at))
        .do_nothing()
        .execute(c))?;
    Ok(inserted == 1)
}

/// How many slots came to each result.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn slot_results(c: &mut AnyConnection) -> Result<Vec<(String, i64)>, StoreError> {
    on!(c, |c| alert_slots::table
        .group_by(alert_slots::result)
        .select((alert_slots::result, diesel::dsl::count_star()))
        .load(c))
    .map_err(Into::into)
}
