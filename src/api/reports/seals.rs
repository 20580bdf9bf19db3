//! `/reports/seals`: reports that are never changed again, and what is known today of the same periods.

use actix_web::http::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH, LOCATION, VARY};
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::FormFormat;
use super::processing::{drawn, wished};
use crate::api::auth::Signed;
use crate::api::extract::{Kept, Language, NoParams, Params, key};
use crate::api::idempotency::{self, InFlight};
use crate::api::page;
use crate::api::problem::{Problem, ProblemView};
use crate::api::values::When;
use crate::app::dossiers::{Page, UnitScope};
use crate::app::reports::Asked;
use crate::app::reports::form::FormTable;
use crate::app::reports::processing::{Comparison, ProcessingRequest};
use crate::app::reports::restatement::{self as restating, Restatement};
use crate::app::reports::seals::{self, NewSeal, SealView, SealedKind, SealedReport};
use crate::app::{App, AppError};
use crate::domain::statistics::GroupBy;
use crate::text::Lang;

/// A report to be sealed: the parameters of the report itself, and which report.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewSeal)]
pub(super) struct NewSealBody {
    /// Which report.
    report: SealedKind,
    /// The period's label.
    #[serde(default)]
    #[schema(example = "2026-09")]
    period: Option<String>,
    /// First day of any two, instead of `period`.
    #[serde(default)]
    from: Option<NaiveDate>,
    /// Last day, included.
    #[serde(default)]
    to: Option<NaiveDate>,
    /// The period's end, or later; a seal stands for the whole period.
    #[serde(default)]
    as_of: Option<When>,
    /// Top of the units it is about; the asker's own.
    #[serde(default)]
    unit: Option<String>,
    /// The day by whose tree of units it goes; today's.
    #[serde(default)]
    units_as_of: Option<NaiveDate>,
    /// What a row stands for; `sector`.
    #[serde(default)]
    group_by: Option<GroupBy>,
    /// What to compare it with.
    #[serde(default)]
    compare: Vec<Comparison>,
}

impl NewSealBody {
    fn request(self, lang: Lang) -> ProcessingRequest {
        let SealedKind::Processing = self.report;
        let NewSealBody { period, from, to, as_of, unit, units_as_of, group_by, compare, .. } = self;
        let asked = Asked { period, from, to, as_of: as_of.map(|at| at.0), unit, units_as_of, lang };
        ProcessingRequest { asked, group_by: group_by.unwrap_or(GroupBy::Sector), compare }
    }
}

/// Seals the report of a period that is over. For reporters, leaders and administrators.
///
/// With an `Idempotency-Key` (at most 255 visible ASCII characters) the same request sent again seals nothing more.
#[utoipa::path(tag = "reports", params(("Idempotency-Key" = Option<String>, Header)), request_body = NewSealBody, responses(
    (status = 201, body = SealView, headers(("Location" = String), ("ETag" = String))),
    (status = 400, description = "A field is wrong, or the period is not over", body = ProblemView,
        content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
    (status = 409, body = ProblemView, content_type = "application/problem+json"),
    (status = 422, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/reports/seals")]
pub(super) async fn create(
    request: HttpRequest,
    app: web::Data<App>,
    in_flight: web::Data<InFlight>,
    (signed, language, _params): (Signed, Language, Params<NoParams>),
    body: Kept<NewSealBody>,
) -> Result<HttpResponse, Problem> {
    let key = idempotency::key_of(&request, &body.bytes)?;
    let flight = key.as_ref().map(|(key, _)| in_flight.enter(signed.0.user_id, key)).transpose()?;
    let actor = Some(signed.0.user_id);
    let new = NewSeal { request: body.value.request(language.0), actor, idempotency: key };
    let sealed = seals::seal(&app, new, signed.0).await?;
    drop(flight);
    Ok(HttpResponse::Created()
        .insert_header((LOCATION, format!("/api/v1/reports/seals/{}", sealed.id)))
        .insert_header((ETAG, format!("\"{}\"", sealed.hash)))
        .json(sealed))
}

/// Which seals.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SealsParams {
    /// Of this unit; of all that the reader sees, if nothing is said.
    unit: Option<String>,
    /// With the units below; true if nothing is said.
    subtree: Option<bool>,
    /// Rows on the page, 1–500; 100 if nothing is said.
    limit: Option<i64>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// Sealed reports, the newest first.
#[utoipa::path(tag = "reports", params(SealsParams), responses(
    (status = 200, body = Page<SealView>),
    (status = 400, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/reports/seals")]
pub(super) async fn list(
    app: web::Data<App>,
    (signed, language): (Signed, Language),
    Params(params): Params<SealsParams>,
) -> Result<web::Json<Page<SealView>>, Problem> {
    let page = page::asked(params.limit, params.cursor, signed.0, language)?;
    let scope = UnitScope { unit: params.unit, subtree: params.subtree.unwrap_or(true) };
    Ok(web::Json(seals::list(&app, scope, page).await?))
}

/// In which form.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SealParams {
    /// The sealed bytes (`json`), or the form drawn from them; otherwise as `Accept` has it.
    format: Option<FormFormat>,
}

/// A sealed report: the same bytes for ever, of which the ETag is the hash.
#[utoipa::path(tag = "reports", params(("id" = i64, Path), SealParams), responses(
    (status = 200, headers(("ETag" = String)), content(
        (SealedReport = "application/json"),
        (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    )),
    (status = 304, description = "The same as the asker knows"),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/reports/seals/{id}")]
pub(super) async fn find(
    request: HttpRequest,
    app: web::Data<App>,
    (signed, language, params): (Signed, Language, Params<SealParams>),
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let row = seals::find(&app, key(&id, "seal")?, signed.0).await?;
    let format = params.0.format.unwrap_or_else(|| wished(&request));
    if format != FormFormat::Json {
        let sealed: FormTable =
            serde_json::from_str(&row.body).map_err(|error| AppError::Internal(error.to_string()))?;
        return Ok(drawn(&sealed, format, language.0)?);
    }
    let tag = (ETAG, format!("\"{}\"", row.head.hash));
    let known = request.headers().get_all(IF_NONE_MATCH).filter_map(|value| value.to_str().ok());
    if known.into_iter().any(|tags| tags.contains(&row.head.hash)) {
        return Ok(HttpResponse::NotModified().insert_header(tag).finish());
    }
    let media = (CONTENT_TYPE, "application/json");
    Ok(HttpResponse::Ok()
        .insert_header(tag)
        .insert_header(media)
        .insert_header((VARY, "Accept"))
        .body(row.body))
}

/// What is known today of a sealed period: each number that differs, and the acts recorded since that made the difference.
#[utoipa::path(tag = "reports", params(("id" = i64, Path)), responses(
    (status = 200, body = Restatement),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/reports/seals/{id}/restatement")]
pub(super) async fn restatement(
    app: web::Data<App>,
    (signed, _params): (Signed, Params<NoParams>),
    id: web::Path<String>,
) -> Result<web::Json<Restatement>, Problem> {
    Ok(web::Json(restating::restatement(&app, key(&id, "seal")?, signed.0).await?))
}
