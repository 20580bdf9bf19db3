//! REST under `/api/v1`: extract, call a verb of the app, convert the answer.
//!
//! It knows HTTP and the app's verbs, and neither SQL nor rules. The table of contents is `v1`; refusals are [`problem`]'s, what requests may
//! hold is [`extract`]'s, and the OpenAPI document is drawn from the handlers by [`openapi`].

pub mod act_row;
pub mod acts;
pub mod alert_links;
pub mod alert_rules;
pub mod alert_suppressions;
pub mod alerts;
pub mod auth;
pub mod bulk;
pub mod bulk_answer;
pub mod calendar_publish;
pub mod calendars;
pub mod commitment_templates;
pub mod commitments;
mod counted;
pub mod deadlines;
pub mod delegations;
pub mod dossier_list;
pub mod dossiers;
pub mod extract;
pub mod feeds;
pub(crate) mod fields;
pub mod health;
pub mod idempotency;
pub mod incoming;
pub mod ledger;
pub mod metrics;
pub mod openapi;
pub mod page;
mod preconditions;
pub mod problem;
pub mod procedures;
pub mod reports;
pub mod sessions;
mod split;
pub mod units;
mod user_views;
pub mod users;
pub mod values;
pub mod what_if;

use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::from_fn;
use actix_web::{Error, web};
use utoipa::OpenApi as _;
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_actix_web::{AppExt, UtoipaApp, scope};

use crate::app::{App, AppError};
pub(crate) use openapi::nowhere;

use openapi::Document;

/// The addresses under `/api/v1`.
fn v1(config: &mut ServiceConfig) {
    config
        .configure(deadlines::configure) // /deadlines/preview, /deadlines/preview/batch
        .configure(bulk::configure) // /dossiers/batch, /dossiers/acts
        .configure(dossiers::configure) // /dossiers, /dossiers/{code}, …/events, …/deadline
        .configure(acts::configure) // /dossiers/{code}/acts
        .configure(dossier_list::configure) // /dossiers?…, /findings?…
        .configure(units::configure) // /units, /units/{code}
        .configure(procedures::configure) // /procedures, /procedures/{code}
        .configure(what_if::configure) // /commitments/preview
        .configure(commitments::configure) // /commitments, /commitments/{id}
        .configure(commitment_templates::configure) // /commitment-templates, /commitment-templates/{name}
        .configure(calendars::configure) // /calendars/{scope}, …/days, …/versions, …/versions/{version}
        .configure(calendar_publish::configure) // POST /calendars/{scope}/versions, …/imports
        .configure(reports::configure) // /reports/processing, /reports/seals, /reports/seals/{id}, …/restatement
        .configure(alerts::configure) // /alerts, /alerts/replay, /alerts/{id}, …/replay
        .configure(alert_suppressions::configure) // /alert-suppressions, /alert-suppressions/{id}
        .configure(alert_links::configure) // /alert-opt-downs, /alert-opt-downs/{id}, /dossiers/{code}/acknowledgements
        .configure(alert_rules::configure) // /alert-rules, /alert-rules/{name}, …/preview
        .configure(delegations::configure) // /users/{id}/delegations, …/{delegation_id}
        .configure(ledger::configure) // /ledger/verify
        .configure(feeds::configure) // /feeds, /feeds/{id}
        .configure(sessions::configure) // /sessions/current
        .configure(users::configure); // /users, /users/{id}, …/password, …/lock, …/tokens, …/tokens/{token_id}
}

/// What all worker threads of the server share.
#[derive(Clone)]
pub struct Shared {
    app: web::Data<App>,
    document: web::Data<Document>,
    in_flight: web::Data<idempotency::InFlight>,
}

impl Shared {
    /// Draws up the document and keeps the app for the handlers.
    ///
    /// # Errors
    /// [`AppError::Internal`] when the document cannot be written.
    pub fn new(app: App) -> Result<Shared, AppError> {
        let (_, openapi) = routes(actix_web::App::new()).split_for_parts();
        Ok(Shared {
            app: web::Data::new(app),
            document: web::Data::new(Document::new(&openapi)?),
            in_flight: web::Data::default(),
        })
    }
}

/// The API's addresses, and what its handlers share. Whatever address is none of these is for the caller to answer.
pub(crate) fn routed(
    shared: &Shared,
) -> actix_web::App<
    impl ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse, Error = Error, InitError = ()>
    + use<>,
> {
    let app = actix_web::App::new()
        .app_data(shared.app.clone())
        .app_data(shared.document.clone())
        .app_data(shared.in_flight.clone());
    let (app, _) = routes(app).split_for_parts();
    app.configure(openapi::configure)
}

/// The OpenAPI document as `/openapi.json` serves it.
///
/// # Errors
/// [`AppError::Internal`] when it cannot be written.
pub fn openapi_json() -> Result<String, AppError> {
    let (_, openapi) = routes(actix_web::App::new()).split_for_parts();
    Ok(Document::new(&openapi)?.json().to_owned())
}

fn routes<T>(app: actix_web::App<T>) -> UtoipaApp<T>
where
    T: ServiceFactory<ServiceRequest, Config = (), Error = Error, InitError = ()>,
{
    app.into_utoipa_app()
        .openapi(openapi::Preface::openapi())
        .configure(health::configure)
        .configure(metrics::configure) // /metrics
        // Before the scope, which lets nobody in without a token.
        .configure(sessions::configure_open) // POST /sessions
        .configure(alert_links::configure_open) // /l/{token}
        .configure(feeds::configure_open) // /feeds/{secret}/calendar.ics, …/due.ics
        .service(scope::scope("/api/v1").wrap(from_fn(auth::authenticate)).configure(v1))
}
