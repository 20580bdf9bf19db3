//! What the working calendar says, day by day.

use actix_web::{get, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::extract::{Code, Params};
use super::problem::{Problem, ProblemView};
use crate::app::App;
use crate::app::calendar_days::{self, DayView};

/// The addresses of this file.
pub fn configure(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(days);
}

/// Which days, at most 1 100.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DayParams {
    /// The first.
    from: NaiveDate,
    /// The last, taken in.
    to: NaiveDate,
}

/// Days of a calendar.
#[derive(Debug, Serialize, ToSchema)]
pub struct DaysView {
    /// Each day in its order.
    items: Vec<DayView>,
}

/// The days of a calendar: `national`, or a unit's own with what lies above it.
#[utoipa::path(tag = "calendars", params(("scope" = String, Path), DayParams), responses(
    (status = 200, body = DaysView),
    (status = 400, body = ProblemView, content_type = "application/problem+json"),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/calendars/{scope}/days")]
async fn days(
    app: web::Data<App>,
    Code(scope): Code,
    params: Params<DayParams>,
) -> Result<web::Json<DaysView>, Problem> {
    let DayParams { from, to } = params.0;
    Ok(web::Json(DaysView { items: calendar_days::days(&app, scope, from, to).await? }))
}
