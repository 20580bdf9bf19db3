//! `GET /metrics`: what the service counts of itself, for Prometheus.
//!
//! It asks for no token, as `/healthz` does, and holds nothing of persons, codes or units; it is for those within the office's network.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse, get, web};

use super::extract::{NoParams, Params};
use super::problem::Problem;
use crate::app::{App, levels};
use crate::metrics::{MEDIA_TYPE, Stopwatch};

/// The address of this file.
pub fn configure(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(metrics);
}

/// What the service counts of itself, in Prometheus' text form 0.0.4: requests by route, batches of the writer, the outbox, the ledger.
#[utoipa::path(tag = "health", security(()), responses((status = 200, body = String, content_type = "text/plain")))]
#[get("/metrics")]
async fn metrics(app: web::Data<App>, _params: Params<NoParams>) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().content_type(MEDIA_TYPE).body(levels::metrics(&app).await?))
}

/// Counts each request by the pattern of its route.
///
/// # Errors
/// Those of the handlers, unchanged.
pub(crate) async fn count<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let watch = Stopwatch::start();
    let method = request.method().clone();
    let route = request.match_pattern();
    let app = request.app_data::<web::Data<App>>().cloned();
    let answer = next.call(request).await;
    let status = match &answer {
        Ok(response) => response.status(),
        Err(error) => error.as_response_error().status_code(),
    };
    if let Some(app) = app {
        app.metrics().request_answered(method.as_str(), route.as_deref(), status.as_u16(), watch);
    }
    answer
}
