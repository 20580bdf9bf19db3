//! What the mails say that name dossiers: subject, plain text and HTML of one message, equal in content. The week's numbers are
//! [`super::weekly`]'s.
//!
//! A leader reads it on a phone in ten seconds: the one line that matters, then what can still be saved, the most pressing first. Nothing of
//! the citizen is named anywhere, and no person at all in the subject.

use askama::Template;
use chrono::{DateTime, Utc};

use super::letter::{Composed, Frame, Link, one_line};
use super::{Lang, alert_words as words, moments};
use crate::domain::alert::{Audience, Intro, Named, Outlook, Reason, Urgency, Variable};
use crate::domain::office_time;

/// Rows shown of what can still be saved.
const SAVABLE_SHOWN: usize = 20;
/// Rows shown of what is overdue.
const OVERDUE_SHOWN: usize = 10;
/// Letters of a procedure's name shown.
const LONGEST_NAME: usize = 90;

/// What a message is made from.
#[derive(Debug, Clone)]
pub struct Notice<'a> {
    /// The reader's language.
    pub lang: Lang,
    /// Which dossiers it names.
    pub outlook: Outlook,
    /// To whom.
    pub audience: Audience,
    /// The rule's own introduction, instead of the usual words.
    pub intro: Option<&'a Intro>,
    /// The reader's unit by name.
    pub unit: &'a str,
    /// The instant the numbers hold for.
    pub slot: DateTime<Utc>,
    /// When it is written.
    pub now: DateTime<Utc>,
    /// What is named, in order.
    pub lines: &'a [Line],
    /// Where all that can still be saved is listed.
    pub savable_link: Option<String>,
    /// Where all that is overdue is listed.
    pub overdue_link: Option<String>,
}

/// A dossier named, with the names it goes by.
#[derive(Debug, Clone)]
pub struct Line {
    /// The dossier and why it is named.
    pub named: Named,
    /// The procedure by name.
    pub procedure: String,
    /// The unit by name, where it is another than the reader's.
    pub unit: Option<String>,
}

/// How many are named of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Can still be saved.
    pub savable: usize,
    /// Overdue, or missed.
    pub overdue: usize,
}

struct Page {
    dossier_heading: &'static str,
    time_heading: &'static str,
    sections: Vec<Section>,
}

struct Section {
    title: String,
    rows: Vec<Row>,
    more: Option<String>,
    link: Option<Link>,
}

struct Row {
    code: String,
    procedure: String,
    officer: String,
    due: String,
    left: String,
}

#[derive(Template)]
#[template(path = "alert.html", config = "src/text/askama.toml")]
struct Html<'a> {
    frame: &'a Frame,
    page: &'a Page,
}

/// Puts a notice into words.
///
/// # Errors
/// Only when the template cannot be rendered, which no input brings about.
pub fn compose(of: &Notice<'_>) -> Result<Composed, askama::Error> {
    let (savable, overdue): (Vec<&Line>, Vec<&Line>) =
        of.lines.iter().partition(|line| matches!(line.named.urgency, Urgency::Savable { .. }));
    let frame = frame(of, Counts { savable: savable.len(), overdue: overdue.len() });
    let page = page(of, savable, overdue);
    let html = Html { frame: &frame, page: &page }.render()?;
    Ok(Composed { text: frame.plain(plain(&page)), html, subject: frame.subject })
}

fn frame(of: &Notice<'_>, counts: Counts) -> Frame {
    let unit = one_line(of.unit);
    Frame {
        language: of.lang.tag(),
        subject: format!(
            "[{unit}] {} – {}",
            words::subject(of.lang, of.outlook, counts),
            moments::weekday_and_date(of.lang, of.slot)
        ),
        headline: words::headline(of.lang, of.outlook, counts),
        delay: words::delay(of.lang, of.slot, of.now - of.slot),
        intro: intro(of, counts, &unit),
        closing: words::closing(of.lang),
        footer: words::footer(of.lang, of.slot),
    }
}

fn intro(of: &Notice<'_>, counts: Counts, unit: &str) -> String {
    let Some(own) = of.intro else {
        return words::intro(of.lang, of.outlook, of.audience, unit, of.slot);
    };
    own.filled(|variable| match variable {
        Variable::Unit => unit.to_owned(),
        Variable::Savable => counts.savable.to_string(),
        Variable::Overdue => counts.overdue.to_string(),
        Variable::Day => moments::weekday_and_date(of.lang, of.slot),
        Variable::Time => super::time(of.lang, office_time::local_time(of.slot)),
    })
}

fn page(of: &Notice<'_>, savable: Vec<&Line>, overdue: Vec<&Line>) -> Page {
    let link = |words, to: &Option<String>| to.clone().map(|to| Link { words, to });
    let sections = [
        (
            words::savable_title(of.lang, of.outlook, savable.len()),
            savable,
            SAVABLE_SHOWN,
            link(words::savable_link(of.lang), &of.savable_link),
        ),
        (
            words::overdue_title(of.lang, of.outlook, overdue.len()),
            overdue,
            OVERDUE_SHOWN,
            link(words::overdue_link(of.lang), &of.overdue_link),
        ),
    ];
    let sections = sections
        .into_iter()
        .filter(|(_, lines, ..)| !lines.is_empty())
        .map(|(title, lines, shown, link)| Section {
            title,
            more: (lines.len() > shown).then(|| words::more(of.lang, lines.len() - shown)),
            rows: lines.into_iter().take(shown).map(|line| row(of, line)).collect(),
            link,
        })
        .collect();
    Page {
        dossier_heading: words::dossier_heading(of.lang),
        time_heading: words::time_heading(of.lang),
        sections,
    }
}

fn row(of: &Notice<'_>, line: &Line) -> Row {
    let dossier = &line.named.dossier;
    let today = office_time::local_date(of.slot);
    let (due, left) = match line.named.urgency {
        Urgency::Savable { minutes_left, .. } if line.named.reason == Reason::ApologyDue => {
            let due = words::apology_due(of.lang, dossier.due_at, today);
            (due, words::time_left(of.lang, minutes_left))
        }
        Urgency::Savable { by, minutes_left, pledge } => {
            let due = words::due(of.lang, by, today, pledge);
            (due, words::time_left(of.lang, minutes_left))
        }
        Urgency::Missed { by, minutes_late, pledge } => {
            let due = words::due(of.lang, by, today, pledge);
            (due, words::time_missed(of.lang, minutes_late))
        }
        Urgency::Overdue { days_late, minutes_late } => {
            let due = words::due(of.lang, dossier.due_at, today, None);
            (due, words::time_late(of.lang, days_late, minutes_late))
        }
    };
    let officer = words::officer(of.lang, dossier.officer.as_deref().map(one_line).as_deref());
    Row {
        code: one_line(&dossier.code),
        procedure: format!("{} ({})", shortened(&one_line(&line.procedure)), dossier.procedure),
        officer: line
            .unit
            .as_deref()
            .map_or(officer.clone(), |unit| format!("{} · {officer}", one_line(unit))),
        due,
        left,
    }
}

/// Official names run to 300 letters; on a phone the first words and the code tell enough. Cut at a word, so that no syllable is halved.
fn shortened(name: &str) -> String {
    if name.chars().count() <= LONGEST_NAME {
        return name.to_owned();
    }
    let kept: String = name.chars().take(LONGEST_NAME).collect();
    let whole_words = kept.rsplit_once(' ').map_or(kept.as_str(), |(words, _)| words);
    format!("{} …", whole_words.trim_end_matches([',', ';', ' ']))
}

fn plain(page: &Page) -> Vec<String> {
    let mut lines = Vec::new();
    for section in &page.sections {
        lines.extend([section.title.to_uppercase(), String::new()]);
        for (number, row) in (1..).zip(&section.rows) {
            lines.push(format!("{number}. {} – {}", row.code, row.left));
            lines.push(format!("   {}", row.procedure));
            lines.push(format!("   {} · {}", row.officer, row.due));
        }
        lines.extend(section.more.clone());
        if let Some(link) = &section.link {
            lines.push(format!("{}: {}", link.words, link.to));
        }
        lines.push(String::new());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_NAME, shortened};

    #[test]
    fn long_names_are_cut_at_a_word() {
        assert_eq!(shortened("Thủ tục đăng ký khai sinh"), "Thủ tục đăng ký khai sinh");
        let long = "Chứng thực bản sao từ bản chính giấy tờ, văn bản do cơ quan, tổ chức có thẩm quyền của Việt Nam; cơ quan";
        assert_eq!(
            shortened(long),
            "Chứng thực bản sao từ bản chính giấy tờ, văn bản do cơ quan, tổ chức có thẩm quyền của …"
        );
        assert!(shortened(long).chars().count() <= LONGEST_NAME + 2);
    }
}
