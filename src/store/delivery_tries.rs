//! What came of each try to deliver a message: the evidence, recipient by recipient.

use diesel::prelude::*;

use super::schema::delivery_tries;
use super::sent::{Around, Clause, Followed};
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
        /// Its text could not be composed, so there was nothing to hand over.
        Uncomposed = "uncomposed",
    }
}

rows_and_columns! {
    /// A try.
    #[derive(Debug, Clone, Queryable, Selectable, Insertable)]
    #[diesel(table_name = delivery_tries, treat_none_as_default_value = false)]
    pub struct TryRow, TryColumns of delivery_tries {
        /// The message.
        pub outbox_id: i64,
        /// Which try it was, from 1; 0 when it was not begun because the message could not be composed.
        pub attempt: i32,
        /// By which way: `mail`, or a webhook's name.
        pub channel: String,
        /// When it was begun.
        pub begun_at: Moment,
        /// When it ended, or was given up for lost.
        pub ended_at: Moment,
        /// Outcome's word.
        pub outcome: String,
        /// What the server said, or why the message could not be composed; empty where nothing was heard.
        pub reply: String,
    }
}

/// A try takes the place of what was written of it.
struct Replacing;

impl Clause for Replacing {
    const TEXT: &'static str = " ON CONFLICT (outbox_id, attempt) DO UPDATE SET channel = excluded.channel, \
                                begun_at = excluded.begun_at, ended_at = excluded.ended_at, \
                                outcome = excluded.outcome, reply = excluded.reply";
}

/// Writes tries. One that was given up for lost and ended after all takes the place of what was written of it.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn tries_put(c: &mut AnyConnection, rows: &[TryRow]) -> Result<(), StoreError> {
    match c {
        AnyConnection::Pg(c) if !rows.is_empty() => {
            let before =
                format!("INSERT INTO delivery_tries ({}) SELECT * FROM ", TryColumns::NAMES.join(", "));
            Around { before, columns: TryColumns::of(rows), after: Replacing::TEXT }.execute(&mut **c)?;
        }
        AnyConnection::Pg(_) => {}
        AnyConnection::Sqlite(c) => rows.iter().try_for_each(|row| {
            let insert = diesel::insert_into(delivery_tries::table).values(row);
            Followed::<_, Replacing>::by(insert).execute(&mut **c).map(|_| ())
        })?,
    }
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
