//! The sentence that says whom an alert mail is for and what its list holds, in both languages.

use chrono::{DateTime, Utc};

use super::alert_words::{clock, working_days};
use super::{Lang, moments};
use crate::domain::alert::{Audience, Outlook};

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
    match lang {
        Lang::Vi => {
            let to = match audience {
                Audience::Leader => "lãnh đạo ",
                Audience::Officer => "cán bộ ",
                Audience::Admin => "quản trị viên ",
                Audience::People => "",
            };
            let held = held_vi(outlook, &format!("{at} {day}"));
            format!("Kính gửi {to}{unit}, dưới đây là {held}{}", order_vi(outlook))
        }
        Lang::En => {
            let held = held_en(outlook, &format!("{at} on {day}"));
            format!("For {unit}: {held}{}", order_en(outlook))
        }
    }
}

fn order_vi(outlook: Outlook) -> &'static str {
    match outlook {
        Outlook::Overdue => " Hồ sơ quá hạn lâu nhất xếp trước.",
        Outlook::MissedToday => " Hồ sơ lỡ hẹn sớm nhất xếp trước.",
        _ => " Hồ sơ còn ít thời gian nhất xếp trước.",
    }
}

fn order_en(outlook: Outlook) -> &'static str {
    match outlook {
        Outlook::Overdue => " Those overdue longest come first.",
        Outlook::MissedToday => " Those missed first come first.",
        _ => " The least working time left comes first.",
    }
}

fn held_vi(outlook: Outlook, at: &str) -> String {
    match outlook {
        Outlook::Today => format!("hồ sơ cần xử lý trong hôm nay và hồ sơ đã quá hạn, tính đến {at}."),
        Outlook::ThisWeek => format!(
            "hồ sơ phải giải quyết xong trong tuần này mà đến {at} chưa xong, kể cả hồ sơ đã quá hạn."
        ),
        Outlook::Overdue => format!("hồ sơ đã quá hạn mà chưa giải quyết xong, tính đến {at}."),
        Outlook::DueToday => format!("hồ sơ đến hạn trả trong hôm nay mà đến {at} vẫn chưa xong."),
        Outlook::DueWithin(days) => {
            format!("hồ sơ đến hạn trả từ nay đến hết {days} ngày làm việc tới, tính đến {at}.")
        }
        Outlook::CommittedToday => {
            format!("hồ sơ đơn vị đã cam kết giải quyết trong hôm nay mà đến {at} vẫn chưa xong.")
        }
        Outlook::ApologyToday => format!(
            "hồ sơ mà văn bản xin lỗi và hẹn lại phải gửi chậm nhất trong hôm nay nếu không kịp giải quyết đúng hẹn (Nghị định 61/2018/NĐ-CP, Điều 19), tính đến {at}."
        ),
        Outlook::MissedToday => format!(
            "hồ sơ đến hạn trả hoặc đã cam kết giải quyết trong hôm nay mà đến {at} đã qua giờ và vẫn chưa xong."
        ),
    }
}

fn held_en(outlook: Outlook, at: &str) -> String {
    match outlook {
        Outlook::Today => format!("the dossiers to handle today and those overdue, as of {at}."),
        Outlook::ThisWeek => format!(
            "the dossiers that had to be resolved this week and are still open, the overdue included, as of {at}."
        ),
        Outlook::Overdue => format!("the dossiers that are overdue and still open, as of {at}."),
        Outlook::DueToday => format!("the dossiers due today that are still open, as of {at}."),
        Outlook::DueWithin(days) => {
            format!("the dossiers due from now to the end of {}, as of {at}.", working_days(days))
        }
        Outlook::CommittedToday => {
            format!("the dossiers committed for today that are still open, as of {at}.")
        }
        Outlook::ApologyToday => format!(
            "the dossiers whose apology slip has to go out today unless they are resolved in time (Decree 61/2018/NĐ-CP, article 19), as of {at}."
        ),
        Outlook::MissedToday => format!(
            "the dossiers due or committed for a time of today that has passed, and still open, as of {at}."
        ),
    }
}
