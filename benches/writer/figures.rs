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

    /// The medians of several runs, each figure for itself.
    pub(crate) fn median(runs: &[Figures]) -> Figures {
        let middle = |of: fn(&Figures) -> f64| {
            let mut all: Vec<f64> = runs.iter().map(of).collect();
            all.sort_by(f64::total_cmp);
            all[all.len() / 2]
        };
        Figures {
            rate: middle(|of| of.rate),
            p50: Duration::from_secs_f64(middle(|of| of.p50.as_secs_f64())),
            p99: Duration::from_secs_f64(middle(|of| of.p99.as_secs_f64())),
        }
    }
}
