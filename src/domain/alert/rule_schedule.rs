//! Reading the cron line of a rule, and the instants that follow from it.

use std::str::FromStr;

use chrono::{DateTime, NaiveTime, TimeDelta, Utc, Weekday};
use cron::{Schedule, TimeUnitSpec};

use super::rule::{AlertRule, RuleFlaw, scheduled};
use crate::domain::calendar::Calendar;

/// The longest line, in bytes; a sensible one has a few dozen.
const LONGEST: usize = 200;
/// The most instants of a day: a message each half hour round the clock.
const MOST_A_DAY: usize = 48;

/// The schedule that a line says: second, minute, hour, day of month, month, day of week; or the last five of these, as other systems write it, for
/// the full minute.
///
/// Where the second is left out, days of the week must be words: there 1 is Monday elsewhere, and Sunday here.
pub(super) fn schedule(line: &str) -> Result<Schedule, RuleFlaw> {
    let malformed = |why: &str| RuleFlaw::Malformed(format!("«{line}»: {why}"));
    if line.len() > LONGEST {
        return Err(RuleFlaw::Malformed("it is too long for a cron line".to_owned()));
    }
    let fields: Vec<&str> = line.split_whitespace().collect();
    let whole = match fields.as_slice() {
        [_, _, _, _, _, _] => fields.join(" "),
        [.., weekday] if fields.len() == 5 => {
            if weekday.contains(|letter: char| letter.is_ascii_digit()) {
                return Err(malformed("with five fields, write days of the week as words: Mon-Fri"));
            }
            format!("0 {}", fields.join(" "))
        }
        _ => {
            return Err(malformed(
                "it has six fields: second, minute, hour, day of month, month, day of week",
            ));
        }
    };
    let schedule = Schedule::from_str(&whole).map_err(|error| malformed(&error.to_string()))?;
    let a_day = usize::try_from(schedule.minutes().count() * schedule.hours().count()).unwrap_or(usize::MAX);
    if schedule.seconds().count() != 1 || a_day > MOST_A_DAY {
        return Err(RuleFlaw::TooOften(line.to_owned()));
    }
    if schedule.after(&DateTime::<Utc>::UNIX_EPOCH).next().is_none() {
        return Err(RuleFlaw::Never(line.to_owned()));
    }
    Ok(schedule)
}

/// The instants in `(after, until]` at which the rule may speak, the earliest first; whether it does, an office's calendar says
/// ([`AlertRule::speaks_at`]).
#[must_use]
pub fn instants(rule: &AlertRule, after: DateTime<Utc>, until: DateTime<Utc>) -> Vec<DateTime<Utc>> {
    scheduled(rule, (after, until)).collect()
}

/// The instants in `(after, until]` at which the rule speaks for an office with this calendar, the earliest first.
#[must_use]
pub fn slots(
    rule: &AlertRule,
    after: DateTime<Utc>,
    until: DateTime<Utc>,
    calendar: &Calendar,
) -> Vec<DateTime<Utc>> {
    scheduled(rule, (after, until)).filter(|at| rule.speaks_at(*at, calendar)).collect()
}

/// The next `many` instants after `after` at which the rule speaks, looked for through the two years to come; none when it is not enabled.
#[must_use]
pub fn next_slots(
    rule: &AlertRule,
    after: DateTime<Utc>,
    calendar: &Calendar,
    many: usize,
) -> Vec<DateTime<Utc>> {
    let two_years = (after, after + TimeDelta::days(2 * 366));
    scheduled(rule, two_years).filter(|at| rule.speaks_at(*at, calendar)).take(many).collect()
}

/// When a cron line speaks, as people tell it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spoken {
    /// The times of the day, the earliest first.
    pub times: Vec<NaiveTime>,
    /// The days of the week, Monday first; empty for every day.
    pub weekdays: Vec<Weekday>,
    /// Whether it keeps to some days of the month or some months.
    pub some_dates: bool,
}

/// When a line speaks; nothing for one that cannot be read.
#[must_use]
pub fn spoken(line: &str) -> Spoken {
    let Ok(schedule) = schedule(line) else { return Spoken::default() };
    let second = schedule.seconds().iter().next().unwrap_or(0);
    let at = |hour| {
        schedule.minutes().iter().filter_map(move |minute| NaiveTime::from_hms_opt(hour, minute, second))
    };
    let times = schedule.hours().iter().flat_map(at).collect();
    // 1 is Sunday, 2 Monday.
    let weekday =
        |ordinal: u32| u8::try_from((ordinal + 5) % 7).ok().and_then(|day| Weekday::try_from(day).ok());
    let mut weekdays: Vec<Weekday> = schedule.days_of_week().iter().filter_map(weekday).collect();
    weekdays.sort_by_key(Weekday::num_days_from_monday);
    if weekdays.len() == 7 {
        weekdays.clear();
    }
    let some_dates = !schedule.days_of_month().is_all() || !schedule.months().is_all();
    Spoken { times, weekdays, some_dates }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_told_as_people_tell_it() {
        let at = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
        let daily = spoken("0 30 7 * * *");
        assert_eq!(daily, Spoken { times: vec![at(7, 30)], weekdays: Vec::new(), some_dates: false });
        let some = spoken("0 0,30 8-9 * * Mon,Fri,Sun");
        assert_eq!(some.times, [at(8, 0), at(8, 30), at(9, 0), at(9, 30)]);
        assert_eq!(some.weekdays, [Weekday::Mon, Weekday::Fri, Weekday::Sun]);
        assert!(spoken("0 0 8 1 * *").some_dates && spoken("0 0 8 * 1-11 *").some_dates);
        assert_eq!(spoken("half past seven"), Spoken::default());
    }

    #[test]
    fn five_fields_are_the_six_without_the_second() {
        assert_eq!(schedule("30 7 * * Mon-Fri").unwrap(), schedule("0 30 7 * * Mon-Fri").unwrap());
        assert!(matches!(schedule("30 7 * * 1-5"), Err(RuleFlaw::Malformed(_))), "1 is Monday or Sunday");
        assert!(schedule("0 30 7 * * 2-6").is_ok());
    }

    #[test]
    fn what_comes_too_often_never_or_cannot_be_read_is_told_apart() {
        for line in ["*/10 30 7 * * *", "0 * * * * *", "0 */20 * * * *"] {
            assert_eq!(schedule(line).unwrap_err(), RuleFlaw::TooOften(line.into()));
        }
        assert!(schedule("0 0,30 * * * *").is_ok());
        assert_eq!(schedule("0 0 7 30 2 *").unwrap_err(), RuleFlaw::Never("0 0 7 30 2 *".into()));
        let endless = "0 0 7 * * ".repeat(30);
        for line in ["", "half past seven", "0 61 7 * * *", "0 0 7 * *  * 2026", "0 0 25 * * *", &endless] {
            assert!(matches!(schedule(line), Err(RuleFlaw::Malformed(_))), "{line}");
        }
    }
}
