//! `/alerts`: the mails that warned of something, as they were sent and what came of them.

use actix_web::get;
use actix_web::web::{Data, Json, Path};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::auth::Signed;
use super::extract::{Language, NoParams, Params};
use super::problem::Problem;
use crate::app::alerts::{self, AlertLetterView, AlertView, OutboxStatus};
use crate::app::dossiers::{Page, PageRequest};
use crate::app::{App, AppError, Fault};

/// The most rows of a page.
const MOST: i64 = 500;
/// Rows of a page when nothing is said.
const USUAL: i64 = 100;

/// Which messages.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AlertParams {
    /// Only those in this state.
    status: Option<OutboxStatus>,
    /// Rows at most, 1–500; 100 when absent.
    limit: Option<i64>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// The mails sent, waiting or failed, the newest first; for leaders and administrators, about recipients within their units.
#[utoipa::path(tag = "alerts", params(AlertParams), responses((status = 200, body = Page<AlertView>)))]
#[get("/alerts")]
async fn alerts_list(
    app: Data<App>,
    Signed(by): Signed,
    Language(lang): Language,
    Params(params): Params<AlertParams>,
) -> Result<Json<Page<AlertView>>, Problem> {
    let limit = params.limit.unwrap_or(USUAL);
    if !(1..=MOST).contains(&limit) {
        return Err(AppError::invalid("limit", Fault::OutOfRange).into());
    }
    let page = PageRequest { by, lang, limit, cursor: params.cursor };
    Ok(Json(alerts::list(&app, params.status, page).await?))
}

/// One mail as it was sent, text and HTML.
#[utoipa::path(tag = "alerts", params(("id" = i64, Path, description = "Its key")), responses((status = 200, body = AlertLetterView)))]
#[get("/alerts/{id}")]
async fn alert_find(
    app: Data<App>,
    Signed(by): Signed,
    id: Path<String>,
    _params: Params<NoParams>,
) -> Result<Json<AlertLetterView>, Problem> {
    let id = id.parse().map_err(|_| AppError::NotFound("alert"))?;
    Ok(Json(alerts::find(&app, id, by).await?))
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    config.service(alerts_list).service(alert_find);
}
