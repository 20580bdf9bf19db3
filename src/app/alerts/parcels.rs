//! Messages that go by a webhook of the installation's: what the receiver is told besides the text.

use super::digest::language_of;
use crate::app::view::OfficeTime;
use crate::app::{App, AppError};
use crate::mail::NotTaken;
use crate::store::access::{UserRow, user_find};
use crate::store::outbox::OutboxRow;
use crate::webhook::{Parcel, Recipient};

/// The form of the body as it stands.
const VERSION: u8 = 1;

/// Hands a message to the receiver that its channel names.
///
/// # Errors
/// [`NotTaken`]; a receiver that the settings no longer name is waited for, as a server that is away is.
pub(super) async fn hand_over(app: &App, row: &OutboxRow) -> Result<String, NotTaken> {
    let Some(hook) = app.webhooks().find(&row.channel) else {
        return Err(NotTaken::Unreachable(format!("the settings name no webhook «{}»", row.channel)));
    };
    let id = row.addressee();
    let user = app.read(move |c, _| user_find(c, id)?.ok_or(AppError::NotFound("user"))).await;
    let user = user.map_err(|error| NotTaken::Unreachable(error.to_string()))?;
    hook.send(&parcel(row, user), app.clock().now()).await
}

fn parcel(row: &OutboxRow, to: UserRow) -> Parcel {
    Parcel {
        version: VERSION,
        id: row.message_id.clone(),
        rule: row.rule.clone(),
        slot_at: OfficeTime(row.slot_at.utc()).to_string(),
        language: language_of(&to).tag().to_owned(),
        unit: to.unit,
        recipient: Recipient { user: to.id, name: to.name },
        subject: row.subject.clone(),
        text: row.text_body.clone(),
        opt_down: row.opt_down.clone(),
    }
}
