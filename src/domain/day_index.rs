//! The index that answers "the n-th working day after" and "n minutes of sessions on" without walking the days.
//!
//! Days are numbered from the calendar's first day. For working days there are the count before each day (rank) and
//! the list of them (select); for minutes the sum before each day. This module knows numbers only, no dates.

use std::num::TryFromIntError;

/// Rank and select over the working days, prefix sums over their minutes.
#[derive(Debug, Clone)]
pub(super) struct DayIndex {
    /// `ranks[i]`: working days before day `i`; one entry more than there are days.
    ranks: Vec<u16>,
    /// The working days in order.
    working: Vec<u16>,
    /// `minutes[i]`: minutes of working sessions before day `i`; one entry more than there are days.
    minutes: Vec<u32>,
}

impl DayIndex {
    /// Builds the index from the days in order: the minutes of working sessions of a working day, `None` of another.
    pub(super) fn build(days: impl Iterator<Item = Option<u32>>) -> Result<Self, TryFromIntError> {
        let (mut ranks, mut working, mut minutes) = (vec![0], Vec::new(), vec![0]);
        let mut minutes_so_far = 0;
        for (number, day) in days.enumerate() {
            if let Some(minutes_of_day) = day {
                working.push(u16::try_from(number)?);
                minutes_so_far += minutes_of_day;
            }
            ranks.push(u16::try_from(working.len())?);
            minutes.push(minutes_so_far);
        }
        Ok(Self { ranks, working, minutes })
    }

    /// How many working days there are before day `number`; the count of all when it lies past the end.
    pub(super) fn rank(&self, number: usize) -> usize {
        self.ranks.get(number).map_or(self.working.len(), |rank| usize::from(*rank))
    }

    /// The working day with `rank` working days before it.
    pub(super) fn select(&self, rank: usize) -> Option<usize> {
        self.working.get(rank).map(|number| usize::from(*number))
    }

    /// Minutes of working sessions before day `number`; all when it lies past the end.
    pub(super) fn minutes_before(&self, number: usize) -> u32 {
        self.minutes.get(number).or(self.minutes.last()).copied().unwrap_or(0)
    }

    /// The day in which the running sum of session seconds reaches `seconds` (more than 0), and how many seconds into
    /// that day's sessions that is. A sum reached exactly at a day's end belongs to that day.
    pub(super) fn day_reaching(&self, seconds: i64) -> Option<(usize, i64)> {
        let day = self.minutes.partition_point(|sum| i64::from(*sum) * 60 < seconds).checked_sub(1)?;
        if day + 1 >= self.minutes.len() {
            return None;
        }
        Some((day, seconds - i64::from(self.minutes_before(day)) * 60))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index() -> DayIndex {
        DayIndex::build([None, Some(480), None, Some(0), Some(60), None].into_iter()).unwrap()
    }

    #[test]
    fn rank_and_select_are_inverse() {
        let index = index();
        assert_eq!((0..=7).map(|day| index.rank(day)).collect::<Vec<_>>(), [0, 0, 1, 1, 2, 3, 3, 3]);
        assert_eq!(
            (0..4).map(|rank| index.select(rank)).collect::<Vec<_>>(),
            [Some(1), Some(3), Some(4), None]
        );
    }

    #[test]
    fn a_sum_reached_at_the_end_of_a_day_is_that_days() {
        let index = index();
        assert_eq!(index.day_reaching(0), None);
        assert_eq!(index.day_reaching(1), Some((1, 1)));
        assert_eq!(index.day_reaching(480 * 60), Some((1, 480 * 60)));
        assert_eq!(index.day_reaching(480 * 60 + 1), Some((4, 1)));
        assert_eq!(index.day_reaching(540 * 60), Some((4, 3600)));
        assert_eq!(index.day_reaching(540 * 60 + 1), None);
        assert_eq!(index.minutes_before(99), 540);
    }
}
