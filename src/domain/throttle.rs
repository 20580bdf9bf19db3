//! How often somebody may ask: so many times at once, and so many a minute from then on.
//!
//! Of each asker one instant is kept, the one at which nothing of what they asked counts any more; who has not asked for a minute is forgotten, so that
//! it needs little memory however many ask.

use std::collections::HashMap;
use std::hash::Hash;

use chrono::{DateTime, TimeDelta, Utc};

/// So many askers are told apart; those beyond share one measure.
const MOST_ASKERS: usize = 10_000;

/// Who may ask how often.
#[derive(Debug, Clone)]
pub struct Throttle<K> {
    /// What one question costs.
    each: TimeDelta,
    /// Each asker's, or `None`'s for those that are too many to be told apart, instant at which all is forgotten.
    forgotten_at: HashMap<Option<K>, DateTime<Utc>>,
}

impl<K: Eq + Hash> Throttle<K> {
    /// So many questions at once, and so many a minute from then on; at least one.
    pub fn new(a_minute: u32) -> Throttle<K> {
        let each = TimeDelta::minutes(1).checked_div(i32::try_from(a_minute.max(1)).unwrap_or(i32::MAX));
        Throttle { each: each.unwrap_or(TimeDelta::minutes(1)), forgotten_at: HashMap::new() }
    }

    /// Counts a question of `asker`'s at `now`.
    ///
    /// # Errors
    /// How long to wait before asking again; such a question is not counted.
    pub fn ask(&mut self, asker: K, now: DateTime<Utc>) -> Result<(), TimeDelta> {
        let asker = self.told_apart(asker, now);
        let forgotten_at = self.forgotten_at.entry(asker).or_insert(now);
        let after = (*forgotten_at).max(now) + self.each;
        let too_long = after - now - TimeDelta::minutes(1);
        if too_long > TimeDelta::zero() {
            return Err(too_long);
        }
        *forgotten_at = after;
        Ok(())
    }

    /// The asker, if there is room for one more; room is made of those of whom nothing counts any more.
    fn told_apart(&mut self, asker: K, now: DateTime<Utc>) -> Option<K> {
        let asker = Some(asker);
        if self.forgotten_at.len() >= MOST_ASKERS && !self.forgotten_at.contains_key(&asker) {
            self.forgotten_at.retain(|_, at| *at > now);
            if self.forgotten_at.len() >= MOST_ASKERS {
                return None;
            }
        }
        asker
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::sample::at;

    #[test]
    fn so_many_at_once_and_then_one_by_one() {
        let mut throttle = Throttle::new(30);
        let now = at("2026-11-20T08:00:00");
        for n in 0..30 {
            assert_eq!(throttle.ask("a", now), Ok(()), "{n}");
        }
        assert_eq!(throttle.ask("a", now), Err(TimeDelta::seconds(2)));
        assert_eq!(throttle.ask("b", now), Ok(()), "another asker's measure is another");
        let later = now + TimeDelta::seconds(2);
        assert_eq!(throttle.ask("a", later), Ok(()), "a question refused does not count");
        assert_eq!(throttle.ask("a", later), Err(TimeDelta::seconds(2)));
        assert!((0..30).all(|_| throttle.ask("a", later + TimeDelta::minutes(1)).is_ok()));
    }

    #[test]
    fn memory_is_bounded_and_the_many_do_not_shut_out_the_known() {
        let mut throttle = Throttle::new(2);
        let now = at("2026-11-20T08:00:00");
        for asker in 0..MOST_ASKERS {
            assert_eq!(throttle.ask(asker, now), Ok(()));
        }
        // No room any more: those who come now share one measure.
        assert_eq!(throttle.ask(MOST_ASKERS, now), Ok(()));
        assert_eq!(throttle.ask(MOST_ASKERS + 1, now), Ok(()));
        assert!(throttle.ask(MOST_ASKERS + 2, now).is_err());
        assert_eq!(throttle.ask(7, now), Ok(()));
        assert_eq!(throttle.forgotten_at.len(), MOST_ASKERS + 1);
        assert_eq!(throttle.ask(MOST_ASKERS + 2, now + TimeDelta::minutes(2)), Ok(()));
        assert_eq!(throttle.forgotten_at.len(), 1, "who has not asked for a minute is forgotten");
    }

    #[test]
    fn a_clock_set_back_locks_nobody_out_for_longer_than_that() {
        let mut throttle = Throttle::new(1);
        let now = at("2026-11-20T08:00:00");
        assert_eq!(throttle.ask("a", now), Ok(()));
        assert_eq!(throttle.ask("a", now - TimeDelta::seconds(10)), Err(TimeDelta::seconds(70)));
    }
}
