//! Delivering what waits in the outbox: taken under a lease, sent outside of any transaction, the result written down by compare-and-swap.
//!
//! Only as many messages are taken as are begun at once: one that waited under a lease while its process died could not be told from one that was
//! sent. What came of those that ended is written in the transaction that takes the next ones, so a busy server costs few transactions.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::task::JoinSet;

use super::retry::{self, Delay};
use super::{Round, parcels};
use crate::app::{App, AppError};
use crate::domain::alert::MAIL;
use crate::mail::{CONNECTIONS, Letter, Mailer, NotTaken};
use crate::metrics::Stopwatch;
use crate::store::delivery_tries::TryOutcome;
use crate::store::outbox::{OutboxRow, OutboxStatus};
use crate::store::outbox_lease::{self as store, Claim, Tried};
use crate::store::suppressions::{SuppressionRow, suppression_insert};
use crate::store::{AnyConnection, StoreError};

/// How long a process may take over a message before others hold it for lost: beyond all the mailer's own patience with it, and the time for which
/// [`exchange`] waits for the database.
const LEASE: TimeDelta = TimeDelta::minutes(15);
/// The first pause before results are tried to be written again, doubling up to the longest, for so many times: some two minutes in all.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
const PAUSES: u32 = 17;

/// Sends what is due at `until`, each message at most once in this call, a few at a time and never within a transaction; writes down what
/// came of each.
///
/// # Errors
/// The store's errors. A message the server took but whose taking could not be written down becomes `uncertain` when its lease ends.
pub async fn deliver(app: &App, mailer: &Mailer, until: DateTime<Utc>) -> Result<Round, AppError> {
    deliver_unless(app, mailer, until, || false).await
}

/// As [`deliver`]; once `stopped` says so, what has begun is finished and nothing more is begun.
pub(super) async fn deliver_unless(
    app: &App,
    mailer: &Mailer,
    until: DateTime<Utc>,
    stopped: impl Fn() -> bool,
) -> Result<Round, AppError> {
    if !app.read(move |c, _| Ok(store::outbox_waits(c, until.into())?)).await? {
        return Ok(Round::default());
    }
    let mut round = settle(app, until).await?;
    let mut under_way: JoinSet<Sent> = JoinSet::new();
    let (mut ended, mut after, mut more) = (Vec::new(), 0, true);
    loop {
        let room = if more && !stopped() { CONNECTIONS.saturating_sub(under_way.len()) } else { 0 };
        let exchanged = match exchange(app, until, std::mem::take(&mut ended), after, room).await {
            Ok(exchanged) => exchanged,
            Err(error) => return Err(give_up(app, until, under_way, error).await),
        };
        more = room > 0 && exchanged.taken.len() == room;
        after = exchanged.taken.last().map_or(after, |row| row.id);
        round.suppressed += exchanged.suppressed;
        for row in exchanged.taken {
            under_way.spawn(send_one(app.clone(), mailer.clone(), row, until));
        }
        let Some(first) = under_way.join_next().await else { return Ok(round) };
        for one in std::iter::once(first).chain(std::iter::from_fn(|| under_way.try_join_next())) {
            match one {
                Ok(sent) => {
                    count(&mut round, sent.tried.status);
                    ended.push(sent);
                }
                // Its lease's end will make it uncertain.
                Err(error) => tracing::error!(%error, "the sending of an alert broke off"),
            }
        }
    }
}

fn count(round: &mut Round, status: OutboxStatus) {
    match status {
        OutboxStatus::Sent => round.sent += 1,
        OutboxStatus::Failed => round.failed += 1,
        OutboxStatus::Uncertain => round.uncertain += 1,
        OutboxStatus::Pending | OutboxStatus::Stale | OutboxStatus::Suppressed => round.retried += 1,
    }
}

/// What is over without being sent: lost under a lease, worth nothing any more, to an address that is dead.
async fn settle(app: &App, until: DateTime<Utc>) -> Result<Round, AppError> {
    // Leases are judged by the clock that all processes share, whatever instant this round is run for.
    let now = app.clock().now();
    let (settled, suppressed) = app
        .write_job("outbox settle", move |c, _| {
            let settled = store::outbox_settle(c, now.into(), until.into())?;
            Ok((settled, store::outbox_suppress(c)?))
        })
        .await?;
    let lost = u64::try_from(settled.uncertain).unwrap_or(u64::MAX);
    app.metrics().alerts_of(TryOutcome::Abandoned.word(), lost);
    Ok(Round { uncertain: settled.uncertain, stale: settled.stale, suppressed, ..Round::default() })
}

/// A try that has ended, and what is needed to write it down.
#[derive(Debug, Clone)]
struct Sent {
    tried: Tried,
    addressee: i64,
    address: String,
}

/// The next messages, now begun, and how many are not sent because an address has just turned out to be dead.
struct Exchanged {
    taken: Vec<OutboxRow>,
    suppressed: usize,
}

/// Writes down what came of those that ended and takes up to `room` new ones, in one transaction. That a message was sent must not be lost to a short
/// absence of the database: it is waited for, then the lease's end makes the messages uncertain.
async fn exchange(
    app: &App,
    until: DateTime<Utc>,
    ended: Vec<Sent>,
    after: i64,
    room: usize,
) -> Result<Exchanged, AppError> {
    let (mut pause, mut pauses) = (FIRST_PAUSE, 0);
    loop {
        let now = app.clock().now();
        app.pulse().beat(now);
        let limit = i64::try_from(room).unwrap_or(i64::MAX);
        let lease_until = (now + LEASE).into();
        let claim = Claim { after, until: until.into(), now: now.into(), lease_until, limit };
        let again = ended.clone();
        match app.write_job("outbox exchange", move |c, _| Ok(write_and_take(c, &again, claim)?)).await {
            Err(AppError::Unavailable(why)) if !ended.is_empty() && pauses < PAUSES => {
                tracing::warn!(messages = ended.len(), %why, "what came of alerts could not be written down yet");
                app.clock().pass(pause).await;
                (pause, pauses) = ((pause * 2).min(LONGEST_PAUSE), pauses + 1);
            }
            done => return done,
        }
    }
}

fn write_and_take(c: &mut AnyConnection, ended: &[Sent], claim: Claim) -> Result<Exchanged, StoreError> {
    let tried: Vec<Tried> = ended.iter().map(|sent| sent.tried.clone()).collect();
    store::outbox_record(c, &tried)?;
    let mut found_dead = false;
    for sent in ended.iter().filter(|sent| sent.tried.outcome == TryOutcome::DeadAddress) {
        found_dead |= suppression_insert(c, dead_address(sent))?;
    }
    let suppressed = if found_dead { store::outbox_suppress(c)? } else { 0 };
    let taken = if claim.limit > 0 { store::outbox_claim(c, claim)? } else { Vec::new() };
    Ok(Exchanged { taken, suppressed })
}

fn dead_address(sent: &Sent) -> SuppressionRow {
    SuppressionRow {
        id: 0,
        user_id: sent.addressee,
        address: sent.address.clone(),
        outbox_id: sent.tried.id,
        reply: sent.tried.reply.clone(),
        since: sent.tried.ended_at,
    }
}

/// Waits for those under way and writes down what it can; what cannot be is uncertain when its lease ends.
async fn give_up(app: &App, until: DateTime<Utc>, mut under_way: JoinSet<Sent>, error: AppError) -> AppError {
    let mut ended = Vec::new();
    while let Some(one) = under_way.join_next().await {
        ended.extend(one.ok());
    }
    if !ended.is_empty()
        && let Err(again) = exchange(app, until, ended, 0, 0).await
    {
        tracing::error!(error = %again, "what came of alerts could not be written down; they will be uncertain");
    }
    error
}

async fn send_one(app: App, mailer: Mailer, row: OutboxRow, until: DateTime<Utc>) -> Sent {
    let watch = Stopwatch::start();
    let result = if row.channel == MAIL {
        mailer.send(&letter(&row)).await
    } else {
        parcels::hand_over(&app, &row).await
    };
    let now = app.clock().now();
    let delay = Delay { tries: row.attempts, from: now.max(until), quiet: retry::quiet(&row) };
    let (status, outcome, next, reply) = judged(result, delay);
    app.metrics().alert_tried(outcome.word(), watch);
    if matches!(status, OutboxStatus::Failed | OutboxStatus::Uncertain) {
        // Neither the address nor the reply, which often repeats it.
        tracing::warn!(message = row.id, outcome = %outcome, "an alert was not taken");
    }
    let tried = Tried {
        id: row.id,
        attempt: row.attempts,
        begun_at: row.begun_at.unwrap_or_else(|| now.into()),
        ended_at: now.into(),
        outcome,
        reply,
        status,
        next_attempt_at: next.map(Into::into),
        channel: row.channel.clone(),
    };
    Sent { tried, addressee: row.addressee(), address: row.recipient }
}

fn letter(row: &OutboxRow) -> Letter {
    Letter {
        to: row.recipient.clone(),
        message_id: row.message_id.clone(),
        date: row.created_at.utc(),
        subject: row.subject.clone(),
        text: row.text_body.clone(),
        html: row.html_body.clone(),
        opt_down: row.opt_down.clone(),
    }
}

type Judged = (OutboxStatus, TryOutcome, Option<DateTime<Utc>>, String);

/// Where a try leaves its message. One that was handed over whole without a reply is not tried again by itself: it may have been taken, and servers
/// that examine messages for long would be sent the same one all day.
fn judged(result: Result<String, NotTaken>, delay: Delay) -> Judged {
    use OutboxStatus::{Failed, Pending, Sent, Uncertain};
    let error = match result {
        Ok(reply) => return (Sent, TryOutcome::Sent, None, reply),
        Err(error) => error,
    };
    let reply = error.to_string();
    match error {
        NotTaken::Unreachable(_) => {
            (Pending, TryOutcome::Unreachable, Some(retry::usual(delay, None)), reply)
        }
        NotTaken::PutOff { again_after, .. } => {
            (Pending, TryOutcome::PutOff, Some(retry::usual(delay, again_after)), reply)
        }
        NotTaken::Greylisted(_) => (Pending, TryOutcome::Greylisted, Some(retry::greylisted(delay)), reply),
        NotTaken::Refused(_) => (Failed, TryOutcome::Refused, None, reply),
        NotTaken::DeadAddress(_) => (Failed, TryOutcome::DeadAddress, None, reply),
        NotTaken::Unanswered(_) => (Uncertain, TryOutcome::Unanswered, None, reply),
    }
}
