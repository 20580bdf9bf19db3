//! Composing anew what could not be composed when its slot was written: as it stood at the slot, for the same reader, under the same Message-ID.

use chrono::{DateTime, Utc};

use super::digest::Slot;
use super::recipients::Addressee;
use super::rules_changed::standing;
use super::slices::{Scribe, Slice, Tellings};
use super::{AlertSettings, ladder};
use crate::app::{AppError, Catalogue};
use crate::domain::alert::Topic;
use crate::store::AnyConnection;
use crate::store::access::user_find;
use crate::store::ladder::LetterRow;
use crate::store::outbox::{Composing, OutboxRow};

/// What came of composing a message anew.
pub(super) enum Anew {
    /// Its text, and what of the ladder it tells.
    Said(Composing, Tellings),
    /// There is nothing to tell any more, or the rule or the reader is gone.
    Nothing,
    /// It still cannot be composed, and why.
    Failed(String),
}

/// Composes a message of the outbox anew.
///
/// # Errors
/// The store's, where the database is away.
pub(super) fn recompose(
    c: &mut AnyConnection,
    catalogue: &Catalogue,
    settings: &AlertSettings,
    row: &OutboxRow,
    now: DateTime<Utc>,
) -> Result<Anew, AppError> {
    let Some(of) = standing(settings, catalogue, &row.rule) else { return Ok(Anew::Nothing) };
    let slot = Slot { rule: &of.rule, at: row.slot_at.utc(), now };
    let mut scribe = Scribe::new(c, catalogue, settings, &of, slot)?;
    let Slice { messages, told, .. } = if of.rule.form().what == Topic::Escalation {
        ladder::letters_to(c, &mut scribe, row.user_id)?
    } else {
        Slice::of(own(c, &mut scribe, row)?.into_iter().collect(), None)
    };
    let same = |of: &OutboxRow| of.channel == row.channel && of.delegate_id == row.delegate_id;
    let Some(found) = messages.into_iter().find(same) else { return Ok(Anew::Nothing) };
    if let Some(why) = found.server_reply.filter(|_| found.text_body.is_empty()) {
        return Ok(Anew::Failed(why));
    }
    let said = Composing {
        subject: found.subject,
        text_body: found.text_body,
        html_body: found.html_body,
        opt_down: found.opt_down,
        server_reply: None,
    };
    Ok(Anew::Said(said, as_told_by(told, &found.message_id, &row.message_id)))
}

/// The message, as its slot's rule says it to its reader, or to the delegate who was to read it.
fn own(
    c: &mut AnyConnection,
    scribe: &mut Scribe<'_>,
    row: &OutboxRow,
) -> Result<Option<OutboxRow>, AppError> {
    let Some(user) = user_find(c, row.user_id)? else { return Ok(None) };
    let delegate = if row.delegate_id == 0 { None } else { user_find(c, row.delegate_id)? };
    if row.delegate_id != 0 && delegate.is_none() {
        return Ok(None);
    }
    scribe.message(c, &user, &row.channel, Addressee { address: row.recipient.clone(), delegate })
}

/// Of what the letters composed anew tell, that which this one does, under the Message-ID that it has had from the beginning.
fn as_told_by(told: Tellings, composed: &str, message_id: &str) -> Tellings {
    let own = told.letters.into_iter().filter(|of| of.message_id == composed);
    let letters = own.map(|of| LetterRow { message_id: message_id.to_owned(), ..of });
    Tellings { steps: told.steps, letters: letters.collect() }
}
