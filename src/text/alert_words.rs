//! The sentences of alert mails, one function each, in both languages. Whom a mail is for and what its list holds is `alert_intros`'.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::alerts::Counts;
use super::{Lang, moments};
use crate::domain::alert::{Outlook, Pledge};
use crate::domain::office_time;

/// A mail this much behind its slot says so.
const DELAY_WORTH_SAYING: TimeDelta = TimeDelta::minutes(10);

/// Keeps two words on one line, where lines are as short as on a phone.
const NB: char = '\u{a0}';

/// The middle of the subject: "3 hồ sơ cần xử lý hôm nay, 2 đã quá hạn".
pub(super) fn subject(lang: Lang, outlook: Outlook, of: Counts) -> String {
    let (outlook, of) = or_apologies(outlook, of);
    match lang {
        Lang::Vi => subject_vi(outlook, of),
        Lang::En => subject_en(outlook, of),
    }
}

/// Where there is nothing but apology slips to tell of, they are what the message is about.
fn or_apologies(outlook: Outlook, of: Counts) -> (Outlook, Counts) {
    if of.savable + of.overdue > 0 || of.apologies == 0 {
        return (outlook, of);
    }
    (Outlook::ApologyToday, Counts { savable: of.apologies, overdue: 0, apologies: 0 })
}

fn subject_vi(outlook: Outlook, Counts { savable, overdue, .. }: Counts) -> String {
    match outlook {
        Outlook::MissedToday => format!("{overdue} hồ sơ lỡ hẹn hôm nay"),
        _ if savable == 0 => format!("{overdue} hồ sơ đã quá hạn"),
        Outlook::Today | Outlook::Overdue => {
            format!("{savable} hồ sơ cần xử lý hôm nay{}", and(overdue, "đã quá hạn"))
        }
        Outlook::ThisWeek => format!("{savable} hồ sơ sẽ trôi sang tuần sau{}", and(overdue, "đã quá hạn")),
        Outlook::DueToday => format!("{savable} hồ sơ đến hạn hôm nay"),
        Outlook::DueWithin(days) => format!("{savable} hồ sơ đến hạn trong {days} ngày làm việc tới"),
        Outlook::CommittedToday => format!("{savable} hồ sơ cam kết trong ngày chưa giải quyết xong"),
        Outlook::ApologyToday => format!("{savable} hồ sơ đến hạn gửi văn bản xin lỗi hôm nay"),
    }
}

fn subject_en(outlook: Outlook, Counts { savable, overdue, .. }: Counts) -> String {
    let (open, late) = (dossiers(savable), dossiers(overdue));
    match outlook {
        Outlook::MissedToday => format!("{late} missed today"),
        _ if savable == 0 => format!("{late} overdue"),
        Outlook::Today | Outlook::Overdue => format!("{open} to handle today{}", and(overdue, "overdue")),
        Outlook::ThisWeek => {
            format!("{open} about to roll over into next week{}", and(overdue, "overdue"))
        }
        Outlook::DueToday => format!("{open} due today"),
        Outlook::DueWithin(days) => format!("{open} due within {}", working_days(days)),
        Outlook::CommittedToday => format!("{open} committed for today and still open"),
        Outlook::ApologyToday => format!("{open} with an apology slip due today"),
    }
}

/// The one line that matters.
pub(super) fn headline(lang: Lang, outlook: Outlook, of: Counts) -> String {
    let (outlook, of) = or_apologies(outlook, of);
    match lang {
        Lang::Vi => headline_vi(outlook, of),
        Lang::En => headline_en(outlook, of),
    }
}

fn headline_vi(outlook: Outlook, of: Counts) -> String {
    let Counts { savable, overdue, .. } = of;
    match outlook {
        Outlook::Today if savable > 0 => {
            format!("{savable} hồ sơ còn kịp giải quyết hôm nay{}.", and(overdue, "hồ sơ đã quá hạn"))
        }
        Outlook::ThisWeek if savable > 0 => format!(
            "{savable} hồ sơ sẽ trôi sang tuần sau nếu không giải quyết xong trong tuần này{}.",
            and(overdue, "hồ sơ đã quá hạn")
        ),
        Outlook::CommittedToday => {
            format!("{savable} hồ sơ đã cam kết giải quyết trong ngày mà chưa xong, vẫn còn kịp.")
        }
        Outlook::ApologyToday => {
            format!(
                "{savable} hồ sơ cần gửi văn bản xin lỗi trong hôm nay nếu không kịp giải quyết đúng hẹn."
            )
        }
        Outlook::MissedToday => {
            format!("{overdue} hồ sơ đã qua giờ hẹn hoặc giờ cam kết của hôm nay mà chưa giải quyết xong.")
        }
        _ => format!("{}.", subject_vi(outlook, of)),
    }
}

fn headline_en(outlook: Outlook, of: Counts) -> String {
    let Counts { savable, overdue, .. } = of;
    match outlook {
        Outlook::Today if savable > 0 => {
            format!("{} can still be resolved in time today{}.", dossiers(savable), and(overdue, "overdue"))
        }
        Outlook::ThisWeek if savable > 0 => format!(
            "{} will roll over into next week unless resolved this week{}.",
            dossiers(savable),
            and(overdue, "overdue")
        ),
        Outlook::CommittedToday => {
            format!("{} committed for today and still open; there is still time.", dossiers(savable))
        }
        Outlook::ApologyToday => {
            format!("{} with an apology slip to go out today unless resolved in time.", dossiers(savable))
        }
        Outlook::MissedToday => {
            format!("{} still open after the time due or committed today.", dossiers(overdue))
        }
        _ => format!("{}.", subject_en(outlook, of)),
    }
}

/// "3 working days".
pub(super) fn working_days(days: u32) -> String {
    if days == 1 { "1 working day".to_owned() } else { format!("{days} working days") }
}

fn and(count: usize, words: &str) -> String {
    if count == 0 { String::new() } else { format!(", {count} {words}") }
}

fn dossiers(count: usize) -> String {
    if count == 1 { "1 dossier".to_owned() } else { format!("{count} dossiers") }
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
    let title = match (lang, outlook) {
        (Lang::Vi, Outlook::ThisWeek) => "Sẽ trôi sang tuần sau nếu không kịp giải quyết",
        (Lang::Vi, Outlook::DueWithin(_)) => "Sắp đến hạn",
        (Lang::Vi, Outlook::CommittedToday) => "Cam kết trong ngày, chưa xong",
        (Lang::Vi, Outlook::ApologyToday) => "Cần gửi văn bản xin lỗi trong hôm nay nếu không kịp hạn",
        (Lang::Vi, _) => "Còn kịp giải quyết hôm nay",
        (Lang::En, Outlook::ThisWeek) => "Rolling over into next week",
        (Lang::En, Outlook::DueWithin(_)) => "Falling due",
        (Lang::En, Outlook::CommittedToday) => "Committed for today, still open",
        (Lang::En, Outlook::ApologyToday) => "Apology slip to go out today if the day cannot be kept",
        (Lang::En, _) => "Still in time today",
    };
    format!("{title} ({count})")
}

/// Heads what is overdue, or was missed.
pub(super) fn overdue_title(lang: Lang, outlook: Outlook, count: usize) -> String {
    let title = match (lang, outlook) {
        (Lang::Vi, Outlook::MissedToday) => "Lỡ hẹn hôm nay",
        (Lang::Vi, _) => "Đã quá hạn",
        (Lang::En, Outlook::MissedToday) => "Missed today",
        (Lang::En, _) => "Overdue",
    };
    format!("{title} ({count})")
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

/// "qua giờ hẹn 30 phút làm việc"; just now, or by working time.
pub(super) fn time_missed(lang: Lang, minutes: u32) -> String {
    match (lang, minutes) {
        (Lang::Vi, 0) => "đã hết giờ, chưa xong".to_owned(),
        (Lang::Vi, _) => format!("qua{NB}giờ{NB}hẹn {} làm{NB}việc", unbroken(&duration(lang, minutes))),
        (Lang::En, 0) => "the day is over, still open".to_owned(),
        (Lang::En, _) => format!("missed by {} of working time", duration(lang, minutes)),
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

/// "7 giờ 30".
pub(super) fn clock(lang: Lang, at: DateTime<Utc>) -> String {
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
