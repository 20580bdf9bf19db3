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

/// "17:00 20/11/2026", "17:00 20 November 2026": for tables.
pub fn time_and_date(lang: Lang, at: DateTime<Utc>) -> String {
    format!("{} {}", office_time::local(at).format("%H:%M"), super::date(lang, office_time::local_date(at)))
}

/// A day with its weekday.
pub fn day(lang: Lang, date: NaiveDate) -> String {
    format!("{} {}", weekday(lang, date.weekday()), super::date(lang, date))
}

/// The days from one to another: "16–22/11/2026", "28/12/2026–03/01/2027"; "16–22 November 2026", "28 September – 4 October 2026".
pub fn days(lang: Lang, from: NaiveDate, to: NaiveDate) -> String {
    let last = super::date(lang, to);
    let (year, month) = (from.year() == to.year(), from.month() == to.month());
    let first = super::date(lang, from);
    match (lang, year, month) {
        (Lang::Vi, true, true) => format!("{}–{last}", from.format("%d")),
        (Lang::En, true, true) => format!("{}–{last}", from.format("%-d")),
        (Lang::Vi, true, false) => {
            let year = format!("/{}", from.year());
            format!("{}–{last}", first.trim_end_matches(&year))
        }
        (Lang::En, true, false) => format!("{} – {last}", from.format("%-d %B")),
        (Lang::Vi, false, _) => format!("{first}–{last}"),
        (Lang::En, false, _) => format!("{first} – {last}"),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_of_days_says_month_and_year_once() {
        let both = |from: &str, to: &str| {
            let of = |lang| days(lang, from.parse().unwrap(), to.parse().unwrap());
            (of(Lang::Vi), of(Lang::En))
        };
        let expected = |vi: &str, en: &str| (vi.to_owned(), en.to_owned());
        assert_eq!(both("2026-11-02", "2026-11-08"), expected("02–08/11/2026", "2–8 November 2026"));
        assert_eq!(
            both("2026-09-28", "2026-10-04"),
            expected("28/9–04/10/2026", "28 September – 4 October 2026")
        );
        assert_eq!(
            both("2026-12-28", "2027-01-03"),
            expected("28/12/2026–03/01/2027", "28 December 2026 – 3 January 2027")
        );
    }
}
