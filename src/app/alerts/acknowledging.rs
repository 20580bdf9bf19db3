//! Acknowledging what a letter of the ladder told: who knew of which late dossier when, and until which day its step is quiet. Shown with what was told to
//! whoever sees the dossier, and written down in the ledger, for reputations hang on it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::app::access::{Principal, Right};
use crate::app::entries::{self, Stamp};
use crate::app::view::OfficeTime;
use crate::app::{App, AppError, Catalogue};
use crate::domain::alert::ladder::Step;
use crate::domain::office_time;
use crate::store::AnyConnection;
use crate::store::access::user_find;
use crate::store::dossiers::{dossier_find, word};
use crate::store::ladder::{self as store, AcknowledgementRow, LetterRow};

/// A step is quiet for so many working days at most.
const LONGEST_QUIET: u32 = 5;

/// A letter of the ladder, as the page of its link shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Who was told.
    pub user_id: i64,
    /// The codes of its dossiers that are still open.
    pub open: Vec<String>,
    /// How many are closed by now.
    pub closed: usize,
    /// The days on which the reader may be reminded.
    pub days: Vec<NaiveDate>,
    /// On which the reader asked to be, if the letter was acknowledged.
    pub until: Option<NaiveDate>,
}

/// The letter with this key; `None` when there is none.
pub(super) fn letter(
    c: &mut AnyConnection,
    catalogue: &Catalogue,
    key: &str,
    now: DateTime<Utc>,
) -> Result<Option<Letter>, AppError> {
    let mut rows = store::letter_find(c, key)?;
    rows.dedup_by(|one, two| one.0.dossier_id == two.0.dossier_id);
    let Some(user_id) = rows.first().map(|(row, ..)| row.user_id) else { return Ok(None) };
    let unit = user_find(c, user_id)?.map(|user| user.unit).unwrap_or_default();
    let calendar = catalogue.calendar(&unit)?;
    let today = office_time::local_date(now);
    let all = rows.len();
    rows.retain(|(_, _, closed_at)| closed_at.is_none());
    Ok(Some(Letter {
        user_id,
        closed: all - rows.len(),
        days: (1..=LONGEST_QUIET).filter_map(|n| calendar.add_working_days(today, n)).collect(),
        until: store::acknowledgements_by(c, key)?.first().map(|row| row.quiet_until),
        open: rows.into_iter().map(|(_, code, _)| code).collect(),
    }))
}

/// Notes that the reader of a letter knows of all that it told, and is to be reminded on `day`; false when that day is none of those offered. The
/// same once more changes nothing.
pub(super) fn acknowledge(
    c: &mut AnyConnection,
    catalogue: &Catalogue,
    key: &str,
    day: NaiveDate,
    now: DateTime<Utc>,
) -> Result<bool, AppError> {
    let Some(of) = letter(c, catalogue, key, now)?.filter(|of| of.days.contains(&day)) else {
        return Ok(false);
    };
    if of.until == Some(day) {
        return Ok(true);
    }
    let told = store::letter_find(c, key)?;
    let dossiers: Vec<_> =
        told.iter().map(|(row, code, _)| json!({"code": code, "step": row.step})).collect();
    let rows = told.into_iter().map(|(row, ..)| AcknowledgementRow {
        id: 0,
        letter: row.letter,
        user_id: row.user_id,
        dossier_id: row.dossier_id,
        step: row.step,
        at: now.into(),
        quiet_until: day,
    });
    store::acknowledgements_insert(c, rows.collect())?;
    let payload = json!({"user": of.user_id, "letter": key, "until": day, "dossiers": dossiers});
    entries::append(c, Stamp { actor: Some(of.user_id), now }, [("alert_acknowledged", payload)])?;
    Ok(true)
}

/// That somebody was told of a late dossier, and whether that was acknowledged.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ToldView {
    /// As which step of the ladder.
    pub step: Step,
    /// Who was told, by key.
    pub user: i64,
    /// By name.
    pub user_name: String,
    /// When.
    pub told_at: OfficeTime,
    /// When that was acknowledged; null while it is not.
    pub acknowledged_at: Option<OfficeTime>,
    /// The day on which the step speaks again, if the dossier is still late.
    pub quiet_until: Option<NaiveDate>,
}

/// Who was told of a dossier by the ladder, and who acknowledged it when; the oldest first.
///
/// # Errors
/// [`AppError::NotFound`] outside the reader's units, the store's errors.
pub async fn told(app: &App, code: String, by: Principal) -> Result<Vec<ToldView>, AppError> {
    by.must(Right::Read)?;
    app.read(move |c, catalogue| {
        let dossier = dossier_find(c, &code)?
            .filter(|dossier| by.sees(&dossier.unit, &catalogue.units))
            .ok_or(AppError::NotFound("dossier"))?;
        let acknowledged = store::acknowledgements_about(c, dossier.id)?;
        let rows = store::letters_about(c, dossier.id)?;
        rows.into_iter().map(|(row, name)| view(row, name, &acknowledged)).collect()
    })
    .await
}

fn view(row: LetterRow, user_name: String, all: &[AcknowledgementRow]) -> Result<ToldView, AppError> {
    let step = word("step", &row.step, Step::from_word)?;
    let of = |known: &&AcknowledgementRow| known.letter == row.letter && known.step == row.step;
    let first = all.iter().find(of);
    let last = all.iter().rfind(of);
    Ok(ToldView {
        step,
        user: row.user_id,
        user_name,
        told_at: row.told_at.utc().into(),
        acknowledged_at: first.map(|known| known.at.utc().into()),
        quiet_until: last.map(|known| known.quiet_until),
    })
}
