//! What the mails say that name dossiers: subject, plain text and HTML of one message, equal in content. The week's numbers are
//! [`super::weekly`]'s.
//!
//! A leader reads it on a phone in ten seconds: the one line that matters, then what can still be saved, the most pressing first. Nothing of
//! the citizen is named anywhere, and no person at all in the subject.

use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};

use super::letter::{Composed, Frame, Link, one_line};
use super::{Lang, alert_intros, alert_words as words, moments, shares};
use crate::domain::alert::{Audience, Intro, Kind, Named, Outlook, Reason, Urgency, Variable};
use crate::domain::office_time;
use crate::domain::statistics::Rate;

/// Rows shown of what can still be saved.
const SAVABLE_SHOWN: usize = 20;
/// Rows shown of what is overdue.
const OVERDUE_SHOWN: usize = 10;
/// Rows shown of what may need an apology slip.
const APOLOGIES_SHOWN: usize = 10;
/// Letters of a procedure's name shown.
pub(super) const LONGEST_NAME: usize = 90;
/// Letters of an officer's, or a unit's, name shown in a row.
pub(super) const LONGEST_PERSON: usize = 60;
/// Grey: nothing is to be done if the day is kept.
const NOTICE_ACCENT: &str = "#7a828c";
/// Amber: there is time.
const SAVABLE_ACCENT: &str = "#c77700";
/// Red: it is over.
pub(super) const OVERDUE_ACCENT: &str = "#c62828";

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
    /// How the week has gone so far; `None` where it is not told.
    pub week: Option<WeekSoFar>,
    /// Where all that can still be saved is listed.
    pub savable_link: Option<String>,
    /// Where all that is overdue is listed.
    pub overdue_link: Option<String>,
}

/// How a week has gone so far, as a report on its days would say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeekSoFar {
    /// Its Monday.
    pub from: NaiveDate,
    /// Early and on time, of all that came due in it.
    pub kept: Rate,
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
    /// Where the dossier is shown.
    pub link: Option<String>,
}

/// How many are named of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Can still be saved.
    pub savable: usize,
    /// Overdue, or missed.
    pub overdue: usize,
    /// Due on a later day, but in need of an apology slip today should that day not be kept; told apart where other things are told too.
    pub apologies: usize,
}

pub(super) struct Page {
    /// What the reader is asked to do, and where.
    pub action: Option<Action>,
    pub week: Option<Week>,
    pub dossier_heading: &'static str,
    pub time_heading: &'static str,
    pub sections: Vec<Section>,
}

/// What the reader is asked to do.
pub(super) struct Action {
    pub link: Link,
    pub meaning: String,
}

/// The week's share, in words and as a bar.
pub(super) struct Week {
    pub words: String,
    pub share: String,
    /// Hundredths of the bar that are filled; without a share there is no bar.
    pub filled: Option<u32>,
}

pub(super) struct Section {
    pub title: String,
    /// A colour beside what the title says in words; seen on light and dark ground.
    pub accent: &'static str,
    pub rows: Vec<Row>,
    pub more: Option<String>,
    pub link: Option<Link>,
}

pub(super) struct Row {
    pub code: String,
    pub link: Option<String>,
    pub procedure: String,
    pub officer: String,
    pub due: String,
    pub left: String,
}

#[derive(Template)]
#[template(path = "alert.html", config = "src/text/askama.toml")]
pub(super) struct Html<'a> {
    pub frame: &'a Frame,
    pub page: &'a Page,
}

/// Puts a notice into words.
///
/// # Errors
/// Only when the template cannot be rendered, which no input brings about.
pub fn compose(of: &Notice<'_>) -> Result<Composed, askama::Error> {
    let kinds = Kinds::of(of);
    let frame = frame(of, kinds.counts());
    let page = page(of, kinds);
    let html = Html { frame: &frame, page: &page }.render()?;
    Ok(Composed { text: frame.plain(plain(&page)), html, subject: frame.subject })
}

/// What is named, by what can be done about it.
struct Kinds<'a> {
    savable: Vec<&'a Line>,
    overdue: Vec<&'a Line>,
    apologies: Vec<&'a Line>,
}

impl<'a> Kinds<'a> {
    fn of(of: &Notice<'a>) -> Kinds<'a> {
        let told = |kind| of.lines.iter().filter(|line| line.named.kind(of.outlook) == kind).collect();
        Kinds { savable: told(Kind::Savable), overdue: told(Kind::Overdue), apologies: told(Kind::Apology) }
    }

    fn counts(&self) -> Counts {
        Counts { savable: self.savable.len(), overdue: self.overdue.len(), apologies: self.apologies.len() }
    }
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
        return alert_intros::intro(of.lang, of.outlook, of.audience, unit, of.slot);
    };
    own.filled(|variable| match variable {
        Variable::Unit => unit.to_owned(),
        Variable::Savable => counts.savable.to_string(),
        Variable::Overdue => counts.overdue.to_string(),
        Variable::Day => moments::weekday_and_date(of.lang, of.slot),
        Variable::Time => super::time(of.lang, office_time::local_time(of.slot)),
    })
}

fn page(of: &Notice<'_>, Kinds { savable, overdue, apologies }: Kinds<'_>) -> Page {
    let link = |words, to: &Option<String>| to.clone().map(|to| Link { words, to });
    let sections = [
        (
            words::savable_title(of.lang, of.outlook, savable.len()),
            SAVABLE_ACCENT,
            savable,
            SAVABLE_SHOWN,
            link(words::savable_link(of.lang), &of.savable_link),
        ),
        (
            words::overdue_title(of.lang, of.outlook, overdue.len()),
            OVERDUE_ACCENT,
            overdue,
            OVERDUE_SHOWN,
            link(words::overdue_link(of.lang), &of.overdue_link),
        ),
        (
            words::savable_title(of.lang, Outlook::ApologyToday, apologies.len()),
            NOTICE_ACCENT,
            apologies,
            APOLOGIES_SHOWN,
            None,
        ),
    ];
    let sections = sections
        .into_iter()
        .filter(|(_, _, lines, ..)| !lines.is_empty())
        .map(|(title, accent, lines, shown, link)| Section {
            title,
            accent,
            more: (lines.len() > shown).then(|| words::more(of.lang, lines.len() - shown)),
            rows: lines.into_iter().take(shown).map(|line| row(of, line)).collect(),
            link,
        })
        .collect();
    Page {
        action: None,
        week: of.week.map(|week| self::week(of.lang, week)),
        dossier_heading: words::dossier_heading(of.lang),
        time_heading: words::time_heading(of.lang),
        sections,
    }
}

fn week(lang: Lang, of: WeekSoFar) -> Week {
    Week {
        words: words::week_so_far(lang, of.from),
        share: shares::share(lang, of.kept),
        filled: shares::hundredths(of.kept),
    }
}

fn row(of: &Notice<'_>, line: &Line) -> Row {
    let dossier = &line.named.dossier;
    let today = office_time::local_date(of.slot);
    let (due, left) = match line.named.urgency {
        Urgency::Savable { minutes_left, .. } if line.named.reason == Reason::ApologyDue => {
            let due = words::due(of.lang, dossier.due_at, today, None);
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
    let brief = |name: &str| shortened(&one_line(name), LONGEST_PERSON);
    let officer = words::officer(of.lang, dossier.officer.as_deref().map(brief).as_deref());
    Row {
        code: one_line(&dossier.code),
        link: line.link.clone(),
        procedure: format!("{} ({})", shortened(&one_line(&line.procedure), LONGEST_NAME), dossier.procedure),
        officer: line.unit.as_deref().map_or(officer.clone(), |unit| format!("{} · {officer}", brief(unit))),
        due,
        left,
    }
}

/// Official names run to 300 letters; on a phone the first words and the code tell enough. Cut at a word, so that no syllable is halved.
pub(super) fn shortened(name: &str, longest: usize) -> String {
    if name.chars().count() <= longest {
        return name.to_owned();
    }
    let kept: String = name.chars().take(longest).collect();
    let whole_words = kept.rsplit_once(' ').map_or(kept.as_str(), |(words, _)| words);
    format!("{} …", whole_words.trim_end_matches([',', ';', ' ']))
}

/// The page as plain text.
pub(super) fn plain(page: &Page) -> Vec<String> {
    let loose = |words: &str| words.replace('\u{a0}', " ");
    let mut lines = Vec::new();
    if let Some(action) = &page.action {
        lines.extend([action.link.plain(), action.meaning.clone(), String::new()]);
    }
    if let Some(week) = &page.week {
        lines.extend([format!("{}: {}", week.words, week.share), String::new()]);
    }
    for section in &page.sections {
        lines.extend([section.title.to_uppercase(), String::new()]);
        for (number, row) in (1..).zip(&section.rows) {
            lines.push(format!("{number}. {} – {}", row.code, loose(&row.left)));
            lines.push(format!("   {}", row.procedure));
            lines.push(format!("   {} · {}", row.officer, loose(&row.due)));
            lines.extend(row.link.as_ref().map(|link| format!("   {link}")));
        }
        lines.extend(section.more.clone());
        if let Some(link) = &section.link {
            lines.push(link.plain());
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
        assert_eq!(shortened("Thủ tục đăng ký khai sinh", LONGEST_NAME), "Thủ tục đăng ký khai sinh");
        let long = "Chứng thực bản sao từ bản chính giấy tờ, văn bản do cơ quan, tổ chức có thẩm quyền của Việt Nam; cơ quan";
        assert_eq!(
            shortened(long, LONGEST_NAME),
            "Chứng thực bản sao từ bản chính giấy tờ, văn bản do cơ quan, tổ chức có thẩm quyền của …"
        );
        assert!(shortened(long, LONGEST_NAME).chars().count() <= LONGEST_NAME + 2);
    }
}
