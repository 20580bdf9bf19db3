//! `/users/{id}/delegations`: who is written to while somebody is away.

use actix_web::http::header::LOCATION;
use actix_web::{HttpResponse, delete, get, post, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::auth::Signed;
use super::extract::{Body, NoParams, Params, key};
use super::problem::{Problem, ProblemView};
use crate::app::App;
use crate::app::alerts::delegations::{self, DelegationView, NewDelegation};

/// The addresses of this file.
pub fn configure(config: &mut ServiceConfig) {
    config.service(list).service(add).service(remove);
}

/// A user's delegations.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Delegations)]
struct DelegationsView {
    /// The earliest first, those that are over included.
    items: Vec<DelegationView>,
}

/// A delegation to be made.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewDelegation)]
struct NewDelegationBody {
    /// The key of the user who is written to instead: of the own unit, one above it or one below it.
    delegate: i64,
    /// The first day.
    from: NaiveDate,
    /// The last day; at most a year later.
    to: NaiveDate,
    /// Whether the one who is away is written to as well.
    #[serde(default)]
    keep: bool,
    /// Why, or by which decision.
    #[serde(default)]
    reason: Option<String>,
}

/// A user's delegations: one's own, or those of a user within the administrator's units.
#[utoipa::path(tag = "alerts", params(("id" = i64, Path, description = "The user's key")), responses(
    (status = 200, body = DelegationsView),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/users/{id}/delegations")]
async fn list(
    app: web::Data<App>,
    Signed(by): Signed,
    id: web::Path<String>,
    _params: Params<NoParams>,
) -> Result<web::Json<DelegationsView>, Problem> {
    let items = delegations::delegations_list(&app, key(&id, "user")?, by).await?;
    Ok(web::Json(DelegationsView { items }))
}

/// Lets somebody else receive a user's alerts for some days, each marked as on the user's behalf. For oneself, or for administrators within their own
/// unit.
#[utoipa::path(tag = "alerts", params(("id" = i64, Path, description = "The user's key")), request_body = NewDelegationBody, responses(
    (status = 201, body = DelegationView, headers(("Location" = String))),
    (status = 400, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/users/{id}/delegations")]
async fn add(
    app: web::Data<App>,
    Signed(by): Signed,
    id: web::Path<String>,
    _params: Params<NoParams>,
    Body(body): Body<NewDelegationBody>,
) -> Result<HttpResponse, Problem> {
    let user = key(&id, "user")?;
    let NewDelegationBody { delegate, from, to, keep, reason } = body;
    let new = NewDelegation { user, delegate, from, to, keep, reason };
    let made = delegations::delegation_add(&app, new, by).await?;
    let location = format!("/api/v1/users/{user}/delegations/{}", made.id);
    Ok(HttpResponse::Created().insert_header((LOCATION, location)).json(made))
}

/// Takes a delegation away; from then on the user is written to again. For oneself, or for administrators within their own unit.
#[utoipa::path(tag = "alerts", params(("id" = i64, Path), ("delegation_id" = i64, Path)), responses(
    (status = 204),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
))]
#[delete("/users/{id}/delegations/{delegation_id}")]
async fn remove(
    app: web::Data<App>,
    Signed(by): Signed,
    path: web::Path<(String, String)>,
    _params: Params<NoParams>,
) -> Result<HttpResponse, Problem> {
    let (user, id) = path.into_inner();
    delegations::delegation_remove(&app, key(&user, "user")?, key(&id, "delegation")?, by).await?;
    Ok(HttpResponse::NoContent().finish())
}
