//! How late the late ones were.

use actix_web::{HttpRequest, HttpResponse, get, web};

use super::{Format, answered};
use crate::api::auth::Signed;
use crate::api::extract::{Language, Params};
use crate::api::problem::{Problem, ProblemView};
use crate::app::App;
use crate::app::reports::delays::{self as report, DelaysReport, DelaysRequest};
use crate::domain::statistics::GroupBy;
use crate::text::Lang;

report_params! {
    /// Which dossiers.
    struct DelaysParams {
        /// What a row stands for; `unit`.
        group_by: Option<GroupBy>,
        /// In which form; otherwise as `Accept` has it.
        format: Option<Format>,
    }
}

impl DelaysParams {
    /// What is asked for.
    pub(crate) fn wanted(&self, lang: Lang) -> DelaysRequest {
        DelaysRequest { asked: self.asked(lang), group_by: self.group_by.unwrap_or(GroupBy::Unit) }
    }
}

/// How late the dossiers were that were closed late in the period, and those that are overdue at `as_of`: in working days of each unit's own calendar, and
/// in days that citizens lost.
#[utoipa::path(tag = "reports", params(DelaysParams), responses(
    (status = 200, description = "The report", content(
        (DelaysReport = "application/json"),
        (String = "text/csv"),
    )),
    (status = 400, description = "A parameter is wrong, or the unit is not among the reader's", body = ProblemView,
        content_type = "application/problem+json"),
))]
#[get("/reports/delays")]
pub(super) async fn delays(
    app: web::Data<App>,
    Signed(by): Signed,
    Params(params): Params<DelaysParams>,
    Language(lang): Language,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let asked = params.wanted(lang);
    answered(&report::delays(&app, asked, by).await?, params.format, &request, lang)
}
