//! Acting on dossiers: what an act may be given, and the address that takes it.

use actix_web::http::header::ETAG;
use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::auth::Signed;
use super::dossiers::etag;
use super::extract::{Code, Kept, Language, NoParams, Params};
use super::idempotency::{self, InFlight};
use super::preconditions::Tags;
use super::problem::{Problem, ProblemView};
use super::values::{Shown, When};
use crate::app::dossiers;
use crate::app::view::DossierView;
use crate::app::writer::{ActRequest, Correction, PersonChanges};
use crate::app::{App, AppError, Fault, Invalid};
use crate::domain::act::ActKind;
use crate::domain::correction::Changes;
use crate::domain::dossier::Channel;

/// The addresses of this file.
pub fn configure(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(act);
}

/// What the dossier says of itself and no correction may change: what the law, the calendar and the acts make of it.
const FIXED: [&str; 24] = [
    "code",
    "unit",
    "sector",
    "status",
    "portal_state",
    "effective_receipt",
    "statutory_due_at",
    "commitment_due_at",
    "first_due_at",
    "appointed_at",
    "lapses_at",
    "provisional",
    "halted_at",
    "apologised_at",
    "closed_as",
    "outcome",
    "overdue",
    "late_working_days",
    "supplements",
    "reappointments",
    "reason",
    "findings",
    "allowed_acts",
    "version",
];

/// An act on a dossier.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Act)]
pub struct ActBody {
    /// What is done.
    pub(super) act: ActKind,
    /// When it happened; now, if nothing is said.
    #[serde(default)]
    at: Option<When>,
    /// Why; `request_supplement` (what is missing), `pause`, `apologise`, `refuse`, `stop` and `correct` need it.
    #[serde(default)]
    reason: Option<String>,
    /// With `apologise`: the new appointment.
    #[serde(default)]
    appointed_at: Option<When>,
    /// With `pause`: the legal ground.
    #[serde(default)]
    ground: Option<String>,
    /// With `correct`: what is put right.
    #[serde(default)]
    changes: Option<ChangesBody>,
}

/// What a correction puts right. A field that is left out stays; null takes away what may be absent.
///
/// After the closing, and for what the due date rests on once it has lapsed, a leader has to correct. `received_at`, `procedure` and `channel` give
/// the dates that follow from them, and `due_at` can only be made earlier; all four only while nothing has moved the due date.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[schema(as = Changes)]
pub struct ChangesBody {
    /// How it came in.
    #[serde(default)]
    channel: Option<Channel>,
    /// What was asked for.
    #[serde(default)]
    procedure: Option<String>,
    /// When it was handed in.
    #[serde(default)]
    received_at: Option<When>,
    /// What was promised.
    #[serde(default)]
    due_at: Option<When>,
    /// When it was closed.
    #[serde(default)]
    closed_at: Option<When>,
    /// When the citizen took the result.
    #[serde(default)]
    returned_at: Option<When>,
    /// The officer in charge.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    officer: Option<Option<Shown>>,
    /// Free text.
    #[serde(default, deserialize_with = "said")]
    note: Option<Option<String>>,
    /// The person who handed it in.
    #[serde(default)]
    applicant: Option<PersonBody>,
    #[serde(flatten)]
    #[schema(ignore)]
    other: Map<String, Value>,
}

/// What is put right of the person who handed a dossier in.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ApplicantChanges)]
pub struct PersonBody {
    /// Full name.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    name: Option<Shown>,
    /// Telephone.
    #[serde(default, deserialize_with = "said")]
    phone: Option<Option<String>>,
    /// E-mail address.
    #[serde(default, deserialize_with = "said")]
    email: Option<Option<String>>,
    /// Postal address.
    #[serde(default, deserialize_with = "said")]
    address: Option<Option<String>>,
}

/// A field that was given, be it as null.
fn said<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

impl ChangesBody {
    fn parsed(self) -> Result<Correction, AppError> {
        let faults: Vec<Invalid> = self
            .other
            .keys()
            .map(|name| {
                let known = FIXED.contains(&name.as_str());
                let fault = if known { Fault::NotCorrectable } else { Fault::UnknownField };
                Invalid::new(format!("changes.{name}"), fault)
            })
            .collect();
        if !faults.is_empty() {
            return Err(AppError::Invalid(faults));
        }
        let applicant = self.applicant.unwrap_or_default();
        let person = PersonChanges {
            name: applicant.name.map(|name| name.0),
            phone: applicant.phone,
            email: applicant.email,
            address: applicant.address,
            note: self.note,
        };
        let dossier = Changes {
            channel: self.channel,
            procedure: self.procedure,
            received_at: self.received_at.map(|at| at.0),
            due_at: self.due_at.map(|at| at.0),
            closed_at: self.closed_at.map(|at| at.0),
            returned_at: self.returned_at.map(|at| at.0),
            officer: self.officer.map(|officer| officer.map(|officer| officer.0)),
            personal: person != PersonChanges::default(),
        };
        Ok(Correction { dossier, person })
    }
}

impl ActBody {
    /// The act on the dossier `code`, on whatever version stands.
    ///
    /// # Errors
    /// [`AppError::Invalid`] naming each field that may not be corrected.
    pub(super) fn parsed(
        self,
        code: String,
        idempotency: Option<(String, String)>,
    ) -> Result<ActRequest, AppError> {
        Ok(ActRequest {
            at: self.at.map(|at| at.0),
            reason: self.reason,
            ground: self.ground,
            appointed_at: self.appointed_at.map(|at| at.0),
            changes: self.changes.map(ChangesBody::parsed).transpose()?,
            idempotency,
            ..ActRequest::of(code, self.act)
        })
    }
}

/// Acts on a dossier. `If-Match` carries the `ETag` that was read (or several), or `*`.
///
/// With an `Idempotency-Key` the same act sent again is answered with the first answer, whatever became of the dossier since.
#[utoipa::path(tag = "dossiers",
    params(("code" = String, Path), ("If-Match" = String, Header), ("Idempotency-Key" = Option<String>, Header)),
    request_body = ActBody, responses(
    (status = 200, body = DossierView, headers(("ETag" = String))),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
    (status = 409, description = "`allowed_acts` names what may be done", body = ProblemView, content_type = "application/problem+json"),
    (status = 412, body = ProblemView, content_type = "application/problem+json"),
    (status = 422, body = ProblemView, content_type = "application/problem+json"),
    (status = 428, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/dossiers/{code}/acts")]
async fn act(
    request: HttpRequest,
    (app, in_flight): (web::Data<App>, web::Data<InFlight>),
    (signed, language): (Signed, Language),
    (code, _params): (Code, Params<NoParams>),
    body: Kept<ActBody>,
) -> Result<HttpResponse, Problem> {
    let tags = Tags::of_request(request.headers())?;
    let key = idempotency::key_of(&request, &body.bytes)?;
    let flight = key.as_ref().map(|(key, _)| in_flight.enter(signed.0.user_id, key)).transpose()?;
    let mut asked = body.value.parsed(code.0, key)?;
    asked.expected_version = match tags {
        Tags::Any => None,
        Tags::One(version) => Some(version),
        Tags::Several(versions) => {
            // The writer compares with one: the one that stands now, if it is among them.
            let stands =
                dossiers::find(&app, asked.code.clone(), signed.0.clone(), language.0).await?.version;
            versions.iter().copied().find(|of| *of == stands).or(versions.first().copied())
        }
    };
    let answer = dossiers::act(&app, asked, Some(signed.0), language.0).await?;
    drop(flight);
    Ok(HttpResponse::Ok()
        .insert_header((ETAG, etag(answer.version)))
        .content_type("application/json")
        .body(answer.body))
}
