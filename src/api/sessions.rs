//! `/sessions`: signing in by password, who one is, signing out.

use actix_web::http::header::{CACHE_CONTROL, LOCATION};
use actix_web::{HttpResponse, delete, get, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

use super::auth::Holder;
use super::extract::{Body, NoParams, Params};
use super::problem::{Problem, ProblemView};
use super::user_views::{CurrentBody, OpenedBody, SignInBody};
use crate::app::App;
use crate::app::access::sessions;

/// Answers that hold a token are kept by nobody on the way.
pub(super) const NOT_KEPT: (actix_web::http::header::HeaderName, &str) = (CACHE_CONTROL, "no-store");

/// The addresses of this file that ask for a token.
pub fn configure(config: &mut ServiceConfig) {
    config.service(current).service(sign_out);
}

/// The address that gives one.
pub fn configure_open(config: &mut ServiceConfig) {
    config.service(sign_in);
}

/// Opens a session: the token answered works as any other, and ends of itself.
///
/// Whether the username is unknown, the password wrong or the account locked after wrong passwords, the answer is the same.
#[utoipa::path(tag = "access", security(()), request_body = SignInBody, responses(
    (status = 201, body = OpenedBody, headers(("Location" = String))),
    (status = 400, body = ProblemView, content_type = "application/problem+json"),
    (status = 401, body = ProblemView, content_type = "application/problem+json"),
    (status = 429, description = "Too many sign in at once", body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/api/v1/sessions")]
async fn sign_in(
    app: web::Data<App>,
    _params: Params<NoParams>,
    body: Body<SignInBody>,
) -> Result<HttpResponse, Problem> {
    let opened = sessions::sign_in(&app, &body.0.username, &body.0.password).await?;
    Ok(HttpResponse::Created()
        .insert_header((LOCATION, "/api/v1/sessions/current"))
        .insert_header(NOT_KEPT)
        .json(OpenedBody::from(opened)))
}

/// Who is signed in, and what they may do.
#[utoipa::path(tag = "access", responses((status = 200, body = CurrentBody)))]
#[get("/sessions/current")]
async fn current(
    app: web::Data<App>,
    holder: Holder,
    _params: Params<NoParams>,
) -> Result<web::Json<CurrentBody>, Problem> {
    let user = sessions::account(&app, &holder.0.principal).await?;
    Ok(web::Json(CurrentBody::of(&holder.0, user)))
}

/// Signs out: the token that the request came with ends at once.
#[utoipa::path(tag = "access", responses((status = 204)))]
#[delete("/sessions/current")]
async fn sign_out(
    app: web::Data<App>,
    holder: Holder,
    _params: Params<NoParams>,
) -> Result<HttpResponse, Problem> {
    sessions::sign_out(&app, holder.0).await?;
    Ok(HttpResponse::NoContent().finish())
}
