//! The leaders' weekly mail: which weeks it sets side by side, and which days' anchors it tells.
//!
//! What the numbers mean is said in [`super::statistics`], what an anchor is in [`super::ledger`], when the mail goes out in [`super::alert`].

use chrono::{Days, NaiveDate, Weekday};

use super::calendar::Calendar;
use super::period::{Period, PeriodError};

const WEEK: Days = Days::new(7);

/// The ISO week (Monday to Sunday) before the one a day lies in: on a Monday, the week that ended at midnight.
///
/// # Errors
/// [`PeriodError::OutOfRange`] for years no report can be about.
pub fn week_before(day: NaiveDate) -> Result<Period, PeriodError> {
    let monday = day.week(Weekday::Mon).checked_first_day().and_then(|monday| monday.checked_sub_days(WEEK));
    let sunday = monday.and_then(|monday| monday.week(Weekday::Mon).checked_last_day());
    let (monday, sunday) = monday.zip(sunday).ok_or(PeriodError::OutOfRange)?;
    Period::between(monday, sunday)
}

/// The days whose anchors the mail of a day tells, the earliest first: those of the week it is about, and those that have passed since when the
/// mail does not come on a Monday. In a week that was wholly off no mail came; then the days of the week before it are told as well, so that
/// none is left out.
#[must_use]
pub fn days_anchored(week: &Period, day: NaiveDate, calendar: &Calendar) -> Vec<NaiveDate> {
    let mut first = week.from();
    if calendar.first_working_day_of_week(first).is_none() {
        first = first.checked_sub_days(WEEK).unwrap_or(first);
    }
    first.iter_days().take_while(|of| *of < day).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::calendar::{CalendarSpec, DayKind, DayRow};

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Off from Monday to Friday of 16–20/02/2026 (Tết), and on Monday 27/4/2026.
    fn calendar() -> Calendar {
        let off = ["2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19", "2026-02-20", "2026-04-27"];
        let row = |day| DayRow {
            date: date(day),
            kind: DayKind::Holiday,
            name: "Nghỉ".into(),
            source: "Thông báo".into(),
        };
        Calendar::build(&CalendarSpec::national(off.map(row).into(), BTreeSet::from([2026]))).unwrap()
    }

    fn told(day: &str) -> (String, String, String, usize) {
        let week = week_before(date(day)).unwrap();
        let days = days_anchored(&week, date(day), &calendar());
        (week.to_string(), days[0].to_string(), days[days.len() - 1].to_string(), days.len())
    }

    #[test]
    fn on_a_monday_the_week_that_ended_at_midnight_is_told() {
        let expected = ("2026-11-16..2026-11-22".into(), "2026-11-16".into(), "2026-11-22".into(), 7);
        assert_eq!(told("2026-11-23"), expected);
        assert_eq!(week_before(date("2027-01-03")).unwrap().to_string(), "2026-12-21..2026-12-27");
        assert_eq!(
            week_before(date("2027-01-04")).unwrap().before().unwrap().to_string(),
            "2026-12-21..2026-12-27"
        );
    }

    #[test]
    fn when_monday_was_off_the_days_since_are_anchored_too() {
        let expected = ("2026-04-20..2026-04-26".into(), "2026-04-20".into(), "2026-04-27".into(), 8);
        assert_eq!(told("2026-04-28"), expected);
    }

    #[test]
    fn after_a_week_without_a_mail_its_predecessor_is_anchored_too() {
        let expected = ("2026-02-16..2026-02-22".into(), "2026-02-09".into(), "2026-02-22".into(), 14);
        assert_eq!(told("2026-02-23"), expected);
    }

    #[test]
    fn no_week_lies_outside_the_years_of_reports() {
        assert_eq!(week_before(date("2000-01-03")), Err(PeriodError::OutOfRange));
        assert_eq!(week_before(NaiveDate::MIN), Err(PeriodError::OutOfRange));
    }
}
