//! `/users`: kept by administrators within their own units; one's own account, password and tokens by everybody.

use actix_web::http::header::LOCATION;
use actix_web::{HttpResponse, delete, get, patch, post, put, web};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::auth::{Holder, Signed};
use super::extract::{Body, Language, NoParams, Params, key};
use super::page;
use super::problem::{Problem, ProblemView};
use super::sessions::NOT_KEPT;
use super::user_views::{
    IssuedBody, NewTokenBody, NewUserBody, PasswordBody, TokensBody, UserBody, UserChangeBody,
};
use crate::app::App;
use crate::app::access::passwords::{self, NewPassword};
use crate::app::access::{tokens, user_changes, users};
use crate::app::dossiers::Page;

/// The addresses of this file.
pub fn configure(config: &mut ServiceConfig) {
    config.service(list).service(add).service(find).service(change);
    config
        .service(set_password)
        .service(unlock)
        .service(tokens_list)
        .service(token_issue)
        .service(token_revoke);
}

/// Which users.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct UserParams {
    /// Of this unit and those below it; of all that the reader keeps, if nothing is said.
    unit: Option<String>,
    /// Only those who may still sign in (true), or only the others (false).
    active: Option<bool>,
    /// Rows on the page, 1–500; 100 if nothing is said.
    limit: Option<i64>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// The users within the administrator's units, in the order in which they were added.
#[utoipa::path(tag = "access", params(UserParams), responses(
    (status = 200, body = Page<UserBody>),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/users")]
async fn list(
    app: web::Data<App>,
    (signed, language): (Signed, Language),
    Params(params): Params<UserParams>,
) -> Result<web::Json<Page<UserBody>>, Problem> {
    let page = page::asked(params.limit, params.cursor, signed.0, language)?;
    let which = users::WhichUsers { unit: params.unit, active: params.active };
    let Page { items, next, count, count_exact } = users::users_list(&app, which, page).await?;
    let items = items.into_iter().map(UserBody::from).collect();
    Ok(web::Json(Page { items, next, count, count_exact }))
}

/// Adds a user. For administrators, within their own unit.
#[utoipa::path(tag = "access", request_body = NewUserBody, responses(
    (status = 201, body = UserBody, headers(("Location" = String))),
    (status = 400, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/users")]
async fn add(
    app: web::Data<App>,
    signed: Signed,
    _params: Params<NoParams>,
    body: Body<NewUserBody>,
) -> Result<HttpResponse, Problem> {
    let user = UserBody::from(users::user_add(&app, body.0.into(), Some(signed.0)).await?);
    let location = format!("/api/v1/users/{}", user.id);
    Ok(HttpResponse::Created().insert_header((LOCATION, location)).json(user))
}

/// A user: oneself, or one within the administrator's units.
#[utoipa::path(tag = "access", params(("id" = i64, Path)), responses(
    (status = 200, body = UserBody),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/users/{id}")]
async fn find(
    app: web::Data<App>,
    signed: Signed,
    id: web::Path<String>,
    _params: Params<NoParams>,
) -> Result<web::Json<UserBody>, Problem> {
    let user = users::user_find(&app, key(&id, "user")?, Some(signed.0)).await?;
    Ok(web::Json(user.into()))
}

/// Changes a user. For administrators, within their own unit; the last active administrator of the topmost unit stays one.
#[utoipa::path(tag = "access", params(("id" = i64, Path)), request_body = UserChangeBody, responses(
    (status = 200, body = UserBody),
    (status = 400, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
    (status = 409, body = ProblemView, content_type = "application/problem+json"),
))]
#[patch("/users/{id}")]
async fn change(
    app: web::Data<App>,
    signed: Signed,
    id: web::Path<String>,
    _params: Params<NoParams>,
    body: Body<UserChangeBody>,
) -> Result<web::Json<UserBody>, Problem> {
    let id = key(&id, "user")?;
    Ok(web::Json(user_changes::user_change(&app, id, body.0.into(), Some(signed.0)).await?.into()))
}

/// Sets a password: one's own, with the `current` one; or, for administrators, that of a user within their own unit. Sessions opened by the old
/// one end, and a lock is opened.
#[utoipa::path(tag = "access", params(("id" = i64, Path)), request_body = PasswordBody, responses(
    (status = 204),
    (status = 400, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
    (status = 429, body = ProblemView, content_type = "application/problem+json"),
))]
#[put("/users/{id}/password")]
async fn set_password(
    app: web::Data<App>,
    holder: Holder,
    id: web::Path<String>,
    _params: Params<NoParams>,
    body: Body<PasswordBody>,
) -> Result<HttpResponse, Problem> {
    let user_id = key(&id, "user")?;
    let PasswordBody { password, current } = body.0;
    let new = NewPassword { user_id, password, current, keep: Some(holder.0.token_id) };
    passwords::password_set(&app, new, Some(holder.0.principal)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Opens the lock that wrong passwords have put before an account. For administrators, within their own unit.
#[utoipa::path(tag = "access", params(("id" = i64, Path)), responses(
    (status = 204),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
))]
#[delete("/users/{id}/lock")]
async fn unlock(
    app: web::Data<App>,
    signed: Signed,
    id: web::Path<String>,
    _params: Params<NoParams>,
) -> Result<HttpResponse, Problem> {
    user_changes::user_unlock(&app, key(&id, "user")?, Some(signed.0)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The tokens and sessions of a user that hold: one's own, or those of a user within the administrator's units.
#[utoipa::path(tag = "access", params(("id" = i64, Path)), responses(
    (status = 200, body = TokensBody),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/users/{id}/tokens")]
async fn tokens_list(
    app: web::Data<App>,
    signed: Signed,
    id: web::Path<String>,
    _params: Params<NoParams>,
) -> Result<web::Json<TokensBody>, Problem> {
    let items = tokens::tokens_list(&app, key(&id, "user")?, Some(signed.0)).await?;
    Ok(web::Json(TokensBody { items: items.into_iter().map(Into::into).collect() }))
}

/// Gives a user a token, told this once. For administrators, within their own unit.
#[utoipa::path(tag = "access", params(("id" = i64, Path)), request_body = NewTokenBody, responses(
    (status = 201, body = IssuedBody, headers(("Location" = String))),
    (status = 400, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
    (status = 409, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/users/{id}/tokens")]
async fn token_issue(
    app: web::Data<App>,
    signed: Signed,
    id: web::Path<String>,
    _params: Params<NoParams>,
    body: Body<NewTokenBody>,
) -> Result<HttpResponse, Problem> {
    let id = key(&id, "user")?;
    let (token, of) = tokens::token_issue(&app, id, body.0.into(), Some(signed.0)).await?;
    let location = format!("/api/v1/users/{id}/tokens/{}", of.id);
    let issued = IssuedBody { token, of: of.into() };
    Ok(HttpResponse::Created().insert_header((LOCATION, location)).insert_header(NOT_KEPT).json(issued))
}

/// Takes a token or session back, one's own or that of a user within the administrator's units; it ends at once.
#[utoipa::path(tag = "access", params(("id" = i64, Path), ("token_id" = i64, Path)), responses(
    (status = 204),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
))]
#[delete("/users/{id}/tokens/{token_id}")]
async fn token_revoke(
    app: web::Data<App>,
    signed: Signed,
    path: web::Path<(String, String)>,
    _params: Params<NoParams>,
) -> Result<HttpResponse, Problem> {
    let (id, token) = path.into_inner();
    tokens::token_revoke(&app, key(&id, "user")?, key(&token, "token")?, Some(signed.0)).await?;
    Ok(HttpResponse::NoContent().finish())
}
