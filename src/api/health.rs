//! Whether the service lives, and whether it can work.

use actix_web::{get, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::problem::{Problem, ProblemView};
use crate::app::App;

/// The addresses of this file.
pub fn configure(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(healthz).service(readyz);
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
}

/// Whether the process lives; asks nothing of the database.
#[utoipa::path(tag = "health", security(()), responses((status = 200, body = Health)))]
#[get("/healthz")]
async fn healthz() -> web::Json<Health> {
    web::Json(Health { status: "ok" })
}

/// Whether the database answers and is of this program's version.
#[utoipa::path(tag = "health", security(()), responses(
    (status = 200, body = Readiness),
    (status = 503, description = "The database is away", body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/readyz")]
async fn readyz(app: web::Data<App>) -> Result<web::Json<Readiness>, Problem> {
    app.ready().await?;
    Ok(web::Json(Readiness { status: "ready", engine: app.engine(), version: env!("CARGO_PKG_VERSION") }))
}
