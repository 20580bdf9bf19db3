//! How commitments were kept.

use actix_web::{HttpRequest, HttpResponse, get, web};

use super::{Format, answered};
use crate::api::auth::Signed;
use crate::api::extract::{Language, Params};
use crate::api::problem::{Problem, ProblemView};
use crate::app::App;
use crate::app::reports::commitments::{self as report, CommitmentsReport, CommitmentsRequest};
use crate::domain::kept::CommitmentsBy;
use crate::text::Lang;

report_params! {
    /// Which commitments.
    struct CommitmentsParams {
        /// What a row stands for; `unit`.
        group_by: Option<CommitmentsBy>,
        /// In which form; otherwise as `Accept` has it.
        format: Option<Format>,
    }
}

impl CommitmentsParams {
    /// What is asked for.
    pub(crate) fn wanted(&self, lang: Lang) -> CommitmentsRequest {
        CommitmentsRequest { asked: self.asked(lang), group_by: self.group_by.unwrap_or(CommitmentsBy::Unit) }
    }
}

/// How the commitments were kept that bind the dossiers received in the period: same-day handling, no Friday put off to next week, and others.
///
/// A commitment is broken exactly where a finding `same_day_missed`, `week_rollover_missed` or `commitment_missed` has come to be by `as_of`.
#[utoipa::path(tag = "reports", params(CommitmentsParams), responses(
    (status = 200, description = "The report", content(
        (CommitmentsReport = "application/json"),
        (String = "text/csv"),
    )),
    (status = 400, description = "A parameter is wrong, or the unit is not among the reader's", body = ProblemView,
        content_type = "application/problem+json"),
))]
#[get("/reports/commitments")]
pub(super) async fn commitments(
    app: web::Data<App>,
    Signed(by): Signed,
    Params(params): Params<CommitmentsParams>,
    Language(lang): Language,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let asked = params.wanted(lang);
    answered(&report::commitments(&app, asked, by).await?, params.format, &request, lang)
}
