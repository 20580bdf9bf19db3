//! What the weekly mail says: last week in numbers beside the week before it, and the ledger's anchors; plain text and HTML, equal in content.
//!
//! It names no dossier and no person. What the numbers mean is said in [`crate::domain::statistics`].

use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};

use super::letter::{Composed, Frame, Link, one_line};
use super::weekly_words::{self as sentences, Words};
use super::{Lang, alert_words, shares};
use crate::domain::ledger::Anchor;
use crate::domain::period::Period;
use crate::domain::statistics::Tally;

/// What a message is made from.
#[derive(Debug, Clone)]
pub struct WeeklyNotice<'a> {
    /// The reader's language.
    pub lang: Lang,
    /// The reader's unit by name.
    pub unit: &'a str,
    /// The slot it is written for.
    pub slot: DateTime<Utc>,
    /// When it is written.
    pub now: DateTime<Utc>,
    /// The week.
    pub week: WeekNumbers,
    /// The week before it.
    pub before: WeekNumbers,
    /// Each day's anchor; `None` before the ledger's first entry.
    pub anchors: &'a [(NaiveDate, Option<Anchor>)],
    /// Where more is to be seen.
    pub links: WeeklyLinks,
}

/// A week and what it came to.
#[derive(Debug, Clone, Copy)]
pub struct WeekNumbers {
    /// Its days.
    pub days: Period,
    /// Its numbers, seen from its end.
    pub tally: Tally,
}

/// Where more is to be seen; all `None` where the service has no address.
#[derive(Debug, Clone, Default)]
pub struct WeeklyLinks {
    /// The week's report.
    pub report: Option<String>,
    /// The dossiers counted.
    pub dossiers: Option<String>,
    /// The dossiers overdue at the time of reading.
    pub overdue: Option<String>,
}

struct Page<'a> {
    words: &'static Words,
    week: String,
    before: String,
    figures: Vec<Figure>,
    links: Vec<Link>,
    anchors: Vec<Anchored<'a>>,
}

/// One row of numbers.
struct Figure {
    label: &'static str,
    /// Whether it is a part of the row above.
    part: bool,
    value: String,
    before: String,
}

struct Anchored<'a> {
    day: String,
    anchor: Option<&'a Anchor>,
}

#[derive(Template)]
#[template(path = "weekly.html", config = "src/text/askama.toml")]
struct Html<'a> {
    frame: &'a Frame,
    page: &'a Page<'a>,
}

/// Puts a notice into words.
///
/// # Errors
/// Only when the template cannot be rendered, which no input brings about.
pub fn compose(of: &WeeklyNotice<'_>) -> Result<Composed, askama::Error> {
    let (frame, page) = (frame(of), page(of));
    let html = Html { frame: &frame, page: &page }.render()?;
    Ok(Composed { text: frame.plain(plain(of.lang, &page)), html, subject: frame.subject })
}

fn frame(of: &WeeklyNotice<'_>) -> Frame {
    let unit = one_line(of.unit);
    let summary = |with_share| sentences::summary(of.lang, &of.week.days, &of.week.tally, with_share);
    Frame {
        language: of.lang.tag(),
        subject: format!("[{unit}] {}", summary(false)),
        headline: format!("{}.", summary(true)),
        // What happened after the week's end is none of its numbers, so that they come late is all there is to say.
        delay: alert_words::lateness(of.lang, of.now - of.slot),
        intro: sentences::intro(of.lang, &unit, &of.week.days, &of.before.days),
        closing: alert_words::closing(of.lang),
        footer: alert_words::footer(of.lang, of.slot),
    }
}

fn page<'a>(of: &'a WeeklyNotice<'_>) -> Page<'a> {
    let words = sentences::words(of.lang);
    let anchored = |(day, anchor): &'a (NaiveDate, Option<Anchor>)| Anchored {
        day: sentences::anchored(of.lang, *day, anchor.as_ref().map(|of| of.entries)),
        anchor: anchor.as_ref(),
    };
    let links = [
        (words.report_link, &of.links.report),
        (words.dossiers_link, &of.links.dossiers),
        (words.overdue_link, &of.links.overdue),
    ];
    Page {
        words,
        week: sentences::week(of.lang, &of.week.days),
        before: sentences::days(of.lang, &of.before.days),
        figures: figures(of),
        links: links.into_iter().filter_map(|(words, to)| to.clone().map(|to| Link { words, to })).collect(),
        anchors: of.anchors.iter().map(anchored).collect(),
    }
}

fn figures(of: &WeeklyNotice<'_>) -> Vec<Figure> {
    let words = sentences::words(of.lang);
    let (week, before) = (&of.week.tally, &of.before.tally);
    let figure = |label, part, read: &dyn Fn(&Tally) -> String| Figure {
        label,
        part,
        value: read(week),
        before: read(before),
    };
    let count = |label, read: fn(&Tally) -> u32| figure(label, false, &|of| read(of).to_string());
    let part = |label, read: fn(&Tally) -> u32| figure(label, true, &|of| read(of).to_string());
    vec![
        count(words.received, |of| of.online + of.direct),
        count(words.carried_over, |of| of.carried_over),
        count(words.resolved, |of| of.resolved),
        part(words.early, |of| of.early),
        part(words.on_time, |of| of.on_time),
        part(words.late, |of| of.late),
        count(words.in_progress, |of| of.in_progress),
        part(words.within_limit, |of| of.within_limit),
        part(words.overdue, |of| of.overdue),
        figure(words.of_resolved, false, &|tally| shares::share(of.lang, tally.on_time_of_resolved())),
        figure(words.of_due, false, &|tally| shares::share(of.lang, tally.on_time_of_due())),
    ]
}

fn plain(lang: Lang, page: &Page<'_>) -> Vec<String> {
    let words = sentences::words(lang);
    let mut lines = vec![words.figures_title.to_uppercase(), String::new()];
    for of in &page.figures {
        let indent = if of.part { "  – " } else { "" };
        let before = words.before.to_lowercase();
        lines.push(format!("{indent}{}: {} ({before}: {})", of.label, of.value, of.before));
    }
    lines.push(String::new());
    lines.extend(page.links.iter().map(Link::plain));
    if !page.links.is_empty() {
        lines.push(String::new());
    }
    lines.extend([words.anchors_title.to_uppercase(), String::new()]);
    lines.extend([words.anchors_meaning.to_owned(), String::new()]);
    for of in &page.anchors {
        lines.push(of.day.clone());
        lines.extend(of.anchor.map(|anchor| format!("   {anchor}")));
    }
    lines.extend([String::new(), words.anchors_check.to_owned(), String::new()]);
    lines
}
