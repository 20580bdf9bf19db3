//! The filter behind a report's number: `cell`, `counted_from`, `counted_to`, `counted_as_of`, `units_as_of`, `group` and `key`.

use chrono::{DateTime, NaiveDate, Utc};

use super::values::WhenAsked;
use crate::app::{AppError, Fault};
use crate::domain::cell::Cell;
use crate::domain::period::{Period, PeriodError};
use crate::domain::statistics::{GroupBy, Window};
use crate::store::counted::CountedBy;

/// What was asked for; all or none of it makes sense.
#[derive(Debug, Clone, Default)]
pub(super) struct Asked {
    pub(super) cell: Option<Cell>,
    pub(super) from: Option<NaiveDate>,
    pub(super) to: Option<NaiveDate>,
    pub(super) as_of: Option<WhenAsked>,
    pub(super) group: Option<GroupBy>,
    pub(super) key: Option<String>,
    pub(super) units_as_of: Option<NaiveDate>,
}

impl Asked {
    /// The number; `None` when none is asked for.
    ///
    /// # Errors
    /// [`AppError::Invalid`] naming what is missing or out of range.
    pub(super) fn counted(self, now: DateTime<Utc>) -> Result<Option<CountedBy>, AppError> {
        let required = |name: &str| AppError::invalid(name, Fault::Required);
        let Some(cell) = self.cell else {
            let Asked { from, to, as_of, group, key, units_as_of, .. } = self;
            let days = from.or(to).or(units_as_of);
            let none = days.is_none() && as_of.is_none() && group.is_none() && key.is_none();
            return if none { Ok(None) } else { Err(required("cell")) };
        };
        let from = self.from.ok_or_else(|| required("counted_from"))?;
        let to = self.to.ok_or_else(|| required("counted_to"))?;
        let period = Period::between(from, to).map_err(|error| match error {
            PeriodError::Malformed => AppError::invalid("counted_to", Fault::Malformed),
            PeriodError::OutOfRange | PeriodError::Reversed => {
                AppError::invalid("counted_to", Fault::OutOfRange)
            }
        })?;
        let as_of = self.as_of.map_or(now, |at| at.0).min(period.end());
        let row = match (self.group, self.key) {
            (None, None) => None,
            (Some(group), Some(key)) => Some((group, key)),
            (Some(_), None) => return Err(required("key")),
            (None, Some(_)) => return Err(required("group")),
        };
        let units_as_of = self.units_as_of;
        Ok(Some(CountedBy { cell, window: Window::new(&period, as_of), row, units_as_of }))
    }
}
