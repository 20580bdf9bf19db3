//! What the alarm about the calendar says: a year's days off have not been published, and promises reach into it. Plain text and HTML, equal in content.
//!
//! It names no dossier and no person.

use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};

use super::letter::{Composed, Frame, Link, one_line};
use super::{Lang, alert_words, date};
use crate::domain::foresight::{Alarm, Reach};

/// What a message is made from.
#[derive(Debug, Clone)]
pub struct HorizonNotice<'a> {
    /// The reader's language.
    pub lang: Lang,
    /// The reader's unit by name.
    pub unit: &'a str,
    /// The slot it is written for.
    pub slot: DateTime<Utc>,
    /// When it is written.
    pub now: DateTime<Utc>,
    /// What is the matter.
    pub alarm: Alarm<'a>,
    /// Where the dossiers are listed.
    pub dossiers_link: Option<String>,
}

struct Page {
    facts: Vec<String>,
    remedy: String,
    link: Option<Link>,
}

#[derive(Template)]
#[template(path = "horizon.html", config = "src/text/askama.toml")]
struct Html<'a> {
    frame: &'a Frame,
    page: &'a Page,
}

/// Puts a notice into words.
///
/// # Errors
/// Only when the template cannot be rendered, which no input brings about.
pub fn compose(of: &HorizonNotice<'_>) -> Result<Composed, askama::Error> {
    let (frame, page) = (frame(of), page(of));
    let html = Html { frame: &frame, page: &page }.render()?;
    Ok(Composed { text: frame.plain(plain(&page)), html, subject: frame.subject })
}

fn frame(of: &HorizonNotice<'_>) -> Frame {
    let (unit, year) = (one_line(of.unit), of.alarm.year);
    let what = match of.lang {
        Lang::Vi => format!("Chưa có lịch nghỉ năm {year}"),
        Lang::En => format!("The days off of {year} are missing"),
    };
    let intro = match of.lang {
        Lang::Vi => format!(
            "Kính gửi quản trị viên {unit}, lịch nghỉ lễ năm {year} chưa được đưa vào hệ thống, trong khi đã có lời hẹn hoặc thời hạn kéo sang năm đó. Các ngày hẹn ấy \
             đang được tính tạm theo những ngày nghỉ suy ra từ luật và có thể thay đổi khi có thông báo chính thức."
        ),
        Lang::En => format!(
            "For the administrators of {unit}: the days off of {year} have not been published here, and promises or limits reach into that year. Those dates are \
             provisional: they rest on the days that the law lets one foresee, and may move when the year is announced."
        ),
    };
    Frame {
        language: of.lang.tag(),
        subject: format!("[{unit}] {what}"),
        headline: format!("{what}."),
        delay: alert_words::lateness(of.lang, of.now - of.slot),
        intro,
        closing: alert_words::closing(of.lang),
        footer: alert_words::footer(of.lang, of.slot),
    }
}

fn page(of: &HorizonNotice<'_>) -> Page {
    let Alarm { year, dossiers, reach } = of.alarm;
    let counted = (dossiers > 0).then(|| counted(of.lang, year, dossiers));
    let reach = reach.map(|reach| farthest(of.lang, &reach));
    let words = match of.lang {
        Lang::Vi => "Xem danh sách hồ sơ",
        Lang::En => "See the dossiers",
    };
    Page {
        facts: counted.into_iter().chain(reach).collect(),
        remedy: remedy(of.lang, year),
        link: of.dossiers_link.clone().filter(|_| dossiers > 0).map(|to| Link { words, to }),
    }
}

fn counted(lang: Lang, year: i32, dossiers: i64) -> String {
    let first = NaiveDate::from_ymd_opt(year, 1, 1).map(|day| date(lang, day)).unwrap_or_default();
    match lang {
        Lang::Vi => format!("{dossiers} hồ sơ chưa giải quyết xong có hạn trả từ ngày {first} trở đi."),
        Lang::En if dossiers == 1 => format!("1 open dossier is due on or after {first}."),
        Lang::En => format!("{dossiers} open dossiers are due on or after {first}."),
    }
}

fn farthest(lang: Lang, reach: &Reach<'_>) -> String {
    let (name, code) = (one_line(&reach.procedure.name), one_line(&reach.procedure.code));
    let due = date(lang, reach.due_on);
    match lang {
        Lang::Vi => format!(
            "Hồ sơ tiếp nhận hôm nay theo thủ tục có thời hạn dài nhất – {name} ({code}) – được hẹn trả ngày {due}."
        ),
        Lang::En => format!(
            "A dossier received today under the procedure with the longest limit, {name} ({code}), is due on {due}."
        ),
    }
}

fn remedy(lang: Lang, year: i32) -> String {
    match lang {
        Lang::Vi => format!(
            "Khi có thông báo lịch nghỉ năm {year}, quản trị viên đơn vị cấp cao nhất công bố lịch bằng lệnh hentra import calendar hoặc \
             POST /api/v1/calendars/national/versions, xem trước thay đổi với dry_run=true. Hồ sơ chưa giải quyết xong được tính lại ngày hẹn ngay khi công bố. Nếu đã \
             có thông báo mà ông/bà không có quyền công bố, xin chuyển thư này cho quản trị viên cấp trên."
        ),
        Lang::En => format!(
            "Once the days off of {year} are announced, an administrator of the topmost unit publishes them with hentra import calendar or \
             POST /api/v1/calendars/national/versions, first with dry_run=true. Open dossiers get their dates anew at once. If the announcement is out and the \
             calendar is not yours to publish, pass this mail on to the administrator above you."
        ),
    }
}

fn plain(page: &Page) -> Vec<String> {
    let mut lines: Vec<String> = page.facts.iter().map(|fact| format!("– {fact}")).collect();
    lines.extend(page.link.iter().map(Link::plain));
    lines.extend([String::new(), page.remedy.clone(), String::new()]);
    lines
}
