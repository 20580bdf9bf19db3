//! What people read: sentences for the plain values of the domain, in Vietnamese first and English second.
//!
//! It knows the domain's reasons and names, and no request, page or mail; those choose the language and place the
//! sentences. [`steps`] tells how a deadline was reckoned.

mod alert_intros;
mod alert_words;
pub mod alerts;
pub mod anchors;
pub mod commitments;
pub mod elsewhere;
pub mod explanation;
pub mod faults;
pub mod feeds;
pub mod findings;
pub mod form;
pub mod horizon;
pub mod ladder;
pub mod letter;
pub mod links;
pub mod moments;
pub(crate) mod numbers;
pub(crate) mod pages;
pub mod problems;
pub mod replays;
pub mod report_words;
pub mod reports;
pub mod sentence;
mod sentence_days;
pub(crate) mod shares;
mod since;
pub mod steps;
pub mod templates;
pub mod weekly;
mod weekly_words;

use chrono::{Datelike, NaiveDate, NaiveTime, Timelike};

/// The language a reader is addressed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    /// Vietnamese, the default.
    #[default]
    Vi,
    /// English.
    En,
}

impl Lang {
    /// The language's tag, as HTTP and HTML write it.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Lang::Vi => "vi",
            Lang::En => "en",
        }
    }
}

/// A date as the language's papers write it: `02/9/2026` in Vietnamese (NĐ 30/2020/NĐ-CP: a zero before days under 10
/// and before months 1 and 2 only), `2 September 2026` in English.
#[must_use]
pub fn date(lang: Lang, date: NaiveDate) -> String {
    match lang {
        Lang::Vi if date.month() < 3 => date.format("%d/%m/%Y").to_string(),
        Lang::Vi => date.format("%d/%-m/%Y").to_string(),
        Lang::En => date.format("%-d %B %Y").to_string(),
    }
}

/// A time of day: `15 giờ`, `15 giờ 05` in Vietnamese, `15:05` in English.
#[must_use]
pub fn time(lang: Lang, time: NaiveTime) -> String {
    match lang {
        Lang::Vi if time.minute() == 0 => time.format("%-H giờ").to_string(),
        Lang::Vi => time.format("%-H giờ %M").to_string(),
        Lang::En => time.format("%H:%M").to_string(),
    }
}

/// "A", "A và B", "A, B và C".
fn listed<T: std::fmt::Display>(lang: Lang, all: &[T]) -> String {
    let and = if lang == Lang::Vi { "và" } else { "and" };
    let all: Vec<String> = all.iter().map(ToString::to_string).collect();
    match all.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} {and} {last}", others.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_as_official_papers_write_them() {
        let written = |text: &str| date(Lang::Vi, text.parse().unwrap());
        assert_eq!(written("2026-09-02"), "02/9/2026");
        assert_eq!(written("2026-02-16"), "16/02/2026");
        assert_eq!(written("2026-11-24"), "24/11/2026");
        assert_eq!(date(Lang::En, "2026-09-02".parse().unwrap()), "2 September 2026");
    }

    #[test]
    fn hours_are_spoken_without_empty_minutes() {
        let at = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
        assert_eq!(
            (time(Lang::Vi, at(15, 0)), time(Lang::Vi, at(7, 5))),
            ("15 giờ".into(), "7 giờ 05".into())
        );
        assert_eq!(time(Lang::En, at(7, 5)), "07:05");
    }
}
