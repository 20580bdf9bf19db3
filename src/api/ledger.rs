//! The ledger as a whole: whether its chain holds.

use actix_web::{get, web};

use super::auth::Signed;
use super::extract::{NoParams, Params};
use super::problem::{Problem, ProblemView};
use crate::app::App;
use crate::app::access::Right;
use crate::app::ledger::{self, Verdict};

/// The addresses of this file.
pub fn configure(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(verify);
}

/// Walks the whole chain and names its first broken link. For administrators.
#[utoipa::path(tag = "ledger", responses(
    (status = 200, body = Verdict),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/ledger/verify")]
async fn verify(
    app: web::Data<App>,
    signed: Signed,
    _params: Params<NoParams>,
) -> Result<web::Json<Verdict>, Problem> {
    signed.0.must(Right::Administer)?;
    Ok(web::Json(ledger::verify(&app).await?))
}
