//! What a visitor is shown when a page cannot be had, or a form not be taken. The sentences of refusals are the API's own.
//!
//! [`render`] draws it, for only there the reader's language is known wherever the refusal came from.

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{ACCEPT, LOCATION};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{HttpRequest, HttpResponse, ResponseError};

use super::form::Form;
use super::frame::{Frame, Tab, draw_as, go_on};
use super::pages::sign_in;
use super::visitor::{Reader, language_of, recognise};
use crate::api::problem::Problem;
use crate::app::AppError;
use crate::text::Lang;
use crate::text::pages::{FaultWords, fault_words};

/// Why a page is not shown, or a form not taken.
#[derive(Debug)]
pub(super) enum PageError {
    /// The visitor has to sign in first.
    SignIn,
    /// The visitor's session ended before this form was sent.
    Expired(Form),
    /// The form does not come from a page of ours.
    Forged,
    /// The form is larger than forms are.
    TooLarge,
    /// No such page.
    NoSuchPage,
    /// A verb was not carried out.
    Problem(Problem),
}

impl From<AppError> for PageError {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Unauthenticated => PageError::SignIn,
            error => PageError::Problem(Problem::App(error)),
        }
    }
}

impl From<askama::Error> for PageError {
    fn from(error: askama::Error) -> Self {
        AppError::Internal(error.to_string()).into()
    }
}

impl std::fmt::Display for PageError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            PageError::Problem(problem) => write!(f, "{problem}"),
            PageError::SignIn => f.write_str("not signed in"),
            PageError::Expired(_) => f.write_str("the session is over"),
            PageError::Forged => f.write_str("a form of elsewhere"),
            PageError::TooLarge => f.write_str("the form is too large"),
            PageError::NoSuchPage => f.write_str("no such page"),
        }
    }
}

impl ResponseError for PageError {
    fn status_code(&self) -> StatusCode {
        match self {
            PageError::SignIn | PageError::Expired(_) => StatusCode::UNAUTHORIZED,
            PageError::Forged => StatusCode::FORBIDDEN,
            PageError::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            PageError::NoSuchPage => StatusCode::NOT_FOUND,
            PageError::Problem(problem) => problem.status_code(),
        }
    }

    fn error_response(&self) -> HttpResponse<BoxBody> {
        HttpResponse::new(self.status_code())
    }
}

#[derive(askama::Template)]
#[template(path = "fault.html", config = "src/web/askama.toml")]
struct Html<'a> {
    frame: &'a Frame,
    w: &'static FaultWords,
    said: String,
    reasons: Vec<String>,
}

/// Where no page is: a page that says so for readers, the API's problem for programs.
pub(crate) async fn nowhere(request: HttpRequest) -> Result<HttpResponse, actix_web::Error> {
    let wished = request.headers().get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if wished.contains("text/html") && !request.path().starts_with("/api/") {
        return page_above(&request).map(go_on).ok_or_else(|| PageError::NoSuchPage.into());
    }
    Err(crate::api::nowhere(&request).into())
}

/// Forms go to addresses below their page, where nothing is to be looked at: who changes the language on what such a form answered, or comes back by its address, is led
/// to the page.
fn page_above(request: &HttpRequest) -> Option<&str> {
    let map = request.resource_map();
    let mut at = request.path();
    if request.method() != Method::GET || !map.has_resource(at) {
        return None;
    }
    loop {
        (at, _) = at.rsplit_once('/')?;
        if map.has_resource(at) {
            return Some(at);
        }
    }
}

/// Middleware: draws refusals as pages, in the reader's language.
pub(super) async fn render<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    let answer = next.call(request).await?;
    let Some(fault) = answer.response().error().and_then(|error| error.as_error::<PageError>()) else {
        return Ok(answer.map_into_left_body());
    };
    let drawn = drawn(answer.request(), fault).await;
    let response = drawn.unwrap_or_else(|error| {
        tracing::error!(%error, "a refusal could not be drawn");
        HttpResponse::InternalServerError().finish()
    });
    let (request, _) = answer.into_parts();
    Ok(ServiceResponse::new(request, response).map_into_right_body())
}

async fn drawn(request: &HttpRequest, fault: &PageError) -> Result<HttpResponse, PageError> {
    let lang = language_of(request);
    match fault {
        PageError::SignIn if request.method() == Method::GET => {
            let at = request.uri().path_and_query().map_or("/", |of| of.as_str());
            return Ok(HttpResponse::SeeOther()
                .insert_header((LOCATION, sign_in::address(at)))
                .insert_header(super::frame::NOT_KEPT)
                .finish());
        }
        PageError::SignIn => return sign_in::again(request, lang, &Form::default()),
        PageError::Expired(form) => return sign_in::again(request, lang, form),
        PageError::Problem(problem) => problem.log(),
        _ => {}
    }
    // With the database away nobody can be recognised; the page is drawn as for anybody then.
    let visitor = recognise(request).await.unwrap_or(None);
    let reader = Reader { lang, at: "/".to_owned(), visitor };
    page(&reader, fault)
}

fn page(reader: &Reader, fault: &PageError) -> Result<HttpResponse, PageError> {
    let (lang, w) = (reader.lang, fault_words(reader.lang));
    let (status, title, said, reasons) = match fault {
        PageError::Problem(problem) => told(lang, problem),
        PageError::Forged => {
            (fault.status_code(), w.forged_title.to_owned(), w.forged.to_owned(), Vec::new())
        }
        PageError::TooLarge => {
            (fault.status_code(), w.too_large_title.to_owned(), w.too_large.to_owned(), Vec::new())
        }
        PageError::SignIn | PageError::Expired(_) | PageError::NoSuchPage => {
            (StatusCode::NOT_FOUND, w.nowhere_title.to_owned(), w.nowhere.to_owned(), Vec::new())
        }
    };
    let frame = Frame::of(reader, Tab::None, title);
    draw_as(status, &Html { frame: &frame, w, said, reasons })
}

fn told(lang: Lang, problem: &Problem) -> (StatusCode, String, String, Vec<String>) {
    let view = problem.view(lang, None);
    let status = StatusCode::from_u16(view.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let reasons = view.invalid_params.into_iter().map(|of| format!("{}: {}", of.name, of.reason)).collect();
    (status, view.title, view.detail, reasons)
}

/// What is wrong with a form, by field, for drawing the form again.
#[derive(Debug, Default)]
pub(super) struct Faults {
    named: Vec<(String, String)>,
    /// What is wrong with the whole, where it is no matter of one field.
    whole: Option<String>,
    /// As what it is answered; 0 for a form that cannot be read as it is.
    status: u16,
}

impl Faults {
    /// What the visitor can put right in the form; other troubles are no matter of a form.
    ///
    /// # Errors
    /// Those troubles.
    pub(super) fn of(lang: Lang, error: AppError) -> Result<Faults, PageError> {
        match &error {
            AppError::Unauthenticated
            | AppError::Forbidden
            | AppError::NotFound(_)
            | AppError::Unavailable(_)
            | AppError::SchedulerStopped
            | AppError::Internal(_) => return Err(error.into()),
            _ => {}
        }
        let sent_before = matches!(error, AppError::IdempotencyMismatch);
        let view = Problem::App(error).view(lang, None);
        if sent_before {
            return Ok(Faults { status: view.status, ..Faults::whole(fault_words(lang).sent_before) });
        }
        let named: Vec<_> = view.invalid_params.into_iter().map(|of| (of.name, of.reason)).collect();
        let whole = named.is_empty().then_some(view.detail);
        Ok(Faults { named, whole, status: view.status })
    }

    /// One field, one sentence of the page's own.
    pub(super) fn one(name: &str, said: &str) -> Faults {
        Faults { named: vec![(name.to_owned(), said.to_owned())], ..Faults::default() }
    }

    /// Something about the whole form.
    pub(super) fn whole(said: &str) -> Faults {
        Faults { whole: Some(said.to_owned()), ..Faults::default() }
    }

    /// The same, where faults of a list's items (`people[2]`) belong to the one field that holds them all (`people`).
    #[must_use]
    pub(super) fn gathered(mut self) -> Faults {
        for (name, _) in &mut self.named {
            name.truncate(name.find('[').unwrap_or(name.len()));
        }
        self
    }

    /// The same, where the verb names fields below another (`commitment.decision`) than the form does.
    #[must_use]
    pub(super) fn below(mut self, prefix: &str) -> Faults {
        for (name, _) in &mut self.named {
            if let Some(rest) = name.strip_prefix(prefix) {
                *name = rest.to_owned();
            }
        }
        self
    }

    /// The same, with other names for the fields.
    #[must_use]
    pub(super) fn named(mut self, name: impl Fn(&str) -> String) -> Faults {
        for (of, _) in &mut self.named {
            *of = name(of);
        }
        self
    }

    /// As what the form is answered.
    pub(super) fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST)
    }

    /// What is wrong with a field.
    pub(super) fn at(&self, name: &str) -> Option<&str> {
        self.named.iter().find(|(of, _)| of == name).map(|(_, said)| said.as_str())
    }

    /// What is wrong with fields that the page has no place for; to be shown above the form.
    pub(super) fn beside(&self, shown: &[&str]) -> Vec<String> {
        self.apart(|name| shown.contains(&name))
    }

    /// Every sentence, without the names of fields; for where it is plain what is meant.
    pub(super) fn said(&self) -> Vec<String> {
        self.whole.iter().chain(self.named.iter().map(|(_, said)| said)).cloned().collect()
    }

    /// What is wrong with fields whose names begin so.
    pub(super) fn under(&self, prefix: &str) -> Vec<&str> {
        let of = self.named.iter().filter(|(name, _)| name.starts_with(prefix));
        of.map(|(_, said)| said.as_str()).collect()
    }

    /// As [`Faults::beside`], where a rule says which fields the page has a place for.
    pub(super) fn apart(&self, shown: impl Fn(&str) -> bool) -> Vec<String> {
        let strange = self.named.iter().filter(|(name, _)| !shown(name));
        self.whole.iter().cloned().chain(strange.map(|(name, said)| format!("{name}: {said}"))).collect()
    }

    /// Whether anything is wrong.
    pub(super) fn any(&self) -> bool {
        self.whole.is_some() || !self.named.is_empty()
    }
}
