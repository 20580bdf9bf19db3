//! The outbox: which messages there are, and where each stands. How they are taken to be sent is `outbox_lease`'s, what came of each try
//! `delivery_tries`', which addresses are written to no more `suppressions`'.

use diesel::prelude::*;

use super::schema::{outbox, users};
use super::{AnyConnection, Moment, StoreError};

const ROWS_A_STATEMENT: usize = 500;

words! {
    /// Where a message stands.
    OutboxStatus {
        /// Waits to be sent, or is being sent while its lease runs.
        Pending = "pending",
        /// The server took it.
        Sent = "sent",
        /// The server refused it for good, or it could not be composed.
        Failed = "failed",
        /// It was being sent when its process died: the server may have taken it, nobody noted it.
        Uncertain = "uncertain",
        /// It could not be sent while it was worth sending.
        Stale = "stale",
        /// It was not sent, for its address had turned out to be dead.
        Suppressed = "suppressed",
    }
}

impl OutboxRow {
    /// Who is sent it: the user, or the delegate in the user's place.
    pub fn addressee(&self) -> i64 {
        if self.delegate_id == 0 { self.user_id } else { self.delegate_id }
    }

    /// Whether it has a text; one that could not be composed has none until it is sent once more.
    pub fn is_composed(&self) -> bool {
        !self.text_body.is_empty()
    }
}

/// A message, as it is sent.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = outbox, treat_none_as_default_value = false)]
pub struct OutboxRow {
    /// Key.
    pub id: i64,
    /// The rule's name.
    pub rule: String,
    /// The slot it belongs to.
    pub slot_at: Moment,
    /// Whom it is for.
    pub user_id: i64,
    /// The address.
    pub recipient: String,
    /// The same on each try.
    pub message_id: String,
    /// Subject; holds no personal data.
    pub subject: String,
    /// The plain part.
    pub text_body: String,
    /// The HTML part.
    pub html_body: String,
    /// Status's word.
    pub status: String,
    /// Tries begun.
    pub attempts: i32,
    /// Not tried before this instant.
    pub next_attempt_at: Moment,
    /// Not tried any more from this instant on.
    pub stale_at: Moment,
    /// Being sent by somebody until this instant.
    pub lease_until: Option<Moment>,
    /// What the server said last, or why it could not be composed.
    pub server_reply: Option<String>,
    /// When it was enqueued; the message's date.
    pub created_at: Moment,
    /// When the server took it.
    pub sent_at: Option<Moment>,
    /// The way it goes: `mail`, or the name of a webhook of the settings.
    pub channel: String,
    /// Who is sent it in the user's place; 0 when it is the user's own copy.
    pub delegate_id: i64,
    /// Minute of the office's day from which it is not delivered; `None` when it may go at any hour.
    pub quiet_from: Option<i32>,
    /// Minute of the office's day at which that is over.
    pub quiet_to: Option<i32>,
    /// When its last try was begun.
    pub begun_at: Option<Moment>,
    /// Where one click stops messages of this rule for this recipient.
    pub opt_down: Option<String>,
}

/// Writes new messages under the next free keys, whatever keys the rows carry; answers them with their keys.
///
/// # Errors
/// [`StoreError::Duplicate`] when a rule has written to a user for this slot by this channel already; the engine's.
pub fn outbox_insert(c: &mut AnyConnection, new: Vec<OutboxRow>) -> Result<Vec<OutboxRow>, StoreError> {
    let last = last_key!(c, outbox::id, outbox::table)?;
    let rows: Vec<OutboxRow> =
        new.into_iter().zip(last + 1..).map(|(row, id)| OutboxRow { id, ..row }).collect();
    for some in rows.chunks(ROWS_A_STATEMENT) {
        on!(c, |c| diesel::insert_into(outbox::table).values(some).execute(c))?;
    }
    Ok(rows)
}

/// What a message says, where it could not be said at first.
#[derive(Debug, Clone, AsChangeset)]
#[diesel(table_name = outbox, treat_none_as_null = true)]
pub struct Composing {
    /// Subject; holds no personal data.
    pub subject: String,
    /// The plain part.
    pub text_body: String,
    /// The HTML part.
    pub html_body: String,
    /// Where one click stops messages of this rule for this recipient.
    pub opt_down: Option<String>,
    /// Why it could not be composed; nothing any more.
    pub server_reply: Option<String>,
}

/// Gives a message its text.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn outbox_compose(c: &mut AnyConnection, id: i64, said: &Composing) -> Result<(), StoreError> {
    on!(c, |c| diesel::update(outbox::table.find(id)).set(said).execute(c))?;
    Ok(())
}

/// Which messages.
#[derive(Debug, Clone, Default)]
pub struct OutboxFilter {
    /// To recipients of one of these units; of any, if none are named.
    pub units: Option<Vec<String>>,
    /// In one of these states; in any when none is named.
    pub statuses: Vec<OutboxStatus>,
    /// Of this rule.
    pub rule: Option<String>,
    /// With slots from this instant on.
    pub from: Option<Moment>,
    /// With slots before this instant.
    pub before: Option<Moment>,
    /// With these keys; with any when none is named.
    pub ids: Vec<i64>,
}

macro_rules! filtered {
    ($query:expr, $filter:expr) => {{
        let filter: &OutboxFilter = $filter;
        let mut query = of_units!($query, users::unit, filter.units.as_deref());
        if !filter.statuses.is_empty() {
            let words: Vec<&str> = filter.statuses.iter().map(|of| of.word()).collect();
            query = query.filter(outbox::status.eq_any(words));
        }
        if let Some(rule) = &filter.rule {
            query = query.filter(outbox::rule.eq(rule));
        }
        if let Some(from) = filter.from {
            query = query.filter(outbox::slot_at.ge(from));
        }
        if let Some(before) = filter.before {
            query = query.filter(outbox::slot_at.lt(before));
        }
        if !filter.ids.is_empty() {
            query = query.filter(outbox::id.eq_any(&filter.ids));
        }
        query
    }};
}

/// A page of messages before the key `before`, the newest first, each with its recipient's unit.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn outbox_list(
    c: &mut AnyConnection,
    filter: &OutboxFilter,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<(OutboxRow, String)>, StoreError> {
    on!(c, |c| {
        let query =
            outbox::table.inner_join(users::table).select((OutboxRow::as_select(), users::unit)).into_boxed();
        let mut query = filtered!(query, filter);
        if let Some(id) = before {
            query = query.filter(outbox::id.lt(id));
        }
        query.order(outbox::id.desc()).limit(limit).load(c)
    })
    .map_err(Into::into)
}

/// How many messages the filter finds in each state; one without any is missing.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn outbox_tally(
    c: &mut AnyConnection,
    filter: &OutboxFilter,
) -> Result<Vec<(OutboxStatus, i64)>, StoreError> {
    let mut tally = Vec::new();
    for status in OutboxStatus::ALL.iter().copied() {
        let many: i64 = on!(c, |c| {
            // Diesel boxes no grouped query, so each state is counted by itself.
            let query = outbox::table.inner_join(users::table).select(diesel::dsl::count_star()).into_boxed();
            filtered!(query, filter).filter(outbox::status.eq(status.word())).first(c)
        })?;
        if many > 0 {
            tally.push((status, many));
        }
    }
    Ok(tally)
}

/// A message and its recipient's unit.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn outbox_find(c: &mut AnyConnection, id: i64) -> Result<Option<(OutboxRow, String)>, StoreError> {
    on!(c, |c| outbox::table
        .inner_join(users::table)
        .filter(outbox::id.eq(id))
        .select((OutboxRow::as_select(), users::unit))
        .first(c)
        .optional())
    .map_err(Into::into)
}
