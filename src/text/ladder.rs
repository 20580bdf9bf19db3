//! What a letter of the ladder says: the late dossiers that have come to the reader's step, those told for the first time before those told again, and how
//! to say that one knows. Plain text and HTML, equal in content.

use askama::Template;
use chrono::{DateTime, Utc};

use super::alerts::{
    Action, Html, LONGEST_NAME, LONGEST_PERSON, OVERDUE_ACCENT, Page, Row, Section, plain, shortened,
};
use super::letter::{Composed, Frame, Link, one_line};
use super::{Lang, alert_words as words, moments};
use crate::domain::alert::ladder::Step;
use crate::domain::office_time;

/// Rows shown of each kind.
const SHOWN: usize = 20;

/// What a letter is made from.
#[derive(Debug, Clone)]
pub struct LadderNotice<'a> {
    /// The reader's language.
    pub lang: Lang,
    /// The reader's unit by name.
    pub unit: &'a str,
    /// The slot it is written for.
    pub slot: DateTime<Utc>,
    /// When it is written; what it says holds for then.
    pub now: DateTime<Utc>,
    /// What is named, the longest late first.
    pub lines: &'a [LadderLine],
    /// Whether anybody above the reader is told next, if the dossiers stay open.
    pub goes_on: bool,
    /// Where the reader says to know.
    pub acknowledge: Option<String>,
    /// Where all that is overdue is listed.
    pub overdue_link: Option<String>,
}

/// A late dossier that has come to the reader's step.
#[derive(Debug, Clone)]
pub struct LadderLine {
    /// Its code.
    pub code: String,
    /// The procedure's code.
    pub procedure: String,
    /// And name.
    pub procedure_name: String,
    /// The unit by name, where it is another than the reader's.
    pub unit: Option<String>,
    /// The officer in charge.
    pub officer: Option<String>,
    /// When it was due.
    pub due_at: DateTime<Utc>,
    /// Working days since.
    pub days_late: u32,
    /// As whom the reader is told.
    pub step: Step,
    /// Whether for the first time.
    pub first: bool,
    /// The steps below that nobody could be told on.
    pub passed: Vec<Step>,
    /// Where it is shown.
    pub link: Option<String>,
}

/// Puts a letter into words.
///
/// # Errors
/// Only when the template cannot be rendered, which no input brings about.
pub fn compose(of: &LadderNotice<'_>) -> Result<Composed, askama::Error> {
    let (frame, page) = (frame(of), page(of));
    let html = Html { frame: &frame, page: &page }.render()?;
    Ok(Composed { text: frame.plain(plain(&page)), html, subject: frame.subject })
}

fn frame(of: &LadderNotice<'_>) -> Frame {
    let unit = one_line(of.unit);
    let all = of.lines.len();
    let longest = of.lines.iter().map(|line| line.days_late).max().unwrap_or(0);
    let highest = of.lines.iter().map(|line| line.step).max().unwrap_or(Step::Officer);
    let day = moments::weekday_and_date(of.lang, of.slot);
    let what = match of.lang {
        Lang::Vi => format!("{all} hồ sơ quá hạn chưa giải quyết, lâu nhất {longest} ngày làm việc"),
        Lang::En if all == 1 => format!("1 overdue dossier still open, {} late", days(longest)),
        Lang::En => format!("{all} overdue dossiers still open, up to {} late", days(longest)),
    };
    Frame {
        language: of.lang.tag(),
        subject: format!("[{unit}] {what} – {day}"),
        headline: format!("{what}."),
        delay: words::lateness(of.lang, of.now - of.slot),
        intro: intro(of, highest, &unit),
        closing: words::closing(of.lang),
        footer: words::footer(of.lang, of.slot),
    }
}

fn days(count: u32) -> String {
    if count == 1 { "1 working day".to_owned() } else { format!("{count} working days") }
}

fn intro(of: &LadderNotice<'_>, step: Step, unit: &str) -> String {
    // Where somebody below could not be told, the dossier's own line says so.
    let told = of.lines.iter().all(|line| line.passed.is_empty());
    let what = match (of.lang, step, told) {
        (Lang::Vi, Step::Officer, _) => {
            format!("Kính gửi cán bộ {unit}, đây là các hồ sơ ông/bà phụ trách đã quá hạn trả.")
        }
        (Lang::Vi, Step::Head, true) => format!(
            "Kính gửi lãnh đạo {unit}, đây là các hồ sơ của đơn vị đã quá hạn trả, cán bộ phụ trách đã được báo mà chưa giải quyết xong."
        ),
        (Lang::Vi, Step::Head, false) => {
            format!(
                "Kính gửi lãnh đạo {unit}, đây là các hồ sơ của đơn vị đã quá hạn trả mà chưa giải quyết xong."
            )
        }
        (Lang::Vi, Step::Chairman, false) => {
            format!(
                "Kính gửi lãnh đạo {unit}, đây là các hồ sơ đã quá hạn trả nhiều ngày mà chưa giải quyết xong."
            )
        }
        (Lang::Vi, Step::Chairman, true) => format!(
            "Kính gửi lãnh đạo {unit}, đây là các hồ sơ đã quá hạn trả nhiều ngày, các bậc dưới đã được báo mà chưa giải quyết xong."
        ),
        (Lang::En, Step::Officer, _) => format!("For {unit}: the dossiers in your hands that are overdue."),
        (Lang::En, Step::Head, true) => format!(
            "For the leaders of {unit}: dossiers of the unit that are overdue; the officer in charge was told and they are still open."
        ),
        (Lang::En, Step::Head, false) => {
            format!("For the leaders of {unit}: dossiers of the unit that are overdue and still open.")
        }
        (Lang::En, Step::Chairman, false) => {
            format!("For the leaders of {unit}: dossiers overdue by several days and still open.")
        }
        (Lang::En, Step::Chairman, true) => format!(
            "For the leaders of {unit}: dossiers overdue by several days; the steps below were told and they are still open."
        ),
    };
    format!("{what} {}", next(of.lang, step, of.goes_on))
}

/// What comes next: the level above is told, or the reader is asked to see to it.
fn next(lang: Lang, step: Step, goes_on: bool) -> &'static str {
    match (lang, step, goes_on) {
        (Lang::Vi, Step::Officer, true) => "Nếu chưa giải quyết xong, hồ sơ sẽ được báo lên lãnh đạo đơn vị.",
        (Lang::Vi, Step::Officer, false) => "Kính đề nghị ông/bà giải quyết sớm.",
        (Lang::Vi, Step::Head, true) => "Nếu vẫn chưa xong, hồ sơ sẽ được báo lên cấp trên.",
        (Lang::Vi, Step::Head | Step::Chairman, _) => "Kính đề nghị ông/bà chỉ đạo.",
        (Lang::En, Step::Officer, true) => "If they stay open, the leaders of the unit are told.",
        (Lang::En, Step::Officer, false) => "Please see to them soon.",
        (Lang::En, Step::Head, true) => "If they stay so, the level above is told.",
        (Lang::En, Step::Head | Step::Chairman, _) => "Your direction is asked for.",
    }
}

fn page(of: &LadderNotice<'_>) -> Page {
    let (first, again): (Vec<&LadderLine>, Vec<&LadderLine>) = of.lines.iter().partition(|line| line.first);
    let titles = match of.lang {
        Lang::Vi => ("Báo lần đầu", "Nhắc lại"),
        Lang::En => ("Told for the first time", "Reminded of"),
    };
    let mut sections: Vec<Section> = [(titles.0, first), (titles.1, again)]
        .into_iter()
        .filter(|(_, lines)| !lines.is_empty())
        .map(|(title, lines)| Section {
            title: format!("{title} ({})", lines.len()),
            accent: OVERDUE_ACCENT,
            more: (lines.len() > SHOWN).then(|| words::more(of.lang, lines.len() - SHOWN)),
            rows: lines.into_iter().take(SHOWN).map(|line| row(of, line)).collect(),
            link: None,
        })
        .collect();
    if let Some(last) = sections.last_mut() {
        last.link = of.overdue_link.clone().map(|to| Link { words: words::overdue_link(of.lang), to });
    }
    Page {
        action: of.acknowledge.clone().map(|to| action(of.lang, of.goes_on, to)),
        week: None,
        dossier_heading: words::dossier_heading(of.lang),
        time_heading: words::time_heading(of.lang),
        sections,
    }
}

fn action(lang: Lang, goes_on: bool, to: String) -> Action {
    let (words, meaning) = match (lang, goes_on) {
        (Lang::Vi, true) => (
            "Xác nhận đã biết",
            "Xác nhận là ghi nhận ông/bà đã biết các hồ sơ này và tạm ngừng nhắc đến ngày ông/bà chọn; hồ sơ vẫn được báo lên bậc trên nếu chưa giải quyết xong.",
        ),
        (Lang::Vi, false) => (
            "Xác nhận đã biết",
            "Xác nhận là ghi nhận ông/bà đã biết các hồ sơ này và tạm ngừng nhắc đến ngày ông/bà chọn.",
        ),
        (Lang::En, false) => (
            "Say that you know",
            "It is noted that you know of these dossiers, and you are not reminded until the day you choose.",
        ),
        (Lang::En, true) => (
            "Say that you know",
            "It is noted that you know of these dossiers, and you are not reminded until the day you choose; the next step is told all the same if they stay open.",
        ),
    };
    Action { link: Link { words, to }, meaning: meaning.to_owned() }
}

fn row(of: &LadderNotice<'_>, line: &LadderLine) -> Row {
    let brief = |name: &str| shortened(&one_line(name), LONGEST_PERSON);
    let officer = words::officer(of.lang, line.officer.as_deref().map(brief).as_deref());
    let unit = line.unit.as_deref().map(brief);
    let passed = (!line.passed.is_empty()).then(|| passed(of.lang, &line.passed));
    let who: Vec<String> = unit.into_iter().chain([officer]).chain(passed).collect();
    Row {
        code: one_line(&line.code),
        link: line.link.clone(),
        procedure: format!(
            "{} ({})",
            shortened(&one_line(&line.procedure_name), LONGEST_NAME),
            line.procedure
        ),
        officer: who.join(" · "),
        due: words::due(of.lang, line.due_at, office_time::local_date(of.now), None),
        left: words::time_late(of.lang, line.days_late, 0),
    }
}

/// That nobody could be told on the steps below.
fn passed(lang: Lang, steps: &[Step]) -> String {
    let named: Vec<&str> = steps
        .iter()
        .map(|step| match (lang, step) {
            (Lang::Vi, Step::Officer) => "cán bộ phụ trách",
            (Lang::Vi, Step::Head) => "lãnh đạo đơn vị",
            (Lang::Vi, Step::Chairman) => "lãnh đạo cấp trên",
            (Lang::En, Step::Officer) => "the officer in charge",
            (Lang::En, Step::Head) => "the leaders of the unit",
            (Lang::En, Step::Chairman) => "the leaders above",
        })
        .collect();
    let named = super::listed(lang, &named);
    match lang {
        Lang::Vi => format!("chưa báo được {named}"),
        Lang::En => format!("{named} could not be told"),
    }
}
