//! `/admin/commitments/any`: a commitment that is like none of the templates: any promise, for any procedures, on any receipts. It can be tried on past
//! dossiers before it is made.

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use chrono::{NaiveDate, Weekday};

use super::commitment_new::{NewHtml, Trial, WEEK, choice, halves, nths, trial};
use super::{Room, around, unit_choices};
use crate::app::catalogue::commitments::commitment_create;
use crate::app::catalogue::commitments_shown::{Handled, procedures_handled};
use crate::app::once::Sent;
use crate::app::{App, AppError, Fault, Invalid};
use crate::domain::commitment::{Commitment, Effect, HalfDay, Pledge, ReceivedOn, Selector};
use crate::domain::deadline::{Limit, LimitError, LimitUnit};
use crate::domain::office_time::local_date;
use crate::text::Lang;
use crate::text::moments;
use crate::text::pages::{commitment_words, limit_unit, pledge, room_words};
use crate::web::fault::{Faults, PageError};
use crate::web::form::{Form, Posted};
use crate::web::frame::{draw_as, go_on};
use crate::web::sheet::{Choice, Field, Sheet};
use crate::web::visitor::Visitor;

const PATH: &str = "/admin/commitments/any";
/// The units that a commitment may count in: the office's own time.
const COUNTED: [LimitUnit; 2] = [LimitUnit::WorkingHour, LimitUnit::WorkingDay];

pub(super) fn configure(config: &mut ServiceConfig) {
    config.service(ask_any).service(post_trial).service(post_any);
}

#[get("/admin/commitments/any")]
async fn ask_any(app: Data<App>, visitor: Visitor) -> Result<HttpResponse, PageError> {
    let today = local_date(app.clock().now()).to_string();
    let form = Form::filled(vec![("unit", visitor.by.unit.clone()), ("valid_from", today)]);
    draw_as(StatusCode::OK, &page(&app, &visitor, &form, &Faults::default(), None).await?)
}

#[post("/admin/commitments/any/trial")]
async fn post_trial(app: Data<App>, posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { visitor, form } = posted;
    let tried = match read(&form) {
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

#[post("/admin/commitments/any")]
async fn post_any(app: Data<App>, posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { visitor, form } = posted;
    let once = app.once(form.once(&visitor));
    let made = match read(&form) {
        Ok(commitment) => commitment_create(&once, commitment, Some(visitor.by.clone())).await,
        Err(error) => Err(error),
    };
    match once.sent(made).await {
        Ok(Sent::Now(of)) => Ok(go_on(&format!("/admin/commitments/{}?done=switched_on", of.id))),
        Ok(Sent::Before(made)) => {
            Ok(go_on(&format!("/admin/commitments/{}?done=made_before", made.key("commitment"))))
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

async fn page(
    app: &App,
    visitor: &Visitor,
    form: &Form,
    faults: &Faults,
    trial: Option<Trial>,
) -> Result<NewHtml, PageError> {
    let (lang, w) = (visitor.lang, commitment_words(visitor.lang));
    let (frame, a) = around(visitor, Room::Commitments, w.any_title, "")?;
    let code = form.text("unit").to_owned();
    let units = unit_choices(app, visitor, &code).await?;
    let handled = procedures_handled(app, code, visitor.by.clone()).await?;
    let sectors = app.read(|_, catalogue| {
        let all: BTreeSet<&String> = catalogue.procedures.values().map(|of| &of.sector).collect();
        Ok(all.into_iter().cloned().collect::<Vec<_>>())
    });
    let sheet = Sheet::to(visitor, "any", PATH, w.make)
        .once()?
        .or_to(format!("{PATH}/trial"), w.try_out)
        .ask(Field::one("unit", w.unit, units).wide())
        .ask(Field::tick("subtree", w.bind_below, form.has("subtree")).wide())
        .ask_all(promised(lang, form))
        .ask_all(received(lang, form))
        .ask_all(covered(lang, form, &handled, &sectors.await?))
        .ask_all(decided(lang, form))
        .with(faults);
    let lead = w.any_lead.to_owned();
    Ok(NewHtml { frame, a, w, title: w.any_title, lead, trial, sheet })
}

/// What is promised.
fn promised(lang: Lang, form: &Form) -> Vec<Field> {
    let w = commitment_words(lang);
    let pledges = Pledge::ALL
        .iter()
        .map(|of| Choice::new(of.word(), pledge(lang, *of)).when(form.text("effect") == of.word()));
    let units = COUNTED.iter().map(|of| {
        Choice::new(of.word(), limit_unit(lang, *of)).when(form.text("effect.within.unit") == of.word())
    });
    vec![
        Field::one("effect", w.effect, pledges.collect()).wide(),
        Field::number("effect.within.value", w.within_value, form.text("effect.within.value"))
            .hint(w.within_hint),
        Field::one("effect.within.unit", w.within_unit, units.collect()),
    ]
}

/// On which receipts.
fn received(lang: Lang, form: &Form) -> Vec<Field> {
    let w = commitment_words(lang);
    let chosen: Vec<&str> = form.all("received_on.weekdays").collect();
    let day = |of: Weekday| {
        let word = of.to_string().to_lowercase();
        let ticked = chosen.contains(&word.as_str());
        Choice::new(word, moments::weekday(lang, of)).when(ticked)
    };
    vec![
        Field::many("received_on.weekdays", w.weekdays, WEEK.into_iter().map(day).collect())
            .hint(w.weekdays_hint),
        Field::one("received_on.session", w.half, halves(lang, form.text("received_on.session"))),
        Field::one("received_on.nth_week", w.nth, nths(lang, form.text("received_on.nth_week"))),
    ]
}

/// For which procedures. A ticked one that the unit now chosen does not handle is kept among the codes.
fn covered(lang: Lang, form: &Form, handled: &[Handled], sectors: &[String]) -> Vec<Field> {
    let (w, r) = (commitment_words(lang), room_words(lang));
    let chosen: Vec<&str> = form.all("procedures").collect();
    let elsewhere = chosen.iter().filter(|code| !handled.iter().any(|of| of.code == **code));
    let codes: Vec<&str> = form.text("codes").split_whitespace().chain(elsewhere.copied()).collect();
    let procedures = handled.iter().map(|of| choice(lang, of, chosen.contains(&of.code.as_str())));
    let wanted: Vec<&str> = form.all("sectors").collect();
    let sectors = sectors.iter().map(|of| Choice::new(of, of).when(wanted.contains(&of.as_str())));
    let hint = if handled.is_empty() { w.none_handled } else { w.handled_hint };
    vec![
        Field::tick("all", w.every_procedure, form.has("all")).wide(),
        Field::many("procedures", w.ticked, procedures.collect()).hint(hint),
        Field::area("codes", w.codes, codes.join("\n"), 2).hint(r.one_a_line),
        Field::many("sectors", w.sectors, sectors.collect()),
        Field::number("max_working_days", w.max_days, form.text("max_working_days")).wide(),
    ]
}

/// By which decision, and for how long.
fn decided(lang: Lang, form: &Form) -> Vec<Field> {
    let w = commitment_words(lang);
    vec![
        Field::day("valid_from", w.first_day, form.text("valid_from")).required(),
        Field::day("valid_to", w.last_day, form.text("valid_to")),
        Field::line("decision", w.decision_field, form.text("decision"))
            .hint(w.decision_hint)
            .required()
            .wide(),
    ]
}

/// The commitment that the form means.
///
/// # Errors
/// [`AppError::Invalid`] naming each field that cannot be read; the rest is the verb's to judge.
fn read(form: &Form) -> Result<Commitment, AppError> {
    let mut faults = Vec::new();
    let mut day = |name: &'static str| {
        let read = form.optional(name).map(|text| text.parse::<NaiveDate>()).transpose();
        read.unwrap_or_else(|_| {
            faults.push(Invalid::new(name, Fault::Malformed));
            None
        })
    };
    let (valid_from, valid_to) = (day("valid_from"), day("valid_to"));
    if form.text("valid_from").is_empty() {
        faults.push(Invalid::new("valid_from", Fault::Required));
    }
    let most = form.optional("max_working_days").map(|text| text.parse::<u32>()).transpose();
    faults.extend(most.as_ref().err().map(|_| Invalid::new("max_working_days", Fault::Malformed)));
    let effect = effect(form).map_err(|fault| faults.push(fault)).ok();
    let (Some(valid_from), Some(effect), true) = (valid_from, effect, faults.is_empty()) else {
        return Err(AppError::Invalid(faults));
    };
    let listed = |name: &'static str| form.all(name).map(ToOwned::to_owned);
    let codes = form.text("codes").split_whitespace().map(ToOwned::to_owned);
    let procedures: BTreeSet<String> = listed("procedures").chain(codes).collect();
    Ok(Commitment {
        id: 0,
        unit: form.text("unit").to_owned(),
        subtree: form.has("subtree"),
        selector: Selector {
            all: form.has("all"),
            procedures: procedures.into_iter().collect(),
            sectors: listed("sectors").collect(),
            max_working_days: most.unwrap_or_default(),
        },
        received_on: ReceivedOn {
            weekdays: form.all("received_on.weekdays").filter_map(|day| day.parse().ok()).collect(),
            nth_week: form.text("received_on.nth_week").parse().ok(),
            session: HalfDay::from_word(form.text("received_on.session")),
        },
        effect,
        valid_from,
        valid_to,
        decision: form.text("decision").to_owned(),
    })
}

/// What the form promises.
fn effect(form: &Form) -> Result<Effect, Invalid> {
    let pledge = Pledge::from_word(form.text("effect"));
    let value = form.optional("effect.within.value").map(|text| text.parse::<u32>()).transpose();
    let fault = |fault| Invalid::new("effect.within.value", fault);
    match pledge.ok_or_else(|| Invalid::new("effect", Fault::Required))? {
        Pledge::SameDay => Ok(Effect::SameDay),
        Pledge::SameSession => Ok(Effect::SameSession),
        Pledge::NoWeekRollover => Ok(Effect::NoWeekRollover),
        Pledge::Within => {
            let unit = LimitUnit::from_word(form.text("effect.within.unit"));
            let unit = unit.ok_or_else(|| Invalid::not_allowed("effect.within.unit", &COUNTED))?;
            let limit = Limit::new(unit, value.map_err(|_| fault(Fault::Malformed))?);
            limit.map(Effect::Within).map_err(|error| match error {
                LimitError::ValueMissing(_) => fault(Fault::Required),
                LimitError::ValueWithSameDay => Invalid::not_allowed("effect.within.unit", &COUNTED),
                LimitError::OutOfRange { .. } => fault(Fault::OutOfRange),
            })
        }
    }
}
