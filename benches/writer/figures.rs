//! What a run is told by: its rate, and how long its requests waited.

use std::time::Duration;

/// Of one run.
#[derive(Clone, Copy)]
pub(crate) struct Figures {
    /// Requests a second.
    pub(crate) rate: f64,
    pub(crate) p50: Duration,
    pub(crate) p99: Duration,
}

impl Figures {
    pub(crate) fn new(mut waits: Vec<Duration>, took: Duration) -> Figures {
        waits.sort();
        let at = |percent: usize| waits[waits.len() * percent / 100];
        Figures { rate: waits.len() as f64 / took.as_secs_f64(), p50: at(50), p99: at(99) }
    }
}
