//! The numbers of the form, step by step.

use actix_web::{HttpRequest, HttpResponse, get, web};

use super::{Format, answered};
use crate::api::auth::Signed;
use crate::api::extract::{Language, Params};
use crate::api::problem::{Problem, ProblemView};
use crate::app::App;
use crate::app::reports::trend::{self as report, TrendReport, TrendRequest};
use crate::domain::steps::StepBy;
use crate::text::Lang;

report_params! {
    /// Which trend.
    struct TrendParams {
        /// How long a step is; `month`. Months and quarters are official or civil as the period is, of two days civil; weeks run from Monday to Sunday. At most
        /// 160 steps.
        by: Option<StepBy>,
        /// In which form; otherwise as `Accept` has it.
        format: Option<Format>,
    }
}

impl TrendParams {
    /// What is asked for.
    pub(crate) fn wanted(&self, lang: Lang) -> TrendRequest {
        TrendRequest { asked: self.asked(lang), by: self.by.unwrap_or(StepBy::Month) }
    }
}

/// The numbers of form II.06a/VPCP week by week, month by month or quarter by quarter; a last step that is not over is marked so.
#[utoipa::path(tag = "reports", params(TrendParams), responses(
    (status = 200, description = "The report", content(
        (TrendReport = "application/json"),
        (String = "text/csv"),
    )),
    (status = 400, description = "A parameter is wrong, or the unit is not among the reader's", body = ProblemView,
        content_type = "application/problem+json"),
))]
#[get("/reports/trend")]
pub(super) async fn trend(
    app: web::Data<App>,
    Signed(by): Signed,
    Params(params): Params<TrendParams>,
    Language(lang): Language,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let asked = params.wanted(lang);
    answered(&report::trend(&app, asked, by).await?, params.format, &request, lang)
}
