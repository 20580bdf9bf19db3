//! `/reports/seals/{id}`: one sealed report, its bytes, and what is known of its period today.

use std::collections::BTreeMap;

use actix_web::web::{Data, Path, Query, ServiceConfig};
use actix_web::{HttpResponse, get};
use askama::Template;
use serde::Deserialize;

use super::super::super::fault::PageError;
use super::super::super::frame::{Frame, Tab, draw};
use super::super::super::visitor::Visitor;
use super::asking::address;
use super::form::{Head, Sheet};
use super::seals::{PATH, SealRow, seal_row};
use super::ways::{Way, ways};
use crate::api::reports::processing::drawn;
use crate::api::reports::{FormFormat, file};
use crate::app::reports::form::FormTable;
use crate::app::reports::restatement::{CauseView, ChangeView, Restatement, restatement};
use crate::app::reports::sealed_views::{ShownSeal, shown};
use crate::app::reports::seals::{SealView, find};
use crate::app::view::in_path;
use crate::app::{App, AppError};
use crate::domain::cell::Cell;
use crate::domain::period::Period;
use crate::text::numbers::{count, signed};
use crate::text::pages::reports::{AskedWords, asked_words, basis, grown};
use crate::text::pages::seals::{SealWords, act, acts_named, cell, seal_words};
use crate::text::{Lang, moments, reports as text};

pub(super) fn configure(config: &mut ServiceConfig) {
    config.service(sealed).service(restated).service(download);
}

#[derive(Template)]
#[template(path = "seal.html", config = "src/web/askama.toml")]
struct SealHtml<'a> {
    frame: &'a Frame,
    w: &'static SealWords,
    asked: &'static AskedWords,
    ways: Vec<Way>,
    seal: SealRow,
    facts: Vec<(&'static str, String)>,
    head: Head,
    sheet: Sheet,
    done: bool,
    /// The same report by what is known today.
    today: String,
}

#[derive(Template)]
#[template(path = "restatement.html", config = "src/web/askama.toml")]
struct RestatementHtml<'a> {
    frame: &'a Frame,
    w: &'static SealWords,
    asked: &'static AskedWords,
    ways: Vec<Way>,
    seal: SealRow,
    counted: String,
    changes: Vec<Change>,
    explained: bool,
    acts: Vec<Cause>,
    /// How many of how many are named, where not all are.
    named: Option<String>,
}

/// A number that differs.
struct Change {
    /// Whether it is of the row of sums.
    total: bool,
    row: String,
    column: &'static str,
    sealed: String,
    now: String,
    by: String,
    words: String,
}

/// An act that made a difference.
struct Cause {
    code: String,
    href: String,
    act: String,
    at: String,
    recorded_at: String,
    from: Vec<&'static str>,
    to: Vec<&'static str>,
}

#[derive(Deserialize)]
struct Shown {
    sealed: Option<String>,
}

#[get("/reports/seals/{id}")]
async fn sealed(
    app: Data<App>,
    visitor: Visitor,
    id: Path<String>,
    query: Query<Shown>,
) -> Result<HttpResponse, PageError> {
    let ShownSeal { named, table, sealing } = shown(&app, key(&id)?, visitor.by.clone()).await?;
    let (lang, w) = (visitor.lang, seal_words(visitor.lang));
    let seal = seal_row(lang, &named);
    let frame = visitor.frame(Tab::Reports, format!("{} {}", w.title, seal.id));
    let said = &named.seal;
    let calendar = table.calendar_version;
    let versions = (calendar, sealing.catalogue_version, sealing.definitions);
    draw(&SealHtml {
        frame: &frame,
        w,
        asked: asked_words(lang),
        ways: ways(lang, PATH, ""),
        facts: vec![
            (w.calendar, basis(lang, versions, said.as_of.0)),
            (w.entries, count(lang, sealing.ledger_entries.unsigned_abs())),
            (w.units, sealing.units.len().to_string()),
        ],
        seal,
        head: Head::of(lang, &table)?,
        sheet: Sheet::sealed(lang, &table),
        done: query.sealed.is_some(),
        today: today(said),
    })
}

#[get("/reports/seals/{id}/restatement")]
async fn restated(app: Data<App>, visitor: Visitor, id: Path<String>) -> Result<HttpResponse, PageError> {
    let id = key(&id)?;
    let ShownSeal { named, table, .. } = shown(&app, id, visitor.by.clone()).await?;
    let now = restatement(&app, id, visitor.by.clone()).await?;
    let (lang, w) = (visitor.lang, seal_words(visitor.lang));
    let frame = visitor.frame(Tab::Reports, format!("{} {id}", w.restated));
    let names = names(&table);
    draw(&RestatementHtml {
        frame: &frame,
        w,
        asked: asked_words(lang),
        ways: ways(lang, PATH, ""),
        seal: seal_row(lang, &named),
        counted: moments::time_weekday_and_date(lang, now.evaluated_at.0),
        changes: now.changes.iter().map(|of| change(lang, &names, of)).collect(),
        explained: now.explained,
        acts: now.acts.iter().map(|of| cause(lang, of)).collect(),
        named: named_acts(lang, &now),
    })
}

#[get("/reports/seals/{id}/{file}")]
async fn download(
    app: Data<App>,
    visitor: Visitor,
    path: Path<(String, String)>,
) -> Result<HttpResponse, PageError> {
    let (id, wished) = path.into_inner();
    let format = match wished.as_str() {
        "sealed.json" => FormFormat::Json,
        "form.csv" => FormFormat::Csv,
        "form.xlsx" => FormFormat::Xlsx,
        _ => return Err(PageError::NoSuchPage),
    };
    let row = find(&app, key(&id)?, visitor.by).await?;
    if format == FormFormat::Json {
        let name = format!("II.06a-VPCP-{}-{}.json", row.head.period, row.head.id);
        return Ok(file(&name, "application/json", row.body.into_bytes(), visitor.lang));
    }
    let broken = |error: serde_json::Error| AppError::Internal(format!("seal {id} cannot be read: {error}"));
    let table: FormTable = serde_json::from_str(&row.body).map_err(broken)?;
    Ok(drawn(&table, format, visitor.lang)?)
}

/// The report of the same period, unit and rows, by what is known now.
fn today(of: &SealView) -> String {
    let (from, to) = (of.period.from.to_string(), of.period.to.to_string());
    let about = [("unit", of.unit.as_str()), ("group_by", of.group_by.as_str())];
    // Any two days have a label that is no parameter.
    let period = match Period::parse(&of.period.label) {
        Ok(_) => vec![("period", of.period.label.as_str())],
        Err(_) => vec![("from", from.as_str()), ("to", to.as_str())],
    };
    address("/reports", &serde_urlencoded::to_string([&period[..], &about].concat()).unwrap_or_default())
}

/// A key in an address; what is no number is nobody's.
fn key(id: &str) -> Result<i64, AppError> {
    id.parse().map_err(|_| AppError::NotFound("seal"))
}

fn names(table: &FormTable) -> BTreeMap<&str, String> {
    table.rows.iter().map(|row| (row.key.as_str(), row.title())).collect()
}

fn change(lang: Lang, names: &BTreeMap<&str, String>, of: &ChangeView) -> Change {
    let row = match &of.key {
        None => text::total(lang).to_owned(),
        Some(key) => names.get(key.as_str()).cloned().unwrap_or_else(|| key.clone()),
    };
    Change {
        total: of.key.is_none(),
        row,
        column: cell(lang, of.column),
        sealed: count(lang, of.sealed.unsigned_abs()),
        now: count(lang, of.now.unsigned_abs()),
        by: signed(lang, of.by()),
        words: grown(lang, of.by()),
    }
}

fn cause(lang: Lang, of: &CauseView) -> Cause {
    let (from, to) = of.moved();
    let cells = |all: Vec<Cell>| all.into_iter().map(|of| cell(lang, of)).collect();
    Cause {
        code: of.code.clone(),
        href: format!("/dossiers/{}", in_path(&of.code)),
        act: act(lang, &of.act).to_owned(),
        at: moments::time_and_date(lang, of.at.0),
        recorded_at: moments::time_and_date(lang, of.recorded_at.0),
        from: cells(from),
        to: cells(to),
    }
}

fn named_acts(lang: Lang, of: &Restatement) -> Option<String> {
    (of.acts.len() < of.acts_count).then(|| acts_named(lang, (of.acts.len(), of.acts_count)))
}
