//! `/findings`: what was found, rule by rule and dossier by dossier; `/findings/counted`: the numbers of it.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;

use super::super::super::fault::{Faults, PageError};
use super::super::super::frame::{Frame, draw, draw_as};
use super::super::super::visitor::Visitor;
use super::Count;
use super::asking::{Asking, Question, Room, address};
use super::fields::{Choice, Field, Fields, Kind};
use super::form::code;
use super::paging::Pages;
use super::titles::Titles;
use crate::api::dossier_list::FindingParams;
use crate::api::reports::findings::FindingsParams;
use crate::app::dossiers::{FoundView, Page, PageRequest, UnitScope, findings as found};
use crate::app::reports::findings::{FindingCountsView, FindingsReport, FindingsRow, findings as report_of};
use crate::app::view::in_path;
use crate::app::{App, AppError};
use crate::domain::finding::FindingCode;
use crate::domain::finding_counts::FindingsBy;
use crate::store::findings_list::FindingFilter;
use crate::text::pages::findings::{
    FindingWords, cleared, finding_words, findings_by, found as how_many, shortened,
};
use crate::text::pages::reports::{AskedWords, asked_words};
use crate::text::report_words::finding as rule_name;
use crate::text::{Lang, moments, reports as text};

const LIST: &str = "/findings";
const COUNTED: &str = "/findings/counted";
/// Letters of a procedure's name in the list; its dossier's page has all of it.
const PROCEDURE_LETTERS: usize = 90;
/// Findings on a page.
const ROWS: i64 = 50;

#[derive(Template)]
#[template(path = "findings.html", config = "src/web/askama.toml")]
struct FindingsHtml<'a> {
    frame: &'a Frame,
    question: &'a Question,
    w: &'static FindingWords,
    asked: &'static AskedWords,
    how_many: String,
    rows: Vec<Found>,
    next: Option<String>,
    first: Option<String>,
}

struct Found {
    code: String,
    href: String,
    procedure: String,
    unit: String,
    officer: Option<String>,
    rule: &'static str,
    detail: String,
    source: String,
    seen: String,
    /// Why it matters no more.
    cleared: Option<String>,
}

#[derive(Template)]
#[template(path = "findings_counted.html", config = "src/web/askama.toml")]
struct CountedHtml<'a> {
    frame: &'a Frame,
    question: &'a Question,
    w: &'static FindingWords,
    titles: Titles,
    row_heading: &'static str,
    by_rule: bool,
    rows: Vec<CountedRow>,
    pages: Pages,
    total: CountedRow,
    csv: String,
}

struct CountedRow {
    name: String,
    code: String,
    opened: Count,
    others: [Count; 5],
    kinds: Vec<(String, Count)>,
}

#[get("/findings")]
pub(super) async fn list(
    request: HttpRequest,
    app: Data<App>,
    visitor: Visitor,
) -> Result<HttpResponse, PageError> {
    let (asking, lang) = (Asking::of(&request), visitor.lang);
    let room = Room::new(&app, visitor, asking, LIST).await?;
    let page = match wanted(&room) {
        Ok((scope, filter, page)) => found(&app, filter, scope, page).await,
        Err(error) => Err(error),
    };
    let (page, faults) = match page {
        Ok(page) => (page, Faults::default()),
        Err(error) => (nothing(), Faults::of(lang, error)?),
    };
    let status = match (faults.any(), faults.at("unit")) {
        (false, _) => StatusCode::OK,
        (true, Some(_)) => StatusCode::NOT_FOUND,
        (true, None) => StatusCode::BAD_REQUEST,
    };
    let names = names(&app, &page.items).await?;
    let question = question(&room, &faults);
    draw_as(status, &listed(&room, &room.frame(finding_words(lang).title), &question, (page, names)))
}

fn wanted(room: &Room) -> Result<(UnitScope, FindingFilter, PageRequest), AppError> {
    let asking = &room.asking;
    let cursor = asking.typed.optional("cursor");
    let params: FindingParams = crate::api::fields::from_query(&asking.query(&[("cursor", "")]))?;
    let (scope, filter) = params.wanted()?;
    let page = PageRequest { by: room.visitor.by.clone(), lang: room.lang(), limit: ROWS, cursor };
    Ok((scope, filter, page))
}

fn nothing() -> Page<FoundView> {
    Page { items: Vec::new(), next: None, count: 0, count_exact: true }
}

/// The names of each finding's unit and procedure.
async fn names(app: &App, all: &[FoundView]) -> Result<Vec<(String, String)>, AppError> {
    let codes: Vec<(String, String)> = all.iter().map(|of| (of.unit.clone(), of.procedure.clone())).collect();
    app.read(move |_, catalogue| {
        let name = |(unit, procedure): (String, String)| {
            (catalogue.unit_name(&unit).to_owned(), catalogue.procedure_name(&procedure).to_owned())
        };
        Ok(codes.into_iter().map(name).collect())
    })
    .await
}

/// The filter as it was typed; an instant of a report's link shows as its day.
fn question(room: &Room, faults: &Faults) -> Question {
    let (lang, w, asked) = (room.lang(), finding_words(room.lang()), room.words());
    let fields = Fields { typed: &room.asking.typed, faults };
    let unit = [vec![Choice::new("", w.any_unit)], room.unit_choices()].concat();
    let rules = FindingCode::ALL.iter().map(|of| Choice::new(of.word(), rule_name(lang, *of)));
    let rules = [Choice::new("", w.any_rule)].into_iter().chain(rules).collect();
    let states =
        vec![Choice::new("", w.any_state), Choice::new("true", w.open), Choice::new("false", w.cleared)];
    let day = |name: &'static str, label: &'static str| {
        let typed = room.asking.typed.text(name);
        let kind = Kind::Input("date", typed.get(..10).unwrap_or(typed).to_owned());
        Field { kind, ..fields.input(name, label, "date") }
    };
    let shown = vec![
        fields.select("unit", w.unit, "", vec![("", unit)], asked.chosen),
        fields.select("code", w.rule, "", vec![("", rules)], asked.chosen),
        fields.select("open", w.state, "", vec![("", states)], asked.chosen),
        day("from", w.from),
        day("to", w.to),
    ];
    let names: Vec<&str> = shown.iter().map(|of| of.name).collect();
    let unseen = ["subtree", "code__in"];
    let hidden = unseen.into_iter().filter_map(|name| Some((name, room.asking.typed.optional(name)?)));
    let plain = room.question(&Faults::default(), |_| Vec::new());
    Question {
        beside: faults.beside(&names),
        fields: shown,
        more: Vec::new(),
        more_open: false,
        hidden: hidden.collect(),
        ..plain
    }
}

fn listed<'a>(
    room: &Room,
    frame: &'a Frame,
    question: &'a Question,
    (page, names): (Page<FoundView>, Vec<(String, String)>),
) -> FindingsHtml<'a> {
    let (lang, asking) = (room.lang(), &room.asking);
    let first = asking.is_asked("cursor").then(|| address(LIST, &asking.query(&[("cursor", "")])));
    FindingsHtml {
        frame,
        question,
        w: finding_words(lang),
        asked: asked_words(lang),
        how_many: how_many(lang, page.count),
        rows: page.items.into_iter().zip(names).map(|(of, names)| row(lang, of, names)).collect(),
        next: page.next.map(|next| address(LIST, &asking.query(&[("cursor", &next)]))),
        first,
    }
}

fn row(lang: Lang, of: FoundView, (unit, procedure): (String, String)) -> Found {
    let finding = of.finding;
    let since = finding.cleared_at.map(|at| moments::time_and_date(lang, at.0));
    Found {
        href: format!("/dossiers/{}", in_path(&of.dossier)),
        code: of.dossier,
        procedure: shortened(&procedure, PROCEDURE_LETTERS),
        unit,
        officer: of.officer,
        rule: rule_name(lang, finding.code),
        detail: finding.detail,
        source: finding.source,
        seen: moments::time_and_date(lang, finding.first_seen_at.0),
        cleared: finding.cleared_why.zip(since).map(|(why, at)| format!("{}, {at}", cleared(lang, why))),
    }
}

#[get("/findings/counted")]
pub(super) async fn counted(
    request: HttpRequest,
    app: Data<App>,
    visitor: Visitor,
) -> Result<HttpResponse, PageError> {
    let room = Room::new(&app, visitor, Asking::of(&request), COUNTED).await?;
    let ask = async |params: FindingsParams, by, lang| report_of(&app, params.wanted(lang), by).await;
    let title = finding_words(room.lang()).numbers_title;
    room.report(title, own_fields, ask, |frame, question, report| {
        draw(&drawn(&room, frame, question, report))
    })
    .await
}

fn own_fields(room: &Room, fields: Fields<'_>) -> Vec<Field> {
    let (lang, w) = (room.lang(), finding_words(room.lang()));
    let choices = FindingsBy::ALL.iter().map(|of| Choice::new(of.word(), findings_by(lang, *of))).collect();
    let usual = FindingsBy::Kind.word();
    vec![fields.select("group_by", w.group_by, usual, vec![("", choices)], room.words().chosen)]
}

fn drawn<'a>(
    room: &Room,
    frame: &'a Frame,
    question: &'a Question,
    report: &FindingsReport,
) -> CountedHtml<'a> {
    let (lang, pages) = (room.lang(), Pages::of(room, report.rows.len()));
    let by_rule = report.group_by == FindingsBy::Kind;
    CountedHtml {
        frame,
        question,
        w: finding_words(lang),
        titles: Titles::of(lang, &report.heading),
        row_heading: findings_by(lang, report.group_by),
        by_rule,
        rows: pages.cut(&report.rows).iter().map(|of| counted_row(lang, of, by_rule)).collect(),
        pages,
        total: CountedRow {
            name: text::total(lang).to_owned(),
            code: String::new(),
            ..counted_row(lang, &report.total, true)
        },
        csv: room.there("/findings/counted.csv"),
    }
}

fn counted_row(lang: Lang, of: &FindingsRow, by_rule: bool) -> CountedRow {
    let opened = |of: &FindingCountsView| Count::new(lang, of.opened, of.opened_findings.as_deref());
    let plain = |of: u32| Count::new(lang, of, None);
    let (counts, ended) = (&of.counts, of.counts.cleared);
    let kinds = of.kinds.iter().filter(|of| !by_rule && of.counts.opened > 0);
    CountedRow {
        name: of.name.clone(),
        code: if by_rule { String::new() } else { code(&of.key, &of.name) },
        opened: opened(counts),
        others: [counts.open, ended.closed, ended.corrected, ended.apologised, ended.redated].map(plain),
        kinds: kinds.map(|of| (of.name.clone(), opened(&of.counts))).collect(),
    }
}
