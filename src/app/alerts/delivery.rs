//! Delivering what waits in the outbox: taken under a lease, sent outside of any transaction, the result written down by compare-and-swap.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{StreamExt, stream};

use super::Round;
use crate::app::{App, AppError};
use crate::mail::{self, Letter, MailError, Mailer};
use crate::store::outbox::{self as store, OutboxRow, OutboxStatus, Tried};

/// How long a process may take over the messages it took before others hold it for lost: beyond all the mailer's own patience with them.
const LEASE: TimeDelta = TimeDelta::minutes(10);
/// Messages taken at a time: only those that are begun at once. One that waits under a lease while a process dies could not be told from
/// one that was sent, and would never be tried again.
const TAKEN: u32 = mail::CONNECTIONS;
/// The first wait before another try; it doubles up to [`LONGEST_WAIT`].
const FIRST_WAIT: TimeDelta = TimeDelta::minutes(1);
const LONGEST_WAIT: TimeDelta = TimeDelta::minutes(30);

/// Sends what is due at `until`, each message at most once in this call, a few at a time and never within a transaction; writes down what
/// came of each.
///
/// # Errors
/// The store's errors. A message the server took but whose taking could not be written down becomes `uncertain` when its lease ends.
pub async fn deliver(app: &App, mailer: &Mailer, until: DateTime<Utc>) -> Result<Round, AppError> {
    let mut round = Round::default();
    let (mut after, mut first) = (0, true);
    loop {
        // Leases are judged by the clock that all processes share, whatever instant this round is run for.
        let now = app.clock().now();
        let settle = std::mem::take(&mut first);
        let waiting = app.read(move |c, _| Ok(store::outbox_waits(c, until.into())?)).await?;
        if !waiting {
            return Ok(round);
        }
        let (settled, taken) = app
            .write_job("outbox claim", move |c, _| {
                let settled =
                    if settle { store::outbox_settle(c, now.into(), until.into())? } else { (0, 0) };
                let taken =
                    store::outbox_claim(c, after, until.into(), (now + LEASE).into(), i64::from(TAKEN))?;
                Ok((settled, taken))
            })
            .await?;
        round.uncertain += settled.0;
        round.stale += settled.1;
        let Some(last) = taken.last() else { return Ok(round) };
        after = last.id;
        let results: Vec<Result<OutboxStatus, AppError>> = stream::iter(taken)
            .map(|row| deliver_one(app, mailer, row, until))
            .buffer_unordered(usize::try_from(TAKEN).unwrap_or(1))
            .collect()
            .await;
        for result in results {
            match result? {
                OutboxStatus::Sent => round.sent += 1,
                OutboxStatus::Failed => round.failed += 1,
                OutboxStatus::Pending | OutboxStatus::Uncertain | OutboxStatus::Stale => round.retried += 1,
            }
        }
    }
}

async fn deliver_one(
    app: &App,
    mailer: &Mailer,
    row: OutboxRow,
    until: DateTime<Utc>,
) -> Result<OutboxStatus, AppError> {
    let letter = Letter {
        to: row.recipient,
        message_id: row.message_id,
        date: row.created_at.utc(),
        subject: row.subject,
        text: row.text_body,
        html: row.html_body,
    };
    let result = mailer.send(&letter).await;
    let now = app.clock().now();
    let mut tried = Tried {
        id: row.id,
        attempt: row.attempts,
        status: OutboxStatus::Sent,
        next_attempt_at: None,
        reply: String::new(),
        sent_at: None,
    };
    match result {
        Ok(reply) => {
            tried.sent_at = Some(now.into());
            tried.reply = reply;
        }
        Err(MailError::Permanent(reply)) => {
            tracing::warn!(message = %letter.message_id, "an alert mail was refused for good");
            tried.status = OutboxStatus::Failed;
            tried.reply = reply;
        }
        Err(MailError::Transient(reply)) => {
            tried.status = OutboxStatus::Pending;
            tried.next_attempt_at = Some((now.max(until) + wait_before_try(row.attempts)?).into());
            tried.reply = reply;
        }
    }
    record(app, tried).await
}

/// What came of a try must not be lost to a short absence of the database: a few attempts, then the lease's end makes it uncertain.
async fn record(app: &App, tried: Tried) -> Result<OutboxStatus, AppError> {
    let status = tried.status;
    let mut pause = Duration::from_millis(200);
    loop {
        let again = tried.clone();
        match app.write_job("outbox record", move |c, _| Ok(store::outbox_record(c, &again)?)).await {
            Ok(_) => return Ok(status),
            Err(AppError::Unavailable(why)) if pause < Duration::from_secs(4) => {
                tracing::warn!(message = tried.id, %why, "the result of a mail could not be written down yet");
                tokio::time::sleep(pause).await;
                pause *= 2;
            }
            Err(error) => return Err(error),
        }
    }
}

/// One minute, doubling to half an hour, each a quarter more or less by chance, so that many do not come back at once.
fn wait_before_try(tries: i32) -> Result<TimeDelta, AppError> {
    let doublings = u32::try_from(tries.clamp(1, 10) - 1).unwrap_or(0);
    let wait = (FIRST_WAIT * 2_i32.pow(doublings)).min(LONGEST_WAIT);
    let mut chance = [0_u8; 1];
    getrandom::fill(&mut chance).map_err(|error| AppError::Internal(error.to_string()))?;
    let percent = 75 + chance.iter().map(|byte| i32::from(*byte)).sum::<i32>() * 50 / 255;
    Ok(wait * percent / 100)
}
