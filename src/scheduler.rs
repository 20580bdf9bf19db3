//! The task that does by itself what `hentra alerts run` does once: every twenty seconds, by the service's clock, it claims the slots that
//! are due and delivers what waits. It also finishes re-datings that were cut off, and looks after the counters.
//!
//! Several processes may run it over one database; slots and messages are claimed in the database. What a slot means is `app::alerts`'.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::MissedTickBehavior;

use crate::app::App;
use crate::app::alerts::{self, AlertSettings};
use crate::app::counters::Tender;
use crate::app::redating_slices::Watch;
use crate::mail::Mailer;

/// How often it looks.
const EVERY: Duration = Duration::from_secs(20);

/// Runs until `stop` says true or its sender is gone; a delivery that has begun is finished first. A round that fails is logged and tried
/// again at the next: nothing is lost by it, since slots are caught up.
pub async fn run(app: App, settings: Arc<AlertSettings>, mailer: Mailer, mut stop: watch::Receiver<bool>) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut redatings = Watch::default();
    let mut counters = Tender::default();
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            _ = stop.wait_for(|stopped| *stopped) => return,
        }
        if let Err(error) = redatings.look(&app).await {
            tracing::warn!(%error, "re-datings could not be looked at; trying again");
        }
        if let Err(error) = counters.look(&app).await {
            tracing::warn!(%error, "the counters could not be looked after; trying again");
        }
        let now = app.clock().now();
        match alerts::run_until(&app, &settings, &mailer, now).await {
            Ok(round) if round.is_quiet() => {}
            Ok(round) => tracing::info!(?round, "alerts"),
            Err(error) => tracing::warn!(%error, "alerts could not be run; trying again"),
        }
    }
}
