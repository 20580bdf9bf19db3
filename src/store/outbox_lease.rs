//! How messages are taken to be sent, and what came of it is written down.
//!
//! A message is taken by lease and its result is written by compare-and-swap on the number of the try, so that of several processes over one
//! database one sends. Whoever dies over a message leaves it under a lease; once that has ended, nobody knows whether the server took it.

use diesel::dsl::SqlTypeOf;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::BigInt;

use super::delivery_tries::{TryOutcome, TryRow, tries_put};
use super::instant::Instant;
use super::outbox::{OutboxRow, OutboxStatus};
use super::schema::{outbox, suppressions};
use super::sent::Around;
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

rows_and_columns! {
    /// What of a message a try changes, if it was the last one begun; the lease is given back.
    struct TriedRow, TriedColumns of outbox {
        id: i64,
        attempts: i32,
        status: &'static str,
        server_reply: Option<String>,
        sent_at: Option<Moment>,
        next_attempt_at: Moment,
    }
}

impl From<&Tried> for TriedRow {
    fn from(of: &Tried) -> TriedRow {
        TriedRow {
            id: of.id,
            attempts: of.attempt,
            status: of.status.word(),
            server_reply: Some(of.reply.clone()),
            sent_at: (of.status == OutboxStatus::Sent).then_some(of.ended_at),
            // Of no meaning unless it is pending.
            next_attempt_at: of.next_attempt_at.unwrap_or(of.ended_at),
        }
    }
}

impl From<&Tried> for TryRow {
    fn from(of: &Tried) -> TryRow {
        TryRow {
            outbox_id: of.id,
            attempt: of.attempt,
            channel: of.channel.clone(),
            begun_at: of.begun_at,
            ended_at: of.ended_at,
            outcome: of.outcome.word().to_owned(),
            reply: of.reply.clone(),
        }
    }
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
    let abandoned = lost.iter().map(|row| TryRow {
        outbox_id: row.id,
        attempt: row.attempts,
        channel: row.channel.clone(),
        begun_at: row.begun_at.unwrap_or(row.created_at),
        ended_at: now,
        outcome: TryOutcome::Abandoned.word().to_owned(),
        reply: String::new(),
    });
    tries_put(c, &abandoned.collect::<Vec<_>>())?;
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
    let mut rows: Vec<OutboxRow> = on!(c, |c| Claiming(claim).load(c))?;
    rows.sort_by_key(|row| row.id);
    Ok(rows)
}

/// The statement of [`outbox_claim`]; an `UPDATE` of diesel's own is parsed and planned anew at every call.
struct Claiming(Claim);

impl QueryId for Claiming {
    type QueryId = Claiming;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl Query for Claiming {
    type SqlType = outbox::SqlType;
}

impl<Conn> RunQueryDsl<Conn> for Claiming {}

/// One row of [`outbox_record`], where rows go one by one.
struct RecordOne<'a>(&'a TriedRow);

impl QueryId for RecordOne<'_> {
    type QueryId = RecordOne<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<Conn> RunQueryDsl<Conn> for RecordOne<'_> {}

macro_rules! claiming_on {
    ($engine:ty) => {
        impl QueryFragment<$engine> for Claiming {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, $engine>) -> QueryResult<()> {
                let Claim { after, until, now, lease_until, limit } = &self.0;
                out.push_sql("UPDATE outbox SET attempts = attempts + 1, lease_until = ");
                out.push_bind_param::<Instant, _>(lease_until)?;
                out.push_sql(", begun_at = ");
                out.push_bind_param::<Instant, _>(now)?;
                out.push_sql(" WHERE id IN (SELECT id FROM outbox WHERE status = 'pending' AND lease_until IS NULL AND id > ");
                out.push_bind_param::<BigInt, _>(after)?;
                out.push_sql(" AND next_attempt_at <= ");
                out.push_bind_param::<Instant, _>(until)?;
                out.push_sql(" ORDER BY id LIMIT ");
                out.push_bind_param::<BigInt, _>(limit)?;
                // Once more, for whoever had to wait for the row.
                out.push_sql(") AND status = 'pending' AND lease_until IS NULL RETURNING ");
                let columns: &'static _ = &outbox::all_columns;
                columns.walk_ast(out)
            }
        }
    };
}

claiming_on!(diesel::pg::Pg);
claiming_on!(diesel::sqlite::Sqlite);

impl QueryFragment<diesel::sqlite::Sqlite> for RecordOne<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, diesel::sqlite::Sqlite>) -> QueryResult<()> {
        let row = self.0;
        out.push_sql("UPDATE outbox SET lease_until = NULL, status = ");
        out.push_bind_param::<SqlTypeOf<outbox::status>, _>(&row.status)?;
        out.push_sql(", server_reply = ");
        out.push_bind_param::<SqlTypeOf<outbox::server_reply>, _>(&row.server_reply)?;
        out.push_sql(", sent_at = ");
        out.push_bind_param::<SqlTypeOf<outbox::sent_at>, _>(&row.sent_at)?;
        out.push_sql(", next_attempt_at = ");
        out.push_bind_param::<SqlTypeOf<outbox::next_attempt_at>, _>(&row.next_attempt_at)?;
        out.push_sql(" WHERE id = ");
        out.push_bind_param::<SqlTypeOf<outbox::id>, _>(&row.id)?;
        out.push_sql(" AND attempts = ");
        out.push_bind_param::<SqlTypeOf<outbox::attempts>, _>(&row.attempts)?;
        out.push_sql(" AND status IN ('pending', 'uncertain')");
        Ok(())
    }
}

/// Writes what came of tries, each where nobody else has tried its message since. A message held for uncertain meanwhile is certain again.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn outbox_record(c: &mut AnyConnection, tried: &[Tried]) -> Result<(), StoreError> {
    let rows: Vec<TriedRow> = tried.iter().map(Into::into).collect();
    match c {
        AnyConnection::Pg(c) if !rows.is_empty() => {
            let before =
                "UPDATE outbox SET lease_until = NULL, status = s.status, server_reply = s.server_reply, \
                          sent_at = s.sent_at, next_attempt_at = s.next_attempt_at FROM "
                    .to_owned();
            // The keys ($1) once more by themselves: a plan made while the table was small would read all of it for ever.
            let after = " AS s (id, attempts, status, server_reply, sent_at, next_attempt_at) \
                         WHERE outbox.id = ANY ($1) AND outbox.id = s.id AND outbox.attempts = s.attempts \
                         AND outbox.status IN ('pending', 'uncertain')";
            Around { before, columns: TriedColumns::of(&rows), after }.execute(&mut **c)?;
        }
        AnyConnection::Pg(_) => {}
        AnyConnection::Sqlite(c) => {
            rows.iter().try_for_each(|row| RecordOne(row).execute(&mut **c).map(|_| ()))?;
        }
    }
    tries_put(c, &tried.iter().map(Into::into).collect::<Vec<_>>())
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
