//! Quiet hours: the time of the day in which a rule's messages are not delivered.

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};

use crate::domain::office_time;

/// Minutes of a day.
const MINUTES: u32 = 24 * 60;

/// The hours in which nothing is delivered, by the office's clock; over midnight when they end earlier in the day than they begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quiet {
    from: u32,
    to: u32,
}

impl Quiet {
    /// From one minute of the day up to another, 0–1439 each; `None` for others, and when both are the same: that would be no hours, or all.
    #[must_use]
    pub fn new(from: u32, to: u32) -> Option<Quiet> {
        (from < MINUTES && to < MINUTES && from != to).then_some(Quiet { from, to })
    }

    /// The minute of the day at which they begin.
    #[must_use]
    pub fn from(self) -> u32 {
        self.from
    }

    /// The minute of the day at which they are over.
    #[must_use]
    pub fn to(self) -> u32 {
        self.to
    }

    /// The first instant from `at` on at which something may be delivered: `at` itself outside of the quiet hours, else their end.
    #[must_use]
    pub fn resumes(self, at: DateTime<Utc>) -> DateTime<Utc> {
        let minute = office_time::local_minute(at);
        let over_midnight = self.to < self.from;
        let quiet = if over_midnight {
            minute >= self.from || minute < self.to
        } else {
            (self.from..self.to).contains(&minute)
        };
        if !quiet {
            return at;
        }
        let today = office_time::local_date(at);
        let tomorrow = over_midnight && minute >= self.from;
        let day = today.checked_add_days(Days::new(u64::from(tomorrow))).unwrap_or(today);
        office_time::instant(day, NaiveTime::MIN) + TimeDelta::minutes(i64::from(self.to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(&format!("2026-03-{text}:00+07:00")).unwrap().to_utc()
    }

    #[test]
    fn within_the_day_and_over_midnight_the_end_of_the_quiet_hours_is_found() {
        let noon = Quiet::new(11 * 60 + 30, 13 * 60).unwrap();
        let night = Quiet::new(20 * 60, 6 * 60 + 30).unwrap();
        for (quiet, now, resumes) in [
            (noon, "06T11:29", "06T11:29"),
            (noon, "06T11:30", "06T13:00"),
            (noon, "06T12:59", "06T13:00"),
            (noon, "06T13:00", "06T13:00"),
            (night, "06T19:59", "06T19:59"),
            (night, "06T20:00", "07T06:30"),
            (night, "07T00:00", "07T06:30"),
            (night, "07T06:29", "07T06:30"),
            (night, "07T06:30", "07T06:30"),
        ] {
            assert_eq!(quiet.resumes(at(now)), at(resumes), "{quiet:?} {now}");
        }
    }

    #[test]
    fn no_hours_and_hours_that_are_none_are_refused() {
        assert_eq!((Quiet::new(60, 60), Quiet::new(0, 1440), Quiet::new(1440, 0)), (None, None, None));
    }
}
