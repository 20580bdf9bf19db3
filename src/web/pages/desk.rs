//! `/desk`: what a leader reads in two minutes, the most urgent first.

use actix_web::web::{Data, Query, ServiceConfig};
use actix_web::{HttpResponse, get};
use askama::Template;
use serde::Deserialize;

use super::super::charts::{Drawing, RateChart, Step, Tone, bar};
use super::super::fault::PageError;
use super::super::frame::{Frame, Tab, draw};
use super::super::visitor::Visitor;
use super::desk_draw::{Place, Row, percent, rows, with_unit};
use crate::app::App;
use crate::app::desk::{self as verb, ComplianceView, DeskRequest, DeskView, GoingView, OverdueView};
use crate::app::reports::commitments::KeptRatesView;
use crate::app::view::page_of;
use crate::domain::ahead::Ahead;
use crate::domain::alert::Outlook;
use crate::domain::statistics::Rate;
use crate::domain::steps::StepBy;
use crate::text::Lang;
use crate::text::pages::desk::{self as text, DeskWords, desk_words};

pub(in crate::web) fn configure(config: &mut ServiceConfig) {
    config.service(desk);
}

#[derive(Deserialize)]
struct Asked {
    unit: Option<String>,
    by: Option<String>,
}

#[get("/desk")]
async fn desk(app: Data<App>, visitor: Visitor, asked: Query<Asked>) -> Result<HttpResponse, PageError> {
    let Asked { unit, by } = asked.into_inner();
    let lang = visitor.lang;
    let steps = by.as_deref().and_then(StepBy::from_word).filter(|by| *by != StepBy::Quarter);
    let request = DeskRequest { unit: unit.filter(|unit| !unit.is_empty()), steps, lang };
    let view = verb::desk(&app, request, visitor.by.clone()).await?;
    let w = desk_words(lang);
    let frame = visitor.frame(Tab::Desk, format!("{} – {}", w.title, view.place.unit.name));
    draw(&DeskHtml::of(&frame, w, &view))
}

/// A number at the head, with the address of what it counts.
struct Figure {
    number: String,
    words: String,
    href: String,
    class: &'static str,
}

/// The overdue by one of the things they are told apart by.
struct Table {
    heading: &'static str,
    rows: Vec<TableRow>,
    others: Option<String>,
    /// The report that tells all rows.
    href: String,
}

struct TableRow {
    name: String,
    count: i64,
    href: String,
    longest: String,
    bar: Option<Drawing>,
}

struct Forecast {
    words: String,
    count: i64,
    href: String,
}

/// A number and the list it opens.
struct Counted {
    count: u32,
    href: String,
}

struct StepRow {
    label: String,
    running: bool,
    cells: [Counted; 4],
    rate: String,
}

struct Going {
    title: &'static str,
    chart: Option<Drawing>,
    rows: Vec<StepRow>,
    /// The same by the other step: its words, its address, and whether it is what is shown.
    ways: [(&'static str, String, bool); 2],
}

struct KeptRow {
    words: &'static str,
    received: u32,
    kept: u32,
    broken: u32,
    broken_href: Option<String>,
    rate: String,
    bar: Option<Drawing>,
    before: String,
}

#[derive(Template)]
#[template(path = "desk.html", config = "src/web/askama.toml")]
struct DeskHtml<'a> {
    frame: &'a Frame,
    w: &'static DeskWords,
    place: Place,
    headline: Option<String>,
    figures: Vec<Figure>,
    savable_title: String,
    rows: Vec<Row>,
    today_href: String,
    savable: usize,
    slips: usize,
    reasons: Vec<Figure>,
    apologies_title: Option<String>,
    apologies: Vec<Row>,
    overdue: Vec<Table>,
    friday: String,
    friday_until: Option<String>,
    friday_href: String,
    forecast: Vec<Forecast>,
    going: Going,
    kept: Vec<KeptRow>,
    kept_period: String,
    kept_href: String,
}

impl<'a> DeskHtml<'a> {
    fn of(frame: &'a Frame, w: &'static DeskWords, view: &DeskView) -> DeskHtml<'a> {
        let lang = frame.lang;
        let (unit, now, today) = (&view.place.unit.code, view.place.now, &view.today);
        let overdue = usize::try_from(view.overdue.count).unwrap_or(usize::MAX);
        let month = &view.compliance.month.heading.period;
        DeskHtml {
            place: Place::of(lang, "/desk", &view.place),
            headline: text::headline(lang, today.savable, overdue, today.apologies),
            figures: figures(lang, w, view),
            savable_title: text::savable_title(lang, today.savable),
            rows: rows(lang, Outlook::Today, now, &today.lines),
            today_href: with_unit("/desk/today", unit),
            savable: today.savable,
            slips: today.apologies,
            reasons: reasons(w, view),
            apologies_title: (today.apologies > 0).then(|| text::apologies_title(lang, today.apologies)),
            apologies: rows(lang, Outlook::Today, now, &today.apology_lines),
            overdue: tables(lang, unit, &view.overdue),
            friday: if view.friday.count > 0 {
                text::rollover(lang, view.friday.count)
            } else {
                w.none_rollover.to_owned()
            },
            friday_until: super::desk_draw::until(lang, w, &view.friday, now),
            friday_href: with_unit("/desk/friday", unit),
            forecast: forecast(lang, view),
            going: Going::of(lang, w, unit, &view.going),
            kept: kept(lang, w, &view.compliance),
            kept_period: text::period(lang, month.from, month.to),
            kept_href: with_unit("/reports/commitments", unit),
            frame,
            w,
        }
    }
}

fn figures(lang: Lang, w: &DeskWords, view: &DeskView) -> Vec<Figure> {
    let unit = &view.place.unit.code;
    let some = |count: usize, class| if count > 0 { class } else { "" };
    let overdue = usize::try_from(view.overdue.count).unwrap_or(usize::MAX);
    let figure = |number: usize, words: &str, href: String, class| Figure {
        number: number.to_string(),
        words: words.to_owned(),
        href,
        class,
    };
    let mut all = vec![
        figure(
            view.today.savable,
            w.savable,
            with_unit("/desk/today", unit),
            some(view.today.savable, "soon"),
        ),
        figure(overdue, w.overdue, page_of(&view.overdue.link), some(overdue, "late")),
        figure(view.friday.count, w.rollover, with_unit("/desk/friday", unit), ""),
    ];
    if let Some(next) = view.forecast.iter().find(|of| of.ahead == Ahead::NextWorkingDay) {
        let words = format!("{} {}", w.next_day, text::short_day(lang, next.last));
        let number = next.count.to_string();
        all.push(Figure { number, words, href: page_of(&next.link), class: "" });
    }
    if let Some(step) = view.going.report.steps.last() {
        let days = [
            ("unit", unit.clone()),
            ("from", step.period.from.to_string()),
            ("to", step.period.to.to_string()),
        ];
        let query = serde_urlencoded::to_string(days).unwrap_or_default();
        let words = if view.going.report.by == StepBy::Week { w.week_rate } else { w.month_rate };
        let number = percent(lang, step.row.rates.on_time_of_due.into());
        all.push(Figure { number, words: words.to_owned(), href: format!("/reports?{query}"), class: "" });
    }
    all
}

fn reasons(w: &DeskWords, view: &DeskView) -> Vec<Figure> {
    let unit = &view.place.unit.code;
    let of = |count: usize, words: &str, reason| Figure {
        number: count.to_string(),
        words: words.to_owned(),
        href: format!("{}&reason={reason}", with_unit("/desk/today", unit)),
        class: "",
    };
    let all = [
        of(view.today.due, w.because_due, "due_today"),
        of(view.today.committed, w.because_committed, "committed"),
    ];
    all.into_iter().filter(|of| of.number != "0").collect()
}

fn tables(lang: Lang, unit: &str, of: &OverdueView) -> Vec<Table> {
    let whole = u32::try_from(of.count).unwrap_or(u32::MAX);
    let row = |row: &verb::OverdueRow| TableRow {
        name: text::brief(&row.name),
        count: row.count,
        href: page_of(&row.link),
        longest: text::days_late(lang, row.days_late),
        bar: u32::try_from(row.count)
            .ok()
            .and_then(|part| bar(Rate { numerator: part, denominator: whole }, Tone::Late)),
    };
    let table = |table: &verb::OverdueTable| Table {
        heading: text::overdue_by(lang, table.group_by),
        rows: table.rows.iter().map(row).collect(),
        others: (table.others > 0).then(|| text::others(lang, table.others)),
        href: format!("{}&group_by={}", with_unit("/reports/delays", unit), table.group_by.word()),
    };
    let some = of.tables.iter().filter(|table| !table.rows.is_empty());
    some.map(table).collect()
}

fn forecast(lang: Lang, view: &DeskView) -> Vec<Forecast> {
    let of = |of: &verb::ForecastView| Forecast {
        words: text::ahead(lang, of.ahead, of.last),
        count: of.count,
        href: page_of(&of.link),
    };
    view.forecast.iter().map(of).collect()
}

impl Going {
    fn of(lang: Lang, w: &'static DeskWords, unit: &str, view: &GoingView) -> Going {
        let by = view.report.by;
        let begun = view.report.steps.iter().position(|step| step.row.received.total > 0);
        let shown = begun.unwrap_or(view.report.steps.len());
        let steps: Vec<Step> = view.report.steps.iter().skip(shown).map(|of| step(lang, by, of)).collect();
        let numbered = view.report.steps.iter().zip(&view.links).skip(shown);
        let mut rows: Vec<StepRow> = numbered.map(|(step, links)| step_row(lang, by, step, links)).collect();
        rows.reverse();
        let way = |words, of: StepBy| {
            (words, format!("{}&by={}#going", with_unit("/desk", unit), of.word()), of == by)
        };
        let title = text::chart_title(lang, by);
        Going {
            title,
            chart: RateChart { id: "going-chart", title, steps: &steps, lang }.drawn(),
            rows,
            ways: [way(w.by_week, StepBy::Week), way(w.by_month, StepBy::Month)],
        }
    }
}

fn step(lang: Lang, by: StepBy, of: &crate::app::reports::trend::StepView) -> Step {
    Step {
        label: text::step_label(lang, by, of.period.from),
        rate: of.row.rates.on_time_of_due.into(),
        over: of.over,
    }
}

fn step_row(
    lang: Lang,
    by: StepBy,
    of: &crate::app::reports::trend::StepView,
    links: &verb::StepLinks,
) -> StepRow {
    let cell = |count, link: &str| Counted { count, href: page_of(link) };
    StepRow {
        label: text::step(lang, by, (of.period.from, of.period.to)),
        running: !of.over,
        cells: [
            cell(of.row.resolved.early, &links.early),
            cell(of.row.resolved.on_time, &links.on_time),
            cell(of.row.resolved.late, &links.late),
            cell(of.row.in_progress.overdue, &links.overdue),
        ],
        rate: percent(lang, of.row.rates.on_time_of_due.into()),
    }
}

fn kept(lang: Lang, w: &DeskWords, view: &ComplianceView) -> Vec<KeptRow> {
    let (now, before) = (&view.month.total, &view.before.total);
    let rate = |of: KeptRatesView| percent(lang, of.kept_of_decided.into());
    let drawn = |of: KeptRatesView| bar(of.kept_of_decided.into(), Tone::Good);
    let other = |words, of: &crate::app::reports::commitments::KeptView, rates| KeptRow {
        words,
        received: of.received,
        kept: of.kept,
        broken: of.broken,
        broken_href: of.broken_dossiers.as_deref().map(page_of),
        rate: rate(of.rates),
        bar: drawn(of.rates),
        before: rate(rates),
    };
    let friday = &now.week_rollover;
    let rows = [
        other(w.same_day, &now.same_day, before.same_day.rates),
        KeptRow {
            words: w.no_rollover,
            received: friday.friday_receipts,
            kept: friday.kept,
            broken: friday.rolled_over_in_fact,
            broken_href: friday.rolled_over_dossiers.as_deref().map(page_of),
            rate: rate(friday.rates),
            bar: drawn(friday.rates),
            before: rate(before.week_rollover.rates),
        },
        other(w.other, &now.other, before.other.rates),
    ];
    rows.into_iter().filter(|row| row.received > 0 || row.before != "—").collect()
}
