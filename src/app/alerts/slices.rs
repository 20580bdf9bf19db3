//! Composing the messages of a slot, so many at a time that writing them holds up nobody at the counters.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::digest::{Slot, Writer, language_of};
use super::places::Place;
use super::recipients::{Absences, Addressee, audience_of, readers};
use super::rules::Standing;
use super::{AlertSettings, ladder, links};
use crate::app::{AppError, Catalogue};
use crate::domain::alert::MAIL;
use crate::domain::alert::signed::SigningKey;
use crate::domain::alert::{Quiet, Topic};
use crate::domain::calendar::Calendar;
use crate::domain::office_time;
use crate::store::AnyConnection;
use crate::store::access::UserRow;
use crate::store::alert_links::opted_down;
use crate::store::ladder::{LetterRow, StepRow};
use crate::store::outbox::{OutboxRow, OutboxStatus};
use crate::text::letter::{Composed, on_behalf};
use crate::text::replays::uncomposed;

/// So many messages are written in one transaction: about a megabyte, a few milliseconds of the writer.
pub(super) const MESSAGES: usize = 50;
/// So many readers are read at a time.
const READERS: i64 = 200;
/// After so many readers a slice ends even if few of them had something to be told, so that what has been looked at is not looked at again.
const MOST_READERS: usize = 4000;

/// What the messages of a ladder tell, to be noted when they are enqueued.
#[derive(Default)]
pub(super) struct Tellings {
    /// Steps taken.
    pub steps: Vec<StepRow>,
    /// Who is told of what.
    pub letters: Vec<LetterRow>,
}

/// Some of a slot's messages, written in one transaction.
pub(super) struct Slice {
    /// Ready for the outbox.
    pub messages: Vec<OutboxRow>,
    /// What of the ladder they tell.
    pub told: Tellings,
    /// The key of the last reader looked at; `None` when there are no more.
    pub written_to: Option<i64>,
    /// Whether the slot was too old to be written about.
    pub stale: bool,
}

impl Slice {
    /// Messages, and the key of the last reader looked at.
    pub(super) fn of(messages: Vec<OutboxRow>, written_to: Option<i64>) -> Slice {
        Slice { messages, told: Tellings::default(), written_to, stale: false }
    }

    /// Of a slot too old to be written about.
    pub(super) fn stale() -> Slice {
        Slice { stale: true, ..Slice::of(Vec::new(), None) }
    }
}

/// Where a slot's writing stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Begun {
    /// The key of the last reader written to; 0 at the beginning.
    pub after: i64,
    /// When its first slice was written, or is about to be.
    pub since: DateTime<Utc>,
}

/// The next messages of a slot, cut into what is written in one transaction each.
pub(super) fn slices(
    c: &mut AnyConnection,
    catalogue: &Catalogue,
    settings: &AlertSettings,
    standing: &Standing,
    slot: Slot<'_>,
    begun: Begun,
) -> Result<Vec<Slice>, AppError> {
    let mut scribe = Scribe::new(c, catalogue, settings, standing, slot)?;
    if slot.rule.form().what == Topic::Escalation {
        return ladder::slices(c, &mut scribe, begun);
    }
    let (mut messages, mut last, mut looked_at) = (Vec::new(), begun.after, 0);
    loop {
        let users = readers(c, catalogue, standing, last, READERS)?;
        let more = i64::try_from(users.len()).unwrap_or(READERS) >= READERS;
        for user in users {
            last = user.id;
            looked_at += 1;
            messages.extend(scribe.messages(c, &user)?);
            if messages.len() >= MESSAGES || looked_at >= MOST_READERS {
                return Ok(vec![Slice::of(messages, Some(last))]);
            }
        }
        if !more {
            return Ok(vec![Slice::of(messages, None)]);
        }
    }
}

/// Writes the messages of one slot, one reader after the other.
pub(super) struct Scribe<'a> {
    pub(super) standing: &'a Standing,
    pub(super) slot: Slot<'a>,
    pub(super) catalogue: &'a Catalogue,
    pub(super) absences: Absences,
    pub(super) writer: Writer<'a>,
    calendars: HashMap<String, Arc<Calendar>>,
    pub(super) key: SigningKey,
    /// The readers who have turned these mails off.
    opted_down: HashSet<i64>,
}

/// What is said, or why it could not be composed. A database that is away is no reason: then nothing is written, and all is tried again.
pub(super) fn said_or_why<T>(composed: Result<T, AppError>) -> Result<Result<T, String>, AppError> {
    match composed {
        Ok(said) => Ok(Ok(said)),
        Err(error @ AppError::Unavailable(_)) => Err(error),
        Err(AppError::Internal(why)) => Ok(Err(why)),
        Err(error) => Ok(Err(error.to_string())),
    }
}

impl<'a> Scribe<'a> {
    /// Who writes the messages of a slot.
    pub(super) fn new(
        c: &mut AnyConnection,
        catalogue: &'a Catalogue,
        settings: &'a AlertSettings,
        standing: &'a Standing,
        slot: Slot<'a>,
    ) -> Result<Scribe<'a>, AppError> {
        let absences = Absences::on(c, office_time::local_date(slot.at))?;
        let writer = Writer::new(slot, catalogue, settings);
        let key = links::signing_key(c)?;
        let opted_down = opted_down(c, slot.rule.name())?.into_iter().collect();
        let calendars = HashMap::new();
        Ok(Scribe { standing, slot, catalogue, absences, writer, calendars, key, opted_down })
    }

    /// The messages to a user or in the user's place, by every channel; none when there is nothing to tell or the own office is closed.
    fn messages(&mut self, c: &mut AnyConnection, user: &UserRow) -> Result<Vec<OutboxRow>, AppError> {
        let calendar = self.calendar(&user.unit)?;
        let turned_off = self.slot.rule.form().what.may_be_turned_off() && self.opted_down.contains(&user.id);
        if turned_off || !self.slot.rule.speaks_at(self.slot.at, &calendar) {
            return Ok(Vec::new());
        }
        let mut rows = Vec::new();
        for channel in &self.slot.rule.form().channels {
            for to in self.absences.addressees(c, user, channel == MAIL)? {
                rows.extend(self.message(c, user, channel, to)?);
            }
        }
        Ok(rows)
    }

    /// The message to one who is sent it; `None` when there is nothing to tell. What cannot be composed is a message all the same, and kept from
    /// nobody else.
    pub(super) fn message(
        &mut self,
        c: &mut AnyConnection,
        user: &UserRow,
        channel: &str,
        to: Addressee,
    ) -> Result<Option<OutboxRow>, AppError> {
        let way_out = self.way_out(user, &to);
        let said = match said_or_why(self.said(c, user, &to))? {
            Ok(None) => return Ok(None),
            Ok(Some(said)) => Ok(match &way_out {
                Some(link) => said.with_way_out(language_of(user), link),
                None => said,
            }),
            Err(why) => Err(why),
        };
        let row = self.row(user, to, channel, said)?;
        Ok(Some(OutboxRow { opt_down: way_out, ..row }))
    }

    /// The link by which a reader turns these mails off. Who reads in somebody's place has none: the mails are not the delegate's to turn off.
    fn way_out(&self, user: &UserRow, to: &Addressee) -> Option<String> {
        if to.delegate.is_some() {
            return None;
        }
        let Slot { rule, now, .. } = self.slot;
        let token = links::opt_down_token(&self.key, (rule.name(), rule.form().what), user.id, now)?;
        self.writer.scene().address(Place::Signed(&token))
    }

    /// The calendar of a unit.
    pub(super) fn calendar(&mut self, unit: &str) -> Result<Arc<Calendar>, AppError> {
        if let Some(known) = self.calendars.get(unit) {
            return Ok(Arc::clone(known));
        }
        let calendar = self.catalogue.calendar(unit)?;
        self.calendars.insert(unit.to_owned(), Arc::clone(&calendar));
        Ok(calendar)
    }

    /// What is said to one who is sent it: in the own language, and to a delegate with whose message it is.
    fn said(
        &mut self,
        c: &mut AnyConnection,
        user: &UserRow,
        to: &Addressee,
    ) -> Result<Option<Composed>, AppError> {
        let audience = audience_of(self.standing, user);
        let Some(delegate) = &to.delegate else { return self.writer.message(c, user, audience) };
        let read_by = UserRow { language: delegate.language.clone(), ..user.clone() };
        let said = self.writer.message(c, &read_by, audience)?;
        let lang = language_of(delegate);
        Ok(said.map(|said| said.headed(&on_behalf(lang, &user.name))))
    }

    /// A message, ready for the outbox; one that could not be composed stands there as failed, without a text and with the reason.
    pub(super) fn row(
        &mut self,
        user: &UserRow,
        to: Addressee,
        channel: &str,
        said: Result<Composed, String>,
    ) -> Result<OutboxRow, AppError> {
        let calendar = self.calendar(&user.unit)?;
        let Slot { rule, at, now } = self.slot;
        let (status, said, why) = match said {
            Ok(said) => (OutboxStatus::Pending, said, None),
            Err(why) => {
                tracing::error!(rule = rule.name(), slot = %at, user = user.id, %why, "a message could not be composed");
                let subject = uncomposed(language_of(user)).to_owned();
                let blank = Composed { subject, text: String::new(), html: String::new() };
                (OutboxStatus::Failed, blank, Some(why))
            }
        };
        let quiet = rule.quiet();
        let minute = |of: fn(Quiet) -> u32| quiet.and_then(|hours| i32::try_from(of(hours)).ok());
        Ok(OutboxRow {
            id: 0,
            rule: rule.name().to_owned(),
            slot_at: at.into(),
            user_id: user.id,
            recipient: to.address,
            message_id: self.writer.message_id()?,
            subject: said.subject,
            text_body: said.text,
            html_body: said.html,
            status: status.word().to_owned(),
            attempts: 0,
            next_attempt_at: quiet.map_or(now, |hours| hours.resumes(now)).into(),
            stale_at: rule.stale_at(at, &calendar).into(),
            lease_until: None,
            server_reply: why,
            created_at: now.into(),
            sent_at: None,
            channel: channel.to_owned(),
            delegate_id: to.delegate.map_or(0, |of| of.id),
            quiet_from: minute(Quiet::from),
            quiet_to: minute(Quiet::to),
            begun_at: None,
            opt_down: None,
        })
    }
}
