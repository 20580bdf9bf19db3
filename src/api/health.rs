//! Whether the service lives, and whether it can work.

use actix_web::{get, head, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::extract::{NoParams, Params};
use super::problem::{Problem, ProblemView};
use crate::app::App;
use crate::app::view::OfficeTime;

/// The addresses of this file.
pub fn configure(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(healthz).service(healthz_head).service(readyz).service(readyz_head);
}

/// The process lives.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// Always `ok`.
    status: &'static str,
}

/// The service can work.
#[derive(Debug, Serialize, ToSchema)]
pub struct Readiness {
    /// Always `ready`; otherwise the answer is a problem.
    status: &'static str,
    /// The database's engine.
    engine: &'static str,
    /// The program's version.
    version: &'static str,
    /// When the task that sends alerts was last heard of; null where this process has none.
    scheduler_heard_at: Option<OfficeTime>,
}

/// Whether the process lives; asks nothing of the database.
#[utoipa::path(tag = "health", security(()), responses((status = 200, body = Health)))]
#[get("/healthz")]
async fn healthz(_params: Params<NoParams>) -> web::Json<Health> {
    web::Json(Health { status: "ok" })
}

/// The same without a body, for probes that ask so.
#[utoipa::path(tag = "health", security(()), responses((status = 200)))]
#[head("/healthz")]
async fn healthz_head(_params: Params<NoParams>) -> web::Json<Health> {
    web::Json(Health { status: "ok" })
}

/// Whether the database answers and is of this program's version, and the task that sends alerts still goes round.
#[utoipa::path(tag = "health", security(()), responses(
    (status = 200, body = Readiness),
    (status = 503, description = "The database is away, or the task that sends alerts has stopped", body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/readyz")]
async fn readyz(app: web::Data<App>, _params: Params<NoParams>) -> Result<web::Json<Readiness>, Problem> {
    readiness(&app).await
}

/// The same without a body, for probes that ask so.
#[utoipa::path(tag = "health", security(()), responses((status = 200), (status = 503, description = "The database is away, or the task that sends alerts has stopped")))]
#[head("/readyz")]
async fn readyz_head(
    app: web::Data<App>,
    _params: Params<NoParams>,
) -> Result<web::Json<Readiness>, Problem> {
    readiness(&app).await
}

async fn readiness(app: &App) -> Result<web::Json<Readiness>, Problem> {
    app.ready().await?;
    let scheduler_heard_at = app.pulse().last().map(Into::into);
    Ok(web::Json(Readiness {
        status: "ready",
        engine: app.engine(),
        version: env!("CARGO_PKG_VERSION"),
        scheduler_heard_at,
    }))
}
