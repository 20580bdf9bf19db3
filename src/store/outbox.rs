//! The outbox: which messages wait to be sent, and what came of each.
//!
//! A message is taken by lease and its result is written by compare-and-swap on the number of the attempt, so that of several processes over
//! one database one sends.

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
        /// The server refused it for good.
        Failed = "failed",
        /// It was being sent when its process died: the server may have taken it, nobody noted it.
        Uncertain = "uncertain",
        /// It could not be sent while it was worth sending.
        Stale = "stale",
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
    /// What the server said last.
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
}

/// What came of a try.
#[derive(Debug, Clone)]
pub struct Tried {
    /// The message.
    pub id: i64,
    /// Which try it was.
    pub attempt: i32,
    /// Where that leaves the message; pending when it is to be tried again.
    pub status: OutboxStatus,
    /// When to try again, if it is pending.
    pub next_attempt_at: Option<Moment>,
    /// What the server said.
    pub reply: String,
    /// When it was sent, if it was.
    pub sent_at: Option<Moment>,
}

/// Writes new messages under the next free keys, whatever keys the rows carry.
///
/// # Errors
/// [`StoreError::Duplicate`] when a rule has written to a user for this slot by this channel already; the engine's.
pub fn outbox_insert(c: &mut AnyConnection, new: Vec<OutboxRow>) -> Result<usize, StoreError> {
    let last: Option<i64> = on!(c, |c| outbox::table.select(diesel::dsl::max(outbox::id)).first(c))?;
    let rows: Vec<OutboxRow> =
        new.into_iter().zip(last.unwrap_or(0) + 1..).map(|(row, id)| OutboxRow { id, ..row }).collect();
    for some in rows.chunks(ROWS_A_STATEMENT) {
        on!(c, |c| diesel::insert_into(outbox::table).values(some).execute(c))?;
    }
    Ok(rows.len())
}

/// Marks as uncertain what was being sent by a process whose lease ended before `now`, and as stale what is worth nothing any more at
/// `until`; answers how many of each.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn outbox_settle(
    c: &mut AnyConnection,
    now: Moment,
    until: Moment,
) -> Result<(usize, usize), StoreError> {
    let pending = OutboxStatus::Pending.word();
    let uncertain = on!(c, |c| diesel::update(outbox::table)
        .filter(outbox::status.eq(pending).and(outbox::lease_until.le(now)))
        .set((outbox::status.eq(OutboxStatus::Uncertain.word()), outbox::lease_until.eq(None::<Moment>),))
        .execute(c))?;
    let stale = on!(c, |c| diesel::update(outbox::table)
        .filter(outbox::status.eq(pending).and(outbox::lease_until.is_null()))
        .filter(outbox::stale_at.le(until))
        .set(outbox::status.eq(OutboxStatus::Stale.word()))
        .execute(c))?;
    Ok((uncertain, stale))
}

/// Whether any message is due at `until` or held under a lease.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn outbox_waits(c: &mut AnyConnection, until: Moment) -> Result<bool, StoreError> {
    let found: Option<i64> = on!(c, |c| outbox::table
        .filter(outbox::status.eq(OutboxStatus::Pending.word()).and(outbox::next_attempt_at.le(until)))
        .select(outbox::id)
        .first(c)
        .optional())?;
    Ok(found.is_some())
}

/// Takes up to `limit` messages due at `until` with keys beyond `after`, in the order of their keys, under a lease; each is thereby begun
/// to be tried.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn outbox_claim(
    c: &mut AnyConnection,
    after: i64,
    until: Moment,
    lease_until: Moment,
    limit: i64,
) -> Result<Vec<OutboxRow>, StoreError> {
    let pending = OutboxStatus::Pending.word();
    let ids: Vec<i64> = on!(c, |c| outbox::table
        .filter(outbox::status.eq(pending).and(outbox::lease_until.is_null()))
        .filter(outbox::next_attempt_at.le(until).and(outbox::id.gt(after)))
        .order(outbox::id)
        .limit(limit)
        .select(outbox::id)
        .load(c))?;
    let mut rows: Vec<OutboxRow> = on!(c, |c| diesel::update(outbox::table)
        .filter(outbox::id.eq_any(&ids))
        .filter(outbox::status.eq(pending).and(outbox::lease_until.is_null()))
        .set((outbox::lease_until.eq(Some(lease_until)), outbox::attempts.eq(outbox::attempts + 1)))
        .returning(OutboxRow::as_returning())
        .load(c))?;
    rows.sort_by_key(|row| row.id);
    Ok(rows)
}

/// Writes what came of a try; false when somebody else has tried since. A message held for uncertain meanwhile is certain again.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn outbox_record(c: &mut AnyConnection, tried: &Tried) -> Result<bool, StoreError> {
    let begun = [OutboxStatus::Pending.word(), OutboxStatus::Uncertain.word()];
    let changed = on!(c, |c| diesel::update(outbox::table)
        .filter(outbox::id.eq(tried.id).and(outbox::attempts.eq(tried.attempt)))
        .filter(outbox::status.eq_any(begun))
        .set((
            outbox::status.eq(tried.status.word()),
            outbox::lease_until.eq(None::<Moment>),
            outbox::server_reply.eq(Some(&tried.reply)),
            outbox::sent_at.eq(tried.sent_at),
        ))
        .execute(c))?;
    if let Some(at) = tried.next_attempt_at {
        on!(c, |c| diesel::update(outbox::table)
            .filter(outbox::id.eq(tried.id))
            .set(outbox::next_attempt_at.eq(at))
            .execute(c))?;
    }
    Ok(changed == 1)
}

/// Which messages.
#[derive(Debug, Clone, Default)]
pub struct OutboxFilter {
    /// To recipients of one of these units.
    pub units: Vec<String>,
    /// In this state.
    pub status: Option<OutboxStatus>,
}

macro_rules! filtered {
    ($query:expr, $filter:expr) => {{
        let filter: &OutboxFilter = $filter;
        let mut query = $query.filter(users::unit.eq_any(&filter.units));
        if let Some(status) = filter.status {
            query = query.filter(outbox::status.eq(status.word()));
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

/// How many messages the filter finds.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn outbox_count(c: &mut AnyConnection, filter: &OutboxFilter) -> Result<i64, StoreError> {
    on!(c, |c| {
        let query = outbox::table.inner_join(users::table).select(diesel::dsl::count_star()).into_boxed();
        filtered!(query, filter).first(c)
    })
    .map_err(Into::into)
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
