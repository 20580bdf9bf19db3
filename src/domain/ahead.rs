//! What comes next, as a leader plans it: the next working day, the rest of this week, the week after.

use chrono::{DateTime, Days, NaiveDate, Utc, Weekday};

use super::calendar::Calendar;
use super::office_time::{local_date, midnight_after};

words! {
    /// A stretch of the days to come.
    Ahead {
        /// After today, to the end of the next working day.
        NextWorkingDay = "next_working_day",
        /// From now to the end of the ISO week.
        ThisWeek = "this_week",
        /// The ISO week after.
        NextWeek = "next_week",
    }
}

/// A stretch with its ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// Which.
    pub ahead: Ahead,
    /// From this instant.
    pub from: DateTime<Utc>,
    /// To before this one.
    pub before: DateTime<Utc>,
    /// Its last day.
    pub last: NaiveDate,
}

/// The stretches ahead of `now`, by a unit's calendar; none beyond the days that a calendar knows.
#[must_use]
pub fn stretches(now: DateTime<Utc>, calendar: &Calendar) -> Vec<Stretch> {
    let today = local_date(now);
    let sunday = today.week(Weekday::Mon).checked_last_day();
    let next_sunday = sunday.and_then(|day| day.checked_add_days(Days::new(7)));
    let tomorrow = midnight_after(today);
    let begun = [
        (Ahead::NextWorkingDay, Some(tomorrow), calendar.next_working_day(today)),
        (Ahead::ThisWeek, Some(now), sunday),
        (Ahead::NextWeek, sunday.map(midnight_after), next_sunday),
    ];
    let whole = begun.into_iter().filter_map(|(ahead, from, last)| {
        let (from, last) = (from?, last?);
        Some(Stretch { ahead, from, before: midnight_after(last), last })
    });
    whole.collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::calendar::{CalendarSpec, DayKind, DayRow};
    use crate::domain::sample::at;

    /// Friday 20/11/2026 is off.
    fn told(now: &str) -> Vec<(Ahead, String, String)> {
        let off = DayRow {
            date: "2026-11-20".parse().unwrap(),
            kind: DayKind::Holiday,
            name: "Nghỉ".into(),
            source: "TB 1".into(),
        };
        let calendar = Calendar::build(&CalendarSpec::national(vec![off], BTreeSet::new())).unwrap();
        let day = |at| local_date(at).to_string();
        let all = stretches(at(now), &calendar).into_iter();
        all.map(|of| (of.ahead, day(of.from), of.last.to_string())).collect()
    }

    #[test]
    fn the_next_working_day_passes_over_days_off_and_the_weeks_end_on_sunday() {
        let of =
            |ahead, from: &str, last: &str| (ahead, format!("2026-11-{from}"), format!("2026-11-{last}"));
        assert_eq!(
            told("2026-11-18T22:30:00"),
            [
                of(Ahead::NextWorkingDay, "19", "19"),
                of(Ahead::ThisWeek, "18", "22"),
                of(Ahead::NextWeek, "23", "29")
            ]
        );
        assert_eq!(
            told("2026-11-19T08:00:00"),
            [
                of(Ahead::NextWorkingDay, "20", "23"),
                of(Ahead::ThisWeek, "19", "22"),
                of(Ahead::NextWeek, "23", "29")
            ]
        );
        assert_eq!(told("2026-11-22T12:00:00")[1], of(Ahead::ThisWeek, "22", "22"));
    }
}
