//! `/reports`: form II.06a/VPCP with drill-down, what stands beside it, and the period set against others.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;

use super::super::super::fault::{Faults, PageError};
use super::super::super::frame::{Frame, draw};
use super::super::super::visitor::Visitor;
use super::asking::{Asking, Question, Room};
use super::beside::{Against, Beside, all_dossiers, compared_headings};
use super::fields::{Choice, Field, Fields};
use super::form::{Head, Sheet};
use super::paging::Pages;
use crate::api::reports::processing::ProcessingParams;
use crate::app::App;
use crate::app::access::Right;
use crate::app::reports::form::FormTable;
use crate::app::reports::processing::{
    ComparedView, Comparison, ProcessingReport, ProcessingRow, processing_of,
};
use crate::app::reports::sealed_views::{NamedSeal, of_period};
use crate::domain::period::Period;
use crate::domain::statistics::{DEFINITIONS, GroupBy};
use crate::text::Lang;
use crate::text::pages::reports::{self as words, ProcessingWords, basis, processing_words, sealed_on};

#[derive(Template)]
#[template(path = "report_processing.html", config = "src/web/askama.toml")]
struct ProcessingHtml<'a> {
    frame: &'a Frame,
    question: &'a Question,
    w: &'static ProcessingWords,
    head: Head,
    sheet: Sheet,
    beside: Beside,
    against: Against,
    compared: Vec<&'static str>,
    /// Of which part of the unit's dossiers it is.
    narrowed: Vec<String>,
    notes: Vec<&'static str>,
    violations: Vec<String>,
    carried: bool,
    basis: String,
    pages: Pages,
    whole: Option<String>,
    dossiers: String,
    xlsx: String,
    csv: String,
    /// Where it can be sealed.
    sealing: Option<String>,
    sealed: Vec<(String, String)>,
}

#[get("/reports")]
pub(super) async fn processing(
    request: HttpRequest,
    app: Data<App>,
    visitor: Visitor,
) -> Result<HttpResponse, PageError> {
    let (asking, by, lang) = (Asking::of(&request), visitor.by.clone(), visitor.lang);
    let room = Room::new(&app, visitor, asking, "/reports").await?;
    let report = match room.asking.params::<ProcessingParams>() {
        Ok(params) => {
            let (wanted, sector) = params.wanted(lang);
            processing_of(&app, wanted, sector, by.clone()).await
        }
        Err(error) => Err(error),
    };
    let report = match report {
        Ok(report) => report,
        Err(error) => return room.refused(processing_words(lang).title, error, |of| own_fields(&room, of)),
    };
    let pages = Pages::of(&room, report.rows.len());
    let report = report.linked_within(pages.range());
    let seals = of_period(&app, report.unit.clone(), report.period.label.clone(), by).await?;
    let over = report.period.read().is_some_and(|period| period.end() <= app.clock().now());
    draw(&drawn(
        &room,
        &room.frame(processing_words(lang).title),
        &question(&room),
        (&report, pages),
        (&seals, over),
    )?)
}

fn question(room: &Room) -> Question {
    room.question(&Faults::default(), |of| own_fields(room, of))
}

pub(super) fn own_fields(room: &Room, fields: Fields<'_>) -> Vec<Field> {
    let w = room.words();
    let both = format!("{},{}", Comparison::Previous, Comparison::Year);
    let choices = vec![
        Choice::new("", w.compare_none),
        Choice::new(Comparison::Previous.word(), w.compare_previous),
        Choice::new(Comparison::Year.word(), w.compare_year),
        Choice::new(both, w.compare_both),
    ];
    vec![
        room.group_field(fields, GroupBy::Sector),
        fields.select("compare", w.compare, "", vec![("", choices)], w.chosen),
    ]
}

fn drawn<'a>(
    room: &'a Room,
    frame: &'a Frame,
    question: &'a Question,
    (report, pages): (&ProcessingReport, Pages),
    (seals, over): (&[NamedSeal], bool),
) -> Result<ProcessingHtml<'a>, PageError> {
    let lang = room.lang();
    let sealable = over && report.sector.is_none() && room.visitor.may(Right::Seal);
    let versions = (report.calendar_version, room.choices.catalogue_version, DEFINITIONS);
    Ok(ProcessingHtml {
        frame,
        question,
        w: processing_words(lang),
        head: Head::of(lang, &FormTable::from(report))?,
        sheet: Sheet::of(lang, report, &pages, |row| drill(room, report, row)),
        beside: Beside::of(lang, report, &pages),
        against: Against::of(lang, report, &pages, |then| room.here(&period_of(then))),
        compared: compared_headings(lang),
        narrowed: narrowed(lang, report),
        notes: notes(room, report, over),
        violations: report.checks.violations.clone(),
        carried: report.comparisons.iter().any(|of| of.with == Comparison::Previous) && over,
        basis: basis(lang, versions, report.as_of.0),
        pages,
        whole: report.sector.as_ref().map(|_| room.here(&[("sector", ""), ("group_by", "sector")])),
        dossiers: all_dossiers(report),
        xlsx: room.there("/reports/processing.xlsx"),
        csv: room.there("/reports/processing.csv"),
        sealing: sealable.then(|| room.there("/reports/seals/new")),
        sealed: seals.iter().map(|of| sealed(lang, of)).collect(),
    })
}

fn sealed(lang: Lang, of: &NamedSeal) -> (String, String) {
    let of = &of.seal;
    (format!("/reports/seals/{}", of.id), sealed_on(lang, of.id, of.sealed_at.0))
}

fn narrowed(lang: Lang, report: &ProcessingReport) -> Vec<String> {
    let sector = report.sector.as_deref().map(|of| words::of_sector(lang, of));
    sector.into_iter().chain(report.units_as_of.map(|day| words::by_units_of(lang, day))).collect()
}

fn notes(room: &Room, report: &ProcessingReport, over: bool) -> Vec<&'static str> {
    let w = room.words();
    let notes = [
        (report.forecast, w.forecast),
        (!over && !report.forecast, w.running_note),
        (report.rows.is_empty(), w.empty),
    ];
    notes.into_iter().filter(|(holds, _)| *holds).map(|(_, said)| said).collect()
}

/// The parameters of another period's report.
fn period_of(then: &ComparedView) -> [(&'static str, &str); 5] {
    let of = &then.period;
    // Any two days have a label that is no parameter.
    let label = if Period::parse(&of.label).is_ok() { of.label.as_str() } else { "" };
    let (from, to) = if label.is_empty() { of.label.split_once("..").unwrap_or_default() } else { ("", "") };
    [("period", label), ("from", from), ("to", to), ("as_of", ""), ("compare", "")]
}

/// From a unit to the units below it, or to its sectors where there are none; from a sector to its procedures.
fn drill(room: &Room, report: &ProcessingReport, row: &ProcessingRow) -> Option<String> {
    match report.group_by {
        GroupBy::Unit if row.key == report.unit => None,
        GroupBy::Unit => {
            let below = if room.choices.parents.contains(&row.key) { GroupBy::Unit } else { GroupBy::Sector };
            Some(room.here(&[("unit", &row.key), ("group_by", below.word())]))
        }
        GroupBy::Sector if row.key.is_empty() => None,
        GroupBy::Sector => Some(room.here(&[("sector", &row.key), ("group_by", GroupBy::Procedure.word())])),
        GroupBy::Procedure | GroupBy::Officer | GroupBy::Channel => None,
    }
}
