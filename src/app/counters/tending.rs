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
    checked: usize,
    differing: u64,
}

impl Tender {
    /// How many times it has held a unit's counters against its dossiers.
    pub fn checked(&self) -> usize {
        self.checked
    }

    /// How many of these times they differed.
    pub fn differing(&self) -> u64 {
        self.differing
    }

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
        let turn = self.checked;
        let checked = app
            .read_at_once(move |c, catalogue| {
                let turn = turn.checked_rem(catalogue.units.count());
                let unit = turn.and_then(|at| catalogue.units.iter().nth(at));
                match unit.filter(|_| catalogue.counting) {
                    Some(unit) => Ok(Some((unit.code.clone(), checking::check_unit(c, &unit.code)?))),
                    None => Ok(None),
                }
            })
            .await?;
        if let Some((unit, found)) = checked {
            self.checked += 1;
            self.differing += u64::from(!found.is_empty());
            app.metrics().counters_checked(1, self.differing);
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
