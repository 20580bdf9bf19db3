//! Findings, counted.

use actix_web::{HttpRequest, HttpResponse, get, web};

use super::{Format, answered};
use crate::api::auth::Signed;
use crate::api::extract::{Language, Params};
use crate::api::problem::{Problem, ProblemView};
use crate::app::App;
use crate::app::reports::findings::{self as report, FindingsReport, FindingsRequest};
use crate::domain::finding_counts::FindingsBy;
use crate::text::Lang;

report_params! {
    /// Which findings.
    struct FindingsParams {
        /// What a row stands for; `kind`, the rule.
        group_by: Option<FindingsBy>,
        /// In which form; otherwise as `Accept` has it.
        format: Option<Format>,
    }
}

impl FindingsParams {
    /// What is asked for.
    pub(crate) fn wanted(&self, lang: Lang) -> FindingsRequest {
        FindingsRequest { asked: self.asked(lang), group_by: self.group_by.unwrap_or(FindingsBy::Kind) }
    }
}

/// Findings counted by rule, by unit and rule, or by officer and rule: opened in the period, still open at `as_of`, cleared in the period by reason.
#[utoipa::path(tag = "reports", operation_id = "findings_report", params(FindingsParams), responses(
    (status = 200, description = "The report", content(
        (FindingsReport = "application/json"),
        (String = "text/csv"),
    )),
    (status = 400, description = "A parameter is wrong, or the unit is not among the reader's", body = ProblemView,
        content_type = "application/problem+json"),
))]
#[get("/reports/findings")]
pub(super) async fn findings(
    app: web::Data<App>,
    Signed(by): Signed,
    Params(params): Params<FindingsParams>,
    Language(lang): Language,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let asked = params.wanted(lang);
    answered(&report::findings(&app, asked, by).await?, params.format, &request, lang)
}
