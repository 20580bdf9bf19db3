//! `/reports/commitments`: how commitments were kept, a table for each kind.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;

use super::super::super::fault::PageError;
use super::super::super::frame::{Frame, draw};
use super::super::super::visitor::Visitor;
use super::asking::{Asking, Question, Room};
use super::fields::{Choice, Field, Fields};
use super::form::code;
use super::paging::Pages;
use super::titles::Titles;
use super::{Count, rate};
use crate::api::reports::commitments::CommitmentsParams;
use crate::app::App;
use crate::app::reports::commitments::{
    CommitmentsReport, CommitmentsRow, KeptView, RolloverView, commitments as counted,
};
use crate::domain::kept::CommitmentsBy;
use crate::text::pages::report_views::{KeptWords, kept_words};
use crate::text::report_words::commitments_headings;
use crate::text::{Lang, reports as text};

const PATH: &str = "/reports/commitments";

#[derive(Template)]
#[template(path = "report_commitments.html", config = "src/web/askama.toml")]
struct CommitmentsHtml<'a> {
    frame: &'a Frame,
    question: &'a Question,
    w: &'static KeptWords,
    titles: Titles,
    row_heading: String,
    kinds: Vec<Kind>,
    pages: Pages,
    csv: String,
}

/// Commitments of one kind; those without any are left out.
struct Kind {
    name: &'static str,
    received: &'static str,
    rows: Vec<Row>,
    total: Row,
}

struct Row {
    name: String,
    code: String,
    counts: [Count; 6],
    rate: String,
    received: u32,
}

#[get("/reports/commitments")]
pub(super) async fn commitments(
    request: HttpRequest,
    app: Data<App>,
    visitor: Visitor,
) -> Result<HttpResponse, PageError> {
    let room = Room::new(&app, visitor, Asking::of(&request), PATH).await?;
    let ask = async |params: CommitmentsParams, by, lang| counted(&app, params.wanted(lang), by).await;
    let title = kept_words(room.lang()).title;
    room.report(title, own_fields, ask, |frame, question, report| {
        draw(&drawn(&room, frame, question, report))
    })
    .await
}

fn row_heading(lang: Lang, by: CommitmentsBy) -> String {
    commitments_headings(lang, by).into_iter().next().unwrap_or_default()
}

fn own_fields(room: &Room, fields: Fields<'_>) -> Vec<Field> {
    let (lang, w) = (room.lang(), room.words());
    let choices =
        CommitmentsBy::ALL.iter().map(|of| Choice::new(of.word(), row_heading(lang, *of))).collect();
    vec![fields.select("group_by", w.group_by, CommitmentsBy::Unit.word(), vec![("", choices)], w.chosen)]
}

fn drawn<'a>(
    room: &Room,
    frame: &'a Frame,
    question: &'a Question,
    report: &CommitmentsReport,
) -> CommitmentsHtml<'a> {
    let (lang, w) = (room.lang(), kept_words(room.lang()));
    let pages = Pages::of(room, report.rows.len());
    let rows = (pages.cut(&report.rows), &report.total);
    let kinds = [
        kind(lang, rows, (w.same_day, w.received), |row| kept(lang, row, &row.same_day)),
        kind(lang, rows, (w.week, w.friday), |row| rollover(lang, row, &row.week_rollover)),
        kind(lang, rows, (w.other, w.received), |row| kept(lang, row, &row.other)),
    ];
    CommitmentsHtml {
        frame,
        question,
        w,
        titles: Titles::of(lang, &report.heading),
        row_heading: row_heading(lang, report.group_by),
        pages,
        kinds: kinds.into_iter().filter(|of| of.total.received > 0).collect(),
        csv: room.there("/reports/commitments.csv"),
    }
}

fn kind(
    lang: Lang,
    (rows, total): (&[CommitmentsRow], &CommitmentsRow),
    (name, received): (&'static str, &'static str),
    of: impl Fn(&CommitmentsRow) -> Row,
) -> Kind {
    let rows = rows.iter().map(&of).filter(|row| row.received > 0).collect();
    let total = Row { name: text::total(lang).to_owned(), code: String::new(), ..of(total) };
    Kind { name, received, rows, total }
}

fn kept(lang: Lang, row: &CommitmentsRow, of: &KeptView) -> Row {
    let counts = [of.received, of.promised_within, of.promised_beyond, of.kept, of.broken, of.open];
    drawn_row(lang, row, (counts, of.broken_dossiers.as_deref()), rate(lang, of.rates.kept_of_decided))
}

fn rollover(lang: Lang, row: &CommitmentsRow, of: &RolloverView) -> Row {
    let counts = [
        of.friday_receipts,
        of.promised_within,
        of.rolled_over_by_promise,
        of.kept,
        of.rolled_over_in_fact,
        of.open,
    ];
    drawn_row(lang, row, (counts, of.rolled_over_dossiers.as_deref()), rate(lang, of.rates.kept_of_decided))
}

fn drawn_row(
    lang: Lang,
    row: &CommitmentsRow,
    (counts, broken): ([u32; 6], Option<&str>),
    rate: String,
) -> Row {
    let [received, within, beyond, kept, missed, open] = counts;
    let plain = |of: u32| Count::new(lang, of, None);
    Row {
        name: row.name.clone(),
        code: code(&row.key, &row.name),
        counts: [
            plain(received),
            plain(within),
            plain(beyond),
            plain(kept),
            Count::new(lang, missed, broken),
            plain(open),
        ],
        rate,
        received,
    }
}
