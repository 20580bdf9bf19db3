//! `/reports/delays`: how late the late ones were.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;

use super::super::super::fault::PageError;
use super::super::super::frame::{Frame, draw};
use super::super::super::visitor::Visitor;
use super::Count;
use super::asking::{Asking, Question, Room};
use super::fields::{Field, Fields};
use super::form::code;
use super::paging::Pages;
use super::titles::Titles;
use crate::api::reports::delays::DelaysParams;
use crate::app::App;
use crate::app::reports::delays::{DelaysReport, DelaysRow, DelaysView, delays as counted};
use crate::domain::statistics::GroupBy;
use crate::text::numbers::{self, NONE};
use crate::text::pages::report_views::{DelayWords, delay_words};
use crate::text::{Lang, reports as text};

const PATH: &str = "/reports/delays";

#[derive(Template)]
#[template(path = "report_delays.html", config = "src/web/askama.toml")]
struct DelaysHtml<'a> {
    frame: &'a Frame,
    question: &'a Question,
    w: &'static DelayWords,
    titles: Titles,
    row_heading: &'static str,
    rows: Vec<Row>,
    pages: Pages,
    total: Row,
    csv: String,
}

struct Row {
    name: String,
    code: String,
    groups: [Delays; 3],
}

struct Delays {
    count: Count,
    working_days: String,
    median: String,
    p90: String,
    max: String,
    citizen_days: String,
}

#[get("/reports/delays")]
pub(super) async fn delays(
    request: HttpRequest,
    app: Data<App>,
    visitor: Visitor,
) -> Result<HttpResponse, PageError> {
    let room = Room::new(&app, visitor, Asking::of(&request), PATH).await?;
    let ask = async |params: DelaysParams, by, lang| counted(&app, params.wanted(lang), by).await;
    let title = delay_words(room.lang()).title;
    room.report(title, own_fields, ask, |frame, question, report| {
        draw(&drawn(&room, frame, question, report))
    })
    .await
}

fn own_fields(room: &Room, fields: Fields<'_>) -> Vec<Field> {
    vec![room.group_field(fields, GroupBy::Unit)]
}

fn drawn<'a>(room: &Room, frame: &'a Frame, question: &'a Question, report: &DelaysReport) -> DelaysHtml<'a> {
    let (lang, pages) = (room.lang(), Pages::of(room, report.rows.len()));
    DelaysHtml {
        frame,
        question,
        w: delay_words(lang),
        titles: Titles::of(lang, &report.heading),
        row_heading: text::row_heading(lang, report.group_by),
        rows: pages.cut(&report.rows).iter().map(|of| row(lang, of)).collect(),
        pages,
        total: Row { name: text::total(lang).to_owned(), code: String::new(), ..row(lang, &report.total) },
        csv: room.there("/reports/delays.csv"),
    }
}

fn row(lang: Lang, of: &DelaysRow) -> Row {
    Row {
        name: of.name.clone(),
        code: code(&of.key, &of.name),
        groups: [
            delayed(lang, &of.closed_late, of.closed_late_dossiers.as_deref()),
            delayed(lang, &of.overdue, of.overdue_dossiers.as_deref()),
            delayed(lang, &of.together, None),
        ],
    }
}

fn delayed(lang: Lang, of: &DelaysView, link: Option<&str>) -> Delays {
    let whole = |of: Option<u32>| of.map_or_else(|| NONE.to_owned(), |of| numbers::count(lang, of));
    let median = |of: f64| numbers::decimal(lang, of, if of.fract() == 0.0 { 0 } else { 1 });
    Delays {
        count: Count::new(lang, of.count, link),
        working_days: numbers::count(lang, of.working_days),
        median: of.median.map_or_else(|| NONE.to_owned(), median),
        p90: whole(of.p90),
        max: whole(of.max),
        citizen_days: numbers::count(lang, of.citizen_days),
    }
}
