//! When a message that was not taken is tried again.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::alert::Quiet;
use crate::store::outbox::OutboxRow;

/// The first wait before another try; it doubles up to [`LONGEST_WAIT`].
const FIRST_WAIT: TimeDelta = TimeDelta::minutes(1);
const LONGEST_WAIT: TimeDelta = TimeDelta::minutes(30);
/// Waits for those who greylist, in seconds. Usual ones let in who comes again after one minute (milter-greylist may), five (Postgrey, SQLgrey) or
/// twenty-five (OpenBSD's spamd), and begin anew with who comes too early; later tries fall after each of these.
const GREYLIST_WAITS: [i64; 4] = [310, 310, 900, 1800];
/// No receiver puts us off for longer.
const LONGEST_PUT_OFF: TimeDelta = TimeDelta::days(1);

/// What the next try depends on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Delay {
    /// Tries begun so far, at least 1.
    pub tries: i32,
    /// Counted from this instant.
    pub from: DateTime<Utc>,
    /// Hours in which nothing is delivered.
    pub quiet: Option<Quiet>,
}

/// The hours in which a message is not delivered.
pub(super) fn quiet(row: &OutboxRow) -> Option<Quiet> {
    let minute = |of: Option<i32>| u32::try_from(of?).ok();
    Quiet::new(minute(row.quiet_from)?, minute(row.quiet_to)?)
}

/// One minute, doubling to half an hour, each a quarter more or less by chance, so that many do not come back at once; not before `again_after`.
pub(super) fn usual(delay: Delay, again_after: Option<Duration>) -> DateTime<Utc> {
    let doublings = u32::try_from(delay.tries.clamp(1, 10) - 1).unwrap_or(0);
    let wait = (FIRST_WAIT * 2_i32.pow(doublings)).min(LONGEST_WAIT) * (75 + chance(50)) / 100;
    let named =
        again_after.map_or(TimeDelta::zero(), |of| TimeDelta::from_std(of).unwrap_or(LONGEST_PUT_OFF));
    resumed(delay, wait.max(named.min(LONGEST_PUT_OFF)))
}

/// So that usual greylisters let it through; up to a quarter more by chance, never less.
pub(super) fn greylisted(delay: Delay) -> DateTime<Utc> {
    let nth = usize::try_from(delay.tries.max(1) - 1).unwrap_or(0);
    let seconds = GREYLIST_WAITS.get(nth).copied().unwrap_or(LONGEST_WAIT.num_seconds());
    resumed(delay, TimeDelta::seconds(seconds) * (100 + chance(25)) / 100)
}

fn resumed(delay: Delay, wait: TimeDelta) -> DateTime<Utc> {
    let at = delay.from + wait;
    delay.quiet.map_or(at, |quiet| quiet.resumes(at))
}

/// A number from 0 to `most`, by chance; the middle where the machine has no randomness to give.
fn chance(most: i32) -> i32 {
    let mut random = [0_u8; 1];
    match getrandom::fill(&mut random) {
        Ok(()) => random.iter().map(|byte| i32::from(*byte)).sum::<i32>() * most / 255,
        Err(_) => most / 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(tries: i32, wait: impl Fn(Delay) -> DateTime<Utc>) -> f64 {
        let from = DateTime::UNIX_EPOCH;
        let waited = wait(Delay { tries, from, quiet: None }) - from;
        waited.as_seconds_f64() / 60.0
    }

    #[test]
    fn waits_grow_to_half_an_hour() {
        for (tries, least, most) in
            [(1, 0.75, 1.25), (2, 1.5, 2.5), (5, 12.0, 20.0), (6, 22.5, 37.5), (99, 22.5, 37.5)]
        {
            let waited = minutes(tries, |delay| usual(delay, None));
            assert!((least..=most).contains(&waited), "{tries}: {waited}");
        }
    }

    #[test]
    fn a_wait_that_was_asked_for_is_kept() {
        let asked = |seconds| minutes(1, |delay| usual(delay, Some(Duration::from_secs(seconds))));
        assert!((asked(600) - 10.0).abs() < f64::EPSILON && asked(1) >= 0.75);
        assert!((asked(u64::MAX) - 24.0 * 60.0).abs() < f64::EPSILON);
    }

    #[test]
    fn usual_greylisters_let_the_message_through_within_the_hour() {
        // Each as (the least wait, whether coming too early begins it anew).
        for least in [1.0, 5.0, 10.0, 15.0, 25.0] {
            let mut since_first = 0.0;
            let let_in = (1..=5).find(|tries| {
                since_first += minutes(*tries, greylisted);
                since_first >= least
            });
            assert!(let_in.is_some() && since_first <= 75.0, "{least}: {since_first}");
        }
        assert!(minutes(1, greylisted) >= 5.0, "the first comes after the usual five minutes");
    }
}
