//! Due dates asked for without logging anything: the preview that explains itself.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::catalogue::NATIONAL;
use super::intake::EARLIEST;
use super::view::OfficeTime;
use super::{App, AppError, Catalogue, Fault, Invalid};
use crate::domain::calendar::Calendar;
use crate::domain::commitment::{self, Receipt};
use crate::domain::deadline::{self, LateReceipt, Limit};
use crate::domain::deadline_steps;
use crate::domain::dossier::Channel;
use crate::domain::office_time;
use crate::text::{Lang, commitments, steps};

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
    /// The article or decree.
    pub source: Option<String>,
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
            explain(&calendar, received_at, (*limit, *late_receipt), question.lang)
        }
        By::Procedure { procedure, unit, channel, case } => {
            let of = catalogue
                .procedures
                .get(procedure)
                .ok_or_else(|| AppError::invalid("procedure", Fault::UnknownReference))?;
            let calendar = match unit {
                Some(unit) => {
                    catalogue.open_unit(unit, office_time::local_date(received_at))?;
                    catalogue.calendar(unit)?
                }
                None => catalogue.calendar(NATIONAL)?,
            };
            if case.as_deref().is_some_and(|case| !of.cases().contains(&case)) {
                return Err(AppError::Invalid(vec![Invalid::not_allowed("case", &of.cases())]));
            }
            let limit = of
                .limit_for(office_time::local_date(received_at), *channel, case.as_deref())
                .ok_or_else(|| AppError::invalid("procedure", Fault::NoLimit))?;
            let mut view = explain(&calendar, received_at, (limit.limit, limit.late_receipt), question.lang)?;
            if let Some(unit) = unit {
                let effective = view.effective_receipt.0;
                let receipt = Receipt { unit, procedure: of, limit: limit.limit, effective };
                commit(&mut view, &calendar, catalogue, receipt, question.lang);
            }
            Ok(view)
        }
    }
}

fn explain(
    calendar: &Calendar,
    received_at: DateTime<Utc>,
    (limit, late): (Limit, Option<LateReceipt>),
    lang: Lang,
) -> Result<DeadlineView, AppError> {
    let found = deadline::deadline(calendar, received_at, limit, late)?;
    let steps = deadline_steps::steps(calendar, &found, limit, late)
        .into_iter()
        .map(|step| StepView {
            date: step.date,
            counts: step.counts,
            why: steps::why(lang, &step.why),
            source: step.source,
        })
        .collect();
    Ok(DeadlineView {
        received_at: found.received_at.into(),
        effective_receipt: found.effective_receipt.into(),
        due_at: found.due_at.into(),
        due_on: found.due_on,
        lapses_at: found.lapses_at.into(),
        provisional: found.provisional,
        statutory_due_at: found.due_at.into(),
        commitment_due_at: None,
        steps,
    })
}

/// Lays the unit's commitments over the law's answer.
fn commit(
    view: &mut DeadlineView,
    calendar: &Calendar,
    catalogue: &Catalogue,
    receipt: Receipt<'_>,
    lang: Lang,
) {
    let committed = commitment::due(&catalogue.commitments, &catalogue.units, calendar, receipt);
    let Some(first) = committed.first() else { return };
    view.commitment_due_at = Some(first.due_at.into());
    let on = office_time::local_date(first.due_at);
    view.steps.push(StepView {
        date: on,
        counts: 0,
        why: commitments::step(lang, first.effect),
        source: Some(first.decision.clone()),
    });
    if first.due_at < view.due_at.0 {
        view.due_at = first.due_at.into();
        view.due_on = on;
        view.lapses_at = first.judged_from().into();
    }
}
