//! `/feeds`: calendars to subscribe to. Their secret addresses are made and taken back under `/api/v1`; the calendars themselves stand outside it,
//! for calendar programs send no token.

use actix_web::http::header::{CACHE_CONTROL, ETAG, HeaderMap, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse, delete, get, post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::auth::Signed;
use super::extract::{Body, NoParams, Params, key};
use super::problem::{Problem, ProblemView};
use super::sessions::NOT_KEPT;
use crate::app::App;
use crate::app::access::feeds::{self, FeedView, NewFeed};
use crate::app::feed_calendars::{self, Fetched};
use crate::app::view::OfficeTime;

/// The addresses of this file that ask for a token.
pub fn configure(config: &mut ServiceConfig) {
    config.service(create).service(list).service(revoke);
}

/// The calendars, open to whoever knows the secret.
pub fn configure_open(config: &mut ServiceConfig) {
    config.service(calendar).service(due);
}

/// An address to be made.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewFeed)]
pub struct NewFeedBody {
    /// Whose calendar and due dates it shows, with all below it.
    unit: String,
    /// What it is for.
    #[serde(default)]
    label: Option<String>,
}

/// An address that holds.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Feed)]
pub struct FeedBody {
    /// Its key.
    id: i64,
    /// Whose calendar and due dates it shows, with all below it.
    unit: String,
    /// What it is for.
    label: Option<String>,
    /// When it was made.
    created_at: OfficeTime,
    /// The user who made it; it shows what that user may see.
    created_by: i64,
}

impl From<FeedView> for FeedBody {
    fn from(of: FeedView) -> Self {
        let FeedView { id, unit, label, created_at, created_by } = of;
        FeedBody { id, unit, label, created_at: created_at.into(), created_by }
    }
}

/// An address just made; the only time that its secret is told.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CreatedFeed)]
pub struct CreatedFeedBody {
    #[serde(flatten)]
    of: FeedBody,
    /// Where the calendar of days stands, on this server.
    calendar: String,
    /// Where the calendar of due dates stands.
    due: String,
}

/// Addresses that hold.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Feeds)]
pub struct FeedsBody {
    /// The oldest first.
    items: Vec<FeedBody>,
}

/// Makes a secret address for the calendars of a unit, told this once. For those who handle dossiers, within their own unit.
#[utoipa::path(tag = "feeds", request_body = NewFeedBody, responses(
    (status = 201, body = CreatedFeedBody),
    (status = 400, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/feeds")]
async fn create(
    app: web::Data<App>,
    signed: Signed,
    _params: Params<NoParams>,
    body: Body<NewFeedBody>,
) -> Result<HttpResponse, Problem> {
    let NewFeedBody { unit, label } = body.0;
    let (secret, of) = feeds::feed_create(&app, NewFeed { unit, label }, signed.0).await?;
    let address = |name: &str| format!("/feeds/{secret}/{name}.ics");
    let made = CreatedFeedBody { of: of.into(), calendar: address("calendar"), due: address("due") };
    Ok(HttpResponse::Created().insert_header(NOT_KEPT).json(made))
}

/// The addresses of one's units, without their secrets.
#[utoipa::path(tag = "feeds", responses(
    (status = 200, body = FeedsBody),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/feeds")]
async fn list(
    app: web::Data<App>,
    signed: Signed,
    _params: Params<NoParams>,
) -> Result<web::Json<FeedsBody>, Problem> {
    let items = feeds::feeds_list(&app, signed.0).await?;
    Ok(web::Json(FeedsBody { items: items.into_iter().map(Into::into).collect() }))
}

/// Takes an address back; it ends at once.
#[utoipa::path(tag = "feeds", params(("id" = i64, Path)), responses(
    (status = 204),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
))]
#[delete("/feeds/{id}")]
async fn revoke(
    app: web::Data<App>,
    signed: Signed,
    id: web::Path<String>,
    _params: Params<NoParams>,
) -> Result<HttpResponse, Problem> {
    feeds::feed_revoke(&app, key(&id, "feed")?, signed.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// A unit's days off and made up, of this year and the next, as iCalendar. The address is the key to it.
#[utoipa::path(tag = "feeds", security(()), params(("secret" = String, Path)), responses(
    (status = 200, body = String, content_type = "text/calendar", headers(("ETag" = String))),
    (status = 304, description = "The same as the asker knows"),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/feeds/{secret}/calendar.ics")]
async fn calendar(
    request: HttpRequest,
    app: web::Data<App>,
    secret: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    Ok(answer(feed_calendars::days(&app, secret.into_inner(), known(request.headers())).await?))
}

/// When the open dossiers of a unit and those below it are due, as iCalendar: code and procedure, and no person. The address is the key to it.
#[utoipa::path(tag = "feeds", security(()), params(("secret" = String, Path)), responses(
    (status = 200, body = String, content_type = "text/calendar", headers(("ETag" = String))),
    (status = 304, description = "The same as the asker knows"),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/feeds/{secret}/due.ics")]
async fn due(
    request: HttpRequest,
    app: web::Data<App>,
    secret: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    Ok(answer(feed_calendars::due(&app, secret.into_inner(), known(request.headers())).await?))
}

/// The states that the asker knows. Tags are weak, for each answer bears the time it was given.
fn known(headers: &HeaderMap) -> Vec<String> {
    let lines = headers.get_all(IF_NONE_MATCH).filter_map(|line| line.to_str().ok());
    let tags = lines.flat_map(|line| line.split(','));
    tags.map(|tag| tag.trim().trim_start_matches("W/").trim_matches('"').to_owned()).collect()
}

fn answer(of: Fetched) -> HttpResponse {
    let tag = (ETAG, format!("W/\"{}\"", of.state));
    let kept = (CACHE_CONTROL, "private, no-cache");
    match of.body {
        None => HttpResponse::NotModified().insert_header(tag).insert_header(kept).finish(),
        Some(body) => HttpResponse::Ok()
            .insert_header(tag)
            .insert_header(kept)
            .content_type("text/calendar; charset=utf-8")
            .body(body),
    }
}
