//! How late the late ones were: in working days of the unit's own calendar, and in days the citizen waited beyond the due day.

use chrono::{DateTime, Utc};

use super::calendar::Calendar;
use super::office_time::local_date;

/// How late one dossier is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Late {
    /// Working days after the due day, as the dossier itself tells them; 0 where an hour limit lapsed on the due day.
    pub working_days: u32,
    /// Calendar days after the due day, days off included: what the citizen lost.
    pub calendar_days: u32,
}

/// How late a dossier due at `due_at` is that was closed, or is looked at, at `until`.
pub fn late(calendar: &Calendar, due_at: DateTime<Utc>, until: DateTime<Utc>) -> Late {
    let (due, until) = (local_date(due_at), local_date(until));
    Late {
        working_days: calendar.working_days_between(due, until),
        calendar_days: u32::try_from((until - due).num_days()).unwrap_or(0),
    }
}

/// Late dossiers together.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Delays {
    /// How many.
    pub count: u32,
    /// Their late working days, summed.
    pub sum: u64,
    /// The median of these; may be a half.
    pub median: Option<f64>,
    /// The 90th percentile of these, by [`nearest_rank`].
    pub p90: Option<u32>,
    /// The most.
    pub max: Option<u32>,
    /// The days lost by citizens, summed.
    pub citizen_days: u64,
}

/// Sums late dossiers up.
pub fn delays(all: &[Late]) -> Delays {
    let mut days: Vec<u32> = all.iter().map(|of| of.working_days).collect();
    days.sort_unstable();
    Delays {
        count: u32::try_from(days.len()).unwrap_or(u32::MAX),
        sum: days.iter().copied().map(u64::from).sum(),
        median: median(&days),
        p90: nearest_rank(&days, 90),
        max: days.last().copied(),
        citizen_days: all.iter().map(|of| u64::from(of.calendar_days)).sum(),
    }
}

/// The median of sorted numbers: the one in the middle, or half the sum of the two.
pub fn median(sorted: &[u32]) -> Option<f64> {
    let upper = sorted.get(sorted.len() / 2)?;
    let lower = sorted.get(sorted.len().checked_sub(1)? / 2)?;
    Some((f64::from(*lower) + f64::from(*upper)) / 2.0)
}

/// The percentile of sorted numbers by nearest rank (R. J. Hyndman and Y. Fan, "Sample quantiles in statistical packages", The American Statistician
/// 50, 1996, definition 1): the smallest of them that at least so many percent do not exceed. It is always one of the numbers.
pub fn nearest_rank(sorted: &[u32], percent: u32) -> Option<u32> {
    let rank = (sorted.len() * usize::try_from(percent).ok()?).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::calendar::CalendarSpec;
    use crate::domain::sample::at;

    #[test]
    fn working_days_are_the_calendars_and_lost_days_the_citizens() {
        let calendar = Calendar::build(&CalendarSpec::national(vec![], (2000..=2026).collect())).unwrap();
        // Due Friday 20/11/2026.
        let due = at("2026-11-20T17:00:00");
        for (until, working_days, calendar_days) in [
            ("2026-11-20T18:00:00", 0, 0),
            ("2026-11-21T08:00:00", 0, 1),
            ("2026-11-23T08:00:00", 1, 3),
            ("2026-11-30T08:00:00", 6, 10),
        ] {
            assert_eq!(late(&calendar, due, at(until)), Late { working_days, calendar_days }, "{until}");
        }
    }

    /// The worked example of nearest rank in the encyclopaedias: 15, 20, 35, 40, 50.
    #[test]
    fn percentiles_are_those_of_the_worked_example() {
        let sorted = [15, 20, 35, 40, 50];
        for (percent, expected) in [(5, 15), (30, 20), (40, 20), (50, 35), (90, 50), (100, 50)] {
            assert_eq!(nearest_rank(&sorted, percent), Some(expected), "{percent}");
        }
        // Of ten, nine are 90 percent.
        assert_eq!(nearest_rank(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 99], 90), Some(9));
        assert_eq!((nearest_rank(&[], 90), median(&[])), (None, None));
        assert_eq!((median(&[1, 2, 4, 9]), median(&[1, 2, 4])), (Some(3.0), Some(2.0)));
        assert_eq!(median(&[1, 2]), Some(1.5));
    }

    proptest! {
        #[test]
        fn a_percentile_is_the_smallest_that_so_many_do_not_exceed(mut days in proptest::collection::vec(0_u32..40, 1..60), percent in 1_u32..=100) {
            days.sort_unstable();
            let enough = |of: u32| days.iter().filter(|day| **day <= of).count() * 100 >= days.len() * usize::try_from(percent).unwrap();
            let slow = days.iter().copied().find(|day| enough(*day));
            prop_assert_eq!(nearest_rank(&days, percent), slow);
        }

        #[test]
        fn as_many_lie_below_the_median_as_above(mut days in proptest::collection::vec(0_u32..40, 1..60)) {
            days.sort_unstable();
            let middle = median(&days).unwrap();
            let below = days.iter().filter(|day| f64::from(**day) < middle).count();
            let above = days.iter().filter(|day| f64::from(**day) > middle).count();
            prop_assert!(below * 2 <= days.len() && above * 2 <= days.len());
        }
    }
}
