//! What is said of the events of a calendar of elsewhere: why nothing was made of one, and what a day from it rests on.

use super::Lang;
use crate::domain::elsewhere::Doubt;

/// Why nothing is made of an event, and what to do.
pub fn doubt(lang: Lang, of: Doubt) -> &'static str {
    match lang {
        Lang::Vi => vietnamese(of),
        Lang::En => english(of),
    }
}

fn vietnamese(of: Doubt) -> &'static str {
    match of {
        Doubt::Observance => "Ngày kỷ niệm hoặc tiết khí, không phải ngày nghỉ.",
        Doubt::NotADayOff => {
            "Tên và ngày không ứng với ngày nghỉ lễ nào theo luật; nếu là ngày nghỉ, vui lòng tự thêm theo văn bản."
        }
        Doubt::Recurring => "Sự kiện lặp lại; ngày nghỉ được công bố từng năm, vui lòng tự thêm từng ngày.",
        Doubt::Timed => "Sự kiện có giờ, không phải cả ngày.",
        Doubt::MultiDay => "Sự kiện kéo dài nhiều ngày; vui lòng tự thêm từng ngày theo văn bản.",
        Doubt::Duplicate => "Ngày này đã được nêu ở dòng trên.",
        Doubt::OutsideHorizon => "Nằm ngoài các năm 2000–2060 của lịch làm việc.",
        Doubt::Contradicts => "Trái với lịch đã công bố; lịch đã công bố được giữ nguyên.",
        Doubt::UnknownZone => "Giờ của sự kiện theo múi giờ khác.",
        Doubt::Malformed => "Không đọc được sự kiện này (thiếu tên, thiếu ngày hoặc sai định dạng).",
        Doubt::Cancelled => "Sự kiện đã bị hủy.",
    }
}

fn english(of: Doubt) -> &'static str {
    match of {
        Doubt::Observance => "A day that is observed, or a solar term; no day off.",
        Doubt::NotADayOff => {
            "Name and date fit no public holiday of the law; if it is a day off, add it by its decision."
        }
        Doubt::Recurring => "It recurs; days off are announced year by year, so add each day.",
        Doubt::Timed => "It has a time of day and is no whole day.",
        Doubt::MultiDay => "It lasts several days; add each day by its decision.",
        Doubt::Duplicate => "The day was named further up.",
        Doubt::OutsideHorizon => "Outside the years 2000–2060 of the working calendar.",
        Doubt::Contradicts => "It contradicts the announced calendar, which stays.",
        Doubt::UnknownZone => "Its time is of another zone.",
        Doubt::Malformed => "It cannot be read: no name, no date, or not of the form.",
        Doubt::Cancelled => "It was called off.",
    }
}

/// What a day rests on that was taken from a feed: to be replaced by the decision once somebody has looked.
pub fn unverified(feed: Option<&str>) -> String {
    format!("{}, chưa đối chiếu văn bản", feed.unwrap_or("Nguồn ngoài"))
}
