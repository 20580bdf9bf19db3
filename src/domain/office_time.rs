//! The office's wall clock: which date and hour an instant is at the counter.
//!
//! Everything is stored in UTC and thought in the office's zone; the two meet here and nowhere else. This module
//! knows neither calendars nor what time it is now. See [`super::calendar`] for days and sessions.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveTime, SubsecRound, TimeDelta, Timelike, Utc};

const OFFICE: FixedOffset = FixedOffset::east_opt(7 * 60 * 60).expect("seven hours is a valid offset");
const AHEAD_OF_UTC: TimeDelta = TimeDelta::hours(7);

/// The zone of every office, Asia/Ho_Chi_Minh. It is a fixed offset because Vietnam has kept +07:00 without daylight
/// saving since 1975, and no date before 2000 is ever reckoned with; so no zone database is needed.
#[must_use]
pub const fn office() -> FixedOffset {
    OFFICE
}

/// The instant as the office's clock shows it.
#[must_use]
pub fn local(at: DateTime<Utc>) -> DateTime<FixedOffset> {
    at.with_timezone(&OFFICE)
}

/// The office's date at an instant: 17:00:00 UTC is already the next day.
#[must_use]
pub fn local_date(at: DateTime<Utc>) -> NaiveDate {
    local(at).date_naive()
}

/// The office's time of day at an instant, to the nanosecond.
#[must_use]
pub fn local_time(at: DateTime<Utc>) -> NaiveTime {
    local(at).time()
}

/// Minutes since the office's midnight, 0–1439; the seconds are dropped.
#[must_use]
pub fn local_minute(at: DateTime<Utc>) -> u32 {
    let time = local_time(at);
    time.hour() * 60 + time.minute()
}

/// The instant at which the office's clock shows this date and time.
#[must_use]
pub fn instant(date: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
    let as_if_utc = date.and_time(time).and_utc();
    as_if_utc.checked_sub_signed(AHEAD_OF_UTC).unwrap_or(DateTime::<Utc>::MIN_UTC)
}

/// 24:00 of a day, which is 00:00 of the day after: where a limit counted in days ends (BLDS 2015 Đ.148(6)).
#[must_use]
pub fn midnight_after(date: NaiveDate) -> DateTime<Utc> {
    instant(date.succ_opt().unwrap_or(NaiveDate::MAX), NaiveTime::MIN)
}

/// Whether a day lies within the years 2000–2100: one outside them is a slip of the hand.
#[must_use]
pub fn is_of_our_time(day: NaiveDate) -> bool {
    (2000..=2100).contains(&day.year())
}

/// The instant without its fraction of a second.
#[must_use]
pub fn whole_seconds(at: DateTime<Utc>) -> DateTime<Utc> {
    at.trunc_subsecs(0)
}

/// Serde form of a time of day in office papers: `"15:00"`.
pub mod hh_mm {
    use chrono::NaiveTime;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    /// Writes `HH:MM`.
    ///
    /// # Errors
    /// Only those of the serializer.
    pub fn serialize<S: Serializer>(time: &NaiveTime, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&time.format("%H:%M"))
    }

    /// Reads `HH:MM`; seconds are refused, for no act or session names them.
    ///
    /// # Errors
    /// When the text is no time of day between 00:00 and 23:59.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveTime, D::Error> {
        let text = String::deserialize(deserializer)?;
        NaiveTime::parse_from_str(&text, "%H:%M")
            .map_err(|_| D::Error::custom(format!("`{text}` is no time of day; write it as HH:MM")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn the_office_day_begins_at_seventeen_utc() {
        assert_eq!(local_date(utc("2026-08-22T16:59:59Z")).to_string(), "2026-08-22");
        assert_eq!(local_date(utc("2026-08-22T17:00:00Z")).to_string(), "2026-08-23");
        assert_eq!(local_minute(utc("2026-08-22T08:00:59Z")), 15 * 60);
    }

    #[test]
    fn instants_and_midnights_are_the_offices() {
        let day: NaiveDate = "2026-12-31".parse().unwrap();
        assert_eq!(instant(day, NaiveTime::from_hms_opt(7, 30, 0).unwrap()), utc("2026-12-31T00:30:00Z"));
        assert_eq!(midnight_after(day), utc("2026-12-31T17:00:00Z"));
    }
}
