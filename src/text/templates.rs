//! The commitments that are ready to be switched on, in words.

use super::Lang;
use crate::domain::template::Template;

/// The template's name, as units call it.
pub fn name(lang: Lang, of: Template) -> &'static str {
    match (lang, of) {
        (Lang::Vi, Template::SameDay) => "Giải quyết trong ngày",
        (Lang::Vi, Template::FridayNoRollover) => "Thứ Sáu không hẹn qua tuần",
        (Lang::Vi, Template::NoAppointmentDay) => "Ngày không hẹn",
        (Lang::En, Template::SameDay) => "Resolved on the day",
        (Lang::En, Template::FridayNoRollover) => "No Friday put off to next week",
        (Lang::En, Template::NoAppointmentDay) => "Day without appointments",
    }
}

/// What the unit promises by it.
pub fn sentence(lang: Lang, of: Template) -> &'static str {
    match (lang, of) {
        (Lang::Vi, Template::SameDay) => {
            "Hồ sơ đủ điều kiện của các thủ tục đã đăng ký được giải quyết và trả kết quả ngay trong ngày tiếp nhận."
        }
        (Lang::Vi, Template::FridayNoRollover) => {
            "Hồ sơ tiếp nhận ngày thứ Sáu, hoặc ngày làm việc cuối cùng của tuần, không hẹn trả sang tuần sau; nếu không nêu thủ tục thì áp dụng cho các thủ tục đã đăng ký giải quyết trong ngày."
        }
        (Lang::Vi, Template::NoAppointmentDay) => {
            "Vào ngày đã chọn trong tuần, hồ sơ được giải quyết và trả kết quả ngay trong ngày, không hẹn lại; nếu chọn một buổi thì trả ngay trong buổi đó."
        }
        (Lang::En, Template::SameDay) => {
            "Complete dossiers of the registered procedures are resolved, and their results given, on the day of receipt."
        }
        (Lang::En, Template::FridayNoRollover) => {
            "Nothing received on a Friday, or on the week's last working day, is promised for next week; with no procedures named it covers those registered for the same day."
        }
        (Lang::En, Template::NoAppointmentDay) => {
            "On the chosen day of the week results are given the same day, without an appointment; where half a day is chosen, within that session."
        }
    }
}

/// What a parameter means; empty for a name that no template takes.
pub fn parameter(lang: Lang, name: &str) -> &'static str {
    match (lang, name) {
        (Lang::Vi, "unit") => "đơn vị cam kết",
        (Lang::Vi, "subtree") => "áp dụng cả cho các đơn vị trực thuộc",
        (Lang::Vi, "procedures") => "mã các thủ tục đã đăng ký",
        (Lang::Vi, "sectors") => "các lĩnh vực",
        (Lang::Vi, "max_working_days") => "các thủ tục có thời hạn không quá số ngày làm việc này",
        (Lang::Vi, "all") => "mọi thủ tục",
        (Lang::Vi, "weekday") => "ngày trong tuần: mon đến sun, hoặc 1 (thứ Hai) đến 7",
        (Lang::Vi, "session") => "chỉ một buổi: morning (sáng) hoặc afternoon (chiều)",
        (Lang::Vi, "nth_week") => "chỉ lần thứ mấy của ngày đó trong tháng, 1 đến 5",
        (Lang::Vi, "valid_from") => "ngày tiếp nhận đầu tiên được áp dụng",
        (Lang::Vi, "valid_to") => "ngày tiếp nhận cuối cùng được áp dụng",
        (Lang::Vi, "decision") => "số và ngày của quyết định",
        (Lang::En, "unit") => "the unit that commits itself",
        (Lang::En, "subtree") => "the units below it are bound too",
        (Lang::En, "procedures") => "codes of the registered procedures",
        (Lang::En, "sectors") => "sectors",
        (Lang::En, "max_working_days") => "procedures with a limit of at most so many working days",
        (Lang::En, "all") => "every procedure",
        (Lang::En, "weekday") => "the day of the week: mon to sun, or 1 (Monday) to 7",
        (Lang::En, "session") => "only half of the day: morning or afternoon",
        (Lang::En, "nth_week") => "only the n-th such day of the month, 1 to 5",
        (Lang::En, "valid_from") => "the first receipt day it holds for",
        (Lang::En, "valid_to") => "the last receipt day it holds for",
        (Lang::En, "decision") => "number and date of the decision",
        (Lang::Vi | Lang::En, _) => "",
    }
}
