//! Form II.06a/VPCP.

use actix_web::{HttpRequest, HttpResponse, get, web};

use super::{Format, answered};
use crate::api::auth::Signed;
use crate::api::extract::{Language, Params};
use crate::api::problem::{Problem, ProblemView};
use crate::api::values::Listed;
use crate::app::App;
use crate::app::reports::processing::{self as report, Comparison, ProcessingReport, ProcessingRequest};
use crate::domain::statistics::GroupBy;

report_params! {
    /// What the form is about.
    struct ProcessingParams {
        /// What a row stands for; `sector`.
        group_by: Option<GroupBy>,
        /// What to compare it with: `previous`, the period before; `year`, the same a year before; or both, with a comma between.
        #[param(value_type = Option<String>, example = "previous,year")]
        compare: Option<Listed<Comparison>>,
        /// In which form; otherwise as `Accept` has it.
        format: Option<Format>,
    }
}

/// Form II.06a/VPCP: dossiers received, resolved and in progress.
#[utoipa::path(tag = "reports", params(ProcessingParams), responses(
    (status = 200, description = "The report", content(
        (ProcessingReport = "application/json"),
        (String = "text/csv"),
    )),
    (status = 400, description = "A parameter is wrong, or the unit is not among the reader's", body = ProblemView,
        content_type = "application/problem+json"),
))]
#[get("/reports/processing")]
pub(super) async fn processing(
    app: web::Data<App>,
    Signed(by): Signed,
    Params(params): Params<ProcessingParams>,
    Language(lang): Language,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let group_by = params.group_by.unwrap_or(GroupBy::Sector);
    let compare = params.compare.as_ref().map(|all| all.0.clone()).unwrap_or_default();
    let wanted = ProcessingRequest { asked: params.asked(lang), group_by, compare };
    let report = report::processing(&app, wanted, by).await?;
    answered(&report, params.format, &request, lang)
}
