//! `/alert-rules`: the timetable of alerts, line by line; changed by administrators, read by leaders too.

use actix_web::http::header::{ETAG, IF_MATCH};
use actix_web::{HttpRequest, HttpResponse, delete, get, post, put, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::auth::Signed;
use super::extract::{Body, Code, NoParams, Params};
use super::preconditions::Tags;
use super::problem::{Problem, ProblemView};
use super::values::WhenAsked;
use crate::app::alerts::rules_changed::{self, Seen};
use crate::app::alerts::rules_shown::{self, AlertRuleView, PreviewView};
use crate::app::{App, AppError, Fault};
use crate::domain::alert::AlertRuleForm;

/// The addresses of this file.
pub fn configure(config: &mut ServiceConfig) {
    config.service(list).service(find).service(preview).service(preview_draft).service(set).service(remove);
}

/// The timetable.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AlertRules)]
struct AlertRulesView {
    /// Its rules, those of the settings first.
    items: Vec<AlertRuleView>,
}

/// Which mail is tried.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PreviewParams {
    /// As of this instant (RFC 3339); now, if nothing is said.
    #[param(value_type = Option<String>)]
    at: Option<WhenAsked>,
    /// To the user of this key, within the asker's units; to the asker, if nothing is said.
    user: Option<i64>,
}

fn answered(view: &AlertRuleView) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    if let Some(version) = view.version {
        response.insert_header((ETAG, format!("\"{version}\"")));
    }
    response.json(view)
}

fn seen(request: &HttpRequest) -> Result<Seen, AppError> {
    if !request.headers().contains_key(IF_MATCH) {
        return Ok(Seen::Nothing);
    }
    Ok(match Tags::of_request(request.headers())? {
        Tags::Any => Seen::Any,
        Tags::One(version) => Seen::Versions(vec![version]),
        Tags::Several(versions) => Seen::Versions(versions),
    })
}

/// The alert rules in force that can reach anybody within the reader's units, with where each comes from and its next three times. For leaders and
/// administrators.
#[utoipa::path(tag = "alerts", responses(
    (status = 200, body = AlertRulesView),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/alert-rules")]
async fn list(
    app: web::Data<App>,
    Signed(by): Signed,
    _params: Params<NoParams>,
) -> Result<web::Json<AlertRulesView>, Problem> {
    Ok(web::Json(AlertRulesView { items: rules_shown::rules_list(&app, by).await? }))
}

/// One alert rule. Its `ETag` is what a change of it has to name; a line of the settings has none.
#[utoipa::path(tag = "alerts", params(("name" = String, Path, description = "Its name")), responses(
    (status = 200, body = AlertRuleView, headers(("ETag" = String))),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/alert-rules/{name}")]
async fn find(
    app: web::Data<App>,
    Signed(by): Signed,
    Code(name): Code,
    _params: Params<NoParams>,
) -> Result<HttpResponse, Problem> {
    Ok(answered(&rules_shown::rule_find(&app, name, by).await?))
}

/// The mail that a rule would send to the asker, or to somebody within the asker's units, as of an instant. Nothing is sent or written.
#[utoipa::path(tag = "alerts", params(("name" = String, Path, description = "The rule"), PreviewParams), responses(
    (status = 200, body = PreviewView),
    (status = 400, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/alert-rules/{name}/preview")]
async fn preview(
    app: web::Data<App>,
    Signed(by): Signed,
    Code(name): Code,
    Params(params): Params<PreviewParams>,
) -> Result<web::Json<PreviewView>, Problem> {
    let at = params.at.map(|at| at.0);
    Ok(web::Json(rules_shown::rule_preview(&app, name, at, params.user, by).await?))
}

/// As a rule's preview, of one that is not written yet: with `name`, as it would stand in the place of the rule of that name. Nothing is sent or written.
/// For administrators.
#[utoipa::path(tag = "alerts", params(PreviewParams), request_body = AlertRuleForm, responses(
    (status = 200, body = PreviewView),
    (status = 400, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/alert-rules/preview")]
async fn preview_draft(
    app: web::Data<App>,
    Signed(by): Signed,
    Params(params): Params<PreviewParams>,
    Body(form): Body<AlertRuleForm>,
) -> Result<web::Json<PreviewView>, Problem> {
    let at = params.at.map(|at| at.0);
    Ok(web::Json(rules_shown::draft_preview(&app, form, at, params.user, by).await?))
}

/// Writes a rule under this name: a new one, or over the line of the settings or the office's own rule of that name, which then has to be named by
/// `If-Match`. It counts from now on, and reaches nobody outside of the units of the administrator who made it. For administrators; a line of the settings
/// only for those who administer every unit.
#[utoipa::path(tag = "alerts",
    params(
        ("name" = String, Path, description = "Its name: lower-case letters, digits and `_`"),
        ("If-Match" = Option<String>, Header, description = "The version that was read, or `*`; required where a rule of the office's own stands"),
    ),
    request_body = AlertRuleForm,
    responses(
        (status = 200, body = AlertRuleView, headers(("ETag" = String))),
        (status = 400, body = ProblemView, content_type = "application/problem+json"),
        (status = 403, body = ProblemView, content_type = "application/problem+json"),
        (status = 412, body = ProblemView, content_type = "application/problem+json"),
        (status = 428, body = ProblemView, content_type = "application/problem+json"),
    ),
)]
#[put("/alert-rules/{name}")]
async fn set(
    (app, request): (web::Data<App>, HttpRequest),
    Signed(by): Signed,
    Code(name): Code,
    _params: Params<NoParams>,
    Body(mut form): Body<AlertRuleForm>,
) -> Result<HttpResponse, Problem> {
    if !form.name.is_empty() && form.name != name {
        return Err(Problem::invalid("name", Fault::Conflicting));
    }
    form.name = name;
    let stands = rules_changed::rule_put(&app, form, seen(&request)?, by.clone()).await?;
    Ok(answered(&rules_shown::rule_shown(&app, stands, by).await?))
}

/// Takes the office's own rule of this name away. The line of the settings, if there is one, holds again from now on; to silence that, write it with
/// `enabled` false. For administrators.
#[utoipa::path(tag = "alerts",
    params(
        ("name" = String, Path, description = "Its name"),
        ("If-Match" = String, Header, description = "The version that was read, or `*`"),
    ),
    responses(
        (status = 204),
        (status = 403, body = ProblemView, content_type = "application/problem+json"),
        (status = 404, body = ProblemView, content_type = "application/problem+json"),
        (status = 412, body = ProblemView, content_type = "application/problem+json"),
        (status = 428, body = ProblemView, content_type = "application/problem+json"),
    ),
)]
#[delete("/alert-rules/{name}")]
async fn remove(
    (app, request): (web::Data<App>, HttpRequest),
    Signed(by): Signed,
    Code(name): Code,
    _params: Params<NoParams>,
) -> Result<HttpResponse, Problem> {
    rules_changed::rule_remove(&app, name, seen(&request)?, by).await?;
    Ok(HttpResponse::NoContent().finish())
}
