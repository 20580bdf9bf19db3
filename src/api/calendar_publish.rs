//! Publishing a calendar: first tried, then for good; and reading a calendar of elsewhere without publishing anything.

use actix_web::http::header::{ETAG, IF_MATCH, LOCATION};
use actix_web::{HttpRequest, HttpResponse, post, web};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::auth::Signed;
use super::calendars::tag;
use super::extract::{CalendarText, Code, Language, NoParams, Params, Posted};
use super::preconditions::Tags;
use super::problem::{Problem, ProblemView};
use crate::app::calendar_import::{self, Feed, FeedReport};
use crate::app::calendar_views::{PublishedView, published};
use crate::app::calendars::{self, Form, Proposal, announced_by, draft_from};
use crate::app::view::in_path;
use crate::app::{App, AppError, Fault};
use crate::domain::calendar::{DayKind, DayRow, SessionRule};
use crate::domain::calendar_draft::Draft;

/// The addresses of this file.
pub fn configure(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(publish).service(import);
}

/// What a scope is to say of whole years, and its hours.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewCalendarVersion)]
pub struct CalendarBody {
    /// The decision or notice it rests on.
    source: String,
    /// A year it is about though no day of it may be named; no day may be of another year then.
    #[serde(default)]
    year: Option<i32>,
    /// Whether the government has announced the years that days are named of; as it stands when nothing is said. Only for `national`.
    #[serde(default)]
    announced: Option<bool>,
    /// Days off and made up. They replace all that the scope had said of their years; the other years stay.
    #[serde(default)]
    days: Vec<DayBody>,
    /// All hours of the scope; they stay when nothing is said, and an empty list gives those of the layers outside.
    #[serde(default)]
    sessions: Option<Vec<SessionRule>>,
}

/// A day that is not what its weekday says.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewCalendarDay)]
pub struct DayBody {
    /// The day.
    date: NaiveDate,
    /// What it is.
    kind: DayKind,
    /// Its name, as announced.
    name: String,
    /// The decision it rests on; the version's own when nothing is said.
    #[serde(default)]
    source: Option<String>,
}

impl From<CalendarBody> for (Draft, String) {
    fn from(body: CalendarBody) -> Self {
        let CalendarBody { source, year, announced, days, sessions } = body;
        let row = |of: DayBody| DayRow {
            date: of.date,
            kind: of.kind,
            name: of.name,
            source: of.source.unwrap_or_else(|| source.clone()),
        };
        (Draft { year, announced, days: days.into_iter().map(row).collect(), sessions }, source)
    }
}

/// How it is published.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PublishParams {
    /// Answer what would be and publish nothing.
    #[serde(default)]
    dry_run: bool,
    /// With CSV, where it is required: the decision or notice the version rests on.
    source: Option<String>,
}

/// Publishes what a scope says as its next version, and re-dates the open dossiers it moves, with an act in each one's history.
///
/// For administrators: of the own unit and those below, and of the country for those of a topmost unit. Try it with `dry_run=true` first: the answer
/// tells day by day what changes, which open dossiers get which date, and which findings open or no longer stand. Send the `ETag` of that answer
/// (or of `GET /calendars/{scope}`) as `If-Match`, and nothing is published when somebody else has done so since (412). What stands already makes no
/// new version (200, `unchanged`). CSV has the columns `date,kind,name,source`; its years count as announced.
#[utoipa::path(tag = "calendars",
    params(
        ("scope" = String, Path, description = "`national`, or a unit's code"),
        PublishParams,
        ("If-Match" = Option<String>, Header, description = "The version it was made from"),
    ),
    request_body(content((CalendarBody = "application/json"), (String = "text/csv"))),
    responses(
        (status = 201, body = PublishedView, headers(("Location" = String), ("ETag" = String))),
        (status = 200, description = "A dry run, or the same stands already", body = PublishedView, headers(("ETag" = String))),
        (status = 400, body = ProblemView, content_type = "application/problem+json"),
        (status = 403, body = ProblemView, content_type = "application/problem+json"),
        (status = 404, body = ProblemView, content_type = "application/problem+json"),
        (status = 412, body = ProblemView, content_type = "application/problem+json"),
    ),
)]
#[post("/calendars/{scope}/versions")]
async fn publish(
    app: web::Data<App>,
    Code(scope): Code,
    Signed(by): Signed,
    Params(params): Params<PublishParams>,
    (posted, request): (Posted<CalendarBody>, HttpRequest),
) -> Result<HttpResponse, Problem> {
    let dry_run = params.dry_run;
    let (draft, form, source) = drafted(posted, params.source)?;
    if form == Form::Json {
        announced_by(&scope, draft.announced)?;
    }
    let based_on = seen(&request)?;
    let proposal = Proposal { scope: scope.clone(), draft, form, source, based_on, dry_run, by: Some(by) };
    let done = published(scope.clone(), calendars::propose(&app, proposal).await?);
    Ok(match done.version {
        Some(version) => HttpResponse::Created()
            .insert_header((LOCATION, format!("/api/v1/calendars/{}/versions/{version}", in_path(&scope))))
            .insert_header((ETAG, tag(done.version)))
            .json(done),
        None => HttpResponse::Ok().insert_header((ETAG, tag(done.based_on))).json(done),
    })
}

/// The draft as it was sent, how its rows are named, and its source.
fn drafted(posted: Posted<CalendarBody>, source: Option<String>) -> Result<(Draft, Form, String), AppError> {
    match (posted, source) {
        (Posted::Csv(csv), Some(source)) => draft_from(&csv, true).map(|(draft, form)| (draft, form, source)),
        (Posted::Csv(_), None) => Err(AppError::invalid("source", Fault::Required)),
        (Posted::One(_), Some(_)) => Err(AppError::invalid("source", Fault::Conflicting)),
        (Posted::One(body), None) => {
            let (draft, source) = body.into();
            Ok((draft, Form::Json, source))
        }
    }
}

/// The versions the asker has seen; any will do when none is named.
fn seen(request: &HttpRequest) -> Result<Option<Vec<i64>>, AppError> {
    if !request.headers().contains_key(IF_MATCH) {
        return Ok(None);
    }
    Ok(match Tags::of_request(request.headers())? {
        Tags::Any => None,
        Tags::One(version) => Some(vec![version]),
        Tags::Several(versions) => Some(versions),
    })
}

/// Reads a calendar of elsewhere (iCalendar, or CSV `date,name` and, where there are, `kind` and `source`) and reports on each event. Publishes nothing.
///
/// A web feed's holidays are not the office's: an event is proposed only when name and date fit a holiday of the law, or its name says that it is a day in
/// lieu, swapped or made up. Everything else is `unclear`, with the reason. `days` has the shape that `POST …/versions` takes; put the decision in as
/// their source first.
#[utoipa::path(tag = "calendars",
    params(("scope" = String, Path, description = "`national`, or a unit's code")),
    request_body(content((String = "text/calendar"), (String = "text/csv"))),
    responses(
        (status = 200, body = FeedReport),
        (status = 400, body = ProblemView, content_type = "application/problem+json"),
        (status = 403, body = ProblemView, content_type = "application/problem+json"),
        (status = 404, body = ProblemView, content_type = "application/problem+json"),
    ),
)]
#[post("/calendars/{scope}/imports")]
async fn import(
    app: web::Data<App>,
    Code(scope): Code,
    (signed, language): (Signed, Language),
    _params: Params<NoParams>,
    sent: CalendarText,
) -> Result<web::Json<FeedReport>, Problem> {
    let feed = match &sent {
        CalendarText::Ics(text) => Feed::Ics(text),
        CalendarText::Csv(table) => Feed::Csv(table),
    };
    Ok(web::Json(calendar_import::report(&app, scope, feed, language.0, Some(signed.0)).await?))
}
