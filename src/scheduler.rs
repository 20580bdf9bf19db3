//! The task that does by itself what `hentra alerts run` does once: every twenty seconds, by the service's clock, it claims the slots that
//! are due and delivers what waits. It also finishes re-datings that were cut off, and looks after the counters.
//!
//! Several processes may run it over one database; slots and messages are claimed in the database. What a slot means is `app::alerts`'. That it has
//! stopped is told by `/readyz`.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::sync::watch;
use tokio::time::MissedTickBehavior;

use crate::app::App;
use crate::app::alerts::{self, AlertSettings};
use crate::app::counters::Tender;
use crate::app::redating_slices::Watch;
use crate::mail::Mailer;

/// How often it looks.
const EVERY: Duration = Duration::from_secs(20);

/// What it needs for a round, and what it remembers from one to the next.
struct Round {
    app: App,
    settings: Arc<AlertSettings>,
    mailer: Mailer,
    redatings: Watch,
    counters: Tender,
}

/// Runs until `stop` says true or its sender is gone; what has begun is finished first. A round that fails, or even panics, is logged and tried
/// again at the next: nothing is lost by it, since slots are caught up.
pub async fn run(app: App, settings: Arc<AlertSettings>, mailer: Mailer, mut stop: watch::Receiver<bool>) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    app.pulse().begin(app.clock().now());
    let mut round = Round { app, settings, mailer, redatings: Watch::default(), counters: Tender::default() };
    loop {
        let stopped = stop.clone();
        tokio::select! {
            _ = ticks.tick() => {}
            _ = stop.wait_for(|stopped| *stopped) => return,
        }
        match guarded(round.go(&stopped)).await {
            Ok(()) => round.app.pulse().beat(round.app.clock().now()),
            // Not a beat: when every round ends so, `/readyz` tells it.
            Err(why) => tracing::error!(%why, "a round of the scheduler panicked; trying again"),
        }
    }
}

impl Round {
    async fn go(&mut self, stopped: &watch::Receiver<bool>) {
        if let Err(error) = self.redatings.look(&self.app).await {
            tracing::warn!(%error, "re-datings could not be looked at; trying again");
        }
        if let Err(error) = self.counters.look(&self.app).await {
            tracing::warn!(%error, "the counters could not be looked after; trying again");
        }
        let now = self.app.clock().now();
        let is_over = || *stopped.borrow() || stopped.has_changed().is_err();
        match alerts::run_unless(&self.app, &self.settings, &self.mailer, now, is_over).await {
            Ok(done) if done.is_quiet() => {}
            Ok(done) => tracing::info!(round = ?done, "alerts"),
            Err(error) => tracing::warn!(%error, "alerts could not be run; trying again"),
        }
    }
}

/// Waits for `work`; a panic in it ends it alone, and is told.
async fn guarded(work: impl Future<Output = ()>) -> Result<(), String> {
    AssertUnwindSafe(work).catch_unwind().await.map_err(|panic| told(&*panic))
}

fn told(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "without a word".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_ends_its_round_alone() {
        assert_eq!(guarded(async {}).await, Ok(()));
        let counted = Vec::<u8>::new();
        let broken = guarded(async { assert!(!counted.is_empty(), "no {}", "luck") }).await;
        assert_eq!(broken, Err("no luck".to_owned()));
    }
}
