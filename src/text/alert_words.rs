//! The sentences of alert mails, one function each, in both languages.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::alerts::Counts;
use super::{Lang, moments};
use crate::domain::alert::{Audience, Outlook, Pledge};
use crate::domain::office_time;

/// A mail this much behind its slot says so.
const DELAY_WORTH_SAYING: TimeDelta = TimeDelta::minutes(10);

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

/// Whom it is for and what the list holds.
pub(super) fn intro(
    lang: Lang,
    outlook: Outlook,
    audience: Audience,
    unit: &str,
    slot: DateTime<Utc>,
) -> String {
    let at = clock(lang, slot);
    let day = moments::weekday_and_date(lang, slot);
    let to = match audience {
        Audience::Leader => "lãnh đạo",
        Audience::Officer => "cán bộ",
        Audience::Admin => "quản trị viên",
    };
    match (lang, outlook) {
        (Lang::Vi, Outlook::Today) => format!(
            "Kính gửi {to} {unit}, dưới đây là các hồ sơ đến hạn trả hoặc đã cam kết giải quyết trong ngày hôm nay và các hồ sơ đã quá hạn, tính đến {at} {day}. Hồ sơ còn ít thời gian làm việc nhất được xếp trước."
        ),
        (Lang::Vi, Outlook::ThisWeek) => format!(
            "Kính gửi {to} {unit}, dưới đây là các hồ sơ phải giải quyết xong trong tuần này mà đến {at} {day} vẫn chưa xong, kể cả hồ sơ đã quá hạn. Hồ sơ còn ít thời gian làm việc nhất được xếp trước."
        ),
        (Lang::En, Outlook::Today) => format!(
            "For {unit}: the dossiers due today, committed for today, and overdue, as of {at} on {day}. Those with the least working time left come first."
        ),
        (Lang::En, Outlook::ThisWeek) => format!(
            "For {unit}: the dossiers that had to be resolved this week and are still open, the overdue included, as of {at} on {day}. Those with the least working time left come first."
        ),
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
        Lang::Vi if day == today => format!("hạn {time} hôm nay"),
        Lang::Vi => format!("hạn {time} {}", moments::day(lang, day)),
        Lang::En if day == today => format!("due {time} today"),
        Lang::En => format!("due {time} {}", moments::day(lang, day)),
    };
    if let Some(pledge) = pledge {
        due.push_str(match (lang, pledge) {
            (Lang::Vi, Pledge::SameDay) => " (cam kết trong ngày)",
            (Lang::Vi, Pledge::SameSession) => " (cam kết trong buổi)",
            (Lang::Vi, Pledge::NoWeekRollover) => " (cam kết không hẹn qua tuần)",
            (Lang::Vi, Pledge::Within) => " (cam kết của đơn vị)",
            (Lang::En, Pledge::SameDay) => " (committed: same day)",
            (Lang::En, Pledge::SameSession) => " (committed: same session)",
            (Lang::En, Pledge::NoWeekRollover) => " (committed: not into next week)",
            (Lang::En, Pledge::Within) => " (committed by the unit)",
        });
    }
    due
}

/// "còn 2 giờ 30 phút làm việc".
pub(super) fn time_left(lang: Lang, minutes: u32) -> String {
    match lang {
        Lang::Vi if minutes == 0 => "đã hết giờ làm việc".to_owned(),
        Lang::Vi => format!("còn {} làm việc", duration(lang, minutes)),
        Lang::En if minutes == 0 => "no working time left".to_owned(),
        Lang::En => format!("{} of working time left", duration(lang, minutes)),
    }
}

/// "quá hạn 3 ngày làm việc"; within the due day itself, by the hour.
pub(super) fn time_late(lang: Lang, days: u32, minutes: u32) -> String {
    match (lang, days, minutes) {
        (Lang::Vi, 0, 0) => "vừa quá hạn".to_owned(),
        (Lang::Vi, 0, _) => format!("quá hạn {} làm việc", duration(lang, minutes)),
        (Lang::Vi, _, _) => format!("quá hạn {days} ngày làm việc"),
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
