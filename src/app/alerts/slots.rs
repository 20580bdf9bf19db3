//! Claiming the slots that are due and enqueuing their messages: none is lost, none doubled.
//!
//! A slot's messages are composed outside of any transaction, from one read, a slice of its readers at a time; each slice is written in one short
//! transaction together with how far the slot has come, the first of them with the claim itself. A process that dies in between leaves an open slot, and
//! whoever looks next goes on behind the last user written to. What a message says stands in `digest` and `weekly`; sending is `delivery`'s.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::digest::Slot;
use super::rules::{Standing, timetable};
use super::slices::{Begun, Slice, slices};
use super::{AlertSettings, Round};
use crate::app::catalogue::NATIONAL;
use crate::app::{App, AppError, Catalogue};
use crate::domain::alert::{self, AlertRule};
use crate::domain::calendar::Calendar;
use crate::store::alert_slots::{SlotRow, slot_advance, slot_claim, slot_last, slots_open};
use crate::store::delivery_tries::{TryOutcome, TryRow, tries_put};
use crate::store::ladder::ladder_told;
use crate::store::outbox::{OutboxRow, outbox_insert};
use crate::store::{AnyConnection, Moment};

/// Slots older than this are not caught up at all, not even to be marked stale.
const LONGEST_ABSENCE: TimeDelta = TimeDelta::days(31);

/// A slot whose messages are to be written, from the beginning or from where somebody left off.
struct Due {
    standing: Standing,
    at: DateTime<Utc>,
    open: Option<SlotRow>,
}

/// Claims every slot in `(last claimed, until]` of each rule, a rule never heard of going back as far as its messages are worth something;
/// enqueues one message for each recipient who has something to be told, as it stood at the slot. Slots whose messages are stale at `until`
/// are claimed and written down as such. Slots that another process left half written are finished.
///
/// # Errors
/// The first of the store's errors, after every slot was tried: one that cannot be written keeps no other from being written.
pub async fn enqueue_due(
    app: &App,
    settings: &AlertSettings,
    until: DateTime<Utc>,
) -> Result<Round, AppError> {
    let apology_lead = app.measures().apology_lead_working_days;
    let settings = Arc::new(AlertSettings { apology_lead, ..settings.clone() });
    begin_new(app, &settings, until).await?;
    let look = Arc::clone(&settings);
    let due = app.read(move |c, catalogue| due_slots(c, catalogue, &look, until)).await?;
    let mut round = Round::default();
    let mut failed = None;
    for of in due {
        if let Err(error) = write_slot(app, &settings, of, until, &mut round).await {
            tracing::warn!(%error, "an alert slot could not be written; trying again");
            failed = failed.or(Some(error));
        }
    }
    failed.map_or(Ok(round), Err)
}

/// From here on a new rule is known, and a slot it misses is written down as missed even if it is its first.
async fn begin_new(app: &App, settings: &Arc<AlertSettings>, until: DateTime<Utc>) -> Result<(), AppError> {
    let settings = Arc::clone(settings);
    let new = app.read(move |c, catalogue| {
        let mut marks = Vec::new();
        for standing in timetable(&settings.rules, catalogue) {
            if slot_last(c, standing.rule.name())?.is_none() {
                let from = standing.rule.worth_from(until, &*catalogue.calendar(NATIONAL)?);
                marks.push(mark(standing.rule.name(), from, until, "begun"));
            }
        }
        Ok(marks)
    });
    let marks = new.await?;
    if marks.is_empty() {
        return Ok(());
    }
    app.write_job("alert rules begun", move |c, _| {
        for mark in &marks {
            slot_claim(c, mark)?;
        }
        Ok(())
    })
    .await
}

/// A row that claims an instant without a message.
pub(super) fn mark(rule: &str, at: DateTime<Utc>, now: DateTime<Utc>, result: &str) -> SlotRow {
    SlotRow {
        rule: rule.to_owned(),
        slot_at: at.into(),
        claimed_at: now.into(),
        result: result.to_owned(),
        written_to: None,
        enqueued: 0,
    }
}

/// What is half written, then what has not been claimed yet, each rule's slots the earliest first.
fn due_slots(
    c: &mut AnyConnection,
    catalogue: &Catalogue,
    settings: &AlertSettings,
    until: DateTime<Utc>,
) -> Result<Vec<Due>, AppError> {
    let standing = timetable(&settings.rules, catalogue);
    let mut due = Vec::new();
    for row in slots_open(c)? {
        // The open slots of a rule that is gone stay open until one of its name comes again; nothing is owed for them meanwhile.
        if let Some(of) = standing.iter().find(|of| of.rule.name() == row.rule) {
            due.push(Due { standing: of.clone(), at: row.slot_at.utc(), open: Some(row) });
        }
    }
    for of in standing {
        for at in unclaimed(c, catalogue, &of.rule, until)? {
            due.push(Due { standing: of.clone(), at, open: None });
        }
    }
    Ok(due)
}

/// The instants that a rule has come to since its last claim, by the country's calendar or by that of any unit with days of its own: a flood that closes
/// one commune silences that commune alone. The country's are claimed even when there is nobody to write to, so that the timetable moves on.
pub(super) fn unclaimed(
    c: &mut AnyConnection,
    catalogue: &Catalogue,
    rule: &AlertRule,
    until: DateTime<Utc>,
) -> Result<Vec<DateTime<Utc>>, AppError> {
    let last = slot_last(c, rule.name())?.map(Moment::utc);
    let begun =
        last.map_or_else(|| Ok(rule.worth_from(until, &*catalogue.calendar(NATIONAL)?)), Ok::<_, AppError>)?;
    let after = begun.max(until - LONGEST_ABSENCE);
    let mut slots = alert::instants(rule, after, until);
    // Most looks find none, and go over no calendar.
    if !slots.is_empty() {
        let calendars = calendars(catalogue)?;
        slots.retain(|at| calendars.iter().any(|calendar| rule.speaks_at(*at, calendar)));
    }
    Ok(slots)
}

/// The country's calendar and each that differs from it.
fn calendars(catalogue: &Catalogue) -> Result<Vec<Arc<Calendar>>, AppError> {
    let own = catalogue.layered_scopes().filter(|scope| *scope != NATIONAL);
    std::iter::once(NATIONAL).chain(own).map(|scope| catalogue.calendar(scope)).collect()
}

/// Writes the messages of a slot, slice by slice, until all are written or somebody else is found to be doing it.
async fn write_slot(
    app: &App,
    settings: &Arc<AlertSettings>,
    due: Due,
    until: DateTime<Utc>,
    round: &mut Round,
) -> Result<(), AppError> {
    let Due { standing, at, mut open } = due;
    loop {
        let (settings, of, from) = (Arc::clone(settings), standing.clone(), open.clone());
        let composed = app.read(move |c, catalogue| {
            let slot = Slot { rule: &of.rule, at, now: until };
            if is_stale(slot, catalogue)? {
                return Ok(vec![Slice::stale()]);
            }
            let after = from.as_ref().and_then(|row| row.written_to).unwrap_or(0);
            let since = from.map_or(until, |row| row.claimed_at.utc());
            slices(c, catalogue, &settings, &of, slot, Begun { after, since })
        });
        for slice in composed.await? {
            let (claims, stale, enqueued) = (open.is_none(), slice.stale, slice.messages.len());
            let uncomposed = slice.messages.iter().filter(|of| !of.is_composed()).count();
            let row = advanced(standing.rule.name(), at, until, open.as_ref(), &slice);
            if !write_slice(app, open.take(), row.clone(), slice).await? {
                return Ok(());
            }
            round.slots += usize::from(claims);
            round.stale_slots += usize::from(claims && stale);
            round.enqueued += enqueued;
            round.uncomposed += uncomposed;
            let many = u64::try_from(uncomposed).unwrap_or(u64::MAX);
            app.metrics().alerts_of(TryOutcome::Uncomposed.word(), many);
            if row.written_to.is_none() {
                return Ok(());
            }
            open = Some(row);
        }
    }
}

/// Writes a slice and how far the slot has come with it, in one transaction; false when somebody else has claimed the slot, or gone on with it.
async fn write_slice(
    app: &App,
    before: Option<SlotRow>,
    after: SlotRow,
    slice: Slice,
) -> Result<bool, AppError> {
    app.write_job("alert slot", move |c, _| {
        let won = match before {
            None => slot_claim(c, &after)?,
            Some(before) => slot_advance(c, before.written_to.unwrap_or(0), &after)?,
        };
        if won {
            let rows = outbox_insert(c, slice.messages)?;
            let uncomposed = rows.iter().filter(|of| !of.is_composed()).map(not_composed);
            tries_put(c, &uncomposed.collect::<Vec<_>>())?;
            ladder_told(c, &slice.told.steps, &slice.told.letters)?;
        }
        Ok(won)
    })
    .await
}

/// The evidence of a message that could not be composed.
pub(super) fn not_composed(row: &OutboxRow) -> TryRow {
    TryRow {
        outbox_id: row.id,
        attempt: row.attempts,
        channel: row.channel.clone(),
        begun_at: row.created_at,
        ended_at: row.created_at,
        outcome: TryOutcome::Uncomposed.word().to_owned(),
        reply: row.server_reply.clone().unwrap_or_default(),
    }
}

/// How far the slot has come with a slice.
fn advanced(
    rule: &str,
    at: DateTime<Utc>,
    now: DateTime<Utc>,
    open: Option<&SlotRow>,
    slice: &Slice,
) -> SlotRow {
    let before = open.map_or(0, |row| row.enqueued);
    let enqueued = before.saturating_add(i64::try_from(slice.messages.len()).unwrap_or(i64::MAX));
    let result = match (slice.stale, slice.written_to) {
        (true, _) => "stale",
        (false, Some(_)) => "open",
        (false, None) if enqueued > 0 => "enqueued",
        (false, None) => "nothing",
    };
    let claimed_at = open.map_or_else(|| now.into(), |row| row.claimed_at);
    SlotRow { claimed_at, written_to: slice.written_to, enqueued, ..mark(rule, at, now, result) }
}

/// Whether nobody would find the slot's messages worth anything any more.
fn is_stale(slot: Slot<'_>, catalogue: &Catalogue) -> Result<bool, AppError> {
    let mut stale = true;
    for calendar in calendars(catalogue)? {
        stale = stale && slot.rule.stale_at(slot.at, &calendar) <= slot.now;
    }
    if stale {
        tracing::warn!(rule = slot.rule.name(), slot = %slot.at, "an alert slot was missed for too long; it is stale");
    }
    Ok(stale)
}
