//! The dossiers to which something happened within a stretch of time: what counters, which know days, are told of the hours of a day.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::counter_folding::CountedRow;
use super::schema::{dossier_halts, dossiers};
use super::{AnyConnection, Moment, StoreError};
use crate::domain::counters::{Counted, Place};

type TouchedRow = (i64, String, CountedRow);

/// Each by an index of its own: one query for all of them would read the table.
macro_rules! touched {
    ($c:expr, $units:expr, $table:expr, $filter:expr) => {
        on!($c, |c| $table
            .filter(dossiers::unit.eq_any($units))
            .filter($filter)
            .select((dossiers::id, dossiers::unit, CountedRow::as_select()))
            .load::<TouchedRow>(c))
    };
}

/// The dossiers of these units that were received, halted, taken up again or closed from `from` to `until`, both included, or whose limit lapsed in that time
/// while they were open; each once.
///
/// # Errors
/// [`StoreError`] of the engine, or [`StoreError::Corrupt`].
pub fn touched_between(
    c: &mut AnyConnection,
    units: &[String],
    (from, until): (Moment, Moment),
) -> Result<Vec<(Place, Counted)>, StoreError> {
    let lapses = || dossiers::lapses_at.between(from, until);
    let halted = || dossier_halts::table.inner_join(dossiers::table);
    let rows = [
        touched!(c, units, dossiers::table, dossiers::received_at.between(from, until))?,
        touched!(c, units, dossiers::table, dossiers::closed_at.assume_not_null().between(from, until))?,
        touched!(c, units, dossiers::table, dossiers::closed_at.is_null().and(lapses()))?,
        touched!(
            c,
            units,
            dossiers::table,
            dossiers::closed_at.assume_not_null().ge(dossiers::lapses_at).and(lapses())
        )?,
        touched!(c, units, halted(), dossier_halts::from_at.between(from, until))?,
        touched!(c, units, halted(), dossier_halts::to_at.assume_not_null().between(from, until))?,
    ];
    let by_id: BTreeMap<i64, (String, CountedRow)> =
        rows.into_iter().flatten().map(|(id, unit, row)| (id, (unit, row))).collect();
    by_id
        .into_values()
        .map(|(unit, row)| row.read().map(|(kind, counted)| (Place { unit, kind }, counted)))
        .collect()
}
