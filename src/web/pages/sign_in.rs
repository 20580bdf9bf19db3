//! `/sign-in`, `/sign-out`. Who has to sign in again in the middle of a form finds the form again afterwards.

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue, REFERER};
use actix_web::web::{Data, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;

use super::super::fault::{Faults, PageError};
use super::super::form::{Form, OpenForm, Posted, TOKEN};
use super::super::frame::{Frame, Tab, draw, draw_as, go_on};
use super::super::visitor::{Reader, no_session, session_cookie, within};
use crate::app::access::sessions::{self, Opened};
use crate::app::{App, AppError};
use crate::text::Lang;
use crate::text::pages::{SignInWords, sign_in_words};

/// Where a form kept over a sign-in goes, and its fields' names before each of them.
const KEPT_TO: &str = "kept_to";
const KEPT: &str = "kept.";

pub(in crate::web) fn configure(config: &mut ServiceConfig) {
    config.service(ask).service(sign_in).service(sign_out);
}

/// The address of the sign-in that leads to `at` afterwards.
pub(in crate::web) fn address(at: &str) -> String {
    let query = serde_urlencoded::to_string([("next", at)]).unwrap_or_default();
    if at == "/" { "/sign-in".to_owned() } else { format!("/sign-in?{query}") }
}

#[derive(Template)]
#[template(path = "sign_in.html", config = "src/web/askama.toml")]
struct SignInHtml<'a> {
    frame: &'a Frame,
    w: &'static SignInWords,
    next: &'a str,
    username: &'a str,
    faults: &'a Faults,
    /// A form that waits to be sent, with its fields.
    kept_to: &'a str,
    kept: &'a [(String, String)],
}

#[derive(Template)]
#[template(path = "send_again.html", config = "src/web/askama.toml")]
struct SendAgainHtml<'a> {
    frame: &'a Frame,
    w: &'static SignInWords,
    to: &'a str,
    fields: Vec<(&'a str, &'a str)>,
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    next: String,
}

#[get("/sign-in")]
async fn ask(reader: Reader, asked: Query<Asked>) -> Result<HttpResponse, PageError> {
    if reader.visitor.is_some() {
        return Ok(go_on(within(&asked.next)));
    }
    let w = sign_in_words(reader.lang);
    let frame = Frame::of(&reader, Tab::None, w.title);
    draw(&SignInHtml {
        frame: &frame,
        w,
        next: within(&asked.next),
        username: "",
        faults: &Faults::default(),
        kept_to: "",
        kept: &[],
    })
}

#[post("/sign-in")]
async fn sign_in(
    request: HttpRequest,
    app: Data<App>,
    reader: Reader,
    OpenForm(form): OpenForm,
) -> Result<HttpResponse, PageError> {
    match sessions::sign_in(&app, form.text("username"), form.text("password")).await {
        Ok(opened) => signed_in(&request, &app, reader.lang, &form, opened).await,
        Err(error) => refused(&reader, &form, error),
    }
}

#[post("/sign-out")]
async fn sign_out(request: HttpRequest, app: Data<App>, posted: Posted) -> Result<HttpResponse, PageError> {
    sessions::sign_out(&app, posted.visitor.presented).await?;
    let mut answer = go_on("/sign-in");
    // Without a script, the way back would show the pages that the browser has kept whole.
    answer
        .headers_mut()
        .insert(HeaderName::from_static("clear-site-data"), HeaderValue::from_static("\"cache\""));
    give(&mut answer, no_session(&request))?;
    Ok(answer)
}

/// To where the visitor was going; or to the form that was kept, which only the visitor may send.
async fn signed_in(
    request: &HttpRequest,
    app: &App,
    lang: Lang,
    form: &Form,
    opened: Opened,
) -> Result<HttpResponse, PageError> {
    let to = within(form.text(KEPT_TO)).to_owned();
    let mut answer = if to == "/" {
        go_on(within(form.text("next")))
    } else {
        let presented = sessions::present(app, &opened.token).await?;
        let visitor = super::super::visitor::of_session(app, presented, &opened.token, lang, &to).await?;
        let w = sign_in_words(lang);
        let frame = visitor.frame(Tab::None, w.again_title);
        let fields = form.fields().iter().filter_map(|(name, value)| {
            Some((name.strip_prefix(KEPT).filter(|name| *name != TOKEN)?, value.as_str()))
        });
        draw(&SendAgainHtml { frame: &frame, w, to: &to, fields: fields.collect() })?
    };
    give(&mut answer, session_cookie(request, opened.token))?;
    Ok(answer)
}

fn refused(reader: &Reader, form: &Form, error: AppError) -> Result<HttpResponse, PageError> {
    let w = sign_in_words(reader.lang);
    let busy = matches!(error, AppError::Busy);
    let faults = Faults::of(reader.lang, error)?;
    let kept: Vec<(String, String)> = form
        .fields()
        .iter()
        .filter_map(|(name, value)| Some((name.strip_prefix(KEPT)?.to_owned(), value.clone())))
        .collect();
    let frame = Frame::bare(reader.lang, "/sign-in", w.title.to_owned());
    let page = SignInHtml {
        frame: &frame,
        w,
        next: within(form.text("next")),
        username: form.text("username"),
        faults: &faults,
        kept_to: form.text(KEPT_TO),
        kept: &kept,
    };
    draw_as(if busy { StatusCode::TOO_MANY_REQUESTS } else { StatusCode::UNAUTHORIZED }, &page)
}

/// The sign-in page for somebody whose session ended before `form` was sent; what was typed is kept in it.
pub(in crate::web) fn again(
    request: &HttpRequest,
    lang: Lang,
    form: &Form,
) -> Result<HttpResponse, PageError> {
    let w = sign_in_words(lang);
    let from = request.headers().get(REFERER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let path = from.split_once("://").and_then(|(_, rest)| rest.find('/').and_then(|at| rest.get(at..)));
    let frame = Frame::bare(lang, "/sign-in", w.title.to_owned());
    let faults = Faults::whole(w.expired);
    let page = SignInHtml {
        frame: &frame,
        w,
        next: within(path.unwrap_or("/")),
        username: "",
        faults: &faults,
        kept_to: request.path(),
        kept: form.fields(),
    };
    draw_as(StatusCode::UNAUTHORIZED, &page)
}

fn give(answer: &mut HttpResponse, cookie: actix_web::cookie::Cookie<'static>) -> Result<(), PageError> {
    Ok(answer.add_cookie(&cookie).map_err(|error| AppError::Internal(error.to_string()))?)
}
