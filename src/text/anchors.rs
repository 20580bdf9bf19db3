//! What the mail of the ledger's anchors says; plain text and HTML, equal in content. It names no dossier and no person.

use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};

use super::letter::{Composed, Frame, one_line};
use super::weekly_words::{self as sentences, Words};
use super::{Lang, alert_words, date};
use crate::domain::ledger::Anchor;

/// What a message is made from.
#[derive(Debug, Clone)]
pub struct AnchorsNotice<'a> {
    /// The reader's language.
    pub lang: Lang,
    /// The reader's unit by name.
    pub unit: &'a str,
    /// The slot it is written for.
    pub slot: DateTime<Utc>,
    /// When it is written.
    pub now: DateTime<Utc>,
    /// Each day's anchor; `None` before the ledger's first entry.
    pub anchors: &'a [(NaiveDate, Option<Anchor>)],
}

struct Anchored<'a> {
    day: String,
    anchor: Option<&'a Anchor>,
}

#[derive(Template)]
#[template(path = "anchors.html", config = "src/text/askama.toml")]
struct Html<'a> {
    frame: &'a Frame,
    words: &'static Words,
    anchors: Vec<Anchored<'a>>,
}

/// Puts a notice into words.
///
/// # Errors
/// Only when the template cannot be rendered, which no input brings about.
pub fn compose(of: &AnchorsNotice<'_>) -> Result<Composed, askama::Error> {
    let words = sentences::words(of.lang);
    let anchored = |(day, anchor): &'_ (NaiveDate, Option<Anchor>)| {
        sentences::anchored(of.lang, *day, anchor.as_ref().map(|of| of.entries))
    };
    let frame = frame(of);
    let mut plain = Vec::new();
    for row in of.anchors {
        plain.push(anchored(row));
        plain.extend(row.1.as_ref().map(|anchor| format!("   {anchor}")));
    }
    plain.extend([String::new(), words.anchors_check.to_owned(), String::new()]);
    let anchors =
        of.anchors.iter().map(|row| Anchored { day: anchored(row), anchor: row.1.as_ref() }).collect();
    let html = Html { frame: &frame, words, anchors }.render()?;
    Ok(Composed { text: frame.plain(plain), html, subject: frame.subject })
}

fn frame(of: &AnchorsNotice<'_>) -> Frame {
    let (unit, words) = (one_line(of.unit), sentences::words(of.lang));
    let last = of.anchors.last().map(|(day, _)| date(of.lang, *day)).unwrap_or_default();
    let what = match of.lang {
        Lang::Vi => format!("Dấu niêm sổ cái đến hết ngày {last}"),
        Lang::En => format!("Anchors of the ledger to the end of {last}"),
    };
    Frame {
        language: of.lang.tag(),
        subject: format!("[{unit}] {what}"),
        headline: format!("{what}."),
        delay: alert_words::lateness(of.lang, of.now - of.slot),
        intro: words.anchors_meaning.to_owned(),
        closing: alert_words::closing(of.lang),
        footer: alert_words::footer(of.lang, of.slot),
    }
}
