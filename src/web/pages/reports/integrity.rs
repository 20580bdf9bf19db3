//! `/integrity`: where numbers look too good or too odd. It says "look here", and nothing of anybody.

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
use super::rate;
use super::titles::Titles;
use crate::api::reports::integrity::IntegrityParams;
use crate::app::App;
use crate::app::reports::integrity::{IntegrityReport, IntegrityRow, SignView, integrity as lens};
use crate::domain::integrity::{IntegrityBy, MOST_MINUTES, USUAL_MINUTES};
use crate::text::Lang;
use crate::text::pages::findings::{IntegrityWords, chance, integrity_by, integrity_words, rule};
use crate::text::report_words::stands_out;

const PATH: &str = "/integrity";

#[derive(Template)]
#[template(path = "integrity.html", config = "src/web/askama.toml")]
struct IntegrityHtml<'a> {
    frame: &'a Frame,
    question: &'a Question,
    w: &'static IntegrityWords,
    titles: Titles,
    note: &'a str,
    rule: String,
    row_heading: &'static str,
    looks: Vec<Look>,
    rows: Vec<Row>,
    pages: Pages,
    csv: String,
}

/// A number worth a look.
struct Look {
    name: String,
    sign: Sign,
}

struct Row {
    name: String,
    code: String,
    signs: Vec<Sign>,
}

struct Sign {
    name: String,
    own: String,
    peers: String,
    chance: String,
    remark: &'static str,
    stands_out: bool,
}

#[get("/integrity")]
pub(super) async fn integrity(
    request: HttpRequest,
    app: Data<App>,
    visitor: Visitor,
) -> Result<HttpResponse, PageError> {
    let room = Room::new(&app, visitor, Asking::of(&request), PATH).await?;
    let ask = async |params: IntegrityParams, by, lang| lens(&app, params.wanted(lang), by).await;
    let title = integrity_words(room.lang()).title;
    room.report(title, own_fields, ask, |frame, question, report| {
        draw(&drawn(&room, frame, question, report))
    })
    .await
}

fn own_fields(room: &Room, fields: Fields<'_>) -> Vec<Field> {
    let (lang, w) = (room.lang(), integrity_words(room.lang()));
    let choices = IntegrityBy::ALL.iter().map(|of| Choice::new(of.word(), integrity_by(lang, *of))).collect();
    let usual = IntegrityBy::Officer.word();
    vec![
        fields.select("group_by", w.group_by, usual, vec![("", choices)], room.words().chosen),
        fields.number("minutes", w.minutes, (1, MOST_MINUTES, USUAL_MINUTES)),
    ]
}

fn drawn<'a>(
    room: &Room,
    frame: &'a Frame,
    question: &'a Question,
    report: &'a IntegrityReport,
) -> IntegrityHtml<'a> {
    let (lang, pages) = (room.lang(), Pages::of(room, report.rows.len()));
    let looks = report.rows.iter().flat_map(|row| {
        let out = row.signs.iter().filter(|of| of.stands_out == Some(true));
        out.map(|of| Look { name: row.name.clone(), sign: sign(lang, of) })
    });
    IntegrityHtml {
        frame,
        question,
        w: integrity_words(lang),
        titles: Titles::of(lang, &report.heading),
        note: &report.note,
        rule: rule(lang),
        row_heading: integrity_by(lang, report.group_by),
        looks: looks.collect(),
        rows: pages.cut(&report.rows).iter().map(|of| row(lang, of)).collect(),
        pages,
        csv: room.there("/integrity.csv"),
    }
}

fn row(lang: Lang, of: &IntegrityRow) -> Row {
    Row {
        name: of.name.clone(),
        code: code(&of.key, &of.name),
        signs: of.signs.iter().map(|of| sign(lang, of)).collect(),
    }
}

fn sign(lang: Lang, of: &SignView) -> Sign {
    Sign {
        name: of.name.clone(),
        own: rate(lang, of.own),
        peers: rate(lang, of.peers),
        chance: chance(lang, of.chance),
        remark: stands_out(lang, of.stands_out),
        stands_out: of.stands_out == Some(true),
    }
}
