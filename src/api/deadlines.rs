//! Due dates asked for without logging anything.

use actix_web::{get, post, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::extract::{Body, Language, Many, NoParams, Params};
use super::problem::{Problem, ProblemView};
use super::values::{HourMinute, LateReceiptBody, LimitBody, When, WhenAsked};
use crate::app::deadlines::{self, By, DeadlineView, Question};
use crate::app::{App, AppError, Fault};
use crate::domain::deadline::{LateEffect, LimitUnit};
use crate::domain::dossier::Channel;
use crate::text::Lang;

/// The addresses of this file.
pub fn configure(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(preview_asked).service(preview).service(preview_many);
}

/// What a due date is asked for: `limit` (with `late_receipt`, if need be) or `procedure` (with `unit` and `channel`, if need be).
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DeadlineQuestion)]
pub struct QuestionBody {
    /// When it is handed in; now, if nothing is said.
    #[serde(default)]
    received_at: Option<When>,
    /// By this limit, on the national calendar.
    #[serde(default)]
    limit: Option<LimitBody>,
    /// What a receipt late in the day means; only with `limit`.
    #[serde(default)]
    late_receipt: Option<LateReceiptBody>,
    /// By this procedure's limit in force at receipt.
    #[serde(default)]
    procedure: Option<String>,
    /// On this unit's calendar and under its commitments; only with `procedure`.
    #[serde(default)]
    unit: Option<String>,
    /// How it comes in (`in_person` if nothing is said); only with `procedure`.
    #[serde(default)]
    channel: Option<Channel>,
    /// As which case (the ordinary one if nothing is said); only with `procedure`.
    #[serde(default)]
    case: Option<String>,
}

impl QuestionBody {
    fn parsed(self, lang: Lang) -> Result<Question, AppError> {
        let conflicting = |name: &str| Err(AppError::invalid(name, Fault::Conflicting));
        let by = match (self.limit, self.procedure) {
            (Some(_), Some(_)) => return conflicting("procedure"),
            (None, None) => return Err(AppError::invalid("limit", Fault::Required)),
            (Some(_), None) if self.unit.is_some() => return conflicting("unit"),
            (Some(_), None) if self.channel.is_some() => return conflicting("channel"),
            (Some(_), None) if self.case.is_some() => return conflicting("case"),
            (None, Some(_)) if self.late_receipt.is_some() => return conflicting("late_receipt"),
            (Some(limit), None) => {
                By::Limit { limit: limit.parsed("limit")?, late_receipt: self.late_receipt.map(Into::into) }
            }
            (None, Some(procedure)) => {
                let channel = self.channel.unwrap_or(Channel::InPerson);
                By::Procedure { procedure, unit: self.unit, channel, case: self.case }
            }
        };
        Ok(Question { received_at: self.received_at.map(|at| at.0), by, lang })
    }
}

/// The same as query parameters; `limit_value` and `limit_unit` do as well for `limit.value` and `limit.unit`.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct QuestionParams {
    /// When it is handed in; now, if nothing is said.
    #[param(value_type = Option<String>, example = "2026-11-20T15:01:00+07:00")]
    received_at: Option<WhenAsked>,
    /// How many of `limit.unit`.
    #[serde(rename = "limit.value", alias = "limit_value")]
    limit_value: Option<u32>,
    /// By a limit in this unit.
    #[serde(rename = "limit.unit", alias = "limit_unit")]
    limit_unit: Option<LimitUnit>,
    /// A receipt is late after this time of day.
    #[serde(rename = "late_receipt.after", alias = "late_after")]
    #[param(value_type = Option<String>, example = "15:00")]
    late_after: Option<HourMinute>,
    /// What then holds.
    #[serde(rename = "late_receipt.effect", alias = "late_effect")]
    late_effect: Option<LateEffect>,
    /// By this procedure's limit.
    procedure: Option<String>,
    /// On this unit's calendar.
    unit: Option<String>,
    /// How it comes in.
    channel: Option<Channel>,
    /// As which case.
    case: Option<String>,
}

impl TryFrom<QuestionParams> for QuestionBody {
    type Error = AppError;

    fn try_from(of: QuestionParams) -> Result<Self, AppError> {
        let required = |name: &str| Err(AppError::invalid(name, Fault::Required));
        let late_receipt = match (of.late_after, of.late_effect) {
            (Some(after), Some(effect)) => Some(LateReceiptBody { after, effect }),
            (None, None) => None,
            (Some(_), None) => return required("late_receipt.effect"),
            (None, Some(_)) => return required("late_receipt.after"),
        };
        let limit = match (of.limit_value, of.limit_unit) {
            (value, Some(unit)) => Some(LimitBody { value, unit }),
            (None, None) => None,
            (Some(_), None) => return required("limit.unit"),
        };
        Ok(QuestionBody {
            received_at: of.received_at.map(|at| When(at.0)),
            limit,
            late_receipt,
            procedure: of.procedure,
            unit: of.unit,
            channel: of.channel,
            case: of.case,
        })
    }
}

/// One answer of many: a due date, or why there is none.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum PreviewItem {
    /// The due date.
    Answer(Box<DeadlineView>),
    /// Why there is none.
    Refused {
        /// The problem.
        problem: ProblemView,
    },
}

/// When something handed in would be due, and why: each day told, with its source.
#[utoipa::path(tag = "deadlines", params(QuestionParams), responses(
    (status = 200, body = DeadlineView),
    (status = 400, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/deadlines/preview")]
async fn preview_asked(
    app: web::Data<App>,
    language: Language,
    question: Params<QuestionParams>,
) -> Result<web::Json<DeadlineView>, Problem> {
    let question = QuestionBody::try_from(question.0)?.parsed(language.0)?;
    Ok(web::Json(deadlines::preview(&app, question).await?))
}

/// When something handed in would be due, and why: each day told, with its source.
#[utoipa::path(tag = "deadlines", request_body = QuestionBody, responses(
    (status = 200, body = DeadlineView),
    (status = 400, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/deadlines/preview")]
async fn preview(
    app: web::Data<App>,
    language: Language,
    _params: Params<NoParams>,
    question: Body<QuestionBody>,
) -> Result<web::Json<DeadlineView>, Problem> {
    Ok(web::Json(deadlines::preview(&app, question.0.parsed(language.0)?).await?))
}

/// Up to 10 000 questions, answered in their order; a bad one is answered with its problem in its place.
#[utoipa::path(tag = "deadlines", request_body = Vec<QuestionBody>, responses(
    (status = 200, body = Vec<PreviewItem>),
    (status = 400, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/deadlines/preview/batch")]
async fn preview_many(
    app: web::Data<App>,
    language: Language,
    _params: Params<NoParams>,
    questions: Many<QuestionBody>,
) -> Result<web::Json<Vec<PreviewItem>>, Problem> {
    let questions = questions.0.into_iter().map(|row| row.value?.parsed(language.0)).collect();
    let answers = deadlines::preview_many(&app, questions).await?.into_iter().map(|answer| match answer {
        Ok(view) => PreviewItem::Answer(Box::new(view)),
        Err(error) => PreviewItem::Refused { problem: Problem::from(error).view(language.0, None) },
    });
    Ok(web::Json(answers.collect()))
}
