//! How messages are taken to be sent, and what came of it is written down.
//!
//! A message is taken by lease and its result is written by compare-and-swap on the number of the try, so that of several processes over one
//! database one sends. Whoever dies over a message leaves it under a lease; once that has ended, nobody knows whether the server took it.

use diesel::prelude::*;

use super::delivery_tries::{TryOutcome, TryRow, try_put};
use super::outbox::{OutboxRow, OutboxStatus};
use super::schema::{outbox, suppressions};
use super::{AnyConnection, Moment, StoreError};
use crate::domain::alert::MAIL;

/// What came of a try.
#[derive(Debug, Clone)]
pub struct Tried {
    /// The message.
    pub id: i64,
    /// Which try it was.
    pub attempt: i32,
    /// By which way it was sent.
    pub channel: String,
    /// Since when.
    pub begun_at: Moment,
    /// Until when.
    pub ended_at: Moment,
    /// What happened.
    pub outcome: TryOutcome,
    /// What the server said.
    pub reply: String,
    /// Where that leaves the message; pending when it is to be tried again.
    pub status: OutboxStatus,
    /// When to try again, if it is pending.
    pub next_attempt_at: Option<Moment>,
}

/// What of a message a try changes.
#[derive(AsChangeset)]
#[diesel(table_name = outbox)]
struct Changed<'a> {
    status: &'static str,
    // The lease is given back.
    lease_until: Option<Option<Moment>>,
    server_reply: &'a str,
    sent_at: Option<Moment>,
    next_attempt_at: Option<Moment>,
}

/// How many messages were settled without being sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Settled {
    /// Sent or not, nobody knows.
    pub uncertain: usize,
    /// Worth nothing any more.
    pub stale: usize,
}

/// Marks as uncertain what was being sent by a process whose lease ended before `now`, each with that try, and as stale what is worth nothing any
/// more at `until`.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn outbox_settle(c: &mut AnyConnection, now: Moment, until: Moment) -> Result<Settled, StoreError> {
    let pending = OutboxStatus::Pending.word();
    let lost: Vec<OutboxRow> = on!(c, |c| diesel::update(outbox::table)
        .filter(outbox::status.eq(pending).and(outbox::lease_until.le(now)))
        .set((outbox::status.eq(OutboxStatus::Uncertain.word()), outbox::lease_until.eq(None::<Moment>)))
        .returning(OutboxRow::as_returning())
        .load(c))?;
    for row in &lost {
        let abandoned = TryRow {
            outbox_id: row.id,
            attempt: row.attempts,
            channel: row.channel.clone(),
            begun_at: row.begun_at.unwrap_or(row.created_at),
            ended_at: now,
            outcome: TryOutcome::Abandoned.word().to_owned(),
            reply: String::new(),
        };
        try_put(c, &abandoned)?;
    }
    let stale = on!(c, |c| diesel::update(outbox::table)
        .filter(outbox::status.eq(pending).and(outbox::lease_until.is_null()))
        .filter(outbox::stale_at.le(until))
        .set(outbox::status.eq(OutboxStatus::Stale.word()))
        .execute(c))?;
    Ok(Settled { uncertain: lost.len(), stale })
}

/// Marks as suppressed what waits for an address that is written to no more; answers how many.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn outbox_suppress(c: &mut AnyConnection) -> Result<usize, StoreError> {
    on!(c, |c| {
        let whose =
            suppressions::user_id.eq(outbox::user_id).or(suppressions::user_id.eq(outbox::delegate_id));
        let dead = suppressions::table.filter(suppressions::address.eq(outbox::recipient)).filter(whose);
        diesel::update(outbox::table)
            .filter(outbox::status.eq(OutboxStatus::Pending.word()).and(outbox::lease_until.is_null()))
            .filter(outbox::channel.eq(MAIL))
            .filter(diesel::dsl::exists(dead))
            .set(outbox::status.eq(OutboxStatus::Suppressed.word()))
            .execute(c)
    })
    .map_err(Into::into)
}

/// Whether any message is due at `until` or held under a lease.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn outbox_waits(c: &mut AnyConnection, until: Moment) -> Result<bool, StoreError> {
    let found: Option<i64> = on!(c, |c| outbox::table
        .filter(outbox::status.eq(OutboxStatus::Pending.word()).and(outbox::next_attempt_at.le(until)))
        .select(outbox::id)
        .first(c)
        .optional())?;
    Ok(found.is_some())
}

/// Which messages are taken.
#[derive(Debug, Clone, Copy)]
pub struct Claim {
    /// With keys beyond this one.
    pub after: i64,
    /// Due at this instant.
    pub until: Moment,
    /// Begun at this one.
    pub now: Moment,
    /// Nobody else takes them before this one.
    pub lease_until: Moment,
    /// So many at most.
    pub limit: i64,
}

/// Takes messages that are due, in the order of their keys, under a lease; each is thereby begun to be tried.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn outbox_claim(c: &mut AnyConnection, claim: Claim) -> Result<Vec<OutboxRow>, StoreError> {
    let pending = OutboxStatus::Pending.word();
    let ids: Vec<i64> = on!(c, |c| outbox::table
        .filter(outbox::status.eq(pending).and(outbox::lease_until.is_null()))
        .filter(outbox::next_attempt_at.le(claim.until).and(outbox::id.gt(claim.after)))
        .order(outbox::id)
        .limit(claim.limit)
        .select(outbox::id)
        .load(c))?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut rows: Vec<OutboxRow> = on!(c, |c| diesel::update(outbox::table)
        .filter(outbox::id.eq_any(&ids))
        .filter(outbox::status.eq(pending).and(outbox::lease_until.is_null()))
        .set((
            outbox::lease_until.eq(Some(claim.lease_until)),
            outbox::begun_at.eq(Some(claim.now)),
            outbox::attempts.eq(outbox::attempts + 1),
        ))
        .returning(OutboxRow::as_returning())
        .load(c))?;
    rows.sort_by_key(|row| row.id);
    Ok(rows)
}

/// Writes what came of a try; false when somebody else has tried since. A message held for uncertain meanwhile is certain again.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn outbox_record(c: &mut AnyConnection, tried: &Tried) -> Result<bool, StoreError> {
    let begun = [OutboxStatus::Pending.word(), OutboxStatus::Uncertain.word()];
    let changed = Changed {
        status: tried.status.word(),
        lease_until: Some(None),
        server_reply: &tried.reply,
        sent_at: (tried.status == OutboxStatus::Sent).then_some(tried.ended_at),
        next_attempt_at: tried.next_attempt_at,
    };
    let changed = on!(c, |c| diesel::update(outbox::table)
        .filter(outbox::id.eq(tried.id).and(outbox::attempts.eq(tried.attempt)))
        .filter(outbox::status.eq_any(begun))
        .set(&changed)
        .execute(c))?;
    let row = TryRow {
        outbox_id: tried.id,
        attempt: tried.attempt,
        channel: tried.channel.clone(),
        begun_at: tried.begun_at,
        ended_at: tried.ended_at,
        outcome: tried.outcome.word().to_owned(),
        reply: tried.reply.clone(),
    };
    try_put(c, &row)?;
    Ok(changed == 1)
}

/// A message to be tried once more.
#[derive(Debug, Clone)]
pub struct Again {
    /// The message.
    pub id: i64,
    /// In which state it was seen.
    pub was: OutboxStatus,
    /// The address it goes to now.
    pub recipient: String,
    /// Not before this instant.
    pub next_attempt_at: Moment,
    /// Worth sending until this one.
    pub stale_at: Moment,
}

/// Lets a message wait again; false when it is no longer in the state it was seen in.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn outbox_again(c: &mut AnyConnection, again: &Again) -> Result<bool, StoreError> {
    let changed = on!(c, |c| diesel::update(outbox::table)
        .filter(outbox::id.eq(again.id).and(outbox::status.eq(again.was.word())))
        .set((
            outbox::status.eq(OutboxStatus::Pending.word()),
            outbox::recipient.eq(&again.recipient),
            outbox::next_attempt_at.eq(again.next_attempt_at),
            outbox::stale_at.eq(again.stale_at),
        ))
        .execute(c))?;
    Ok(changed == 1)
}
