//! How high things stand in the database, for those who watch over the service.

use super::{App, AppError};
use crate::metrics::{Levels, MetricsError};
use crate::store::ledger::ledger_last;
use crate::store::outbox::OutboxStatus;
use crate::store::outbox_levels::outbox_levels;

impl From<MetricsError> for AppError {
    fn from(error: MetricsError) -> Self {
        AppError::Internal(error.to_string())
    }
}

/// What the process has counted and how high things stand, in Prometheus' text form. Where the database is away it says so, and tells the rest.
///
/// # Errors
/// [`AppError::Internal`] when it cannot be written.
pub async fn metrics(app: &App) -> Result<String, AppError> {
    let read = app.read(|c, _| {
        let (states, oldest) = outbox_levels(c)?;
        Ok((states, oldest, ledger_last(c)?))
    });
    let levels = Levels::default();
    match read.await {
        Ok((states, oldest, height)) => {
            levels.put("hentra_database_up", DATABASE_UP, 1.0)?;
            let count = |of: &OutboxStatus| {
                let found = states.iter().find(|(state, _)| state == of);
                (of.word(), found.map_or(0.0, |(_, many)| float(*many)))
            };
            levels.put_each(
                "hentra_outbox_messages",
                MESSAGES,
                "state",
                OutboxStatus::ALL.iter().map(count),
            )?;
            let now = app.clock().now();
            let age = oldest.map_or(0, |since| now.signed_duration_since(since).num_seconds().max(0));
            levels.put("hentra_outbox_oldest_pending_seconds", OLDEST, float(age))?;
            levels.put("hentra_ledger_entries", ENTRIES, float(height))?;
        }
        Err(error) => {
            tracing::warn!(%error, "the database could not be read for the metrics");
            levels.put("hentra_database_up", DATABASE_UP, 0.0)?;
        }
    }
    Ok(app.metrics().written(&levels)?)
}

const DATABASE_UP: &str = "1 while the database answers, else 0; then what stands in it is not told.";
const MESSAGES: &str = "Messages in the outbox by state.";
const OLDEST: &str = "Age of the oldest message that still waits to be sent, 0 when none waits.";
const ENTRIES: &str = "Entries of the ledger.";

/// Exact up to 2^53; beyond that nobody counts one by one.
fn float(of: i64) -> f64 {
    let (high, low) = (of >> 32, of & 0xffff_ffff);
    f64::from(i32::try_from(high).unwrap_or(i32::MAX)) * 4_294_967_296.0
        + f64::from(u32::try_from(low).unwrap_or(u32::MAX))
}
