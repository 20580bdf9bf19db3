//! `/counter`: logging a dossier in seconds. What is typed shows at once what would be promised; nothing typed is lost, and a form sent twice is
//! taken once.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Query, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;

use super::super::fault::{Faults, PageError};
use super::super::form::Posted;
use super::super::frame::{Frame, Tab, draw, draw_as, go_on};
use super::super::visitor::Visitor;
use super::counter_form::Typed;
use super::counter_logged;
use super::counter_preview::Preview;
use super::counter_procedures::{Choice, Line};
use crate::app::access::Right;
use crate::app::reception::{self, MOST_COPIES, OpenUnit};
use crate::app::{App, AppError, Fault, Invalid};
use crate::domain::dossier::Channel;
use crate::text::pages::{CounterWords, channel, counter_words};

/// The fields beside which a fault is told.
const PLACED: [&str; 11] = [
    "unit",
    "procedure",
    "case",
    "applicant.name",
    "applicant.phone",
    "applicant.email",
    "applicant.address",
    "note",
    "copies",
    "due_at",
    "reason",
];
/// Those of them that are folded away.
const FOLDED: [&str; 3] = ["applicant.email", "applicant.address", "note"];

/// More units than this are not offered as a list; their code is typed.
const MOST_UNITS: usize = 200;

pub(in crate::web) fn configure(config: &mut ServiceConfig) {
    config.service(open).service(send).service(redraw);
}

/// Where the next dossier is logged: for a unit other than one's own, of a procedure.
pub(super) fn address(unit: Option<&str>, procedure: Option<&str>) -> String {
    let named = [("unit", unit), ("procedure", procedure)];
    let given: Vec<(&str, &str)> = named.into_iter().filter_map(|(name, of)| Some((name, of?))).collect();
    let query = serde_urlencoded::to_string(given).unwrap_or_default();
    if query.is_empty() { "/counter".to_owned() } else { format!("/counter?{query}") }
}

#[derive(Template)]
#[template(path = "counter.html", config = "src/web/askama.toml")]
struct CounterHtml<'a> {
    frame: &'a Frame,
    w: &'static CounterWords,
    form_token: &'a str,
    typed: &'a Typed,
    faults: &'a Faults,
    /// Those to choose from; none where there is no choice.
    units: Vec<OpenUnit>,
    /// Whether there are too many units for a list.
    unit_typed: bool,
    /// Procedures to choose from, after words were looked for.
    found: &'a [Line],
    cases: &'a [String],
    channels: Vec<(&'static str, &'static str)>,
    most_copies: u32,
    preview: &'a Preview,
    /// Whether something was looked for and not found.
    none_found: bool,
    /// The fields beside which a fault is told.
    placed: &'static [&'static str],
    /// The field to begin with.
    focus: &'static str,
    /// Whether the rarer fields are open.
    more: bool,
}

#[derive(Template)]
#[template(path = "counter_part.html", config = "src/web/askama.toml")]
struct PartHtml<'a> {
    w: &'static CounterWords,
    typed: &'a Typed,
    faults: &'a Faults,
    cases: &'a [String],
    preview: &'a Preview,
}

#[derive(Deserialize)]
struct Begun {
    #[serde(default)]
    unit: String,
    #[serde(default)]
    procedure: String,
}

#[get("/counter")]
async fn open(app: Data<App>, visitor: Visitor, begun: Query<Begun>) -> Result<HttpResponse, PageError> {
    visitor.must(Right::Handle)?;
    let unit = if begun.unit.is_empty() { &visitor.by.unit } else { &begun.unit };
    let typed = Typed::fresh(unit, &begun.procedure)?;
    Page { app: &app, visitor: &visitor, typed, faults: Faults::default(), status: StatusCode::OK }
        .draw()
        .await
}

#[post("/counter")]
async fn send(app: Data<App>, posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { visitor, form } = posted;
    visitor.must(Right::Handle)?;
    let mut typed = Typed::of(&form, &visitor.by.unit)?;
    if form.text("step") == "log" {
        return log(&app, &visitor, typed).await;
    }
    if form.has("take") {
        typed.promise_nothing();
    }
    Page { app: &app, visitor: &visitor, typed, faults: Faults::default(), status: StatusCode::OK }
        .draw()
        .await
}

/// The part of the page that changes with what is typed.
#[post("/counter/preview")]
async fn redraw(app: Data<App>, posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { visitor, form } = posted;
    visitor.must(Right::Handle)?;
    let mut typed = Typed::of(&form, &visitor.by.unit)?;
    let choice = Choice::of(&app, &visitor, &mut typed).await?;
    choice.forget_case(&mut typed);
    let preview = Preview::of(&app, &visitor, &typed).await?;
    let w = counter_words(visitor.lang);
    draw(&PartHtml { w, typed: &typed, faults: &Faults::default(), cases: choice.cases(), preview: &preview })
}

async fn log(app: &App, visitor: &Visitor, mut typed: Typed) -> Result<HttpResponse, PageError> {
    Choice::of(app, visitor, &mut typed).await?;
    let (reception, mut faults) = typed.reception();
    faults.extend(reception::faults(&reception));
    if typed.procedure.is_empty() {
        faults.push(Invalid::new("procedure", Fault::Required));
    }
    let result = match faults.is_empty() {
        true => reception::log(app, reception, &visitor.by, visitor.lang).await,
        false => Err(AppError::Invalid(faults)),
    };
    let (status, faults) = match result {
        Ok(codes) => return Ok(go_on(&counter_logged::address(&codes))),
        Err(AppError::IdempotencyMismatch) => {
            typed.key = reception::fresh_key()?;
            (StatusCode::CONFLICT, Faults::whole(counter_words(visitor.lang).sent_before))
        }
        Err(AppError::PreconditionFailed) => {
            (StatusCode::CONFLICT, Faults::whole(counter_words(visitor.lang).due_changed))
        }
        Err(error) => (StatusCode::BAD_REQUEST, Faults::of(visitor.lang, error)?),
    };
    Page { app, visitor, typed, faults, status }.draw().await
}

/// The page about to be drawn.
struct Page<'a> {
    app: &'a App,
    visitor: &'a Visitor,
    typed: Typed,
    faults: Faults,
    status: StatusCode,
}

impl Page<'_> {
    async fn draw(self) -> Result<HttpResponse, PageError> {
        let Page { app, visitor, mut typed, faults, status } = self;
        let (lang, w) = (visitor.lang, counter_words(visitor.lang));
        let choice = Choice::of(app, visitor, &mut typed).await?;
        if status == StatusCode::OK {
            choice.forget_case(&mut typed);
        }
        let preview = Preview::of(app, visitor, &typed).await?;
        let mut units = reception::open_units(app, &visitor.by).await?;
        let unit_typed = units.len() > MOST_UNITS;
        if unit_typed || units.len() == 1 {
            units.clear();
        }
        let page = CounterHtml {
            frame: &visitor.frame(Tab::Counter, w.title),
            w,
            form_token: &visitor.form_token,
            typed: &typed,
            faults: &faults,
            units,
            unit_typed,
            found: &choice.lines,
            cases: choice.cases(),
            channels: Channel::ALL.iter().map(|of| (of.word(), channel(lang, of.word()))).collect(),
            most_copies: MOST_COPIES,
            preview: &preview,
            none_found: choice.none_found,
            placed: &PLACED,
            focus: focus(&typed, &faults, !choice.lines.is_empty()),
            more: typed.tells_more() || FOLDED.iter().any(|name| faults.at(name).is_some()),
        };
        draw_as(status, &page)
    }
}

/// Where the cursor stands first: where something has to be put right, or typed next.
fn focus(typed: &Typed, faults: &Faults, found: bool) -> &'static str {
    match (typed.procedure.is_empty(), found) {
        (true, true) => "found",
        (true, false) => "q",
        (false, _) if typed.name.is_empty() || faults.at("applicant.name").is_some() => "name",
        (false, _) => "",
    }
}
