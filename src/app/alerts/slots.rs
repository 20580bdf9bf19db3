//! Claiming the slots that are due, and enqueuing their messages in the same transaction: none is lost, none doubled.
//!
//! What a message says stands in `digest` and `weekly`; sending is `delivery`'s.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, TimeDelta, Utc};

use super::digest::{Slot, Writer};
use super::{AlertSettings, Round};
use crate::app::catalogue::NATIONAL;
use crate::app::{App, AppError, Catalogue};
use crate::domain::alert::{self, AlertRule};
use crate::store::access::{UserRow, users_to_mail};
use crate::store::alert_slots::{SlotRow, slot_claim, slot_last};
use crate::store::outbox::{OutboxRow, OutboxStatus, outbox_insert};
use crate::store::{AnyConnection, Moment};

/// Slots older than this are not caught up at all, not even to be marked stale.
const LONGEST_ABSENCE: TimeDelta = TimeDelta::days(31);

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
        let idle = app.read(move |c, catalogue| {
            let begun = slot_last(c, look.name())?.is_some();
            Ok(begun && due_slots(c, catalogue, &look, until)?.is_empty())
        });
        if idle.await? {
            continue;
        }
        let (rule, settings) = (rule.clone(), settings.clone());
        let claim = move |c: &mut AnyConnection, catalogue: &Catalogue| {
            claim_due(c, catalogue, &settings, &rule, until)
        };
        let done = app.write_job("alert slots", claim).await?;
        round.slots += done.slots;
        round.stale_slots += done.stale_slots;
        round.enqueued += done.enqueued;
    }
    Ok(round)
}

fn claim_due(
    c: &mut AnyConnection,
    catalogue: &Catalogue,
    settings: &AlertSettings,
    rule: &AlertRule,
    until: DateTime<Utc>,
) -> Result<Round, AppError> {
    let mut done = Round::default();
    if slot_last(c, rule.name())?.is_none() {
        // From here on the rule is known, and a slot it misses is written down as missed even if it is its first.
        let begun = slot_row(rule, worth_from(rule, until), until, "begun");
        slot_claim(c, &begun)?;
    }
    // Looked for again: another process may have claimed them since.
    for (at, recipients) in due_slots(c, catalogue, rule, until)? {
        let slot = Slot { rule, at, now: until };
        let writer = Writer::new(slot, catalogue, settings);
        done.slots += 1;
        match claim(c, slot, writer, &recipients)? {
            None => done.stale_slots += 1,
            Some(enqueued) => done.enqueued += enqueued,
        }
    }
    Ok(done)
}

/// The slots after this instant are not stale at `until`.
fn worth_from(rule: &AlertRule, until: DateTime<Utc>) -> DateTime<Utc> {
    until - (rule.stale_at(until) - until)
}

fn slot_row(rule: &AlertRule, at: DateTime<Utc>, now: DateTime<Utc>, result: &str) -> SlotRow {
    SlotRow {
        rule: rule.name().to_owned(),
        slot_at: at.into(),
        claimed_at: now.into(),
        result: result.to_owned(),
    }
}

type DueSlots = BTreeMap<DateTime<Utc>, Vec<UserRow>>;

/// The slots not claimed yet, each with those whose own office's calendar has it: a flood that closes one commune silences that commune.
fn due_slots(
    c: &mut AnyConnection,
    catalogue: &Catalogue,
    rule: &AlertRule,
    until: DateTime<Utc>,
) -> Result<DueSlots, AppError> {
    let last = slot_last(c, rule.name())?;
    let after = last.map_or(worth_from(rule, until), Moment::utc).max(until - LONGEST_ABSENCE);
    let mut due = DueSlots::new();
    // The country's own slots are claimed even when there is nobody to write to, so that the timetable moves on.
    for at in alert::slots(rule, after, until, &*catalogue.calendar(NATIONAL)?) {
        due.insert(at, Vec::new());
    }
    let mut by_unit: HashMap<String, Vec<DateTime<Utc>>> = HashMap::new();
    for user in users_to_mail(c, rule.form().audience.word())? {
        if !by_unit.contains_key(&user.unit) {
            let calendar = catalogue.calendar(&user.unit)?;
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
    let mut messages = Vec::new();
    if stale {
        tracing::warn!(rule = slot.rule.name(), slot = %slot.at, "an alert slot was missed for too long; it is stale");
    } else {
        for user in recipients {
            messages.extend(message(c, slot, &mut writer, user)?);
        }
    }
    let result = match (stale, messages.is_empty()) {
        (true, _) => "stale",
        (false, true) => "nothing",
        (false, false) => "enqueued",
    };
    if !slot_claim(c, &slot_row(slot.rule, slot.at, slot.now, result))? {
        return Ok(Some(0));
    }
    let enqueued = outbox_insert(c, messages)?;
    Ok((!stale).then_some(enqueued))
}

/// The message of a slot to a user, ready for the outbox; `None` when there is nothing to tell, or no address.
fn message(
    c: &mut AnyConnection,
    slot: Slot<'_>,
    writer: &mut Writer<'_>,
    user: &UserRow,
) -> Result<Option<OutboxRow>, AppError> {
    let (Some(said), Some(address)) = (writer.message(c, user)?, &user.email) else { return Ok(None) };
    Ok(Some(OutboxRow {
        id: 0,
        rule: slot.rule.name().to_owned(),
        slot_at: slot.at.into(),
        user_id: user.id,
        recipient: address.clone(),
        message_id: writer.message_id()?,
        subject: said.subject,
        text_body: said.text,
        html_body: said.html,
        status: OutboxStatus::Pending.word().to_owned(),
        attempts: 0,
        next_attempt_at: slot.now.into(),
        stale_at: slot.rule.stale_at(slot.at).into(),
        lease_until: None,
        server_reply: None,
        created_at: slot.now.into(),
        sent_at: None,
        begun_at: None,
        opt_down: None,
    }))
}
