//! Alert mails: claiming the slots that are due, writing their messages, delivering them, and showing what was sent.
//!
//! A slot is claimed in the transaction that enqueues its messages, so none is lost and none doubled; sending happens outside of any
//! transaction. What is told stands in `alert_digest`, the rules in `domain::alert`.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{StreamExt, stream};

use super::alert_digest::{Slot, Writer};
use super::{App, AppError, Catalogue};
use crate::domain::alert::{self, AlertRule};
use crate::domain::calendar::Calendar;
use crate::mail::{self, Letter, MailError, Mailer};
use crate::store::access::{UserRow, users_to_mail};
use crate::store::alerts::{self as store, OutboxRow, SlotRow, Tried};
use crate::store::{AnyConnection, Moment};

pub use super::alert_views::{AlertLetterView, AlertView, find, list};
pub use crate::store::alerts::OutboxStatus;

/// Slots older than this are not caught up at all, not even to be marked stale.
const LONGEST_ABSENCE: TimeDelta = TimeDelta::days(31);
/// How long a process may take over one message before others hold it for lost: beyond all the mailer's own patience.
const LEASE: TimeDelta = TimeDelta::minutes(10);
/// Messages taken at a time.
const TAKEN: i64 = 16;
/// The first wait before another try; it doubles up to [`LONGEST_WAIT`].
const FIRST_WAIT: TimeDelta = TimeDelta::minutes(1);
const LONGEST_WAIT: TimeDelta = TimeDelta::minutes(30);

/// The timetable and what its messages need to know of the installation.
#[derive(Debug, Clone)]
pub struct AlertSettings {
    /// The timetable; names are unique.
    pub rules: Vec<AlertRule>,
    /// Where the service is reached from outside (`https://hentra.example.vn`); without it, mails hold no links.
    pub public_url: Option<String>,
    /// The right side of Message-IDs: the domain of the sender.
    pub message_domain: String,
}

impl AlertSettings {
    /// The settings, with the domain of Message-IDs taken from the sender's address as `mailer` has it.
    ///
    /// # Errors
    /// The name of a rule that stands twice: its slots could not be told apart.
    pub fn new(
        rules: Vec<AlertRule>,
        public_url: Option<String>,
        mailer: &Mailer,
    ) -> Result<AlertSettings, String> {
        let mut names = BTreeSet::new();
        if let Some(twice) = rules.iter().find(|rule| !names.insert(rule.name())) {
            return Err(twice.name().to_owned());
        }
        Ok(AlertSettings { rules, public_url, message_domain: mailer.domain().to_owned() })
    }
}

/// What one round did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Round {
    /// Slots claimed, with or without something to report.
    pub slots: usize,
    /// Of these, claimed too late to be worth a message.
    pub stale_slots: usize,
    /// Messages enqueued.
    pub enqueued: usize,
    /// Messages the server took.
    pub sent: usize,
    /// Messages to be tried again later.
    pub retried: usize,
    /// Messages refused for good.
    pub failed: usize,
    /// Messages whose sending process died over them.
    pub uncertain: usize,
    /// Messages that waited until they were worth nothing.
    pub stale: usize,
}

impl Round {
    /// Whether nothing happened at all.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        *self == Round::default()
    }
}

/// Claims every slot in `(last claimed, until]` of each rule and enqueues its messages, then delivers what waits. Doing it twice sends
/// nothing twice.
///
/// # Errors
/// The store's errors; what was claimed by then stays enqueued.
pub async fn run_until(
    app: &App,
    settings: &AlertSettings,
    mailer: &Mailer,
    until: DateTime<Utc>,
) -> Result<Round, AppError> {
    let claimed = enqueue_due(app, settings, until).await?;
    let delivered = deliver(app, mailer, until).await?;
    Ok(Round {
        slots: claimed.slots,
        stale_slots: claimed.stale_slots,
        enqueued: claimed.enqueued,
        ..delivered
    })
}

/// Claims every slot in `(last claimed, until]` of each rule, a rule never heard of going back as far as its messages are worth something;
/// enqueues one message for each recipient who has something to be told, as it stood at the slot. Slots whose messages are stale at `until`
/// are claimed and written down as such.
///
/// # Errors
/// The store's errors; each rule is claimed in one transaction of its own.
pub async fn enqueue_due(
    app: &App,
    settings: &AlertSettings,
    until: DateTime<Utc>,
) -> Result<Round, AppError> {
    let mut round = Round::default();
    for rule in &settings.rules {
        // Most rounds find nothing due; they leave the writer alone.
        let look = rule.clone();
        let due =
            app.read(move |c, catalogue| Ok(!due_slots(c, catalogue, &look, until)?.is_empty())).await?;
        if !due {
            continue;
        }
        let (rule, settings) = (rule.clone(), settings.clone());
        let done = app
            .write_job("alert slots", move |c, catalogue| {
                let mut done = Round::default();
                // Looked for again: another process may have claimed them since.
                for (at, recipients) in due_slots(c, catalogue, &rule, until)? {
                    let slot = Slot { rule: &rule, at, now: until };
                    let writer = Writer::new(slot, catalogue, &settings);
                    done.slots += 1;
                    match claim(c, slot, writer, &recipients)? {
                        None => done.stale_slots += 1,
                        Some(enqueued) => done.enqueued += enqueued,
                    }
                }
                Ok(done)
            })
            .await?;
        round.slots += done.slots;
        round.stale_slots += done.stale_slots;
        round.enqueued += done.enqueued;
    }
    Ok(round)
}

type DueSlots = BTreeMap<DateTime<Utc>, Vec<UserRow>>;

/// The slots not claimed yet, each with those whose own office's calendar has it: a flood that closes one commune silences that commune.
fn due_slots(
    c: &mut AnyConnection,
    catalogue: &Catalogue,
    rule: &AlertRule,
    until: DateTime<Utc>,
) -> Result<DueSlots, AppError> {
    let worth = until - (rule.stale_at(until) - until);
    let after = store::slot_last(c, rule.name())?.map_or(worth, Moment::utc).max(until - LONGEST_ABSENCE);
    let mut due = DueSlots::new();
    // The country's own slots are claimed even when there is nobody to write to, so that the timetable moves on.
    for at in alert::slots(rule, after, until, &*catalogue.calendar(super::catalogue::NATIONAL)?) {
        due.insert(at, Vec::new());
    }
    let mut by_unit: HashMap<String, Vec<DateTime<Utc>>> = HashMap::new();
    for user in users_to_mail(c, rule.form().audience.word())? {
        if !by_unit.contains_key(&user.unit) {
            let calendar: Arc<Calendar> = catalogue.calendar(&user.unit)?;
            by_unit.insert(user.unit.clone(), alert::slots(rule, after, until, &calendar));
        }
        for at in by_unit.get(&user.unit).into_iter().flatten() {
            due.entry(*at).or_default().push(user.clone());
        }
    }
    Ok(due)
}

/// Claims one slot and enqueues its messages; answers how many, or `None` when the slot is stale.
fn claim(
    c: &mut AnyConnection,
    slot: Slot<'_>,
    mut writer: Writer<'_>,
    recipients: &[UserRow],
) -> Result<Option<usize>, AppError> {
    let stale = slot.rule.stale_at(slot.at) <= slot.now;
    let mut rows = Vec::new();
    if !stale {
        for user in recipients {
            let message = writer.message(c, user)?;
            if let (Some(message), Some(email)) = (message, &user.email) {
                rows.push(OutboxRow {
                    id: 0,
                    rule: slot.rule.name().to_owned(),
                    slot_at: slot.at.into(),
                    user_id: user.id,
                    recipient: email.clone(),
                    message_id: writer.message_id()?,
                    subject: message.subject,
                    text_body: message.text,
                    html_body: message.html,
                    status: OutboxStatus::Pending.word().to_owned(),
                    attempts: 0,
                    next_attempt_at: slot.now.into(),
                    stale_at: slot.rule.stale_at(slot.at).into(),
                    lease_until: None,
                    server_reply: None,
                    created_at: slot.now.into(),
                    sent_at: None,
                });
            }
        }
    }
    let result = match (stale, rows.is_empty()) {
        (true, _) => "stale",
        (false, true) => "nothing",
        (false, false) => "enqueued",
    };
    let row = SlotRow {
        rule: slot.rule.name().to_owned(),
        slot_at: slot.at.into(),
        claimed_at: slot.now.into(),
        result: result.to_owned(),
    };
    if !store::slot_claim(c, &row)? {
        return Ok(Some(0));
    }
    if stale {
        tracing::warn!(rule = slot.rule.name(), slot = %slot.at, "an alert slot was missed for too long; it is stale");
    }
    let enqueued = store::outbox_insert(c, rows)?;
    Ok((!stale).then_some(enqueued))
}

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
                let taken = store::outbox_claim(c, after, until.into(), (now + LEASE).into(), TAKEN)?;
                Ok((settled, taken))
            })
            .await?;
        round.uncertain += settled.0;
        round.stale += settled.1;
        let Some(last) = taken.last() else { return Ok(round) };
        after = last.id;
        let results: Vec<Result<OutboxStatus, AppError>> = stream::iter(taken)
            .map(|row| deliver_one(app, mailer, row, until))
            .buffer_unordered(usize::try_from(mail::CONNECTIONS).unwrap_or(1))
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
    let mut pause = std::time::Duration::from_millis(200);
    loop {
        let again = tried.clone();
        match app.write_job("outbox record", move |c, _| Ok(store::outbox_record(c, &again)?)).await {
            Ok(_) => return Ok(status),
            Err(AppError::Unavailable(why)) if pause < std::time::Duration::from_secs(4) => {
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
