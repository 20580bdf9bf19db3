//! `/calculator`: when something handed in would be due, and why; for anybody, and nothing is stored.
//!
//! A form whose fields stand in the address, so that an answer can be kept and passed on. Words that mean several procedures or units are answered with
//! links to each.

use actix_web::http::StatusCode;
use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;
use chrono::{DateTime, Utc};

use super::super::fault::{Faults, PageError};
use super::super::form::Form;
use super::super::frame::{Frame, Tab, draw_as};
use super::super::visitor::Reader;
use crate::app::choices::{self, Choice, Meant};
use crate::app::deadlines::{By, DeadlineView, Question, preview};
use crate::app::transfer_dossiers::read_instant;
use crate::app::{App, AppError, Fault, Invalid};
use crate::domain::deadline::{Limit, LimitError, LimitUnit};
use crate::domain::dossier::Channel;
use crate::domain::office_time;
use crate::text::pages::open::{self as words, CalculatorWords, calculator_words};
use crate::text::{Lang, reports};

/// The fields that have a place on the page for what is wrong with them.
const PLACED: &[&str] = &["received_at", "procedure", "unit", "value"];

pub(in crate::web) fn configure(config: &mut ServiceConfig) {
    config.service(calculator);
}

#[derive(Template)]
#[template(path = "calculator.html", config = "src/web/askama.toml")]
struct CalculatorHtml<'a> {
    frame: &'a Frame,
    w: &'static CalculatorWords,
    form: &'a Form,
    received_at: String,
    units: Vec<Choice>,
    channels: Vec<Opt>,
    limit_units: Vec<Opt>,
    draft: Draft,
}

/// A word to choose.
struct Opt {
    word: &'static str,
    name: &'static str,
    chosen: bool,
}

/// What came of the fields.
#[derive(Default)]
struct Draft {
    faults: Faults,
    /// What the procedure's words may mean, each with its address.
    procedures: Vec<(String, Choice)>,
    /// The same of the unit's.
    units: Vec<(String, Choice)>,
    /// The procedure that is meant.
    procedure: Option<Choice>,
    answer: Option<Answer>,
}

struct Answer {
    day: String,
    before: String,
    /// Law's and commitment's own dates, where the commitment is the earlier one.
    both: Option<(String, String)>,
    view: DeadlineView,
    rows: Vec<Row>,
}

struct Row {
    day: String,
    counts: u32,
    why: String,
    source: String,
}

#[get("/calculator")]
async fn calculator(request: HttpRequest, app: Data<App>, reader: Reader) -> Result<HttpResponse, PageError> {
    let malformed = || AppError::invalid("query", Fault::Malformed);
    let form = Form::parse(request.query_string().as_bytes()).ok_or_else(malformed)?;
    let (lang, now) = (reader.lang, app.clock().now());
    let asked = !form.fields().is_empty();
    let draft = if asked { Draft::of(&app, &form, lang, now).await? } else { Draft::default() };
    let w = calculator_words(lang);
    let frame = Frame::of(&reader, Tab::Calculator, w.title);
    let amiss = draft.faults.any();
    let page = CalculatorHtml {
        frame: &frame,
        w,
        received_at: if asked { form.text("received_at").to_owned() } else { written(now) },
        units: choices::few_units(&app, office_time::local_date(now)).await?,
        channels: channels(lang, form.text("channel")),
        limit_units: limit_units(lang, form.text("limit_unit")),
        form: &form,
        draft,
    };
    draw_as(if amiss { StatusCode::BAD_REQUEST } else { StatusCode::OK }, &page)
}

/// As a browser's field for a date and a time wants it.
fn written(at: DateTime<Utc>) -> String {
    office_time::local(at).format("%Y-%m-%dT%H:%M").to_string()
}

fn channels(lang: Lang, chosen: &str) -> Vec<Opt> {
    let of = |of: &Channel| Opt {
        word: of.word(),
        name: reports::channel(lang, of.word()),
        chosen: of.word() == chosen,
    };
    Channel::ALL.iter().map(of).collect()
}

fn limit_units(lang: Lang, chosen: &str) -> Vec<Opt> {
    let of = |of: &LimitUnit| Opt {
        word: of.word(),
        name: words::limit_unit(lang, *of),
        chosen: of.word() == chosen,
    };
    LimitUnit::ALL.iter().map(of).collect()
}

impl Draft {
    async fn of(app: &App, form: &Form, lang: Lang, now: DateTime<Utc>) -> Result<Draft, PageError> {
        let w = calculator_words(lang);
        let mut draft = Draft::default();
        let received_at = match form.text("received_at") {
            "" => None,
            text => match read_instant(text) {
                Some(at) => Some(at),
                None => return Ok(draft.with("received_at", w.received_wrong)),
            },
        };
        let by_limit = !form.text("value").is_empty() || form.text("limit_unit") == LimitUnit::SameDay.word();
        let by = match (form.text("procedure").is_empty(), by_limit) {
            (false, true) => return Ok(draft.with("value", w.either)),
            (true, false) => return Ok(draft.with("procedure", w.neither)),
            (true, true) => limit(form, w).map(|limit| By::Limit { limit, late_receipt: None }),
            (false, false) => draft.by_procedure(app, form, w, received_at.unwrap_or(now)).await?,
        };
        let question = match by {
            Ok(by) => Question { received_at, by, lang },
            Err((field, said)) => return Ok(draft.with(field, said)),
        };
        match preview(app, question).await {
            Ok(view) => draft.answer = Some(answer(lang, view)),
            Err(error) => draft.faults = Faults::of(lang, placed(error))?,
        }
        Ok(draft)
    }

    fn with(mut self, field: &str, said: &str) -> Draft {
        self.faults = Faults::one(field, said);
        self
    }

    /// The procedure's limit at the unit; what is chosen between is kept for the page.
    async fn by_procedure(
        &mut self,
        app: &App,
        form: &Form,
        w: &'static CalculatorWords,
        at: DateTime<Utc>,
    ) -> Result<Result<By, (&'static str, &'static str)>, PageError> {
        let procedure = match choices::procedure(app, form.text("procedure").to_owned()).await? {
            Meant::One(of) => of,
            Meant::Nothing => return Ok(Err(("procedure", w.nothing))),
            Meant::Several(all) => {
                self.procedures = linked(form, "procedure", all);
                return Ok(Err(("procedure", w.pick)));
            }
        };
        let unit = match form.optional("unit") {
            None => None,
            Some(text) => match choices::unit(app, text, office_time::local_date(at)).await? {
                Meant::One(of) => Some(of.code),
                Meant::Nothing => return Ok(Err(("unit", w.nothing_unit))),
                Meant::Several(all) => {
                    self.units = linked(form, "unit", all);
                    return Ok(Err(("unit", w.pick)));
                }
            },
        };
        let channel = Channel::from_word(form.text("channel")).unwrap_or(Channel::InPerson);
        // Of another procedure's case, chosen before, nothing is meant any more.
        let case = form.optional("case").filter(|case| procedure.cases.contains(case));
        let by = By::Procedure { procedure: procedure.code.clone(), unit, channel, case };
        self.procedure = Some(procedure);
        Ok(Ok(by))
    }
}

/// Each choice with the address of the same form in which it is chosen.
fn linked(form: &Form, field: &str, all: Vec<Choice>) -> Vec<(String, Choice)> {
    let others: Vec<_> = form.fields().iter().filter(|(name, _)| name != field && name != "case").collect();
    let address = |code: &str| {
        let fields =
            others.iter().map(|(name, value)| (name.as_str(), value.as_str())).chain([(field, code)]);
        format!("/calculator?{}", serde_urlencoded::to_string(fields.collect::<Vec<_>>()).unwrap_or_default())
    };
    all.into_iter().map(|of| (address(&of.code), of)).collect()
}

fn limit(form: &Form, w: &'static CalculatorWords) -> Result<Limit, (&'static str, &'static str)> {
    let unit = LimitUnit::from_word(form.text("limit_unit")).unwrap_or(LimitUnit::WorkingDay);
    let value = form.optional("value").map(|text| text.parse::<u32>().map_err(|_| ("value", w.number)));
    Limit::new(unit, value.transpose()?).map_err(|error| match error {
        LimitError::ValueWithSameDay => ("value", w.no_number),
        LimitError::ValueMissing(_) | LimitError::OutOfRange { .. } => ("value", w.out_of_range),
    })
}

/// The verb's faults beside the fields that they come from.
fn placed(error: AppError) -> AppError {
    let AppError::Invalid(all) = error else { return error };
    let place = |of: Invalid| Invalid {
        name: if PLACED.contains(&of.name.as_str()) { of.name } else { "received_at".to_owned() },
        ..of
    };
    AppError::Invalid(all.into_iter().map(place).collect())
}

fn answer(lang: Lang, view: DeadlineView) -> Answer {
    let rows = view.steps.iter().map(|step| Row {
        day: words::day(lang, step.date),
        counts: step.counts,
        why: step.why.clone(),
        source: step.source.clone().unwrap_or_default(),
    });
    let promised = view.commitment_due_at.filter(|at| *at < view.statutory_due_at);
    let when = |at: crate::app::view::OfficeTime| words::when(lang, at.0);
    Answer {
        day: words::day(lang, view.due_on),
        before: words::before(lang, view.due_at.0),
        both: promised.map(|promised| (when(view.statutory_due_at), when(promised))),
        rows: rows.collect(),
        view,
    }
}
