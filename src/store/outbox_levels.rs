//! How many messages the outbox holds in each state, and since when the oldest waits.

use chrono::{DateTime, Utc};
use diesel::dsl::count_star;
use diesel::prelude::*;

use super::dossiers::word;
use super::outbox::OutboxStatus;
use super::schema::outbox;
use super::{AnyConnection, Moment, StoreError};

/// Messages by state, and the instant the oldest pending one was written.
pub type OutboxLevels = (Vec<(OutboxStatus, i64)>, Option<DateTime<Utc>>);

/// Messages by state (a state without any may be missing), and the instant the oldest pending one was written.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn outbox_levels(c: &mut AnyConnection) -> Result<OutboxLevels, StoreError> {
    let rows: Vec<(String, i64)> =
        on!(c, |c| outbox::table.group_by(outbox::status).select((outbox::status, count_star())).load(c))?;
    let oldest: Option<Moment> = on!(c, |c| outbox::table
        .filter(outbox::status.eq(OutboxStatus::Pending.word()))
        .order(outbox::created_at)
        .select(outbox::created_at)
        .first(c)
        .optional())?;
    let states = rows
        .into_iter()
        .map(|(state, many)| Ok((word("outbox status", &state, OutboxStatus::from_word)?, many)))
        .collect::<Result<_, StoreError>>()?;
    Ok((states, oldest.map(Moment::utc)))
}
