//! The dossiers to which something happened within a stretch of time: what counters, which know days, are told of the hours of a day.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::counter_folding::CountedRow;
use super::schema::{dossier_halts, dossiers, units};
use super::{AnyConnection, Moment, StoreError};
use crate::domain::counters::{Counted, Place};

type TouchedRow = (i64, String, CountedRow);

/// Each by an index of its own: one query for all of them would read the table.
macro_rules! touched {
    ($c:expr, $units:expr, $table:expr, $filter:expr) => {
        on!($c, |c| {
            let query = $table
                .filter($filter)
                .select((dossiers::id, dossiers::unit, CountedRow::as_select()))
                .into_boxed();
            of_units!(query, dossiers::unit, $units).load::<TouchedRow>(c)
        })
    };
}

/// The dossiers of these units (of all, if none are named) that were received, halted, taken up again or closed from `from` to `until`, both included, or whose limit lapsed in that time
/// while they were open; each once.
///
/// # Errors
/// [`StoreError`] of the engine, or [`StoreError::Corrupt`].
pub fn touched_between(
    c: &mut AnyConnection,
    named: Option<&[String]>,
    (from, until): (Moment, Moment),
) -> Result<Vec<(Place, Counted)>, StoreError> {
    let lapses = || dossiers::lapses_at.between(from, until);
    let halted = || dossier_halts::table.inner_join(dossiers::table);
    // Receipts are known by their unit alone: where none is named, by each of those that there are.
    let of_any = units::table.select(units::code);
    let received = dossiers::received_at.between(from, until);
    let rows = [
        match named {
            Some(_) => touched!(c, named, dossiers::table, received)?,
            None => touched!(c, named, dossiers::table, received.and(dossiers::unit.eq_any(of_any)))?,
        },
        touched!(c, named, dossiers::table, dossiers::closed_at.assume_not_null().between(from, until))?,
        touched!(c, named, dossiers::table, dossiers::closed_at.is_null().and(lapses()))?,
        touched!(
            c,
            named,
            dossiers::table,
            dossiers::closed_at.assume_not_null().ge(dossiers::lapses_at).and(lapses())
        )?,
        touched!(c, named, halted(), dossier_halts::from_at.between(from, until))?,
        touched!(c, named, halted(), dossier_halts::to_at.assume_not_null().between(from, until))?,
    ];
    let by_id: BTreeMap<i64, (String, CountedRow)> =
        rows.into_iter().flatten().map(|(id, unit, row)| (id, (unit, row))).collect();
    by_id
        .into_values()
        .map(|(unit, row)| row.read().map(|(kind, counted)| (Place { unit, kind }, counted)))
        .collect()
}
