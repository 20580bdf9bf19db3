//! Every refusal as `application/problem+json` (RFC 9457), from one table.
//!
//! Handlers answer a [`Problem`]; the middleware `render` puts it into the reader's language and adds the address.
//! What went wrong inside is logged here and never told.

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use utoipa::ToSchema;

use super::extract::language_of;
use crate::app::{AppError, Fault, Invalid};
use crate::domain::act::{ActKind, Refusal};
use crate::text::problems::{self, ProblemCode};
use crate::text::{Lang, problems::ProblemCode as Code, replays};

/// Seconds after which a client may try again when the database is away.
const RETRY_AFTER_OUTAGE: &str = "5";
/// Seconds after which the passwords that wait now have been checked. The same for everybody: it tells nothing of an account.
const RETRY_AFTER_CROWD: &str = "5";
/// Seconds after which a request with the same key is likely to be done.
const RETRY_AFTER_FLIGHT: &str = "1";

/// Why a request is refused.
#[derive(Debug)]
pub enum Problem {
    /// A verb of the system was not carried out.
    App(AppError),
    /// The body is no JSON; where it ceases to be.
    MalformedJson {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// The body is no UTF-8.
    InvalidUtf8,
    /// No such address.
    UnknownAddress,
    /// The address takes only these methods, as the header `Allow` writes them.
    MethodNotAllowed(String),
    /// A row good in itself, of which all had to be.
    NotStored,
    /// The body is larger than so many bytes.
    PayloadTooLarge(usize),
    /// The body's media type is none of these.
    UnsupportedMediaType(&'static str),
    /// The body is compressed.
    UnsupportedEncoding,
}

impl Problem {
    /// One field, one fault.
    pub fn invalid(name: impl Into<String>, fault: Fault) -> Problem {
        Problem::App(AppError::invalid(name, fault))
    }

    /// The table: which code and status each refusal has.
    fn judged(&self) -> (ProblemCode, StatusCode) {
        match self {
            Problem::App(error) => judged(error),
            Problem::MalformedJson { .. } => (Code::MalformedJson, StatusCode::BAD_REQUEST),
            Problem::InvalidUtf8 => (Code::InvalidUtf8, StatusCode::BAD_REQUEST),
            Problem::UnknownAddress => (Code::UnknownAddress, StatusCode::NOT_FOUND),
            Problem::MethodNotAllowed(_) => (Code::MethodNotAllowed, StatusCode::METHOD_NOT_ALLOWED),
            Problem::NotStored => (Code::NotStored, StatusCode::FAILED_DEPENDENCY),
            Problem::PayloadTooLarge(_) => (Code::PayloadTooLarge, StatusCode::PAYLOAD_TOO_LARGE),
            Problem::UnsupportedMediaType(_) | Problem::UnsupportedEncoding => {
                (Code::UnsupportedMediaType, StatusCode::UNSUPPORTED_MEDIA_TYPE)
            }
        }
    }

    /// The problem as JSON, in the reader's language. `instance` is the address asked for.
    pub fn view(&self, lang: Lang, instance: Option<&str>) -> ProblemView {
        let (code, status) = self.judged();
        ProblemView {
            r#type: format!("urn:hentra:problem:{code}"),
            title: problems::title(lang, code).to_owned(),
            status: status.as_u16(),
            detail: self.detail(lang, code),
            instance: instance.map(ToOwned::to_owned),
            code,
            invalid_params: self.invalid_params(lang),
            allowed_acts: match self {
                Problem::App(AppError::Refused(Refusal::NotAllowed { allowed, .. })) => Some(allowed.clone()),
                _ => None,
            },
        }
    }

    fn detail(&self, lang: Lang, code: ProblemCode) -> String {
        let sentence = problems::detail(lang, code);
        match self {
            Problem::MalformedJson { line, column } => {
                format!("{sentence} {}", problems::place(lang, *line, *column))
            }
            Problem::PayloadTooLarge(most) => format!("{sentence} {}", problems::at_most_bytes(lang, *most)),
            Problem::UnsupportedMediaType(taken) => format!("{sentence} {}", problems::taken(lang, taken)),
            Problem::UnsupportedEncoding => problems::only_plain(lang).to_owned(),
            Problem::App(AppError::NotReplayable(why)) => replays::reason(lang, *why).to_owned(),
            Problem::App(_)
            | Problem::InvalidUtf8
            | Problem::NotStored
            | Problem::UnknownAddress
            | Problem::MethodNotAllowed(_) => sentence.to_owned(),
        }
    }

    fn invalid_params(&self, lang: Lang) -> Vec<InvalidParam> {
        let param = |of: &Invalid| InvalidParam {
            name: of.name.clone(),
            code: of.fault,
            reason: problems::reason(lang, of.fault, &of.allowed),
        };
        match self {
            Problem::App(AppError::Invalid(all)) => all.iter().map(param).collect(),
            _ => Vec::new(),
        }
    }

    fn respond(&self, lang: Lang, instance: Option<&str>) -> HttpResponse {
        let (code, status) = self.judged();
        let mut response = HttpResponse::build(status);
        response.insert_header((header::CONTENT_TYPE, "application/problem+json"));
        response.insert_header((header::CONTENT_LANGUAGE, lang.tag()));
        match self {
            Problem::App(AppError::Unauthenticated | AppError::SignInFailed) => {
                response.insert_header((header::WWW_AUTHENTICATE, "Bearer realm=\"hentra\""));
            }
            Problem::App(AppError::Unavailable(_)) => {
                response.insert_header((header::RETRY_AFTER, RETRY_AFTER_OUTAGE));
            }
            Problem::App(AppError::Busy) => {
                response.insert_header((header::RETRY_AFTER, RETRY_AFTER_CROWD));
            }
            Problem::App(AppError::IdempotencyInFlight) => {
                response.insert_header((header::RETRY_AFTER, RETRY_AFTER_FLIGHT));
            }
            Problem::UnsupportedEncoding => {
                response.insert_header((header::ACCEPT_ENCODING, "identity"));
            }
            Problem::MethodNotAllowed(allowed) => {
                response.insert_header((header::ALLOW, allowed.as_str()));
            }
            _ => {}
        }
        let view = self.view(lang, instance);
        match serde_json::to_string(&view) {
            Ok(body) => response.body(body),
            Err(error) => {
                tracing::error!(%error, problem = %code, "a problem could not be written as JSON");
                response.finish()
            }
        }
    }

    /// Inner troubles go to the log, where the client's refusals are not worth a line.
    pub(crate) fn log(&self) {
        match self {
            Problem::App(AppError::Internal(why)) => tracing::error!(%why, "internal error"),
            Problem::App(AppError::Unavailable(why)) => tracing::warn!(%why, "the database is away"),
            Problem::App(AppError::SchedulerStopped) => tracing::error!("the scheduler has stopped"),
            _ => {}
        }
    }
}

fn judged(error: &AppError) -> (ProblemCode, StatusCode) {
    match error {
        AppError::Invalid(_) | AppError::Refused(Refusal::Field { .. }) => {
            (Code::InvalidRequest, StatusCode::BAD_REQUEST)
        }
        AppError::Unauthenticated => (Code::Unauthenticated, StatusCode::UNAUTHORIZED),
        AppError::SignInFailed => (Code::SignInFailed, StatusCode::UNAUTHORIZED),
        AppError::Busy => (Code::TooManyRequests, StatusCode::TOO_MANY_REQUESTS),
        AppError::LastAdministrator => (Code::LastAdministrator, StatusCode::CONFLICT),
        AppError::UserInactive => (Code::UserInactive, StatusCode::CONFLICT),
        AppError::Forbidden => (Code::Forbidden, StatusCode::FORBIDDEN),
        AppError::NotFound(_) => (Code::NotFound, StatusCode::NOT_FOUND),
        AppError::Refused(Refusal::NotAllowed { .. }) => (Code::ActNotAllowed, StatusCode::CONFLICT),
        AppError::Refused(Refusal::BeforeLastAct { .. }) => (Code::ActOutOfOrder, StatusCode::CONFLICT),
        AppError::CodeTaken(_) => (Code::CodeTaken, StatusCode::CONFLICT),
        AppError::InUse => (Code::InUse, StatusCode::CONFLICT),
        AppError::PreconditionRequired => (Code::PreconditionRequired, StatusCode::PRECONDITION_REQUIRED),
        AppError::PreconditionFailed => (Code::PreconditionFailed, StatusCode::PRECONDITION_FAILED),
        AppError::IdempotencyMismatch => (Code::IdempotencyKeyReused, StatusCode::UNPROCESSABLE_ENTITY),
        AppError::IdempotencyInFlight => (Code::IdempotencyKeyInFlight, StatusCode::CONFLICT),
        AppError::Unavailable(_) => (Code::Unavailable, StatusCode::SERVICE_UNAVAILABLE),
        AppError::SchedulerStopped => (Code::SchedulerStopped, StatusCode::SERVICE_UNAVAILABLE),
        AppError::NotReplayable(_) => (Code::NotReplayable, StatusCode::CONFLICT),
        AppError::Internal(_) => (Code::Internal, StatusCode::INTERNAL_SERVER_ERROR),
    }
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        Problem::App(error)
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.judged().0)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.judged().1
    }

    fn error_response(&self) -> HttpResponse<BoxBody> {
        self.respond(Lang::default(), None)
    }
}

/// A refusal (RFC 9457).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProblemView {
    /// The kind of problem: `urn:hentra:problem:` and its code.
    pub r#type: String,
    /// The kind in a few words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What to do about it.
    pub detail: String,
    /// The address asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// The kind's stable word.
    pub code: ProblemCode,
    /// Each wrong field or parameter.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub invalid_params: Vec<InvalidParam>,
    /// With `act_not_allowed`: the acts that the dossier's state allows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_acts: Option<Vec<ActKind>>,
}

/// A wrong field or parameter.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct InvalidParam {
    /// Its name (`applicant.name`, `due_at__lt`); `body` for the body as a whole.
    pub name: String,
    /// What is wrong, as a stable word.
    pub code: Fault,
    /// What is wrong, as a sentence.
    pub reason: String,
}

/// Middleware: answers problems in the reader's language, naming the address; refusals of the framework itself become problems too.
pub(crate) async fn render<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    let lang = language_of(request.headers());
    let answer = next.call(request).await?;
    let Some(error) = answer.response().error() else { return Ok(answer.map_into_left_body()) };
    let instance = answer.request().path().to_owned();
    let response = match error.as_error::<Problem>() {
        Some(problem) => {
            problem.log();
            problem.respond(lang, Some(&instance))
        }
        None => {
            let problem = translated(error);
            problem.log();
            problem.respond(lang, Some(&instance))
        }
    };
    let (request, _) = answer.into_parts();
    Ok(ServiceResponse::new(request, response).map_into_right_body())
}

/// A refusal that the framework made before a handler was reached.
fn translated(error: &actix_web::Error) -> Problem {
    match error.as_response_error().status_code() {
        StatusCode::NOT_FOUND => Problem::UnknownAddress,
        status if status.is_client_error() => Problem::invalid("request", Fault::Malformed),
        _ => Problem::App(AppError::Internal(error.to_string())),
    }
}
