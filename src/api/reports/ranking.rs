//! Units set beside each other.

use actix_web::{HttpRequest, HttpResponse, get, web};

use super::{Format, answered};
use crate::api::auth::Signed;
use crate::api::extract::{Language, Params};
use crate::api::problem::{Problem, ProblemView};
use crate::app::App;
use crate::app::reports::ranking::{self as report, RankingReport, RankingRequest};
use crate::domain::ranking::{RankBy, USUAL_MINIMUM};
use crate::text::Lang;

report_params! {
    /// Which ranking: of the units directly below `unit`, each with all below it.
    struct RankingParams {
        /// By what they are ranked; `wilson`.
        by: Option<RankBy>,
        /// Under so many dossiers come due a unit is listed, and not ranked; 30, at least 1.
        #[param(minimum = 1)]
        minimum: Option<u32>,
        /// In which form; otherwise as `Accept` has it.
        format: Option<Format>,
    }
}

impl RankingParams {
    /// What is asked for.
    pub(crate) fn wanted(&self, lang: Lang) -> RankingRequest {
        RankingRequest {
            asked: self.asked(lang),
            by: self.by.unwrap_or(RankBy::Wilson),
            minimum: self.minimum.unwrap_or(USUAL_MINIMUM),
        }
    }
}

/// The units directly below one, ranked by how many of the dossiers that came due were in time, fair to small units and to those with harder work.
///
/// `wilson` ranks by the lower end of Wilson's 95 % interval of the share; `mix_fair` by the same, adjusted by indirect standardisation for each unit's mix
/// of procedures. Equals share a rank.
#[utoipa::path(tag = "reports", params(RankingParams), responses(
    (status = 200, description = "The report", content(
        (RankingReport = "application/json"),
        (String = "text/csv"),
    )),
    (status = 400, description = "A parameter is wrong, or the unit is not among the reader's", body = ProblemView,
        content_type = "application/problem+json"),
))]
#[get("/reports/ranking")]
pub(super) async fn ranking(
    app: web::Data<App>,
    Signed(by): Signed,
    Params(params): Params<RankingParams>,
    Language(lang): Language,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let asked = params.wanted(lang);
    answered(&report::ranking(&app, asked, by).await?, params.format, &request, lang)
}
