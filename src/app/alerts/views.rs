//! What was sent, to be shown to those it concerns: leaders and administrators, about recipients within their units.

use serde::Serialize;
use utoipa::ToSchema;

use crate::app::access::{Principal, Role};
use crate::app::dossiers::{Page, PageRequest};
use crate::app::view::OfficeTime;
use crate::app::{App, AppError, Fault};
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
    /// What the server said last.
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
    /// The plain part.
    pub text: String,
    /// The HTML part.
    pub html: String,
}

/// A page of messages, the newest first; `status` narrows it.
///
/// # Errors
/// [`AppError::Forbidden`] for officers and reporters, [`AppError::Invalid`] for a cursor that is none, the store's errors.
pub async fn list(
    app: &App,
    status: Option<OutboxStatus>,
    page: PageRequest,
) -> Result<Page<AlertView>, AppError> {
    must_be_warned(&page.by)?;
    let before = page.cursor.as_deref().map(str::parse::<i64>).transpose();
    let before = before.map_err(|_| AppError::invalid("cursor", Fault::Malformed))?;
    app.read(move |c, catalogue| {
        let filter = OutboxFilter { units: catalogue.units.subtree(&page.by.unit), status };
        let count = store::outbox_count(c, &filter)?;
        let mut rows = store::outbox_list(c, &filter, before, page.limit + 1)?;
        let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|(row, _)| row.id.to_string());
        let items = rows
            .into_iter()
            .map(|(row, unit)| view(row, unit).map(|letter| letter.alert))
            .collect::<Result<_, _>>()?;
        Ok(Page { items, next, count, count_exact: true })
    })
    .await
}

/// One message as it was sent.
///
/// # Errors
/// [`AppError::Forbidden`] for officers and reporters, [`AppError::NotFound`] outside the reader's units, the store's errors.
pub async fn find(app: &App, id: i64, by: Principal) -> Result<AlertLetterView, AppError> {
    must_be_warned(&by)?;
    app.read(move |c, catalogue| {
        let (row, unit) = store::outbox_find(c, id)?
            .filter(|(_, unit)| by.sees(unit, &catalogue.units))
            .ok_or(AppError::NotFound("alert"))?;
        view(row, unit)
    })
    .await
}

fn must_be_warned(by: &Principal) -> Result<(), AppError> {
    match by.role {
        Role::Leader | Role::Admin => Ok(()),
        Role::Officer | Role::Reporter => Err(AppError::Forbidden),
    }
}

fn view(row: OutboxRow, unit: String) -> Result<AlertLetterView, AppError> {
    let status = OutboxStatus::from_word(&row.status)
        .ok_or_else(|| AppError::Internal(format!("unknown outbox status {}", row.status)))?;
    let pending = status == OutboxStatus::Pending;
    let alert = AlertView {
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
    };
    Ok(AlertLetterView { alert, text: row.text_body, html: row.html_body })
}
