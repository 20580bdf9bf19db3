//! Where a dossier stands at an instant, as whoever works on it wants to know: how much working time is left, by how much it is late, whether its time
//! stands still, or how punctually it was closed.

use chrono::{DateTime, Utc};

use super::calendar::Calendar;
use super::dossier::{ClosedAs, Dossier, Outcome, Status};
use super::office_time::local_date;

/// Where a dossier stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Due later than the next working day.
    Within(Left),
    /// Due on the next working day, or on a day off before it.
    Soon(Left),
    /// Due today, and not lapsed; nothing is left of the working time where its hour has passed.
    Today(Left),
    /// Its limit has lapsed, be it halted since or not.
    Overdue {
        /// Working days after the due day, today included.
        days: u32,
        /// Minutes of working sessions since the due instant.
        minutes: u32,
    },
    /// It waits for a supplement; its time stands still.
    Waiting,
    /// It is paused on a legal ground; its time stands still.
    Paused,
    /// It is closed.
    Closed {
        /// In which way.
        way: ClosedAs,
        /// Whether the citizen has the result.
        returned: bool,
        /// How punctual that was.
        outcome: Option<Outcome>,
        /// Working days after the due day, where it was late.
        days_late: u32,
    },
}

words! {
    /// A part of the dossiers that wait for somebody's work.
    QueueGroup {
        /// Their limit has lapsed.
        Overdue = "overdue",
        /// Due today, and not lapsed.
        Today = "today",
        /// Due on the next working day, or on a day off before it.
        Soon = "soon",
        /// Their time stands still.
        Halted = "halted",
        /// Their result waits to be handed over.
        Ready = "ready",
    }
}

/// Working time left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    /// So many working days after today, the due day included.
    Days(u32),
    /// So many minutes of working sessions; told where it is due today, or tomorrow by a limit of hours.
    Minutes(u32),
}

/// Where `of` stands at `now` by its unit's calendar.
#[must_use]
pub fn standing(of: &Dossier, now: DateTime<Utc>, calendar: &Calendar) -> Standing {
    if let Some((way, closed_at)) = of.closed_as.zip(of.closed_at) {
        let days_late = if closed_at < of.lapses_at { 0 } else { days(of, closed_at, calendar) };
        return Standing::Closed { way, returned: of.returned_at.is_some(), outcome: of.outcome, days_late };
    }
    if of.is_overdue(now) {
        let minutes = minutes(calendar, of.due_at, now);
        return Standing::Overdue { days: days(of, now, calendar), minutes };
    }
    if of.stands_still() {
        let waiting = of.status == Status::AwaitingSupplement;
        return if waiting { Standing::Waiting } else { Standing::Paused };
    }
    let (today, due_day) = (local_date(now), local_date(of.due_at));
    let ahead = calendar.working_days_between(today, due_day);
    let by_minute = of.lapses_at == of.due_at && ahead <= 1;
    let left = if by_minute || due_day <= today {
        Left::Minutes(minutes(calendar, now, of.due_at))
    } else {
        Left::Days(ahead)
    };
    match ahead {
        _ if due_day <= today => Standing::Today(left),
        0 | 1 => Standing::Soon(left),
        _ => Standing::Within(left),
    }
}

/// Working days after the due day up to an instant's.
fn days(of: &Dossier, until: DateTime<Utc>, calendar: &Calendar) -> u32 {
    calendar.working_days_between(local_date(of.due_at), local_date(until))
}

fn minutes(calendar: &Calendar, from: DateTime<Utc>, to: DateTime<Utc>) -> u32 {
    u32::try_from(calendar.session_minutes_between(from, to)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::CalendarSpec;
    use crate::domain::dossier::NEVER;
    use crate::domain::sample::{at, open};
    use std::collections::BTreeSet;

    /// Due Friday 20/11/2026 at 17:00; no holidays.
    fn stands(of: &Dossier, now: &str) -> Standing {
        standing(of, at(now), &Calendar::build(&CalendarSpec::national(Vec::new(), BTreeSet::new())).unwrap())
    }

    #[test]
    fn an_open_dossier_stands_by_the_working_time_that_is_left() {
        for (now, expected) in [
            ("2026-11-18T09:00:00", Standing::Within(Left::Days(2))),
            ("2026-11-19T16:59:00", Standing::Soon(Left::Days(1))),
            ("2026-11-20T00:00:00", Standing::Today(Left::Minutes(480))),
            ("2026-11-20T13:40:00", Standing::Today(Left::Minutes(200))),
            ("2026-11-20T23:59:59", Standing::Today(Left::Minutes(0))),
            ("2026-11-21T00:00:00", Standing::Overdue { days: 0, minutes: 0 }),
            // The Tuesday between is a day off.
            ("2026-11-25T08:30:00", Standing::Overdue { days: 2, minutes: 540 }),
        ] {
            assert_eq!(stands(&open(), now), expected, "{now}");
        }
    }

    #[test]
    fn a_limit_of_hours_is_told_by_the_minute_on_the_day_before_too() {
        let hours =
            Dossier { lapses_at: at("2026-11-20T09:00:00"), due_at: at("2026-11-20T09:00:00"), ..open() };
        assert_eq!(stands(&hours, "2026-11-19T14:00:00"), Standing::Soon(Left::Minutes(270)));
        assert_eq!(stands(&hours, "2026-11-18T14:00:00"), Standing::Within(Left::Days(2)));
        assert_eq!(stands(&hours, "2026-11-20T10:00:00"), Standing::Overdue { days: 0, minutes: 60 });
    }

    #[test]
    fn the_weekend_before_it_is_due_is_the_day_before() {
        let monday =
            Dossier { due_at: at("2026-11-23T17:00:00"), lapses_at: at("2026-11-24T00:00:00"), ..open() };
        assert_eq!(stands(&monday, "2026-11-20T16:00:00"), Standing::Soon(Left::Days(1)));
        assert_eq!(stands(&monday, "2026-11-22T10:00:00"), Standing::Soon(Left::Days(1)));
    }

    #[test]
    fn halted_in_time_it_stands_still_and_halted_late_it_stays_late() {
        let halted = |status, lapses_at| Dossier {
            status,
            lapses_at,
            halted_at: Some(at("2026-11-19T08:00:00")),
            ..open()
        };
        assert_eq!(stands(&halted(Status::Paused, NEVER), "2026-12-20T09:00:00"), Standing::Paused);
        assert_eq!(
            stands(&halted(Status::AwaitingSupplement, NEVER), "2026-12-20T09:00:00"),
            Standing::Waiting
        );
        let late = halted(Status::Paused, open().lapses_at);
        assert_eq!(stands(&late, "2026-11-23T08:30:00"), Standing::Overdue { days: 1, minutes: 60 });
    }

    #[test]
    fn a_closed_one_says_how_punctual_it_was_whatever_the_time() {
        let closed = |when: &str, outcome| Dossier {
            closed_at: Some(at(when)),
            closed_as: Some(ClosedAs::Resolved),
            outcome: Some(outcome),
            ..open()
        };
        let stood = |days_late, outcome| Standing::Closed {
            way: ClosedAs::Resolved,
            returned: false,
            outcome: Some(outcome),
            days_late,
        };
        let of = |when, outcome| stands(&closed(when, outcome), "2027-01-04T08:00:00");
        assert_eq!(of("2026-11-19T10:00:00", Outcome::Early), stood(0, Outcome::Early));
        assert_eq!(of("2026-11-23T10:00:00", Outcome::Late), stood(1, Outcome::Late));
    }
}
