//! `/reports/ranking`: the units below one, ranked fairly, and how.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;

use super::super::super::fault::PageError;
use super::super::super::frame::{Frame, draw};
use super::super::super::visitor::Visitor;
use super::asking::{Asking, Question, Room, address};
use super::fields::{Choice, Field, Fields};
use super::paging::Pages;
use super::rate;
use super::titles::Titles;
use crate::api::reports::ranking::RankingParams;
use crate::app::App;
use crate::app::reports::ranking::{RankingReport, RankingRow, ranking as ranked};
use crate::domain::ranking::{RankBy, USUAL_MINIMUM};
use crate::domain::statistics::GroupBy;
use crate::text::Lang;
use crate::text::numbers::{self, NONE, percentage};
use crate::text::pages::report_views::{RankingWords, rank_by, ranking_words, unranked};
use crate::text::report_words::not_ranked;

const PATH: &str = "/reports/ranking";
/// More dossiers than this are not asked of a unit.
const MOST_MINIMUM: u32 = 100_000;

#[derive(Template)]
#[template(path = "report_ranking.html", config = "src/web/askama.toml")]
struct RankingHtml<'a> {
    frame: &'a Frame,
    question: &'a Question,
    w: &'static RankingWords,
    titles: Titles,
    rows: Vec<Row>,
    pages: Pages,
    group: String,
    unranked: String,
    csv: String,
}

struct Row {
    place: String,
    ranked: bool,
    name: String,
    href: String,
    due: String,
    on_time: String,
    rate: String,
    lower: String,
    expected: String,
    ratio: String,
    adjusted: String,
    adjusted_lower: String,
}

#[get("/reports/ranking")]
pub(super) async fn ranking(
    request: HttpRequest,
    app: Data<App>,
    visitor: Visitor,
) -> Result<HttpResponse, PageError> {
    let room = Room::new(&app, visitor, Asking::of(&request), PATH).await?;
    let ask = async |params: RankingParams, by, lang| ranked(&app, params.wanted(lang), by).await;
    let title = ranking_words(room.lang()).title;
    room.report(title, own_fields, ask, |frame, question, report| {
        draw(&drawn(&room, frame, question, report))
    })
    .await
}

fn own_fields(room: &Room, fields: Fields<'_>) -> Vec<Field> {
    let (lang, w) = (room.lang(), ranking_words(room.lang()));
    let choices = RankBy::ALL.iter().map(|of| Choice::new(of.word(), rank_by(lang, *of))).collect();
    vec![
        fields.select("by", w.by, RankBy::Wilson.word(), vec![("", choices)], room.words().chosen),
        fields.number("minimum", w.minimum, (1, MOST_MINIMUM, USUAL_MINIMUM)),
    ]
}

fn drawn<'a>(
    room: &Room,
    frame: &'a Frame,
    question: &'a Question,
    report: &RankingReport,
) -> RankingHtml<'a> {
    let (lang, pages) = (room.lang(), Pages::of(room, report.rows.len()));
    RankingHtml {
        frame,
        question,
        w: ranking_words(lang),
        titles: Titles::of(lang, &report.heading),
        rows: pages.cut(&report.rows).iter().map(|of| row(room, lang, of)).collect(),
        pages,
        group: rate(lang, report.group),
        unranked: unranked(lang, report.minimum),
        csv: room.there("/reports/ranking.csv"),
    }
}

fn row(room: &Room, lang: Lang, of: &RankingRow) -> Row {
    let below = if room.choices.parents.contains(&of.key) { GroupBy::Unit } else { GroupBy::Sector };
    let own = [("unit", of.key.as_str()), ("by", ""), ("minimum", ""), ("group_by", below.word())];
    let mix = of.mix_fair;
    Row {
        place: of.rank.map_or_else(|| not_ranked(lang).to_owned(), |rank| rank.to_string()),
        ranked: of.rank.is_some(),
        name: of.name.clone(),
        href: address("/reports", &room.asking.query(&own)),
        due: numbers::count(lang, of.on_time_of_due.denominator),
        on_time: numbers::count(lang, of.on_time_of_due.numerator),
        rate: percentage(lang, of.on_time_of_due.value),
        lower: percentage(lang, of.lower_bound),
        expected: mix.map_or_else(|| NONE.to_owned(), |of| numbers::decimal(lang, of.expected, 1)),
        ratio: percentage(lang, mix.and_then(|of| of.ratio)),
        adjusted: percentage(lang, mix.and_then(|of| of.adjusted_rate)),
        adjusted_lower: percentage(lang, mix.and_then(|of| of.adjusted_lower_bound)),
    }
}
