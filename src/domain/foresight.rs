//! How far days off have been announced, and whether promises reach beyond: the alarm to administrators.
//!
//! A deadline in a year that is not announced is reckoned with days foreseen by law, and provisional. It can be right only once the announced calendar is
//! published, so an administrator is told as soon as an open dossier or a limit counted from today reaches into such a year.

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use super::calendar::{Calendar, LAST_DAY};
use super::deadline;
use super::dossier::Channel;
use super::office_time::local_date;
use super::procedure::Procedure;

/// The first year from today's on that has not been announced; `None` when all that a calendar covers are.
#[must_use]
pub fn unannounced_from(calendar: &Calendar, today: NaiveDate) -> Option<i32> {
    calendar.unannounced_years(today, LAST_DAY).next()
}

/// How far a limit reaches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reach<'a> {
    /// The procedure.
    pub procedure: &'a Procedure,
    /// The due day of a dossier received now.
    pub due_on: NaiveDate,
}

/// The limit in force that reaches farthest when a dossier is received at `now`, by whatever channel; among equals that of the first procedure.
#[must_use]
pub fn farthest<'a>(
    calendar: &Calendar,
    procedures: impl Iterator<Item = &'a Procedure>,
    now: DateTime<Utc>,
) -> Option<Reach<'a>> {
    let today = local_date(now);
    let mut farthest: Option<Reach<'a>> = None;
    for procedure in procedures {
        for channel in Channel::ALL {
            let Some(limit) = procedure.limit_at(today, *channel) else { continue };
            let Ok(due) = deadline::deadline(calendar, now, limit.limit, limit.late_receipt) else {
                continue;
            };
            if farthest.is_none_or(|of| of.due_on < due.due_on) {
                farthest = Some(Reach { procedure, due_on: due.due_on });
            }
        }
    }
    farthest
}

/// What the alarm tells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Alarm<'a> {
    /// The first year that is not announced.
    pub year: i32,
    /// Open dossiers that are due in it or later.
    pub dossiers: i64,
    /// The limit that reaches farthest, if it reaches into that year.
    pub reach: Option<Reach<'a>>,
}

/// The alarm, if there is one: `dossiers` are those open and due in `year` or later.
#[must_use]
pub fn alarm<'a>(year: i32, dossiers: i64, reach: Option<Reach<'a>>) -> Option<Alarm<'a>> {
    let reach = reach.filter(|of| of.due_on.year() >= year);
    (dossiers > 0 || reach.is_some()).then_some(Alarm { year, dossiers, reach })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::CalendarSpec;
    use crate::domain::deadline::Limit;
    use crate::domain::procedure::ProcedureLimit;

    fn calendar(announced: std::ops::RangeInclusive<i32>) -> Calendar {
        Calendar::build(&CalendarSpec::national(Vec::new(), announced.collect())).unwrap()
    }

    fn procedure(code: &str, limits: &[(Option<Channel>, u32)]) -> Procedure {
        let limit = |(channel, days): &(Option<Channel>, u32)| ProcedureLimit {
            channel: *channel,
            case: None,
            limit: Limit::WorkingDays(*days),
            late_receipt: None,
            valid_from: None,
            source: String::new(),
        };
        let limits = limits.iter().map(limit).collect();
        Procedure { code: code.into(), name: code.into(), sector: "x".into(), limits }
    }

    fn now() -> DateTime<Utc> {
        "2026-12-01T09:00:00+07:00".parse().unwrap()
    }

    #[test]
    fn the_first_year_that_is_not_announced_is_found_from_today_on() {
        let today = "2026-12-01".parse().unwrap();
        assert_eq!(unannounced_from(&calendar(2019..=2026), today), Some(2027));
        assert_eq!(unannounced_from(&calendar(2027..=2030), today), Some(2026));
        assert_eq!(unannounced_from(&calendar(2000..=2060), today), None);
    }

    #[test]
    fn the_limit_that_reaches_farthest_counts_by_whatever_channel() {
        let all = [
            procedure("A", &[(None, 5), (Some(Channel::Postal), 30)]),
            procedure("B", &[(None, 30)]),
            procedure("C", &[]),
        ];
        let calendar = calendar(2019..=2026);
        let reach = farthest(&calendar, all.iter(), now()).unwrap();
        // Thirty working days from Tuesday 1/12: 23 in December, and seven in January after the New Year's day foreseen.
        assert_eq!((reach.procedure.code.as_str(), reach.due_on.to_string()), ("A", "2027-01-13".into()));
        assert_eq!(farthest(&calendar, all[2..].iter(), now()), None);
    }

    #[test]
    fn there_is_an_alarm_only_when_something_reaches_into_the_year() {
        let (short, long) = (procedure("A", &[(None, 5)]), procedure("B", &[(None, 30)]));
        let calendar = calendar(2019..=2026);
        let reach = |of| farthest(&calendar, std::iter::once(of), now());
        assert_eq!(alarm(2027, 0, reach(&short)), None);
        assert_eq!(alarm(2027, 0, None), None);
        assert_eq!(alarm(2027, 2, reach(&short)).map(|of| (of.dossiers, of.reach)), Some((2, None)));
        assert!(alarm(2027, 0, reach(&long)).is_some_and(|of| of.reach.is_some()));
        assert_eq!(alarm(2028, 0, reach(&long)), None);
    }
}
