//! What a report has read of the counters so far. Stretches of time that follow each other share the boundary between them, and all of them what is not
//! folded yet; it is one state that all of them see, so each is read once.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use chrono::NaiveDate;

use crate::app::AppError;
use crate::domain::statistics::GroupBy;
use crate::store::counters::{CounterState, Dated, Keyed};

/// What is known of a scope's units, over whatever time.
#[derive(Debug, Clone, Default)]
pub struct Known(Arc<Memory>);

/// Which rows: by what, and of which sector alone.
type Rows = (&'static str, Option<String>);

type Read<K, V> = Mutex<HashMap<K, Arc<Vec<V>>>>;

#[derive(Debug, Default)]
struct Memory {
    together: OnceLock<bool>,
    state: OnceLock<CounterState>,
    balances: Read<(NaiveDate, Rows), Keyed>,
    days: Read<(NaiveDate, NaiveDate), Keyed>,
    recent: Read<(NaiveDate, Rows), Dated>,
}

impl Known {
    /// Whether sums are kept of these units together.
    ///
    /// # Errors
    /// Those of `look`.
    pub(super) fn together(&self, look: impl FnOnce() -> Result<bool, AppError>) -> Result<bool, AppError> {
        once(&self.0.together, look)
    }

    /// How far the counters have come.
    ///
    /// # Errors
    /// Those of `look`.
    pub(super) fn state(
        &self,
        look: impl FnOnce() -> Result<CounterState, AppError>,
    ) -> Result<CounterState, AppError> {
        once(&self.0.state, look)
    }

    /// What all came to before a boundary.
    ///
    /// # Errors
    /// Those of `read`.
    pub(super) fn balances(
        &self,
        boundary: NaiveDate,
        (group_by, sector): (GroupBy, Option<&str>),
        read: impl FnOnce() -> Result<Vec<Keyed>, AppError>,
    ) -> Result<Arc<Vec<Keyed>>, AppError> {
        kept(&self.0.balances, (boundary, (group_by.word(), sector.map(ToOwned::to_owned))), read)
    }

    /// What the folded days from one on and before another came to, by unit.
    ///
    /// # Errors
    /// Those of `read`.
    pub(super) fn days(
        &self,
        stretch: (NaiveDate, NaiveDate),
        read: impl FnOnce() -> Result<Vec<Keyed>, AppError>,
    ) -> Result<Arc<Vec<Keyed>>, AppError> {
        kept(&self.0.days, stretch, read)
    }

    /// What is not folded yet of the days before one, by day.
    ///
    /// # Errors
    /// Those of `read`.
    pub(super) fn recent(
        &self,
        before: NaiveDate,
        (group_by, sector): (GroupBy, Option<&str>),
        read: impl FnOnce() -> Result<Vec<Dated>, AppError>,
    ) -> Result<Arc<Vec<Dated>>, AppError> {
        kept(&self.0.recent, (before, (group_by.word(), sector.map(ToOwned::to_owned))), read)
    }
}

fn once<T: Copy>(of: &OnceLock<T>, look: impl FnOnce() -> Result<T, AppError>) -> Result<T, AppError> {
    match of.get() {
        Some(known) => Ok(*known),
        None => look().map(|found| *of.get_or_init(|| found)),
    }
}

fn kept<K: Eq + Hash, V>(
    of: &Read<K, V>,
    key: K,
    read: impl FnOnce() -> Result<Vec<V>, AppError>,
) -> Result<Arc<Vec<V>>, AppError> {
    let mut of = of.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = of.get(&key) {
        return Ok(Arc::clone(known));
    }
    let found = Arc::new(read()?);
    of.insert(key, Arc::clone(&found));
    Ok(found)
}
