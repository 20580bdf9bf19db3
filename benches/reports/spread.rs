//! How long something took, several times.

use std::time::Instant;

/// Milliseconds: the median, the shortest and the longest.
#[derive(Clone, Copy)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    least: f64,
    most: f64,
}

impl Spread {
    pub(crate) fn of(mut all: Vec<f64>) -> Spread {
        all.sort_by(f64::total_cmp);
        Spread { median: all[all.len() / 2], least: all[0], most: all[all.len() - 1] }
    }

    pub(crate) fn tell(&self, name: &str) {
        println!("  {name:<34} {:>9.2} ms   ({:.2} to {:.2})", self.median, self.least, self.most);
    }
}

pub(crate) fn took(ask: impl FnOnce()) -> f64 {
    let asked = Instant::now();
    ask();
    asked.elapsed().as_secs_f64() * 1_000.0
}
