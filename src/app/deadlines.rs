//! Due dates asked for without logging anything: the preview that explains itself.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::catalogue::NATIONAL;
use super::intake::{EARLIEST, known_case};
use super::view::OfficeTime;
use super::{App, AppError, Catalogue, Fault};
use crate::domain::commitment::{self, CommittedDue, Receipt};
use crate::domain::deadline::{self, Deadline, LateReceipt, Limit};
use crate::domain::deadline_steps::{self, SaidBy, Step};
use crate::domain::dossier::Channel;
use crate::domain::office_time;
use crate::domain::procedure::{Procedure, ProcedureLimit};
use crate::text::sentence::{Appointment, sentence};
use crate::text::{Lang, steps};

/// What a due date is asked for.
#[derive(Debug, Clone)]
pub struct Question {
    /// When it is handed in; `None` for now.
    pub received_at: Option<DateTime<Utc>>,
    /// By which limit.
    pub by: By,
    /// In which language to explain.
    pub lang: Lang,
}

/// Where the limit comes from.
#[derive(Debug, Clone)]
pub enum By {
    /// Given outright.
    Limit {
        /// The limit.
        limit: Limit,
        /// What a receipt late in the day means.
        late_receipt: Option<LateReceipt>,
    },
    /// The procedure's own, with the unit's calendar and commitments.
    Procedure {
        /// Procedure code.
        procedure: String,
        /// Unit code; `None` for the national calendar and no commitments.
        unit: Option<String>,
        /// How it comes in.
        channel: Channel,
        /// As which case; `None` for the ordinary one.
        case: Option<String>,
    },
}

/// A due date with its explanation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DeadlineView {
    /// When it is handed in.
    pub received_at: OfficeTime,
    /// When the office counts it as received.
    pub effective_receipt: OfficeTime,
    /// What the receipt would promise: the earlier of law and commitment.
    pub due_at: OfficeTime,
    /// Its day.
    pub due_on: NaiveDate,
    /// Late from this instant on.
    pub lapses_at: OfficeTime,
    /// Whether a date rests on days off not yet announced.
    pub provisional: bool,
    /// The law's due instant.
    pub statutory_due_at: OfficeTime,
    /// The unit's commitment, if one applies.
    pub commitment_due_at: Option<OfficeTime>,
    /// All that in one sentence, as it may stand on the receipt.
    #[schema(
        example = "Nhận hồ sơ lúc 15 giờ 30 thứ Sáu 20/11/2026; thời hạn 3 ngày làm việc, không tính thứ Bảy, Chủ nhật và ngày Văn hóa Việt Nam 24/11; \
        hẹn trả kết quả trước 17 giờ thứ Năm 26/11/2026."
    )]
    pub sentence: String,
    /// Why each day counted or not.
    pub steps: Vec<StepView>,
}

/// One day of the explanation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StepView {
    /// The day.
    pub date: NaiveDate,
    /// Which counted day it is; 0 for one that does not count.
    pub counts: u32,
    /// Why.
    pub why: String,
    /// The article, decree or decision.
    pub source: Option<String>,
    /// Whose calendar or commitment says so: `national`, or a unit's code; null for the law and for ordinary days.
    pub scope: Option<String>,
}

/// Answers one question.
///
/// # Errors
/// [`AppError::Invalid`] naming the field: an unknown procedure or unit, no limit in force, a date beyond the calendar or before 2000.
pub async fn preview(app: &App, question: Question) -> Result<DeadlineView, AppError> {
    let now = app.clock().now();
    app.read(move |_, catalogue| answer(catalogue, &question, now)).await
}

/// Answers many questions, each on its own, in order.
///
/// # Errors
/// Only the store's.
pub async fn preview_many(
    app: &App,
    questions: Vec<Result<Question, AppError>>,
) -> Result<Vec<Result<DeadlineView, AppError>>, AppError> {
    let now = app.clock().now();
    app.read(move |_, catalogue| {
        Ok(questions.into_iter().map(|question| answer(catalogue, &question?, now)).collect())
    })
    .await
}

fn answer(catalogue: &Catalogue, question: &Question, now: DateTime<Utc>) -> Result<DeadlineView, AppError> {
    let received_at = question.received_at.unwrap_or(now);
    if received_at < EARLIEST {
        return Err(AppError::invalid("received_at", Fault::TooEarly));
    }
    match &question.by {
        By::Limit { limit, late_receipt } => {
            let calendar = catalogue.calendar(NATIONAL)?;
            let found = deadline::deadline(&calendar, received_at, *limit, *late_receipt)?;
            let steps = deadline_steps::steps(&calendar, &found, *limit, *late_receipt);
            let teller = Teller { catalogue, unit: NATIONAL, lang: question.lang };
            Ok(view(&teller, *limit, &found, &[], steps))
        }
        By::Procedure { procedure, unit, channel, case } => {
            let of = catalogue
                .procedures
                .get(procedure)
                .ok_or_else(|| AppError::invalid("procedure", Fault::UnknownReference))?;
            let unit = match unit {
                Some(unit) => {
                    catalogue.open_unit(unit, office_time::local_date(received_at))?;
                    unit
                }
                None => NATIONAL,
            };
            known_case(of, case.as_deref())?;
            let limit = of
                .limit_for(office_time::local_date(received_at), *channel, case.as_deref())
                .ok_or_else(|| AppError::invalid("procedure", Fault::NoLimit))?;
            by_procedure(&Teller { catalogue, unit, lang: question.lang }, received_at, of, limit)
        }
    }
}

/// Law and commitments of the teller's unit; none bind the whole country.
fn by_procedure(
    teller: &Teller<'_>,
    received_at: DateTime<Utc>,
    procedure: &Procedure,
    of: &ProcedureLimit,
) -> Result<DeadlineView, AppError> {
    let Teller { catalogue, unit, .. } = *teller;
    let calendar = catalogue.calendar(unit)?;
    let found = deadline::deadline(&calendar, received_at, of.limit, of.late_receipt)?;
    let receipt = Receipt { unit, procedure, limit: of.limit, effective: found.effective_receipt };
    let committed = commitment::due(&catalogue.commitments, &catalogue.units, &calendar, receipt);
    let mut steps = deadline_steps::steps(&calendar, &found, of.limit, of.late_receipt);
    for due in &committed {
        let by = catalogue.commitment(due.commitment_id).map_or(unit, |with| &with.unit);
        steps.push(deadline_steps::committed(due, by));
    }
    Ok(view(teller, of.limit, &found, &committed, steps))
}

fn view(
    teller: &Teller<'_>,
    limit: Limit,
    found: &Deadline,
    committed: &[CommittedDue],
    steps: Vec<Step>,
) -> DeadlineView {
    let first = committed.first();
    let earlier = first.filter(|of| of.due_at < found.due_at);
    let due_at = earlier.map_or(found.due_at, |of| of.due_at);
    let appointment = Appointment {
        counted_from: found.received_at,
        limit,
        commitment: earlier.map(|of| (of.effect, of.decision.as_str())),
        due_at,
        steps: &steps,
    };
    DeadlineView {
        received_at: found.received_at.into(),
        effective_receipt: found.effective_receipt.into(),
        due_at: due_at.into(),
        due_on: office_time::local_date(due_at),
        lapses_at: earlier.map_or(found.lapses_at, CommittedDue::judged_from).into(),
        provisional: found.provisional,
        statutory_due_at: found.due_at.into(),
        commitment_due_at: first.map(|of| of.due_at.into()),
        sentence: sentence(teller.lang, &appointment),
        steps: teller.told(steps),
    }
}

/// Puts steps into words.
pub(super) struct Teller<'a> {
    /// Names.
    pub(super) catalogue: &'a Catalogue,
    /// Whose calendar was reckoned with.
    pub(super) unit: &'a str,
    /// The reader's language.
    pub(super) lang: Lang,
}

impl Teller<'_> {
    /// The steps in words, each with whose calendar or commitment says so.
    pub(super) fn told(&self, steps: Vec<Step>) -> Vec<StepView> {
        let scopes = self.catalogue.scopes(self.unit);
        steps.into_iter().map(|step| self.step(step, &scopes)).collect()
    }

    fn step(&self, step: Step, scopes: &[String]) -> StepView {
        let (scope, of_calendar) = match step.said_by {
            None => (None, false),
            Some(SaidBy::Layer(layer)) => (scopes.get(layer).cloned(), true),
            Some(SaidBy::Unit(unit)) => (Some(unit), false),
        };
        let why = steps::why(self.lang, &step.why);
        let why = match scope.as_deref().filter(|scope| of_calendar && *scope != NATIONAL) {
            Some(unit) => steps::of_unit(self.lang, &why, self.catalogue.unit_name(unit)),
            None => why,
        };
        StepView { date: step.date, counts: step.counts, why, source: step.source, scope }
    }
}
