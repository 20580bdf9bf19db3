//! Alert slots: which instants of which rule have been claimed, and how far their messages have been written.
//!
//! A slot is claimed once, by its primary key, by whichever process comes first. Its messages are written in slices, each in one transaction with the
//! key of the last user written to, by compare-and-swap: whoever comes next, after a crash or on another machine, goes on from there.

use diesel::prelude::*;

use super::schema::alert_slots;
use super::{AnyConnection, Moment, StoreError};

/// A claimed slot.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = alert_slots, treat_none_as_default_value = false)]
pub struct SlotRow {
    /// The rule's name.
    pub rule: String,
    /// The instant at which the rule spoke.
    pub slot_at: Moment,
    /// When it was claimed.
    pub claimed_at: Moment,
    /// What came of it: `enqueued`, `nothing` (to report), `stale` or `replaced` (by another timetable, before it was claimed); `open` while its
    /// messages are being written; `begun` and `changed` mark when the rule was first heard of, or given other times: it has no slots before that.
    pub result: String,
    /// The key of the last user written to; `None` when all have been.
    pub written_to: Option<i64>,
    /// Messages written.
    pub enqueued: i64,
}

/// The last slot claimed for a rule, or the mark from which its timetable counts.
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

/// The slots whose messages are still being written, the earliest first.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn slots_open(c: &mut AnyConnection) -> Result<Vec<SlotRow>, StoreError> {
    on!(c, |c| alert_slots::table
        .filter(alert_slots::written_to.is_not_null())
        .order((alert_slots::slot_at, alert_slots::rule))
        .select(SlotRow::as_select())
        .load(c))
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

/// Writes how far a claimed slot has come, if it still stands where `from` says; false when somebody else has gone on from there.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn slot_advance(c: &mut AnyConnection, from: i64, to: &SlotRow) -> Result<bool, StoreError> {
    let changed = on!(c, |c| diesel::update(alert_slots::table)
        .filter(alert_slots::rule.eq(&to.rule).and(alert_slots::slot_at.eq(to.slot_at)))
        .filter(alert_slots::written_to.eq(Some(from)).assume_not_null())
        .set((
            alert_slots::written_to.eq(to.written_to),
            alert_slots::enqueued.eq(to.enqueued),
            alert_slots::result.eq(&to.result),
        ))
        .execute(c))?;
    Ok(changed == 1)
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
