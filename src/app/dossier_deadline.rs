//! The due date of a dossier that stands, explained from its own dates.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::access::Principal;
use super::acting::known_procedure;
use super::deadlines::{StepView, Teller};
use super::dossiers::visible;
use super::view::OfficeTime;
use super::{App, AppError, Catalogue};
use crate::domain::decision::File;
use crate::domain::dossier_steps::explain;
use crate::domain::office_time::local_date;
use crate::store::files::files_of;
use crate::text::Lang;
use crate::text::sentence::{Appointment, sentence};

/// A dossier's due date with its explanation: receipt, supplement, pauses, commitments and apology told as they came about.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DossierDeadlineView {
    /// The dossier's code.
    pub code: String,
    /// When it was handed in.
    pub received_at: OfficeTime,
    /// What its limit counts from: the receipt, or the arrival of the complete dossier after a supplement.
    pub counted_from: OfficeTime,
    /// When the office counts that as received.
    pub effective_receipt: OfficeTime,
    /// The law's due instant, before any pause.
    pub statutory_due_at: OfficeTime,
    /// What the earliest commitment demands, before any pause.
    pub commitment_due_at: Option<OfficeTime>,
    /// What the receipt promised.
    pub first_due_at: OfficeTime,
    /// What punctuality is judged by.
    pub due_at: OfficeTime,
    /// Its day.
    pub due_on: NaiveDate,
    /// Late from this instant on; null while its time stands still.
    pub lapses_at: Option<OfficeTime>,
    /// What the citizen was last told.
    pub appointed_at: OfficeTime,
    /// Whether a date rests on days off not yet announced.
    pub provisional: bool,
    /// All that in one sentence, as it may stand on the receipt.
    pub sentence: String,
    /// Why each day counted or not, and what became of the dossier since.
    pub steps: Vec<StepView>,
}

/// Explains the due date of a dossier, by the calendar in force.
///
/// # Errors
/// [`AppError::NotFound`] when there is none, or none the reader may see.
pub async fn deadline(
    app: &App,
    code: String,
    by: Principal,
    lang: Lang,
) -> Result<DossierDeadlineView, AppError> {
    app.read(move |c, catalogue| {
        let dossier = visible(c, catalogue, &code, &by)?;
        let file = files_of(c, vec![dossier])?.pop().ok_or(AppError::NotFound("dossier"))?;
        explained(catalogue, &file, lang)
    })
    .await
}

/// The same of a file in memory.
pub(super) fn explained(
    catalogue: &Catalogue,
    file: &File,
    lang: Lang,
) -> Result<DossierDeadlineView, AppError> {
    let dossier = &file.dossier;
    let calendar = catalogue.calendar(&dossier.unit)?;
    let told = explain(catalogue.rules(&calendar), file, known_procedure(catalogue, dossier)?)?;
    let first = told.committed.first();
    let sets_due = first.filter(|of| of.due_at < told.statutory.due_at && dossier.given_due_at.is_none());
    let appointment = Appointment {
        counted_from: dossier.counted_from,
        limit: dossier.limit,
        commitment: sets_due.map(|of| (of.effect, of.decision.as_str())),
        due_at: dossier.due_at,
        steps: &told.steps,
    };
    Ok(DossierDeadlineView {
        code: dossier.code.clone(),
        received_at: dossier.received_at.into(),
        counted_from: dossier.counted_from.into(),
        effective_receipt: told.statutory.effective_receipt.into(),
        statutory_due_at: told.statutory.due_at.into(),
        commitment_due_at: first.map(|of| of.due_at.into()),
        first_due_at: dossier.first_due_at.into(),
        due_at: dossier.due_at.into(),
        due_on: local_date(dossier.due_at),
        lapses_at: (!dossier.stands_still()).then(|| dossier.lapses_at.into()),
        appointed_at: dossier.appointment().into(),
        provisional: dossier.provisional,
        sentence: sentence(lang, &appointment),
        steps: Teller { catalogue, unit: &dossier.unit, lang }.told(told.steps),
    })
}
