//! What is done for the counters by the way: they are made where they are missing, folded when a day is over, and a unit's are checked now and then.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::{checking, fold, rebuilding};
use crate::app::{App, AppError};
use crate::domain::office_time::local_date;
use crate::store::counter_folding as folding;
use crate::store::counters as store;

/// So many rows of days that are over, acts recorded late for the most part, are folded before the day ends.
const MANY: i64 = 5_000;
/// Between two checks.
const EVERY: TimeDelta = TimeDelta::minutes(5);

/// Looks after the counters.
#[derive(Debug, Default)]
pub struct Tender {
    /// For which catalogue and day it last saw to the folding.
    seen: Option<(i64, NaiveDate)>,
    checked_at: Option<DateTime<Utc>>,
    checks: usize,
}

impl Tender {
    /// Does what there is to do.
    ///
    /// # Errors
    /// The store's.
    pub async fn look(&mut self, app: &App) -> Result<(), AppError> {
        let now = app.clock().now();
        let today = local_date(now);
        let (state, many, seen) = app
            .read(move |c, catalogue| {
                let state = store::counters_state(c)?;
                let until = state.folded_until.unwrap_or(today);
                Ok((state, folding::recent_count_before(c, until)? > MANY, (catalogue.version(), today)))
            })
            .await?;
        if !state.counting {
            let counted = rebuilding::rebuild(app).await?;
            tracing::info!(dossiers = counted, "the counters were made");
        } else if many || self.seen != Some(seen) {
            app.write_job("counters", move |c, catalogue| fold(c, catalogue, today)).await?;
        }
        self.seen = Some(seen);
        if self.checked_at.is_none_or(|last| now >= last + EVERY) {
            self.checked_at = Some(now);
            self.check_one(app).await?;
        }
        Ok(())
    }

    /// Checks the next unit, one after the other.
    async fn check_one(&mut self, app: &App) -> Result<(), AppError> {
        let turn = self.checks;
        self.checks = self.checks.wrapping_add(1);
        let checked = app
            .read(move |c, _| {
                c.snapshot(|c| {
                    if !store::counters_state(c)?.counting {
                        return Ok(None);
                    }
                    let units = folding::counted_units(c)?;
                    let Some(unit) = turn.checked_rem(units.len()).and_then(|at| units.get(at)) else {
                        return Ok(None);
                    };
                    Ok(Some((unit.clone(), checking::check_unit(c, unit)?)))
                })
            })
            .await?;
        if let Some((unit, found)) = checked {
            app.counters().note(!found.is_empty());
            app.metrics().counters_checked(1, app.counters().differing());
            if let Some(first) = found.first() {
                tracing::error!(
                    unit,
                    differences = found.len(),
                    ?first,
                    "counters differ from the dossiers; `hentra counters check` names all, `hentra counters rebuild` makes them again"
                );
            }
        }
        Ok(())
    }
}
