//! Sending once more what was not sent: by hand, under the same Message-ID, with who asked for it in the ledger.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::AlertSettings;
use super::recomposing::{Anew, recompose};
use super::retry::quiet;
use super::slots::not_composed;
use super::views::{AlertFilter, must_be_warned, status_of};
use crate::app::access::Principal;
use crate::app::entries::{self, Stamp};
use crate::app::{App, AppError, Catalogue};
use crate::domain::alert::MAIL;
use crate::store::AnyConnection;
use crate::store::access::user_find;
use crate::store::delivery_tries::tries_put;
use crate::store::ladder::ladder_told;
use crate::store::outbox::{OutboxFilter, OutboxRow, OutboxStatus, outbox_compose, outbox_list};
use crate::store::outbox_lease::{Again, outbox_again};
use crate::store::suppressions::suppression_holds;
use crate::text::Lang;
use crate::text::replays::{self, ReplayRefusal};

/// Messages looked at in one request.
pub const MOST_AT_ONCE: usize = 500;
/// Who asks for a message wants it sent, however old it is; for so long it is tried.
const WORTH: TimeDelta = TimeDelta::hours(4);
/// What a message that is sent again was, and so those that a filter finds.
const REPLAYABLE: [OutboxStatus; 4] =
    [OutboxStatus::Failed, OutboxStatus::Uncertain, OutboxStatus::Stale, OutboxStatus::Suppressed];

/// Which messages are to be sent once more.
#[derive(Debug, Clone)]
pub enum Asked {
    /// Those with these keys.
    Ids(Vec<i64>),
    /// Those of the filter that were not sent, the newest first.
    Found(AlertFilter),
}

/// What came of asking to send messages once more.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct ReplayView {
    /// Those that wait to be sent again.
    pub replayed: Vec<ReplayedView>,
    /// Those that are not sent again, and why.
    pub refused: Vec<RefusedView>,
    /// Whether the filter finds more than one request looks at; ask again then.
    pub more: bool,
}

/// A message that waits to be sent again.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReplayedView {
    /// Its key.
    pub id: i64,
    /// What it was until now.
    pub was: OutboxStatus,
    /// Whether it may arrive twice.
    pub may_come_twice: bool,
    /// What is to be known of that, as a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A message that is not sent again.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RefusedView {
    /// Its key.
    pub id: i64,
    /// Why not.
    pub code: ReplayRefusal,
    /// Why not, as a sentence.
    pub reason: String,
}

/// Lets one message wait to be sent again.
///
/// # Errors
/// [`AppError::Forbidden`] for officers and reporters, [`AppError::NotFound`] outside the asker's units, [`AppError::NotReplayable`], the store's
/// errors.
pub async fn replay(app: &App, id: i64, by: Principal, lang: Lang) -> Result<ReplayedView, AppError> {
    let mut done = replay_many(app, Asked::Ids(vec![id]), by, lang).await?;
    match (done.replayed.pop(), done.refused.pop().map(|of| of.code)) {
        (Some(replayed), _) => Ok(replayed),
        (None, Some(ReplayRefusal::NotFound) | None) => Err(AppError::NotFound("alert")),
        (None, Some(why)) => Err(AppError::NotReplayable(why)),
    }
}

/// Lets many messages wait to be sent again; those that cannot be are named. A message goes to the address that its recipient has now.
///
/// # Errors
/// [`AppError::Forbidden`] for officers and reporters, [`AppError::Invalid`] for a unit that is not seen, the store's errors.
pub async fn replay_many(app: &App, asked: Asked, by: Principal, lang: Lang) -> Result<ReplayView, AppError> {
    must_be_warned(&by)?;
    let now = app.clock().now();
    let apology_lead = app.measures().apology_lead_working_days;
    let settings = AlertSettings { apology_lead, ..app.timetable().clone() };
    let (whose, which) = (by.clone(), asked.clone());
    // Beside the writer, for it takes a while.
    let mut anew = app
        .read(move |c, catalogue| {
            let (rows, ..) = rows_of(c, catalogue, which, &whose)?;
            composed_anew(c, catalogue, &settings, &rows, now)
        })
        .await?;
    app.write_job("alerts replay", move |c, catalogue| {
        let (rows, missing, more) = rows_of(c, catalogue, asked, &by)?;
        let mut done = ReplayView { more, ..ReplayView::default() };
        done.refused.extend(missing.into_iter().map(|id| refused(id, ReplayRefusal::NotFound, lang)));
        for row in rows {
            match again(c, &row, anew.remove(&row.id), now)? {
                Ok(was) => done.replayed.push(replayed(row.id, was, lang)),
                Err(why) => done.refused.push(refused(row.id, why, lang)),
            }
        }
        let told: Vec<_> = done.replayed.iter().map(|of| json!({"id": of.id, "was": of.was})).collect();
        if !told.is_empty() {
            let entry = ("alerts_replayed", json!({ "alerts": told }));
            entries::append(c, Stamp::of(Some(&by), now), [entry])?;
        }
        Ok(done)
    })
    .await
}

type Rows = (Vec<OutboxRow>, BTreeSet<i64>, bool);

/// The messages asked for, the keys that name none, and whether there are more.
fn rows_of(
    c: &mut AnyConnection,
    catalogue: &Catalogue,
    asked: Asked,
    by: &Principal,
) -> Result<Rows, AppError> {
    let mut missing = BTreeSet::new();
    let filter = match asked {
        Asked::Ids(ids) => {
            missing.extend(&ids);
            OutboxFilter { units: catalogue.units_below(&by.unit), ids, ..OutboxFilter::default() }
        }
        Asked::Found(filter) => {
            let mut filter = filter.stored(catalogue, by)?;
            if filter.statuses.is_empty() {
                filter.statuses = REPLAYABLE.to_vec();
            }
            filter
        }
    };
    let most = i64::try_from(MOST_AT_ONCE).unwrap_or(i64::MAX);
    let mut rows: Vec<OutboxRow> =
        outbox_list(c, &filter, None, most + 1)?.into_iter().map(|(row, _)| row).collect();
    let more = rows.len() > MOST_AT_ONCE;
    rows.truncate(MOST_AT_ONCE);
    rows.iter().for_each(|row| {
        missing.remove(&row.id);
    });
    Ok((rows, missing, more))
}

/// What could not be composed, composed anew, by key.
fn composed_anew(
    c: &mut AnyConnection,
    catalogue: &Catalogue,
    settings: &AlertSettings,
    rows: &[OutboxRow],
    now: DateTime<Utc>,
) -> Result<HashMap<i64, Anew>, AppError> {
    let without = rows.iter().filter(|row| !row.is_composed());
    without.map(|row| Ok((row.id, recompose(c, catalogue, settings, row, now)?))).collect()
}

/// Gives a message that could not be composed its text; answers why it still has none.
fn given_text(
    c: &mut AnyConnection,
    row: &OutboxRow,
    anew: Option<Anew>,
    now: DateTime<Utc>,
) -> Result<Option<ReplayRefusal>, AppError> {
    match anew {
        Some(Anew::Said(said, told)) => {
            outbox_compose(c, row.id, &said)?;
            ladder_told(c, &told.steps, &told.letters)?;
            Ok(None)
        }
        Some(Anew::Failed(why)) => {
            let tried = OutboxRow { created_at: now.into(), server_reply: Some(why), ..row.clone() };
            tries_put(c, &[not_composed(&tried)])?;
            Ok(Some(ReplayRefusal::Uncomposable))
        }
        Some(Anew::Nothing) => Ok(Some(ReplayRefusal::NothingToTell)),
        // It came to be listed only now.
        None => Ok(Some(ReplayRefusal::Uncomposable)),
    }
}

/// Lets one message wait again; answers what it was, or why it is not sent again.
fn again(
    c: &mut AnyConnection,
    row: &OutboxRow,
    anew: Option<Anew>,
    now: DateTime<Utc>,
) -> Result<Result<OutboxStatus, ReplayRefusal>, AppError> {
    let was = match status_of(row)? {
        OutboxStatus::Sent => return Ok(Err(ReplayRefusal::Sent)),
        OutboxStatus::Pending => return Ok(Err(ReplayRefusal::Pending)),
        was => was,
    };
    let user = user_find(c, row.addressee())?.filter(|user| user.active);
    let recipient = match user {
        Some(user) if row.channel == MAIL => user.email.filter(|address| !address.is_empty()),
        Some(_) => Some(row.recipient.clone()),
        None => None,
    };
    let Some(recipient) = recipient else { return Ok(Err(ReplayRefusal::RecipientGone)) };
    if row.channel == MAIL && suppression_holds(c, row.addressee(), &recipient)? {
        return Ok(Err(ReplayRefusal::AddressSuppressed));
    }
    if !row.is_composed()
        && let Some(why) = given_text(c, row, anew, now)?
    {
        return Ok(Err(why));
    }
    // Who is not to be disturbed at this hour is not, whoever asks.
    let at = quiet(row).map_or(now, |hours| hours.resumes(now));
    let stale_at = row.stale_at.utc().max(at + WORTH).into();
    let next = Again { id: row.id, was, recipient, next_attempt_at: at.into(), stale_at };
    Ok(if outbox_again(c, &next)? { Ok(was) } else { Err(ReplayRefusal::Pending) })
}

fn replayed(id: i64, was: OutboxStatus, lang: Lang) -> ReplayedView {
    let may_come_twice = was == OutboxStatus::Uncertain;
    let note = may_come_twice.then(|| replays::may_come_twice(lang).to_owned());
    ReplayedView { id, was, may_come_twice, note }
}

fn refused(id: i64, code: ReplayRefusal, lang: Lang) -> RefusedView {
    RefusedView { id, code, reason: replays::reason(lang, code).to_owned() }
}
