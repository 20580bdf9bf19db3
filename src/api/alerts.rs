//! `/alerts`: the messages that warned of something, as they were sent and what came of each try; and sending them once more.

use actix_web::web::{Data, Json, Path};
use actix_web::{get, post};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::auth::Signed;
use super::extract::{Body, Language, NoParams, Params, key};
use super::page;
use super::problem::{Problem, ProblemView};
use super::values::WhenOrDay;
use crate::app::alerts::{
    self, AlertFilter, AlertLetterView, AlertPage, Asked, MOST_AT_ONCE, OutboxStatus, ReplayView,
    ReplayedView,
};
use crate::app::dossiers::UnitScope;
use crate::app::{App, AppError, Fault};

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    // The word before the key that would take it.
    config.service(alerts_list).service(alerts_replay).service(alert_find).service(alert_replay);
}

/// Which messages.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AlertParams {
    /// Only those in this state.
    status: Option<OutboxStatus>,
    /// Only those of this rule.
    rule: Option<String>,
    /// To recipients of this unit; of all that the reader sees, if nothing is said.
    unit: Option<String>,
    /// With the units below; true if nothing is said.
    subtree: Option<bool>,
    /// For this instant or day, or later.
    #[param(value_type = Option<String>)]
    from: Option<WhenOrDay>,
    /// For this instant or day, or earlier.
    #[param(value_type = Option<String>)]
    to: Option<WhenOrDay>,
    /// Rows at most, 1–500; 100 when absent.
    limit: Option<i64>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// The messages sent, waiting or failed, the newest first, and how many stand in each state; for leaders and administrators, about recipients within
/// their units.
#[utoipa::path(tag = "alerts", params(AlertParams), responses((status = 200, body = AlertPage)))]
#[get("/alerts")]
async fn alerts_list(
    app: Data<App>,
    (signed, language): (Signed, Language),
    Params(params): Params<AlertParams>,
) -> Result<Json<AlertPage>, Problem> {
    let page = page::asked(params.limit, params.cursor, signed.0, language)?;
    let scope = UnitScope { unit: params.unit, subtree: params.subtree.unwrap_or(true) };
    let filter = filter(params.status, params.rule, scope, (params.from, params.to))?;
    Ok(Json(alerts::list(&app, filter, page).await?))
}

fn filter(
    status: Option<OutboxStatus>,
    rule: Option<String>,
    scope: UnitScope,
    (from, to): (Option<WhenOrDay>, Option<WhenOrDay>),
) -> Result<AlertFilter, AppError> {
    let (from, before) = (from.map(WhenOrDay::start), to.map(WhenOrDay::end));
    if from.zip(before).is_some_and(|(from, before)| from >= before) {
        return Err(AppError::invalid("to", Fault::OutOfRange));
    }
    Ok(AlertFilter { status, rule, scope, from, before })
}

/// One message as it was sent, text and HTML, with each try: when, how and what the receiver said.
#[utoipa::path(tag = "alerts", params(("id" = i64, Path, description = "Its key")), responses((status = 200, body = AlertLetterView)))]
#[get("/alerts/{id}")]
async fn alert_find(
    app: Data<App>,
    Signed(by): Signed,
    id: Path<String>,
    _params: Params<NoParams>,
) -> Result<Json<AlertLetterView>, Problem> {
    Ok(Json(alerts::find(&app, key(&id, "alert")?, by).await?))
}

/// Sends one message once more, under the same Message-ID and to the address that the recipient has now. Only what failed, is uncertain, went stale
/// or was suppressed; one that is uncertain may arrive twice, and the answer says so.
#[utoipa::path(tag = "alerts", params(("id" = i64, Path, description = "Its key")), responses(
    (status = 200, body = ReplayedView),
    (status = 409, description = "It was sent, waits already, or its address is dead", body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/alerts/{id}/replay")]
async fn alert_replay(
    app: Data<App>,
    (signed, language): (Signed, Language),
    id: Path<String>,
    _params: Params<NoParams>,
) -> Result<Json<ReplayedView>, Problem> {
    Ok(Json(alerts::replay(&app, key(&id, "alert")?, signed.0, language.0).await?))
}

/// Which messages to send once more: either `ids`, or a filter of which at least one field is given.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplayBody {
    /// Their keys, 500 at most.
    ids: Option<Vec<i64>>,
    /// In this state: `failed`, `uncertain`, `stale` or `suppressed`.
    status: Option<OutboxStatus>,
    /// Of this rule.
    rule: Option<String>,
    /// To recipients of this unit.
    unit: Option<String>,
    /// With the units below; true if nothing is said.
    subtree: Option<bool>,
    /// For this instant or day, or later.
    #[schema(value_type = Option<String>)]
    from: Option<WhenOrDay>,
    /// For this instant or day, or earlier.
    #[schema(value_type = Option<String>)]
    to: Option<WhenOrDay>,
}

impl ReplayBody {
    /// # Errors
    /// [`AppError::Invalid`] where nothing is named, both are, or too many.
    fn asked(self) -> Result<Asked, AppError> {
        let ReplayBody { ids, status, rule, unit, subtree, from, to } = self;
        let filtered = status.is_some() || rule.is_some() || unit.is_some() || from.is_some() || to.is_some();
        match ids {
            Some(_) if filtered || subtree.is_some() => Err(AppError::invalid("ids", Fault::Conflicting)),
            Some(ids) if ids.is_empty() => Err(AppError::invalid("ids", Fault::Empty)),
            Some(ids) if ids.len() > MOST_AT_ONCE => Err(AppError::invalid("ids", Fault::OutOfRange)),
            Some(ids) => Ok(Asked::Ids(ids)),
            None if !filtered => Err(AppError::invalid("ids", Fault::Required)),
            None => {
                let scope = UnitScope { unit, subtree: subtree.unwrap_or(true) };
                Ok(Asked::Found(filter(status, rule, scope, (from, to))?))
            }
        }
    }
}

/// Sends many messages once more, 500 at a time; says which, and which not and why.
#[utoipa::path(tag = "alerts", request_body = ReplayBody, responses(
    (status = 200, body = ReplayView),
    (status = 400, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/alerts/replay")]
async fn alerts_replay(
    app: Data<App>,
    (signed, language): (Signed, Language),
    _params: Params<NoParams>,
    body: Body<ReplayBody>,
) -> Result<Json<ReplayView>, Problem> {
    Ok(Json(alerts::replay_many(&app, body.0.asked()?, signed.0, language.0).await?))
}
