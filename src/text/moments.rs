//! Days and instants in words, in the office's zone.

use chrono::{DateTime, Datelike, NaiveDate, Utc, Weekday};

use super::Lang;
use crate::domain::office_time;

/// "thứ Sáu 20/11/2026", "Friday 20 November 2026".
pub fn weekday_and_date(lang: Lang, at: DateTime<Utc>) -> String {
    day(lang, office_time::local_date(at))
}

/// "17:00 thứ Sáu 20/11/2026", "17:00 Friday 20 November 2026".
pub fn time_weekday_and_date(lang: Lang, at: DateTime<Utc>) -> String {
    format!("{} {}", office_time::local(at).format("%H:%M"), weekday_and_date(lang, at))
}

/// A day with its weekday.
pub fn day(lang: Lang, date: NaiveDate) -> String {
    format!("{} {}", weekday(lang, date.weekday()), super::date(lang, date))
}

/// A day of the week.
pub fn weekday(lang: Lang, of: Weekday) -> &'static str {
    match (lang, of) {
        (Lang::Vi, Weekday::Mon) => "thứ Hai",
        (Lang::Vi, Weekday::Tue) => "thứ Ba",
        (Lang::Vi, Weekday::Wed) => "thứ Tư",
        (Lang::Vi, Weekday::Thu) => "thứ Năm",
        (Lang::Vi, Weekday::Fri) => "thứ Sáu",
        (Lang::Vi, Weekday::Sat) => "thứ Bảy",
        (Lang::Vi, Weekday::Sun) => "Chủ nhật",
        (Lang::En, Weekday::Mon) => "Monday",
        (Lang::En, Weekday::Tue) => "Tuesday",
        (Lang::En, Weekday::Wed) => "Wednesday",
        (Lang::En, Weekday::Thu) => "Thursday",
        (Lang::En, Weekday::Fri) => "Friday",
        (Lang::En, Weekday::Sat) => "Saturday",
        (Lang::En, Weekday::Sun) => "Sunday",
    }
}
