//! Logging dossiers and reading them. Acting on them is [`super::acts`]'s, lists are [`super::dossier_list`]'s, many at once are
//! [`super::bulk`]'s.

use actix_web::http::header::{ETAG, LOCATION};
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::auth::Signed;
use super::extract::{Code, Kept, Language, NoParams, Params};
use super::idempotency::{self, InFlight};
use super::problem::{Problem, ProblemView};
use super::values::{Shown, When, shown};
use crate::app::App;
use crate::app::dossier_deadline::{self, DossierDeadlineView};
use crate::app::dossiers::{self, EventView};
use crate::app::view::{DossierView, in_path};
use crate::app::writer::{Applicant, Registration};
use crate::domain::dossier::Channel;

/// The addresses of this file.
pub fn configure(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(create).service(find).service(events).service(deadline);
}

/// A dossier to be logged.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Registration)]
pub struct RegistrationBody {
    /// Its code, when another system gave one; else one is made.
    #[serde(default)]
    code: Option<String>,
    /// The unit that takes it.
    unit: String,
    /// What is asked for.
    procedure: String,
    /// How it comes in; `in_person` if nothing is said.
    #[serde(default)]
    channel: Option<Channel>,
    /// As which case, where the procedure has limits by case (`GET /procedures/{code}` names them); the ordinary one, if nothing is said.
    #[serde(default)]
    case: Option<String>,
    /// When it was handed in; now, if nothing is said.
    #[serde(default)]
    received_at: Option<When>,
    /// The officer's own promise; one that breaks a rule is accepted and flagged.
    #[serde(default)]
    due_at: Option<When>,
    /// The officer in charge; the one who asks, if nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    officer: Option<Shown>,
    /// Who hands it in.
    applicant: Applicant,
    /// Free text.
    #[serde(default)]
    note: Option<String>,
    /// Why the promise breaks a rule.
    #[serde(default)]
    reason: Option<String>,
}

impl RegistrationBody {
    pub(super) fn parsed(self, idempotency: Option<(String, String)>) -> Registration {
        // A name of which nothing can be seen is left empty, and refused as such with all other faults.
        let name = shown(&self.applicant.name).to_owned();
        Registration {
            code: self.code,
            unit: self.unit,
            procedure: self.procedure,
            channel: self.channel.unwrap_or(Channel::InPerson),
            case: self.case,
            received_at: self.received_at.map(|at| at.0),
            due_at: self.due_at.map(|at| at.0),
            officer: self.officer.map(|officer| officer.0),
            applicant: Applicant { name, ..self.applicant },
            note: self.note,
            reason: self.reason,
            closed: None,
            idempotency,
        }
    }
}

/// How to log.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CreateParams {
    /// Answer what would be, and store nothing.
    #[serde(default)]
    dry_run: bool,
}

/// Logs a dossier. What breaks a rule stands in `findings` at once, with the compliant day to promise instead; nothing is refused for it.
///
/// With an `Idempotency-Key` (at most 255 visible ASCII characters) the same request sent again is answered with the first answer, to the byte.
#[utoipa::path(tag = "dossiers", params(CreateParams, ("Idempotency-Key" = Option<String>, Header)),
    request_body = RegistrationBody, responses(
    (status = 201, body = DossierView, headers(("Location" = String), ("ETag" = String))),
    (status = 200, description = "Dry run: nothing is stored", body = DossierView),
    (status = 400, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
    (status = 409, body = ProblemView, content_type = "application/problem+json"),
    (status = 422, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/dossiers")]
async fn create(
    request: HttpRequest,
    app: web::Data<App>,
    in_flight: web::Data<InFlight>,
    (signed, language, params): (Signed, Language, Params<CreateParams>),
    body: Kept<RegistrationBody>,
) -> Result<HttpResponse, Problem> {
    if params.0.dry_run {
        let view = dossiers::rehearse(&app, body.value.parsed(None), Some(signed.0), language.0).await?;
        return Ok(HttpResponse::Ok().json(view));
    }
    let key = idempotency::key_of(&request, &body.bytes)?;
    let flight = key.as_ref().map(|(key, _)| in_flight.enter(signed.0.user_id, key)).transpose()?;
    let answer = dossiers::register(&app, body.value.parsed(key), Some(signed.0), language.0).await?;
    drop(flight);
    Ok(HttpResponse::Created()
        .insert_header((LOCATION, format!("/api/v1/dossiers/{}", in_path(&answer.code))))
        .insert_header((ETAG, etag(answer.version)))
        .content_type("application/json")
        .body(answer.body))
}

/// One dossier.
#[utoipa::path(tag = "dossiers", params(("code" = String, Path)), responses(
    (status = 200, body = DossierView, headers(("ETag" = String))),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/dossiers/{code}")]
async fn find(
    app: web::Data<App>,
    (signed, language): (Signed, Language),
    Code(code): Code,
    _params: Params<NoParams>,
) -> Result<HttpResponse, Problem> {
    let view = dossiers::find(&app, code, signed.0, language.0).await?;
    Ok(HttpResponse::Ok().insert_header((ETAG, etag(view.version))).json(view))
}

/// A dossier's history.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventsView {
    /// Its acts, the oldest first.
    items: Vec<EventView>,
}

/// A dossier's history, as the ledger holds it.
#[utoipa::path(tag = "dossiers", params(("code" = String, Path)), responses(
    (status = 200, body = EventsView),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/dossiers/{code}/events")]
async fn events(
    app: web::Data<App>,
    signed: Signed,
    Code(code): Code,
    _params: Params<NoParams>,
) -> Result<web::Json<EventsView>, Problem> {
    Ok(web::Json(EventsView { items: dossiers::events(&app, code, signed.0).await? }))
}

/// Why the dossier is due when it is: each day told with its source and whose calendar it is, commitments, supplement and pauses, and one sentence
/// for the receipt. Reckoned by the calendar in force.
#[utoipa::path(tag = "dossiers", params(("code" = String, Path)), responses(
    (status = 200, body = DossierDeadlineView),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/dossiers/{code}/deadline")]
async fn deadline(
    app: web::Data<App>,
    (signed, language): (Signed, Language),
    Code(code): Code,
    _params: Params<NoParams>,
) -> Result<web::Json<DossierDeadlineView>, Problem> {
    Ok(web::Json(dossier_deadline::deadline(&app, code, signed.0, language.0).await?))
}

pub(super) fn etag(version: i64) -> String {
    format!("\"{version}\"")
}
