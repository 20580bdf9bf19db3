//! The lens on numbers that look too good.

use actix_web::{HttpRequest, HttpResponse, get, web};

use super::{Format, answered};
use crate::api::auth::Signed;
use crate::api::extract::{Language, Params};
use crate::api::problem::{Problem, ProblemView};
use crate::app::App;
use crate::app::reports::integrity::{self as report, IntegrityReport, IntegrityRequest};
use crate::domain::integrity::{IntegrityBy, USUAL_MINUTES};
use crate::text::Lang;

report_params! {
    /// Whom the lens is on.
    struct IntegrityParams {
        /// What a row stands for; `officer`, the one in charge of a dossier now.
        group_by: Option<IntegrityBy>,
        /// How many minutes before the due day's last session ends are its last ones; 15, from 1 to 240.
        #[param(minimum = 1, maximum = 240)]
        minutes: Option<u32>,
        /// In which form; otherwise as `Accept` has it.
        format: Option<Format>,
    }
}

impl IntegrityParams {
    /// What is asked for.
    pub(crate) fn wanted(&self, lang: Lang) -> IntegrityRequest {
        IntegrityRequest {
            asked: self.asked(lang),
            group_by: self.group_by.unwrap_or(IntegrityBy::Officer),
            minutes: self.minutes.unwrap_or(USUAL_MINUTES),
        }
    }
}

/// Where numbers look too good, each officer or unit beside the others: results in the due day's last minutes, pauses when due, back-dated closings,
/// re-appointments, supplements.
///
/// It says where to look, and proves nothing: a count stands out where chance alone would bring so many or more less than once in a thousand times (Fisher's
/// exact test, one-sided, of at least 30 dossiers on either side and at least 3 with the sign).
#[utoipa::path(tag = "reports", params(IntegrityParams), responses(
    (status = 200, description = "The report", content(
        (IntegrityReport = "application/json"),
        (String = "text/csv"),
    )),
    (status = 400, description = "A parameter is wrong, or the unit is not among the reader's", body = ProblemView,
        content_type = "application/problem+json"),
))]
#[get("/reports/integrity")]
pub(super) async fn integrity(
    app: web::Data<App>,
    Signed(by): Signed,
    Params(params): Params<IntegrityParams>,
    Language(lang): Language,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let asked = params.wanted(lang);
    answered(&report::integrity(&app, asked, by).await?, params.format, &request, lang)
}
