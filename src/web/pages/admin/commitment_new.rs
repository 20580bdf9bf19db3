//! `/admin/commitments/new`: switching a template on. One page chooses it, this one confirms it; before that it can be tried on past dossiers.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Query, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use askama::Template;
use chrono::{NaiveDate, Weekday};
use serde::Deserialize;

use super::{Around, Room, around, unit_choices};
use crate::app::catalogue::commitments_shown::{Handled, procedures_handled};
use crate::app::catalogue::templates::{self, Switched};
use crate::app::what_if::{WhatIf, WhatIfView, what_if};
use crate::app::{App, AppError, Fault, Invalid};
use crate::domain::commitment::{Commitment, HalfDay, Selector};
use crate::domain::deadline::Limit;
use crate::domain::office_time::local_date;
use crate::domain::template::{SwitchOn, Template as Ready};
use crate::domain::what_if::Proposal;
use crate::text::pages::{CommitmentWords, commitment_words, nth_of_month, room_words, tried};
use crate::text::{Lang, commitments::limit_words, date, moments, templates as words};
use crate::web::fault::{Faults, PageError};
use crate::web::form::{Form, Posted};
use crate::web::frame::{Frame, draw_as, go_on};
use crate::web::sheet::{Choice, Field, Sheet};
use crate::web::visitor::Visitor;

/// How far a trial looks back, in months.
const MONTHS: u32 = 6;
/// Rows of a trial that are shown.
const SHOWN: usize = 20;
pub(super) const WEEK: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

pub(super) fn configure(config: &mut ServiceConfig) {
    config.service(ask_new).service(post_trial).service(post_switch_on);
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    template: String,
    #[serde(default)]
    unit: String,
}

/// What a trial came to, as it is shown.
pub(super) struct Trial {
    pub(super) said: String,
    pub(super) by_procedure: Vec<(String, String, u32, u32, u32)>,
    pub(super) by_weekday: Vec<(String, u32, u32, u32)>,
    pub(super) broken: Vec<(String, String, String)>,
}

/// A commitment to be made, of a template or any, with what a trial of it came to.
#[derive(Template)]
#[template(path = "admin/commitment_new.html", config = "src/web/askama.toml")]
pub(super) struct NewHtml {
    pub(super) frame: Frame,
    pub(super) a: Around,
    pub(super) w: &'static CommitmentWords,
    pub(super) title: &'static str,
    pub(super) lead: String,
    pub(super) trial: Option<Trial>,
    pub(super) sheet: Sheet,
}

#[get("/admin/commitments/new")]
async fn ask_new(app: Data<App>, visitor: Visitor, asked: Query<Asked>) -> Result<HttpResponse, PageError> {
    let unit = if asked.unit.is_empty() { visitor.by.unit.clone() } else { asked.unit.clone() };
    let template = template(&asked.template)?;
    let today = local_date(app.clock().now()).to_string();
    let mut filled =
        vec![("template", asked.template.clone()), ("unit", unit.clone()), ("valid_from", today)];
    if !template.may_name_none() {
        let handled = procedures_handled(&app, unit, visitor.by.clone()).await?;
        let lawful = handled.into_iter().filter(|of| of.limit == Some(Limit::SameDay));
        filled.extend(lawful.map(|of| ("procedures", of.code)));
    }
    let form = Form::filled(filled);
    draw_as(StatusCode::OK, &page(&app, &visitor, &form, &Faults::default(), None).await?)
}

#[post("/admin/commitments/new/trial")]
async fn post_trial(app: Data<App>, posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { visitor, form } = posted;
    let tried = match proposed(&form) {
        Ok(commitment) => trial(&app, &visitor, commitment).await,
        Err(error) => Err(error),
    };
    match tried {
        Ok(trial) => {
            draw_as(StatusCode::OK, &page(&app, &visitor, &form, &Faults::default(), Some(trial)).await?)
        }
        Err(error) => again(&app, &visitor, &form, error).await,
    }
}

#[post("/admin/commitments/new")]
async fn post_switch_on(app: Data<App>, posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { visitor, form } = posted;
    let template = template(form.text("template"))?;
    let switched = match read(&form) {
        Ok(with) => templates::switch_on(&app, template, with, Some(visitor.by.clone()), false).await,
        Err(error) => Err(error),
    };
    match switched {
        Ok(Switched { commitment, created }) => {
            let done = if created { "switched_on" } else { "stood_already" };
            Ok(go_on(&format!("/admin/commitments/{}?done={done}", commitment.id)))
        }
        Err(error) => again(&app, &visitor, &form, error).await,
    }
}

async fn again(
    app: &App,
    visitor: &Visitor,
    form: &Form,
    error: AppError,
) -> Result<HttpResponse, PageError> {
    let faults = Faults::of(visitor.lang, error)?.below("commitment.").gathered();
    draw_as(faults.status(), &page(app, visitor, form, &faults, None).await?)
}

fn template(word: &str) -> Result<Ready, PageError> {
    Ok(Ready::from_word(word).ok_or(AppError::NotFound("template"))?)
}

async fn page(
    app: &App,
    visitor: &Visitor,
    form: &Form,
    faults: &Faults,
    trial: Option<Trial>,
) -> Result<NewHtml, PageError> {
    let (lang, w) = (visitor.lang, commitment_words(visitor.lang));
    let ready = template(form.text("template"))?;
    let (frame, a) = around(visitor, Room::Commitments, words::name(lang, ready), "")?;
    let code = form.text("unit").to_owned();
    let handled = procedures_handled(app, code.clone(), visitor.by.clone()).await?;
    let choices = unit_choices(app, visitor, &code).await?;
    let unit = choices.iter().find(|of| of.chosen).map(|of| of.words.trim().to_owned()).unwrap_or_default();
    let sheet = sheet(visitor, ready, form, &handled).with(faults);
    let lead = format!("{unit}: {}", words::sentence(lang, ready));
    Ok(NewHtml { frame, a, w, title: words::name(lang, ready), lead, trial, sheet })
}

fn sheet(visitor: &Visitor, ready: Ready, form: &Form, handled: &[Handled]) -> Sheet {
    let (lang, w, r) = (visitor.lang, commitment_words(visitor.lang), room_words(visitor.lang));
    let hint = match (handled.is_empty(), ready.may_name_none()) {
        (true, _) => w.none_handled,
        (false, true) => w.ticked_friday,
        (false, false) => w.ticked_hint,
    };
    let chosen: Vec<&str> = form.all("procedures").collect();
    let choices = handled.iter().map(|of| choice(lang, of, chosen.contains(&of.code.as_str())));
    let mut sheet = Sheet::to(visitor, "new", "/admin/commitments/new", w.switch_on)
        .or_to("/admin/commitments/new/trial", w.try_out)
        .hide("template", ready.word())
        .hide("unit", form.text("unit"))
        .ask(
            Field::line("decision", w.decision_field, form.text("decision"))
                .hint(w.decision_hint)
                .required()
                .wide(),
        )
        .ask(Field::day("valid_from", w.first_day, form.text("valid_from")).required())
        .ask(Field::day("valid_to", w.last_day, form.text("valid_to")));
    if ready == Ready::NoAppointmentDay {
        sheet = sheet.ask_all(day_fields(lang, form));
    }
    sheet
        .ask(Field::tick("subtree", w.bind_below, form.has("subtree")))
        .ask(Field::many("procedures", w.ticked, choices.collect()).hint(hint))
        .ask(Field::area("codes", w.codes, form.text("codes"), 2).hint(r.one_a_line))
        .ask(Field::number("max_working_days", w.max_days, form.text("max_working_days")))
}

/// A procedure that can be ticked.
pub(super) fn choice(lang: Lang, of: &Handled, chosen: bool) -> Choice {
    let limit = of.limit.map(|limit| format!(" · {}", limit_words(lang, limit))).unwrap_or_default();
    Choice::new(&of.code, format!("{} ({}){limit}", of.name, of.code)).when(chosen)
}

/// What only a day without appointments asks for.
fn day_fields(lang: Lang, form: &Form) -> Vec<Field> {
    let w = commitment_words(lang);
    let day = |of: Weekday| {
        let word = of.to_string().to_lowercase();
        let chosen = form.text("weekday") == word || (form.text("weekday").is_empty() && of == Weekday::Fri);
        Choice::new(word, moments::weekday(lang, of)).when(chosen)
    };
    vec![
        Field::one("weekday", w.weekday, WEEK.into_iter().map(day).collect()),
        Field::one("session", w.half, halves(lang, form.text("session"))),
        Field::one("nth_week", w.nth, nths(lang, form.text("nth_week"))),
    ]
}

/// Halves of the day to choose from.
pub(super) fn halves(lang: Lang, chosen: &str) -> Vec<Choice> {
    let w = commitment_words(lang);
    let halves = [("", w.whole_day), ("morning", w.morning), ("afternoon", w.afternoon)];
    halves.map(|(word, words)| Choice::new(word, words).when(chosen == word)).into()
}

/// Which one of the month, to choose from.
pub(super) fn nths(lang: Lang, chosen: &str) -> Vec<Choice> {
    let every = Choice::new("", commitment_words(lang).every_week);
    let nth = |nth: u8| Choice::new(nth.to_string(), nth_of_month(lang, nth)).when(chosen == nth.to_string());
    std::iter::once(every).chain((1..=5).map(nth)).collect()
}

/// What was filled in.
///
/// # Errors
/// [`AppError::Invalid`] naming what cannot be read.
fn read(form: &Form) -> Result<SwitchOn, AppError> {
    let mut faults = Vec::new();
    let mut day = |name: &'static str| {
        let read = form.optional(name).map(|text| text.parse::<NaiveDate>()).transpose();
        read.unwrap_or_else(|_| {
            faults.push(Invalid::new(name, Fault::Malformed));
            None
        })
    };
    let (valid_from, valid_to) = (day("valid_from"), day("valid_to"));
    let most = form.optional("max_working_days").map(|text| text.parse::<u32>()).transpose();
    if valid_from.is_none() && faults.is_empty() {
        faults.push(Invalid::new("valid_from", Fault::Required));
    }
    if most.is_err() {
        faults.push(Invalid::new("max_working_days", Fault::Malformed));
    }
    let Some(valid_from) = valid_from.filter(|_| faults.is_empty()) else {
        return Err(AppError::Invalid(faults));
    };
    let mut procedures: Vec<String> = form.all("procedures").map(ToOwned::to_owned).collect();
    procedures.extend(form.text("codes").split_whitespace().map(ToOwned::to_owned));
    procedures.sort();
    procedures.dedup();
    Ok(SwitchOn {
        unit: form.text("unit").to_owned(),
        subtree: form.has("subtree"),
        selector: Selector { procedures, max_working_days: most.unwrap_or_default(), ..Selector::default() },
        weekday: form.text("weekday").parse().ok(),
        nth_week: form.text("nth_week").parse().ok(),
        session: HalfDay::from_word(form.text("session")),
        valid_from,
        valid_to,
        decision: form.text("decision").to_owned(),
    })
}

/// The commitment that the form means.
fn proposed(form: &Form) -> Result<Commitment, AppError> {
    let ready = Ready::from_word(form.text("template")).ok_or(AppError::NotFound("template"))?;
    let with = read(form)?;
    let missing = |_| AppError::invalid("procedures", Fault::Required);
    ready.commitment(with).map_err(missing)
}

/// A commitment tried out on the past of its unit, as though it had always held.
pub(super) async fn trial(app: &App, visitor: &Visitor, of: Commitment) -> Result<Trial, AppError> {
    let always = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or(of.valid_from);
    let unit = of.unit.clone();
    let commitment = Commitment { valid_from: always, valid_to: None, decision: "?".to_owned(), ..of };
    let asked =
        WhatIf { proposal: Proposal::Commitment(commitment), unit, months: MONTHS, lang: visitor.lang };
    Ok(told(visitor.lang, what_if(app, asked, visitor.by.clone()).await?))
}

/// A trial in words.
pub(super) fn told(lang: Lang, of: WhatIfView) -> Trial {
    let w = commitment_words(lang);
    let closed = |at: Option<crate::app::view::OfficeTime>| {
        at.map_or_else(|| w.still_open.to_owned(), |at| moments::time_weekday_and_date(lang, at.0))
    };
    let total = &of.total;
    Trial {
        said: format!(
            "{}–{}: {}",
            date(lang, of.from),
            date(lang, of.to),
            tried(lang, (of.received, total.covered, total.kept, total.broken))
        ),
        by_procedure: of
            .by_procedure
            .into_iter()
            .map(|row| (row.key, row.name, row.score.covered, row.score.kept, row.score.broken))
            .collect(),
        by_weekday: of
            .by_weekday
            .into_iter()
            .map(|row| (row.name, row.score.covered, row.score.kept, row.score.broken))
            .collect(),
        broken: of
            .broken
            .items
            .into_iter()
            .take(SHOWN)
            .map(|row| (row.code, moments::time_weekday_and_date(lang, row.due_at.0), closed(row.closed_at)))
            .collect(),
    }
}
