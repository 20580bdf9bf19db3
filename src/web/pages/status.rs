//! `/status`: where a dossier stands, for anybody who has its code. The code on a receipt leads here.

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue, RETRY_AFTER};
use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;

use super::super::client::asker;
use super::super::fault::PageError;
use super::super::form::Form;
use super::super::frame::{Frame, Tab, draw_as};
use super::super::visitor::Reader;
use crate::app::public_status::{Looked, PublicStatus, look_up};
use crate::app::{App, AppError, Fault};
use crate::domain::office_time::local_date;
use crate::domain::public_state::PublicState;
use crate::text::Lang;
use crate::text::pages::open::{self as words, StatusWords, status_words};

const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");

pub(in crate::web) fn configure(config: &mut ServiceConfig) {
    config.service(status);
}

#[derive(Template)]
#[template(path = "status.html", config = "src/web/askama.toml")]
struct StatusHtml<'a> {
    frame: &'a Frame,
    w: &'static StatusWords,
    code: &'a str,
    fault: Option<&'static str>,
    /// What came of it, where it is not the dossier: a title and a sentence.
    instead: Option<(&'static str, String)>,
    found: Option<Shown>,
}

/// A dossier, in words.
struct Shown {
    of: PublicStatus,
    class: &'static str,
    sign: &'static str,
    state: &'static str,
    what_to_do: &'static str,
    /// The day, and until when on it.
    appointment: Option<(String, String)>,
    facts: Vec<(&'static str, String)>,
}

#[get("/status")]
async fn status(request: HttpRequest, app: Data<App>, reader: Reader) -> Result<HttpResponse, PageError> {
    let malformed = || AppError::invalid("code", Fault::Malformed);
    let form = Form::parse(request.query_string().as_bytes()).ok_or_else(malformed)?;
    let (lang, code) = (reader.lang, form.text("code"));
    let w = status_words(lang);
    let frame = Frame::of(&reader, Tab::None, w.title);
    let mut page = StatusHtml { frame: &frame, w, code, fault: None, instead: None, found: None };
    if code.is_empty() {
        page.fault = form.has("code").then_some(w.empty);
        let status = if form.has("code") { StatusCode::BAD_REQUEST } else { StatusCode::OK };
        return draw_as(status, &page);
    }
    let looked = look_up(&app, code, asker(&request, app.openness().proxies())).await?;
    let (status, wait) = page.take(lang, looked);
    let mut answer = draw_as(status, &page)?;
    // Nobody's search engine keeps where a dossier stood.
    answer.headers_mut().insert(ROBOTS, HeaderValue::from_static("noindex"));
    if let Some(seconds) = wait {
        answer.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    Ok(answer)
}

impl StatusHtml<'_> {
    /// Takes in what came of the look-up; answers the status, and how many seconds to wait if need be.
    fn take(&mut self, lang: Lang, looked: Looked) -> (StatusCode, Option<u64>) {
        let w = self.w;
        match looked {
            Looked::Found(of) => {
                self.found = Some(Shown::new(lang, w, *of));
                (StatusCode::OK, None)
            }
            Looked::Unknown => {
                self.instead = Some((w.unknown_title, w.unknown.to_owned()));
                (StatusCode::NOT_FOUND, None)
            }
            Looked::TooOften(seconds) => {
                self.instead = Some((w.often_title, words::too_often(lang, seconds)));
                (StatusCode::TOO_MANY_REQUESTS, Some(seconds))
            }
        }
    }
}

impl Shown {
    fn new(lang: Lang, w: &StatusWords, of: PublicStatus) -> Shown {
        let (sign, class) = look(of.state);
        let at = |at: crate::app::view::OfficeTime| words::when(lang, at.0);
        let mut facts = vec![
            (w.procedure, of.procedure.clone()),
            (w.unit, of.unit.clone()),
            (w.received, at(of.received_at)),
            (w.promised, at(of.promised_at)),
        ];
        facts.extend(of.moved_to.map(|to| (w.moved, at(to))));
        facts.extend(of.reappointed_to.map(|to| (w.reappointed, at(to))));
        facts.extend(of.closed_at.map(|closed| (w.closed, at(closed))));
        // A day that has passed is no appointment any more.
        let standing = of.appointment.filter(|_| of.state != PublicState::Overdue);
        Shown {
            class,
            sign,
            state: words::state(lang, of.state),
            what_to_do: words::what_to_do(lang, of.state),
            appointment: standing.map(|to| (words::day(lang, local_date(to.0)), words::before(lang, to.0))),
            facts,
            of,
        }
    }
}

/// The sign and the class of the mark.
fn look(of: PublicState) -> (&'static str, &'static str) {
    match of {
        PublicState::Working => ("○", "today"),
        PublicState::Overdue => ("!", "late"),
        PublicState::Reappointed => ("◔", "soon"),
        PublicState::Supplement | PublicState::Paused => ("‖", "soon"),
        PublicState::Ready | PublicState::Returned => ("✓", "good"),
        PublicState::Refused | PublicState::Withdrawn | PublicState::Stopped => ("✕", ""),
    }
}
