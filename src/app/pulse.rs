//! Whether the scheduler of this process still goes round, for those who watch over the service.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};

/// A scheduler not heard of for so long has stopped. It looks every twenty seconds, and says so while it delivers; one conversation takes minutes at
/// most.
const LONGEST_SILENCE: TimeDelta = TimeDelta::minutes(10);
/// No scheduler was begun in this process.
const NEVER: i64 = i64::MIN;

/// When the scheduler was last heard of.
#[derive(Debug)]
pub struct Pulse(AtomicI64);

impl Default for Pulse {
    fn default() -> Pulse {
        Pulse(AtomicI64::new(NEVER))
    }
}

impl Pulse {
    /// The scheduler begins: from now on its silence means something.
    pub fn begin(&self, now: DateTime<Utc>) {
        self.0.store(now.timestamp_micros(), Ordering::Relaxed);
    }

    /// It was heard of; where none was begun (a command that delivers once), nobody waits for the next.
    pub fn beat(&self, now: DateTime<Utc>) {
        if self.0.load(Ordering::Relaxed) != NEVER {
            self.begin(now);
        }
    }

    /// When it was last heard of; `None` where none was begun.
    pub fn last(&self) -> Option<DateTime<Utc>> {
        let micros = self.0.load(Ordering::Relaxed);
        (micros != NEVER).then(|| DateTime::from_timestamp_micros(micros)).flatten()
    }

    /// Whether one was begun and has stopped. A clock that was set back far makes it seem so until the next round.
    pub fn has_stopped(&self, now: DateTime<Utc>) -> bool {
        self.last().is_some_and(|last| (now - last).abs() > LONGEST_SILENCE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_means_something_only_once_it_has_begun() {
        let (pulse, at) = (Pulse::default(), |minutes| DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes));
        pulse.beat(at(0));
        assert_eq!((pulse.last(), pulse.has_stopped(at(1_000))), (None, false));
        pulse.begin(at(0));
        assert!(!pulse.has_stopped(at(10)) && pulse.has_stopped(at(11)));
        pulse.beat(at(11));
        assert_eq!((pulse.last(), pulse.has_stopped(at(12))), (Some(at(11)), false));
    }
}
