//! What the working calendar says: day by day, what a scope says of itself, and every version it has published.

use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, VARY};
use actix_web::{HttpRequest, HttpResponse, get, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::auth::Signed;
use super::extract::{Code, Language, NoParams, Params, key};
use super::page::{self, PageParams};
use super::problem::{Problem, ProblemView};
use super::reports::{Format, accepted};
use crate::app::App;
use crate::app::calendar_days::{self, DayView};
use crate::app::calendar_files::days_to_csv;
use crate::app::calendar_views::{self, CalendarView, PublishedVersionView, VersionView};
use crate::app::dossiers::Page;

/// The addresses of this file.
pub fn configure(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(days).service(current).service(list).service(find);
}

/// Which days, at most 1 100.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DayParams {
    /// The first.
    from: NaiveDate,
    /// The last, taken in.
    to: NaiveDate,
}

/// Days of a calendar.
#[derive(Debug, Serialize, ToSchema)]
pub struct DaysView {
    /// Each day in its order.
    items: Vec<DayView>,
}

/// The days of a calendar: `national`, or a unit's own with what lies above it.
#[utoipa::path(tag = "calendars", params(("scope" = String, Path), DayParams), responses(
    (status = 200, body = DaysView),
    (status = 400, body = ProblemView, content_type = "application/problem+json"),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/calendars/{scope}/days")]
async fn days(
    app: web::Data<App>,
    Code(scope): Code,
    params: Params<DayParams>,
) -> Result<web::Json<DaysView>, Problem> {
    let DayParams { from, to } = params.0;
    Ok(web::Json(DaysView { items: calendar_days::days(&app, scope, from, to).await? }))
}

/// What a scope says itself now, and over what it lies. As CSV (`Accept: text/csv`) its days off and made up, to be changed and published again.
///
/// `ETag` is the version in force, 0 while the scope says nothing.
#[utoipa::path(tag = "calendars", params(("scope" = String, Path, description = "`national`, or a unit's code")), responses(
    (status = 200, content((CalendarView = "application/json"), (String = "text/csv")), headers(("ETag" = String))),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/calendars/{scope}")]
async fn current(
    app: web::Data<App>,
    Code(scope): Code,
    _params: Params<NoParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let view = calendar_views::current(&app, scope).await?;
    let mut answer = HttpResponse::Ok();
    answer.insert_header((ETAG, tag(view.version))).insert_header((VARY, "Accept"));
    Ok(match accepted(&request) {
        Format::Json => answer.json(view),
        Format::Csv => answer
            .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8"))
            .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"calendar.csv\""))
            .body(days_to_csv(&view.content.days)?),
    })
}

/// A scope's version as `ETag` writes it.
pub(super) fn tag(version: Option<i64>) -> String {
    format!("\"{}\"", version.unwrap_or(0))
}

/// The versions a scope has published, the newest first.
#[utoipa::path(tag = "calendars", params(("scope" = String, Path), PageParams), responses(
    (status = 200, body = Page<VersionView>),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/calendars/{scope}/versions")]
async fn list(
    app: web::Data<App>,
    Code(scope): Code,
    (signed, language): (Signed, Language),
    params: Params<PageParams>,
) -> Result<web::Json<Page<VersionView>>, Problem> {
    let page = page::asked(params.0.limit, params.0.cursor, signed.0, language)?;
    let all = calendar_views::list(&app, scope).await?;
    Ok(web::Json(page::of_all(all, &page, |of| of.version.to_string())?))
}

/// What a version says; it never changes.
#[utoipa::path(tag = "calendars", params(("scope" = String, Path), ("version" = i64, Path)), responses(
    (status = 200, body = PublishedVersionView),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/calendars/{scope}/versions/{version}")]
async fn find(
    app: web::Data<App>,
    path: web::Path<(String, String)>,
    _params: Params<NoParams>,
) -> Result<web::Json<PublishedVersionView>, Problem> {
    let (scope, version) = path.into_inner();
    Ok(web::Json(calendar_views::find(&app, scope, key(&version, "version")?).await?))
}
