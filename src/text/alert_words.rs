//! The sentences of alert mails, one function each, in both languages.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::alerts::Counts;
use super::{Lang, moments};
use crate::domain::alert::{Audience, Outlook, Pledge};
use crate::domain::office_time;

/// A mail this much behind its slot says so.
const DELAY_WORTH_SAYING: TimeDelta = TimeDelta::minutes(10);

/// Keeps two words on one line, where lines are as short as on a phone.
const NB: char = '\u{a0}';

/// The middle of the subject: "3 hồ sơ cần xử lý hôm nay, 2 đã quá hạn".
pub(super) fn subject(lang: Lang, outlook: Outlook, of: Counts) -> String {
    let Counts { savable, overdue } = of;
    match (lang, outlook) {
        (Lang::Vi, _) if savable == 0 => format!("{overdue} hồ sơ đã quá hạn"),
        (Lang::Vi, Outlook::Today) => {
            format!("{savable} hồ sơ cần xử lý hôm nay{}", and(overdue, "đã quá hạn"))
        }
        (Lang::Vi, Outlook::ThisWeek) => {
            format!("{savable} hồ sơ sẽ trôi sang tuần sau{}", and(overdue, "đã quá hạn"))
        }
        (Lang::En, _) if savable == 0 => format!("{} overdue", dossiers(overdue)),
        (Lang::En, Outlook::Today) => {
            format!("{} to handle today{}", dossiers(savable), and(overdue, "overdue"))
        }
        (Lang::En, Outlook::ThisWeek) => {
            format!("{} about to roll over into next week{}", dossiers(savable), and(overdue, "overdue"))
        }
    }
}

/// The one line that matters.
pub(super) fn headline(lang: Lang, outlook: Outlook, of: Counts) -> String {
    let Counts { savable, overdue } = of;
    match (lang, outlook) {
        (Lang::Vi, _) if savable == 0 => format!("{overdue} hồ sơ đã quá hạn."),
        (Lang::Vi, Outlook::Today) => {
            format!("{savable} hồ sơ còn kịp giải quyết hôm nay{}.", and(overdue, "hồ sơ đã quá hạn"))
        }
        (Lang::Vi, Outlook::ThisWeek) => format!(
            "{savable} hồ sơ sẽ trôi sang tuần sau nếu không giải quyết xong trong tuần này{}.",
            and(overdue, "hồ sơ đã quá hạn")
        ),
        (Lang::En, _) if savable == 0 => format!("{} overdue.", dossiers(overdue)),
        (Lang::En, Outlook::Today) => {
            format!("{} can still be resolved in time today{}.", dossiers(savable), and(overdue, "overdue"))
        }
        (Lang::En, Outlook::ThisWeek) => format!(
            "{} will roll over into next week unless resolved this week{}.",
            dossiers(savable),
            and(overdue, "overdue")
        ),
    }
}

fn and(count: usize, words: &str) -> String {
    if count == 0 { String::new() } else { format!(", {count} {words}") }
}

fn dossiers(count: usize) -> String {
    if count == 1 { "1 dossier".to_owned() } else { format!("{count} dossiers") }
}

/// Whom it is for, and as of when; what the lists hold, their titles say.
pub(super) fn intro(lang: Lang, audience: Audience, unit: &str, slot: DateTime<Utc>) -> String {
    let at = clock(lang, slot);
    let day = moments::weekday_and_date(lang, slot);
    let to = match audience {
        Audience::Leader => "lãnh đạo",
        Audience::Officer => "cán bộ",
        Audience::Admin => "quản trị viên",
    };
    match lang {
        Lang::Vi => format!(
            "Kính gửi {to} {unit}, số liệu tính đến {at} {day}; hồ sơ còn ít thời gian nhất xếp trước."
        ),
        Lang::En => format!("For {unit}, as of {at} on {day}; the least working time left comes first."),
    }
}

/// That the reader stands in for somebody.
pub(super) fn on_behalf(lang: Lang, name: &str) -> String {
    match lang {
        Lang::Vi => format!("Ông/bà nhận thư này thay {name} trong thời gian được ủy quyền."),
        Lang::En => format!("You receive this mail on behalf of {name}, for whom you stand in."),
    }
}

/// What leads to turning such mails off.
pub(super) fn opt_down(lang: Lang) -> &'static str {
    match lang {
        Lang::Vi => "Ngừng nhận loại thư này",
        Lang::En => "Stop receiving this kind of mail",
    }
}

/// What the week's share is a share of.
pub(super) fn week_so_far(lang: Lang, monday: NaiveDate) -> String {
    let from = super::date(lang, monday);
    match lang {
        Lang::Vi => format!("Tuần này (từ {from}), trước và đúng hạn trên số đến hạn"),
        Lang::En => format!("This week (from {from}), early or on time of those that came due"),
    }
}

/// Why the mail comes late, and what its numbers hold for; `None` when it is not late enough to speak of.
pub(super) fn delay(lang: Lang, slot: DateTime<Utc>, by: TimeDelta) -> Option<String> {
    let late = lateness(lang, by)?;
    let at = clock(lang, slot);
    Some(match lang {
        Lang::Vi => {
            format!("{late} Số liệu tính tại thời điểm {at}; có thể một số hồ sơ đã được giải quyết sau đó.")
        }
        Lang::En => {
            format!("{late} Its numbers are as of {at}; some dossiers may have been resolved since.")
        }
    })
}

/// That the mail comes late, and why; `None` when it is not late enough to speak of.
pub(super) fn lateness(lang: Lang, by: TimeDelta) -> Option<String> {
    if by <= DELAY_WORTH_SAYING {
        return None;
    }
    let by = duration(lang, u32::try_from(by.num_minutes()).unwrap_or(u32::MAX));
    Some(match lang {
        Lang::Vi => {
            format!("Thư này đến chậm {by} do hệ thống bị gián đoạn, mong ông/bà thông cảm.")
        }
        Lang::En => format!("This mail is {by} late because the service was interrupted; we apologise."),
    })
}

/// Heads what can still be saved.
pub(super) fn savable_title(lang: Lang, outlook: Outlook, count: usize) -> String {
    match (lang, outlook) {
        (Lang::Vi, Outlook::Today) => format!("Còn kịp giải quyết hôm nay ({count})"),
        (Lang::Vi, Outlook::ThisWeek) => {
            format!("Sẽ trôi sang tuần sau nếu không kịp giải quyết ({count})")
        }
        (Lang::En, Outlook::Today) => format!("Still in time today ({count})"),
        (Lang::En, Outlook::ThisWeek) => format!("Rolling over into next week ({count})"),
    }
}

/// Heads what is overdue.
pub(super) fn overdue_title(lang: Lang, count: usize) -> String {
    match lang {
        Lang::Vi => format!("Đã quá hạn ({count})"),
        Lang::En => format!("Overdue ({count})"),
    }
}

/// What is not shown.
pub(super) fn more(lang: Lang, count: usize) -> String {
    match lang {
        Lang::Vi => format!("… và {count} hồ sơ khác"),
        Lang::En => format!("… and {count} more"),
    }
}

/// When a dossier is due, seen from `today`, and by which commitment.
pub(super) fn due(lang: Lang, at: DateTime<Utc>, today: NaiveDate, pledge: Option<Pledge>) -> String {
    let day = office_time::local_date(at);
    let time = office_time::local(at).format("%H:%M");
    let mut due = match lang {
        Lang::Vi if day == today => format!("hạn {time} hôm{NB}nay"),
        Lang::Vi => format!("hạn {time} {}", unbroken(&moments::day(lang, day))),
        Lang::En if day == today => format!("due {time} today"),
        Lang::En => format!("due {time} {}", moments::day(lang, day)),
    };
    if let Some(pledge) = pledge {
        due.push(' ');
        due.push_str(&unbroken(match (lang, pledge) {
            (Lang::Vi, Pledge::SameDay) => "(cam kết trong ngày)",
            (Lang::Vi, Pledge::SameSession) => "(cam kết trong buổi)",
            (Lang::Vi, Pledge::NoWeekRollover) => "(cam kết không hẹn qua tuần)",
            (Lang::Vi, Pledge::Within) => "(cam kết của đơn vị)",
            (Lang::En, Pledge::SameDay) => "(committed: same day)",
            (Lang::En, Pledge::SameSession) => "(committed: same session)",
            (Lang::En, Pledge::NoWeekRollover) => "(committed: not into next week)",
            (Lang::En, Pledge::Within) => "(committed by the unit)",
        }));
    }
    due
}

/// "còn 2 giờ 30 phút làm việc".
pub(super) fn time_left(lang: Lang, minutes: u32) -> String {
    match lang {
        Lang::Vi if minutes == 0 => "đã hết giờ làm việc".to_owned(),
        Lang::Vi => format!("còn{NB}{} làm{NB}việc", unbroken(&duration(lang, minutes))),
        Lang::En if minutes == 0 => "no working time left".to_owned(),
        Lang::En => format!("{} of working time left", duration(lang, minutes)),
    }
}

/// "quá hạn 3 ngày làm việc"; within the due day itself, by the hour.
pub(super) fn time_late(lang: Lang, days: u32, minutes: u32) -> String {
    match (lang, days, minutes) {
        (Lang::Vi, 0, 0) => "vừa quá hạn".to_owned(),
        (Lang::Vi, 0, _) => format!("quá{NB}hạn {} làm{NB}việc", unbroken(&duration(lang, minutes))),
        (Lang::Vi, _, _) => format!("quá{NB}hạn {days}{NB}ngày làm{NB}việc"),
        (Lang::En, 0, 0) => "just overdue".to_owned(),
        (Lang::En, 0, _) => format!("overdue by {} of working time", duration(lang, minutes)),
        (Lang::En, 1, _) => "1 working day overdue".to_owned(),
        (Lang::En, _, _) => format!("{days} working days overdue"),
    }
}

/// Who handles it.
pub(super) fn officer(lang: Lang, name: Option<&str>) -> String {
    match (lang, name) {
        (Lang::Vi, Some(name)) => format!("Cán bộ: {name}"),
        (Lang::Vi, None) => "Chưa phân công cán bộ".to_owned(),
        (Lang::En, Some(name)) => format!("Officer: {name}"),
        (Lang::En, None) => "No officer assigned".to_owned(),
    }
}

/// Head of the column of dossiers.
pub(super) fn dossier_heading(lang: Lang) -> &'static str {
    match lang {
        Lang::Vi => "Hồ sơ, thủ tục, cán bộ",
        Lang::En => "Dossier, procedure, officer",
    }
}

/// Head of the column of times.
pub(super) fn time_heading(lang: Lang) -> &'static str {
    match lang {
        Lang::Vi => "Thời gian, hạn trả",
        Lang::En => "Time left, due",
    }
}

/// The link to the dossiers that fall due, which leaves out those bound by a commitment alone.
pub(super) fn savable_link(lang: Lang) -> &'static str {
    match lang {
        Lang::Vi => "Xem danh sách hồ sơ đến hạn",
        Lang::En => "See the dossiers falling due",
    }
}

/// The link to the overdue.
pub(super) fn overdue_link(lang: Lang) -> &'static str {
    match lang {
        Lang::Vi => "Xem danh sách hồ sơ quá hạn",
        Lang::En => "See the overdue dossiers",
    }
}

/// The courteous end.
pub(super) fn closing(lang: Lang) -> &'static str {
    match lang {
        Lang::Vi => "Trân trọng.",
        Lang::En => "With kind regards.",
    }
}

/// Who writes, and when it was meant to arrive.
pub(super) fn footer(lang: Lang, slot: DateTime<Utc>) -> String {
    let at = clock(lang, slot);
    let day = moments::weekday_and_date(lang, slot);
    match lang {
        Lang::Vi => {
            format!("Thư tự động của hệ thống Hentra, kỳ {at} {day}. Vui lòng không trả lời thư này.")
        }
        Lang::En => format!("Sent automatically by Hentra for {at} on {day}. Please do not reply."),
    }
}

fn clock(lang: Lang, at: DateTime<Utc>) -> String {
    super::time(lang, office_time::local_time(at))
}

/// The words on one line.
fn unbroken(words: &str) -> String {
    words.replace(' ', &NB.to_string())
}

/// "2 giờ 30 phút", "45 phút", "3 giờ".
fn duration(lang: Lang, minutes: u32) -> String {
    let (hours, minutes) = (minutes / 60, minutes % 60);
    let (hour, minute) = match lang {
        Lang::Vi => ("giờ", "phút"),
        Lang::En => ("h", "min"),
    };
    match (hours, minutes) {
        (0, _) => format!("{minutes} {minute}"),
        (_, 0) => format!("{hours} {hour}"),
        _ => format!("{hours} {hour} {minutes} {minute}"),
    }
}
