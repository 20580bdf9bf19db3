//! What commitments say, in words.

use super::Lang;
use crate::domain::commitment::Effect;
use crate::domain::deadline::Limit;

/// Why a commitment sets the due date, as the last step of an explanation.
pub fn step(lang: Lang, effect: Effect) -> String {
    match (lang, effect) {
        (Lang::Vi, Effect::SameDay) => "đơn vị cam kết giải quyết trong ngày tiếp nhận".to_owned(),
        (Lang::Vi, Effect::SameSession) => "đơn vị cam kết giải quyết trong buổi tiếp nhận".to_owned(),
        (Lang::Vi, Effect::NoWeekRollover) => {
            "đơn vị cam kết không hẹn qua tuần đối với hồ sơ nhận ngày thứ Sáu hoặc ngày làm việc cuối tuần".to_owned()
        }
        (Lang::Vi, Effect::Within(limit)) => format!("đơn vị cam kết giải quyết trong {}", limit_words(lang, limit)),
        (Lang::En, Effect::SameDay) => "the unit commits to resolve on the day of receipt".to_owned(),
        (Lang::En, Effect::SameSession) => "the unit commits to resolve within the session of receipt".to_owned(),
        (Lang::En, Effect::NoWeekRollover) => {
            "the unit commits to put nothing received on a Friday, or on the week's last working day, off to next week".to_owned()
        }
        (Lang::En, Effect::Within(limit)) => format!("the unit commits to resolve within {}", limit_words(lang, limit)),
    }
}

/// A limit in words: "3 ngày làm việc".
pub fn limit_words(lang: Lang, limit: Limit) -> String {
    match (lang, limit) {
        (Lang::Vi, Limit::WorkingDays(n)) => format!("{n} ngày làm việc"),
        (Lang::Vi, Limit::CalendarDays(n)) => format!("{n} ngày"),
        (Lang::Vi, Limit::Months(n)) => format!("{n} tháng"),
        (Lang::Vi, Limit::WorkingHours(n)) => format!("{n} giờ làm việc"),
        (Lang::Vi, Limit::SameDay) => "ngày tiếp nhận".to_owned(),
        (Lang::En, Limit::WorkingDays(n)) => format!("{n} working days"),
        (Lang::En, Limit::CalendarDays(n)) => format!("{n} days"),
        (Lang::En, Limit::Months(n)) => format!("{n} months"),
        (Lang::En, Limit::WorkingHours(n)) => format!("{n} working hours"),
        (Lang::En, Limit::SameDay) => "the day of receipt".to_owned(),
    }
}
