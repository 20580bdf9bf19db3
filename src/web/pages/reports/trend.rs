//! `/reports/trend`: the form's numbers, step by step.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;

use super::super::super::charts::{self, Drawing, RateChart};
use super::super::super::fault::PageError;
use super::super::super::frame::{Frame, draw};
use super::super::super::visitor::Visitor;
use super::asking::{Asking, Question, Room, address};
use super::fields::{Choice, Field, Fields};
use super::rate;
use super::titles::Titles;
use crate::api::reports::trend::TrendParams;
use crate::app::App;
use crate::app::reports::choices::Periods;
use crate::app::reports::processing::ProcessingRow;
use crate::app::reports::trend::{StepView, TrendReport, trend as counted};
use crate::domain::cell::Cell;
use crate::domain::office_time::local_date;
use crate::domain::steps::StepBy;
use crate::text::Lang;
use crate::text::moments::days;
use crate::text::numbers;
use crate::text::pages::report_views::{TrendWords, step_by, step_label, trend_words};
use crate::text::pages::reports::period_name;

const PATH: &str = "/reports/trend";
/// The numbers that a step shows.
const CELLS: [Cell; 5] = [Cell::Received, Cell::Resolved, Cell::Late, Cell::InProgress, Cell::Overdue];

#[derive(Template)]
#[template(path = "report_trend.html", config = "src/web/askama.toml")]
struct TrendHtml<'a> {
    frame: &'a Frame,
    question: &'a Question,
    w: &'static TrendWords,
    titles: Titles,
    chart: Option<Drawing>,
    steps: Vec<Step>,
    total: Vec<String>,
    total_rate: String,
    csv: String,
}

struct Step {
    name: String,
    days: String,
    href: String,
    /// What is to be known of it: that it still runs, or that the stretch cuts it.
    marks: Vec<&'static str>,
    counts: Vec<String>,
    rate: String,
}

#[get("/reports/trend")]
pub(super) async fn trend(
    request: HttpRequest,
    app: Data<App>,
    visitor: Visitor,
) -> Result<HttpResponse, PageError> {
    // A month's own trend is one step.
    let year = Periods::on(local_date(app.clock().now())).years.first().map(ToString::to_string);
    let asking = Asking::of(&request).usually(&year.unwrap_or_default());
    let room = Room::new(&app, visitor, asking, PATH).await?;
    let ask = async |params: TrendParams, by, lang| counted(&app, params.wanted(lang), by).await;
    let title = trend_words(room.lang()).title;
    room.report(title, own_fields, ask, |frame, question, report| {
        draw(&drawn(&room, frame, question, report))
    })
    .await
}

fn own_fields(room: &Room, fields: Fields<'_>) -> Vec<Field> {
    let (lang, w) = (room.lang(), trend_words(room.lang()));
    let choices = StepBy::ALL.iter().map(|of| Choice::new(of.word(), step_by(lang, *of))).collect();
    vec![fields.select("by", w.by, StepBy::Month.word(), vec![("", choices)], room.words().chosen)]
}

fn drawn<'a>(room: &Room, frame: &'a Frame, question: &'a Question, report: &TrendReport) -> TrendHtml<'a> {
    let lang = room.lang();
    TrendHtml {
        frame,
        question,
        w: trend_words(lang),
        titles: Titles::of(lang, &report.heading),
        chart: chart(lang, report),
        steps: report.steps.iter().map(|of| step(room, lang, of)).collect(),
        total: counts(lang, &report.total),
        total_rate: rate(lang, report.total.rates.on_time_of_due),
        csv: room.there("/reports/trend.csv"),
    }
}

/// The share in time, step by step.
fn chart(lang: Lang, report: &TrendReport) -> Option<Drawing> {
    let step = |of: &StepView| charts::Step {
        label: of.period.read().map_or_else(|| of.period.label.clone(), |period| step_label(lang, &period)),
        rate: of.row.rates.on_time_of_due.into(),
        over: of.over,
    };
    let steps: Vec<charts::Step> = report.steps.iter().map(step).collect();
    RateChart { id: "trend", title: trend_words(lang).chart, steps: &steps, lang }.drawn()
}

fn counts(lang: Lang, row: &ProcessingRow) -> Vec<String> {
    CELLS.iter().map(|cell| numbers::count(lang, row.count(*cell))).collect()
}

fn step(room: &Room, lang: Lang, of: &StepView) -> Step {
    let w = trend_words(lang);
    let period = of.period.read();
    let named = period.as_ref().and_then(|period| period_name(lang, period));
    let (from, to) = (of.period.from.to_string(), of.period.to.to_string());
    // A step without a name of its own is asked for by its days.
    let asked = match &named {
        Some(_) => [("period", of.period.label.as_str()), ("from", ""), ("to", "")],
        None => [("period", ""), ("from", from.as_str()), ("to", to.as_str())],
    };
    let query = room.asking.query(&[&asked[..], &[("by", ""), ("as_of", "")]].concat());
    let marks = [(!of.over, w.running), (!of.whole, w.cut)];
    let days = days(lang, of.period.from, of.period.to);
    Step {
        name: named.unwrap_or_else(|| days.clone()),
        days,
        href: address("/reports", &query),
        marks: marks.into_iter().filter(|(holds, _)| *holds).map(|(_, said)| said).collect(),
        counts: counts(lang, &of.row),
        rate: rate(lang, of.row.rates.on_time_of_due),
    }
}
