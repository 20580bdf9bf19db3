//! How high things stand in the database, for those who watch over the service.

use chrono::{DateTime, Utc};

use super::{App, AppError};
use crate::metrics::{Levels, MetricsError};
use crate::store::AnyConnection;
use crate::store::alert_slots::slot_results;
use crate::store::ledger::ledger_last;
use crate::store::outbox::OutboxStatus;
use crate::store::outbox_levels::{OutboxLevels, outbox_levels};
use crate::store::suppressions::suppressions_count;

/// The results of slots that are told, at 0 where there are none.
const SLOT_RESULTS: [&str; 3] = ["enqueued", "nothing", "stale"];

impl From<MetricsError> for AppError {
    fn from(error: MetricsError) -> Self {
        AppError::Internal(error.to_string())
    }
}

/// What stands in the database.
struct Heights {
    outbox: OutboxLevels,
    slots: Vec<(String, i64)>,
    suppressed: i64,
    ledger: i64,
}

/// What the process has counted and how high things stand, in Prometheus' text form. Where the database is away it says so, and tells the rest.
///
/// # Errors
/// [`AppError::Internal`] when it cannot be written.
pub async fn metrics(app: &App) -> Result<String, AppError> {
    let levels = Levels::default();
    let now = app.clock().now();
    if let Some(last) = app.pulse().last() {
        levels.put("hentra_scheduler_silent_seconds", SILENT, seconds_since(last, now))?;
    }
    match app.read(|c, _| read(c)).await {
        Ok(heights) => {
            levels.put("hentra_database_up", DATABASE_UP, 1.0)?;
            put_heights(&levels, &heights, now)?;
        }
        Err(error) => {
            tracing::warn!(%error, "the database could not be read for the metrics");
            levels.put("hentra_database_up", DATABASE_UP, 0.0)?;
        }
    }
    Ok(app.metrics().written(&levels)?)
}

fn read(c: &mut AnyConnection) -> Result<Heights, AppError> {
    Ok(Heights {
        outbox: outbox_levels(c)?,
        slots: slot_results(c)?,
        suppressed: suppressions_count(c)?,
        ledger: ledger_last(c)?,
    })
}

fn put_heights(levels: &Levels, heights: &Heights, now: DateTime<Utc>) -> Result<(), AppError> {
    let (states, oldest) = &heights.outbox;
    let count = |of: &OutboxStatus| {
        let found = states.iter().find(|(state, _)| state == of);
        (of.word(), found.map_or(0.0, |(_, many)| float(*many)))
    };
    levels.put_each("hentra_outbox_messages", MESSAGES, "state", OutboxStatus::ALL.iter().map(count))?;
    let age = oldest.map_or(0.0, |since| seconds_since(since, now));
    levels.put("hentra_outbox_oldest_pending_seconds", OLDEST, age)?;
    let slots = |of: &&'static str| {
        let found = heights.slots.iter().find(|(result, _)| result == of);
        (*of, found.map_or(0.0, |(_, many)| float(*many)))
    };
    levels.put_each("hentra_alert_slots", SLOTS, "result", SLOT_RESULTS.iter().map(slots))?;
    levels.put("hentra_suppressed_addresses", SUPPRESSED, float(heights.suppressed))?;
    levels.put("hentra_ledger_entries", ENTRIES, float(heights.ledger))?;
    Ok(())
}

fn seconds_since(since: DateTime<Utc>, now: DateTime<Utc>) -> f64 {
    float(now.signed_duration_since(since).num_seconds().max(0))
}

const DATABASE_UP: &str = "1 while the database answers, else 0; then what stands in it is not told.";
const MESSAGES: &str = "Messages in the outbox by state.";
const OLDEST: &str = "Age of the oldest message that still waits to be sent, 0 when none waits.";
const SLOTS: &str =
    "Slots of alert rules by result; stale ones were missed for so long that nobody was written to.";
const SUPPRESSED: &str = "Addresses that turned out to be dead and are written to no more.";
const SILENT: &str = "Since the scheduler of this process was last heard of; absent where it has none.";
const ENTRIES: &str = "Entries of the ledger.";

/// Exact up to 2^53; beyond that nobody counts one by one.
fn float(of: i64) -> f64 {
    let (high, low) = (of >> 32, of & 0xffff_ffff);
    f64::from(i32::try_from(high).unwrap_or(i32::MAX)) * 4_294_967_296.0
        + f64::from(u32::try_from(low).unwrap_or(u32::MAX))
}
