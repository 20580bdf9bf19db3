//! `/alert-suppressions`: addresses that turned out to be dead and are written to no more, until an administrator releases them.

use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, delete, get};
use utoipa_actix_web::service_config::ServiceConfig;

use super::auth::Signed;
use super::extract::{Language, NoParams, Params, key};
use super::page::{self, PageParams};
use super::problem::Problem;
use crate::app::App;
use crate::app::alerts::{self, SuppressionView};
use crate::app::dossiers::Page;

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    config.service(list).service(release);
}

/// The dead addresses, the newest first; for leaders and administrators, about users within their units. What waits for such an address is not
/// sent, and stands among the alerts as `suppressed`.
#[utoipa::path(tag = "alerts", params(PageParams), responses((status = 200, body = Page<SuppressionView>)))]
#[get("/alert-suppressions")]
async fn list(
    app: Data<App>,
    (signed, language): (Signed, Language),
    Params(params): Params<PageParams>,
) -> Result<Json<Page<SuppressionView>>, Problem> {
    let page = page::asked(params.limit, params.cursor, signed.0, language)?;
    let all = alerts::suppressions(&app, page.by.clone()).await?;
    Ok(Json(page::of_all(all, &page, |of| of.id.to_string())?))
}

/// Lets an address be written to again, for administrators; the ledger keeps who did it. What was suppressed is sent when it is replayed.
#[utoipa::path(tag = "alerts", params(("id" = i64, Path, description = "Its key")), responses((status = 204)))]
#[delete("/alert-suppressions/{id}")]
async fn release(
    app: Data<App>,
    Signed(by): Signed,
    id: Path<String>,
    _params: Params<NoParams>,
) -> Result<HttpResponse, Problem> {
    alerts::release(&app, key(&id, "suppression")?, by).await?;
    Ok(HttpResponse::NoContent().finish())
}
