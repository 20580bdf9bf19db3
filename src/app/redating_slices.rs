//! Going through all open dossiers when a calendar was published, slice by slice, so that the counters log on meanwhile.
//!
//! The version, the note that its re-dating has begun and the first slice are one transaction: a commune's own calendar needs no other. Each further
//! slice is a transaction of its own between those of the counters, and notes how far it came: what was begun is finished after a crash, by whichever
//! process comes first. A dossier that is acted on meanwhile is re-dated first (the batch does it), so no act ever goes by the old dates.

use std::time::Duration;

use super::catalogue::NATIONAL;
use super::intake::Judging;
use super::redating::{self, Redating};
use super::{App, AppError};
use crate::store::{AnyConnection, Moment, catalogue as catalogue_store, redatings as store};

/// Dossiers looked at in one slice: some tens of milliseconds, which a counter does not notice.
const SLICE: i64 = 250;
/// How long it waits for a database that is away.
const PATIENCE: Duration = Duration::from_secs(5);

/// Begins within the transaction that publishes the version, judging by the catalogue as it stands afterwards; answers what the first slice did, and whether
/// that was all.
pub(super) fn begin(
    c: &mut AnyConnection,
    by: Judging<'_>,
    version: i64,
) -> Result<(Redating, bool), AppError> {
    store::redating_begin(c, version, by.now.into())?;
    advance(c, by, version)
}

/// Goes on with a version's re-dating to its end, whether or not anybody waits for the answer: what was done since.
///
/// # Errors
/// The store's, save that it waits for a database that is away.
pub(super) async fn finish(app: &App, version: i64) -> Result<Redating, AppError> {
    let app = app.clone();
    // On its own: the publisher may go away.
    let run = tokio::spawn(async move {
        let mut told = Redating::default();
        loop {
            match next(&app, version).await {
                Ok((more, finished)) => {
                    told.add(more);
                    if finished {
                        return Ok(told);
                    }
                }
                Err(AppError::Unavailable(why)) => {
                    tracing::warn!(version, why, "re-dating waits for the database");
                    tokio::time::sleep(PATIENCE).await;
                }
                Err(error) => return Err(error),
            }
        }
    });
    run.await.map_err(|error| AppError::Internal(error.to_string()))?
}

/// Finds re-datings that nobody goes on with: their process died, or was stopped.
#[derive(Debug, Default)]
pub struct Watch {
    seen: Vec<(i64, i64)>,
}

impl Watch {
    /// Finishes those that have not come any further since it last looked.
    ///
    /// # Errors
    /// The store's.
    pub async fn look(&mut self, app: &App) -> Result<(), AppError> {
        let unfinished = app.read(|c, _| Ok(store::redatings_unfinished(c)?)).await?;
        let stalled: Vec<i64> =
            unfinished.iter().filter(|of| self.seen.contains(of)).map(|(version, _)| *version).collect();
        self.seen = unfinished;
        for version in stalled {
            let told = finish(app, version).await?;
            tracing::info!(version, redated = told.redated.len(), "a re-dating that was cut off is finished");
        }
        Ok(())
    }
}

async fn next(app: &App, version: i64) -> Result<(Redating, bool), AppError> {
    let (measures, clock) = (app.measures(), app.clock().clone());
    app.write_job("redating", move |c, catalogue| {
        // The database keeps microseconds.
        let now = Moment::from(clock.now()).utc();
        advance(c, Judging { catalogue, measures, now }, version)
    })
    .await
}

/// The next slice; whether it was the last.
fn advance(c: &mut AnyConnection, by: Judging<'_>, version: i64) -> Result<(Redating, bool), AppError> {
    let Some(row) = store::redating_find(c, version)?.filter(|row| row.finished_at.is_none()) else {
        return Ok((Redating::default(), true));
    };
    let units = (row.scope != NATIONAL).then(|| by.catalogue.units.subtree(&row.scope));
    let (told, last) = redating::slice(c, units.as_deref(), by, (row.after_id, SLICE))?;
    let finished = last.is_none();
    store::redating_advance(c, version, last.unwrap_or(row.after_id), finished.then(|| by.now.into()))?;
    if finished {
        // From now on nothing needs to be re-dated before it is acted on.
        catalogue_store::catalogue_touch(c)?;
    }
    Ok((told, finished))
}
