//! `/reports/seals/new` shows what would be sealed; the form below it seals.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;

use super::super::super::fault::{Faults, PageError};
use super::super::super::form::Posted;
use super::super::super::frame::{Frame, Tab, draw_as, go_on};
use super::super::super::visitor::Visitor;
use super::asking::{Asking, address};
use super::seals::{SealRow, seal_row};
use crate::api::reports::processing::ProcessingParams;
use crate::app::access::Right;
use crate::app::reports::processing::{Comparison, ProcessingReport, ProcessingRequest, processing_of};
use crate::app::reports::sealed_views::of_period;
use crate::app::reports::seals::{self, NewSeal};
use crate::app::{App, AppError};
use crate::domain::ledger::{hex, sha256_hex};
use crate::text::numbers::count;
use crate::text::pages::reports::{asked_words, period};
use crate::text::pages::seals::{SealWords, seal_words};
use crate::text::{form, reports as text};

/// The parameters that say what is sealed.
const SAID: [&str; 7] = ["period", "from", "to", "unit", "units_as_of", "group_by", "compare"];

/// Letters of a key at most.
const LONGEST_KEY: usize = 64;

#[derive(Template)]
#[template(path = "sealing.html", config = "src/web/askama.toml")]
struct SealingHtml<'a> {
    frame: &'a Frame,
    w: &'static SealWords,
    faults: Vec<String>,
    facts: Vec<(&'static str, String)>,
    /// Whether it can be sealed.
    over: bool,
    already: Vec<SealRow>,
    /// The form, unseen.
    fields: Vec<(&'a str, &'a str)>,
    key: String,
    back: String,
}

#[get("/reports/seals/new")]
pub(super) async fn confirm(
    request: HttpRequest,
    app: Data<App>,
    visitor: Visitor,
) -> Result<HttpResponse, PageError> {
    let asking = Asking::of(&request);
    shown(&app, &visitor, &asking, None, new_key()?).await
}

#[post("/reports/seals")]
pub(super) async fn seal(app: Data<App>, posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { visitor, form } = posted;
    let asking = Asking { typed: form };
    let (request, _) = wanted(&asking, &visitor)?;
    let key = asking
        .typed
        .optional("key")
        .filter(|key| key.len() <= LONGEST_KEY && key.bytes().all(|of| of.is_ascii_graphic()));
    let idempotency = key.clone().map(|key| (key, sha256_hex(asking.query(&[]).as_bytes())));
    let new = NewSeal { request, actor: Some(visitor.by.user_id), idempotency };
    match seals::seal(&app, new, visitor.by.clone()).await {
        Ok(sealed) => Ok(go_on(&format!("/reports/seals/{}?sealed=1", sealed.id))),
        Err(error) => {
            let faults = Faults::of(visitor.lang, error)?;
            shown(&app, &visitor, &asking, Some(faults), key.unwrap_or_default()).await
        }
    }
}

/// What is to be sealed: never of one sector alone, and always seen from the period's end.
fn wanted(asking: &Asking, visitor: &Visitor) -> Result<(ProcessingRequest, Option<String>), AppError> {
    let params: ProcessingParams = asking.params()?;
    let (request, sector) = params.wanted(visitor.lang);
    match sector {
        None => Ok((request, None)),
        Some(_) => Err(AppError::invalid("sector", crate::app::Fault::NotAllowed)),
    }
}

async fn shown(
    app: &App,
    visitor: &Visitor,
    asking: &Asking,
    faults: Option<Faults>,
    key: String,
) -> Result<HttpResponse, PageError> {
    visitor.must(Right::Seal)?;
    let (request, sector) = wanted(asking, visitor)?;
    let report = processing_of(app, request, sector, visitor.by.clone()).await?;
    let (lang, w) = (visitor.lang, seal_words(visitor.lang));
    let over = report.period.read().is_some_and(|period| period.end() <= app.clock().now());
    let label = report.period.label.clone();
    let already = of_period(app, report.unit.clone(), label, visitor.by.clone()).await?;
    let typed = asking.typed.fields().iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let said = typed.filter(|(name, value)| SAID.contains(name) && !value.trim().is_empty());
    let status = if faults.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    // That the period is not over the page says in its own words.
    let wrong = faults.filter(|_| over).map(|faults| faults.beside(&[])).unwrap_or_default();
    let page = SealingHtml {
        frame: &visitor.frame(Tab::Reports, w.confirm_title),
        w,
        faults: wrong,
        facts: facts(visitor, &report),
        over,
        already: already.iter().map(|of| seal_row(lang, of)).collect(),
        fields: said.collect(),
        key,
        back: address("/reports", &asking.query(&[("as_of", "")])),
    };
    draw_as(status, &page)
}

fn facts(visitor: &Visitor, report: &ProcessingReport) -> Vec<(&'static str, String)> {
    let (lang, w, asked) = (visitor.lang, seal_words(visitor.lang), asked_words(visitor.lang));
    let named = report.period.read().map_or_else(|| report.period.label.clone(), |of| period(lang, &of));
    let total = &report.total;
    let compared = report.comparisons.iter().map(|of| match of.with {
        Comparison::Previous => asked.compare_previous,
        Comparison::Year => asked.compare_year,
    });
    let compared: Vec<&str> = compared.collect();
    let mut facts = vec![
        (w.period, named),
        (w.unit, total.name.clone()),
        (w.group_by, text::row_heading(lang, report.group_by).to_owned()),
        (w.as_of, form::as_of(lang, report.as_of.0)),
        (w.received, count(lang, total.received.total)),
        (w.resolved, count(lang, total.resolved.total)),
        (w.in_progress, count(lang, total.in_progress.total)),
        (w.overdue, count(lang, total.in_progress.overdue)),
    ];
    if !compared.is_empty() {
        facts.push((w.compare, compared.join(", ")));
    }
    facts
}

/// By which a form that is sent twice seals once.
fn new_key() -> Result<String, PageError> {
    let mut random = [0_u8; 16];
    getrandom::fill(&mut random).map_err(|error| AppError::Internal(error.to_string()))?;
    Ok(hex(&random))
}
