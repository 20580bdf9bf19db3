//! What was sent, to be shown to those it concerns: leaders and administrators, about recipients within their units.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::access::{Principal, Role};
use crate::app::dossiers::{PageRequest, UnitScope};
use crate::app::view::OfficeTime;
use crate::app::{App, AppError, Catalogue, Fault};
use crate::store::delivery_tries::{TryOutcome, TryRow, tries_of};
use crate::store::dossiers::word;
use crate::store::outbox::{self as store, OutboxFilter, OutboxRow, OutboxStatus};

/// A message in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AlertView {
    /// Its key.
    pub id: i64,
    /// The rule's name.
    pub rule: String,
    /// The instant its numbers hold for.
    pub slot_at: OfficeTime,
    /// The recipient's unit.
    pub unit: String,
    /// The recipient's address.
    pub recipient: String,
    /// Subject.
    pub subject: String,
    /// Where it stands.
    pub status: OutboxStatus,
    /// Tries begun.
    pub attempts: i32,
    /// When it is tried again; null when it is not.
    pub next_attempt_at: Option<OfficeTime>,
    /// What the server said last, or why the message could not be composed.
    pub server_reply: Option<String>,
    /// When it was enqueued.
    pub created_at: OfficeTime,
    /// When the server took it.
    pub sent_at: Option<OfficeTime>,
    /// The same on each try.
    pub message_id: String,
}

/// A message as sent.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AlertLetterView {
    /// What the list says of it.
    #[serde(flatten)]
    pub alert: AlertView,
    /// The plain part; empty while it cannot be composed.
    pub text: String,
    /// The HTML part; empty while it cannot be composed.
    pub html: String,
    /// Each try that has ended, the first one first.
    pub tries: Vec<TryView>,
}

/// A try to deliver a message.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TryView {
    /// Which it was, from 1; 0 when it was not begun, for the message could not be composed.
    pub attempt: i32,
    /// By which way: `mail`, or a webhook's name.
    pub channel: String,
    /// When it was begun.
    pub begun_at: OfficeTime,
    /// When it ended, or was given up for lost.
    pub ended_at: OfficeTime,
    /// What happened.
    pub outcome: TryOutcome,
    /// What the receiver said, or why the message could not be composed; empty where nothing was heard.
    pub reply: String,
}

/// A page of messages, the newest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AlertPage {
    /// The rows.
    pub items: Vec<AlertView>,
    /// Pass as `cursor` to read on; null at the end.
    pub next: Option<String>,
    /// How many rows the filter finds in all.
    pub count: i64,
    /// Always true.
    pub count_exact: bool,
    /// How many of them stand in each state; a state without any is missing.
    pub states: BTreeMap<OutboxStatus, i64>,
}

/// Which messages; everything that the asker may see when nothing is named.
#[derive(Debug, Clone, Default)]
pub struct AlertFilter {
    /// In this state.
    pub status: Option<OutboxStatus>,
    /// Of this rule.
    pub rule: Option<String>,
    /// To recipients of these units.
    pub scope: UnitScope,
    /// With slots from this instant on.
    pub from: Option<DateTime<Utc>>,
    /// With slots before this instant.
    pub before: Option<DateTime<Utc>>,
}

impl AlertFilter {
    /// Only those in this state.
    pub fn of_status(status: OutboxStatus) -> AlertFilter {
        AlertFilter { status: Some(status), ..AlertFilter::default() }
    }

    /// # Errors
    /// [`AppError::Invalid`] for a unit that the asker does not see.
    pub(super) fn stored(self, catalogue: &Catalogue, by: &Principal) -> Result<OutboxFilter, AppError> {
        Ok(OutboxFilter {
            units: catalogue.narrowed(self.scope.units(catalogue, by)?),
            statuses: self.status.into_iter().collect(),
            rule: self.rule,
            from: self.from.map(Into::into),
            before: self.before.map(Into::into),
            ids: Vec::new(),
        })
    }
}

/// A page of messages, the newest first.
///
/// # Errors
/// [`AppError::Forbidden`] for officers and reporters, [`AppError::Invalid`] for a cursor that is none or a unit that is not seen, the store's
/// errors.
pub async fn list(app: &App, filter: AlertFilter, page: PageRequest) -> Result<AlertPage, AppError> {
    must_be_warned(&page.by)?;
    let before = page.cursor.as_deref().map(str::parse::<i64>).transpose();
    let before = before.map_err(|_| AppError::invalid("cursor", Fault::Malformed))?;
    app.read(move |c, catalogue| {
        let filter = filter.stored(catalogue, &page.by)?;
        let states: BTreeMap<OutboxStatus, i64> = store::outbox_tally(c, &filter)?.into_iter().collect();
        let mut rows = store::outbox_list(c, &filter, before, page.limit + 1)?;
        let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|(row, _)| row.id.to_string());
        let items = rows.into_iter().map(|(row, unit)| view(row, unit)).collect::<Result<_, _>>()?;
        Ok(AlertPage { items, next, count: states.values().sum(), count_exact: true, states })
    })
    .await
}

/// One message as it was sent, and each try.
///
/// # Errors
/// [`AppError::Forbidden`] for officers and reporters, [`AppError::NotFound`] outside the reader's units, the store's errors.
pub async fn find(app: &App, id: i64, by: Principal) -> Result<AlertLetterView, AppError> {
    must_be_warned(&by)?;
    app.read(move |c, catalogue| {
        let (row, unit) = store::outbox_find(c, id)?
            .filter(|(_, unit)| by.sees(unit, &catalogue.units))
            .ok_or(AppError::NotFound("alert"))?;
        let tries = tries_of(c, id)?.into_iter().map(try_view).collect::<Result<_, _>>()?;
        let (text, html) = (row.text_body.clone(), row.html_body.clone());
        Ok(AlertLetterView { alert: view(row, unit)?, text, html, tries })
    })
    .await
}

/// # Errors
/// [`AppError::Forbidden`] for officers and reporters.
pub(super) fn must_be_warned(by: &Principal) -> Result<(), AppError> {
    match by.role {
        Role::Leader | Role::Admin => Ok(()),
        Role::Officer | Role::Reporter => Err(AppError::Forbidden),
    }
}

/// # Errors
/// [`AppError::Internal`] for a word that is none.
pub(super) fn status_of(row: &OutboxRow) -> Result<OutboxStatus, AppError> {
    Ok(word("outbox status", &row.status, OutboxStatus::from_word)?)
}

fn try_view(row: TryRow) -> Result<TryView, AppError> {
    let outcome = word("outcome of a try", &row.outcome, TryOutcome::from_word)?;
    Ok(TryView {
        attempt: row.attempt,
        channel: row.channel,
        begun_at: row.begun_at.utc().into(),
        ended_at: row.ended_at.utc().into(),
        outcome,
        reply: row.reply,
    })
}

fn view(row: OutboxRow, unit: String) -> Result<AlertView, AppError> {
    let status = status_of(&row)?;
    let pending = status == OutboxStatus::Pending;
    Ok(AlertView {
        id: row.id,
        rule: row.rule,
        slot_at: row.slot_at.utc().into(),
        unit,
        recipient: row.recipient,
        subject: row.subject,
        status,
        attempts: row.attempts,
        next_attempt_at: pending.then(|| row.next_attempt_at.utc().into()),
        server_reply: row.server_reply,
        created_at: row.created_at.utc().into(),
        sent_at: row.sent_at.map(|at| at.utc().into()),
        message_id: row.message_id,
    })
}
