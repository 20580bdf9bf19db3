//! What came of each try to deliver a message: the evidence, recipient by recipient.

use diesel::prelude::*;

use super::schema::delivery_tries;
use super::{AnyConnection, Moment, StoreError};

words! {
    /// What happened when a message was tried.
    TryOutcome {
        /// The server took it.
        Sent = "sent",
        /// Nobody was there, or the conversation broke before the message was whole.
        Unreachable = "unreachable",
        /// The server said: not now.
        PutOff = "put_off",
        /// The server lets nobody in who has not come before.
        Greylisted = "greylisted",
        /// The server refused it for good.
        Refused = "refused",
        /// The server said that there is no such mailbox.
        DeadAddress = "dead_address",
        /// It was handed over whole and no reply came.
        Unanswered = "unanswered",
        /// The process that tried it was gone before it could say what came of it.
        Abandoned = "abandoned",
    }
}

/// A try.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = delivery_tries, treat_none_as_default_value = false)]
pub struct TryRow {
    /// The message.
    pub outbox_id: i64,
    /// Which try it was, from 1.
    pub attempt: i32,
    /// By which way: `mail`, or a webhook's name.
    pub channel: String,
    /// When it was begun.
    pub begun_at: Moment,
    /// When it ended, or was given up for lost.
    pub ended_at: Moment,
    /// Outcome's word.
    pub outcome: String,
    /// What the server said; empty where nothing was heard.
    pub reply: String,
}

/// Writes a try. One that was given up for lost and ended after all takes the place of what was written of it.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn try_put(c: &mut AnyConnection, row: &TryRow) -> Result<(), StoreError> {
    on!(c, |c| diesel::insert_into(delivery_tries::table)
        .values(row)
        .on_conflict((delivery_tries::outbox_id, delivery_tries::attempt))
        .do_update()
        .set(row)
        .execute(c))?;
    Ok(())
}

/// The tries of a message, the first one first.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn tries_of(c: &mut AnyConnection, outbox_id: i64) -> Result<Vec<TryRow>, StoreError> {
    on!(c, |c| delivery_tries::table
        .filter(delivery_tries::outbox_id.eq(outbox_id))
        .order(delivery_tries::attempt)
        .select(TryRow::as_select())
        .load(c))
    .map_err(Into::into)
}
