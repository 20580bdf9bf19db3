//! What the counter does with one applicant: shows what would be promised, and logs what they hand in, as many copies as there are, once.

use chrono::NaiveDate;
use serde_json::json;

use super::access::{self, Principal, Right};
use super::catalogue::Catalogue;
use super::dossier_deadline::{DossierDeadlineView, explained};
use super::intake::{self, Judging};
use super::view::{self, DossierView, Scene};
use super::writer::{Registration, What};
use super::{App, AppError, Fault, Invalid, bulk, dossiers};
use crate::domain::ledger::sha256_hex;
use crate::domain::office_time::local_date;
use crate::domain::promise::end_of_day;
use crate::store::idempotency::idempotency_by_key;
use crate::text::Lang;

/// The most copies that one applicant's dossier is logged in at once: each is a dossier of its own, with a receipt of its own.
pub const MOST_COPIES: u32 = 100;

/// What an applicant hands in.
#[derive(Debug, Clone)]
pub struct Reception {
    /// The dossier; its own key is left empty.
    pub new: Registration,
    /// The day promised, where the officer named no hour: its end is meant. It takes the place of `new.due_at`.
    pub due_on: Option<NaiveDate>,
    /// The due day that the officer was shown; `None` when none was.
    pub seen_on: Option<NaiveDate>,
    /// In how many copies.
    pub copies: u32,
    /// What is the same however often the same form is sent.
    pub key: String,
}

/// What would be promised, and why.
#[derive(Debug, Clone)]
pub struct Rehearsed {
    /// The dossier as it would be, with its findings.
    pub dossier: DossierView,
    /// Its due date explained.
    pub deadline: DossierDeadlineView,
}

/// A unit that takes dossiers today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenUnit {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// The units for which somebody may log dossiers today, their own first.
///
/// # Errors
/// The store's.
pub async fn open_units(app: &App, by: &Principal) -> Result<Vec<OpenUnit>, AppError> {
    let (today, by) = (local_date(app.clock().now()), by.clone());
    app.read(move |_, catalogue| {
        let open = |code: String| {
            let unit = catalogue.open_unit(&code, today).ok()?;
            Some(OpenUnit { name: unit.name.clone(), code })
        };
        Ok(catalogue.units.subtree(&by.unit).into_iter().filter_map(open).collect())
    })
    .await
}

/// What would be promised now; nothing is stored, and nobody need be named yet.
///
/// # Errors
/// As [`log`]'s, except for what concerns the applicant.
pub async fn rehearse(app: &App, of: Reception, by: &Principal, lang: Lang) -> Result<Rehearsed, AppError> {
    intake::check_dates(&of.new)?;
    let (now, measures, by) = (app.clock().now(), app.measures(), by.clone());
    app.read(move |_, catalogue| {
        let new = settled(catalogue, &of)?;
        let file = intake::assemble(Judging { catalogue, measures, now }, &new, Some(&by))?;
        let found = intake::findings_at(&file, now);
        Ok(Rehearsed {
            dossier: view::dossier(&Scene { catalogue, lang, now }, &file.dossier, None, &found)?,
            deadline: explained(catalogue, &file, lang)?,
        })
    })
    .await
}

/// What is wrong with the texts and the number of copies; [`log`] refuses the same.
#[must_use]
pub fn faults(of: &Reception) -> Vec<Invalid> {
    let mut faults = match intake::check(&of.new) {
        Err(AppError::Invalid(faults)) => faults,
        Ok(()) | Err(_) => Vec::new(),
    };
    if !(1..=MOST_COPIES).contains(&of.copies) {
        faults.push(Invalid::new("copies", Fault::OutOfRange));
    }
    faults
}

/// Logs what was handed in: all copies or none. Answers the dossiers' codes in their order; the same ones when the same is sent again.
///
/// # Errors
/// Those of [`dossiers::register`]; [`AppError::IdempotencyMismatch`] when something else was logged under the same key;
/// [`AppError::PreconditionFailed`] when the due day is no longer the one that was shown: three o'clock has passed meanwhile, or a rule has changed.
pub async fn log(app: &App, of: Reception, by: &Principal, lang: Lang) -> Result<Vec<String>, AppError> {
    by.must(Right::Handle)?;
    let faults = faults(&of);
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    as_seen(app, &of, by, lang).await?;
    let hash = sha256_hex(essence(&of).as_bytes());
    let Reception { copies, key, .. } = of.clone();
    let new = app.read(move |_, catalogue| settled(catalogue, &of)).await?;
    let keyed = |key: String| Registration { idempotency: Some((key, hash.clone())), ..new.clone() };
    if copies == 1 {
        let answer = dossiers::register(app, keyed(key_of(&key, 0)), Some(by.clone()), lang).await?;
        return Ok(vec![answer.code]);
    }
    let commands = (0..copies)
        .map(|copy| bulk::checked(What::Register(Box::new(keyed(key_of(&key, copy))))))
        .collect::<Result<Vec<What>, AppError>>()?;
    let done = bulk::together(app, commands, Some(by.clone()), lang, true).await?;
    done.into_iter().map(|done| Ok(done?.code)).collect()
}

/// Whether the promise is still for the day that was shown. What stands already is not asked about again.
async fn as_seen(app: &App, of: &Reception, by: &Principal, lang: Lang) -> Result<(), AppError> {
    let Some(seen_on) = of.seen_on else { return Ok(()) };
    let (key, user_id) = (key_of(&of.key, 0), by.user_id);
    let known = app.read(move |c, _| Ok(idempotency_by_key(c, &[key])?)).await?;
    if known.iter().any(|row| row.user_id == user_id) {
        return Ok(());
    }
    let promised = rehearse(app, of.clone(), by, lang).await?.dossier.first_due_at;
    if local_date(promised.0) == seen_on { Ok(()) } else { Err(AppError::PreconditionFailed) }
}

/// The key of a copy.
fn key_of(key: &str, copy: u32) -> String {
    format!("{key}#{copy}")
}

/// A key for a form that is drawn anew.
///
/// # Errors
/// [`AppError::Internal`] when the machine has no randomness to give.
pub fn fresh_key() -> Result<String, AppError> {
    access::random_token("counter-", 16)
}

/// The registration with the instant that a day without an hour stands for.
fn settled(catalogue: &Catalogue, of: &Reception) -> Result<Registration, AppError> {
    let mut new = of.new.clone();
    if let Some(day) = of.due_on {
        let known = catalogue.units.get(&new.unit).is_some();
        let unit = if known { new.unit.as_str() } else { super::catalogue::NATIONAL };
        let calendar = catalogue.calendar(unit)?;
        let end = end_of_day(&calendar, day);
        new.due_at = Some(end.ok_or_else(|| AppError::invalid("due_at", Fault::BeyondCalendar))?);
    }
    Ok(new)
}

/// All that makes it another request when it is sent again.
fn essence(of: &Reception) -> String {
    let Registration { unit, procedure, channel, case, due_at, applicant, note, reason, .. } = &of.new;
    json!([unit, procedure, channel, case, due_at, of.due_on, applicant, note, reason, of.copies]).to_string()
}
