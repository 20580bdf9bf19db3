//! When the time of dossiers stood still, as rows that the database can ask by instants. Only written here: the dossiers' own rows hold the same.

use diesel::prelude::*;

use super::schema::dossier_halts;
use super::{AnyConnection, Moment, StoreError};
use crate::domain::dossier::Halt;

const ROWS_A_STATEMENT: usize = 500;

#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = dossier_halts, treat_none_as_default_value = false)]
struct HaltRow {
    dossier_id: i64,
    from_at: Moment,
    to_at: Option<Moment>,
}

/// Writes when the time of these dossiers stood still, as (dossier, stretch).
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn halts_insert(c: &mut AnyConnection, new: &[(i64, Halt)]) -> Result<(), StoreError> {
    let row = |(dossier_id, of): &(i64, Halt)| HaltRow {
        dossier_id: *dossier_id,
        from_at: of.from.into(),
        to_at: of.to.map(Into::into),
    };
    let rows: Vec<HaltRow> = new.iter().map(row).collect();
    if rows.is_empty() {
        return Ok(());
    }
    Ok(insert_rows!(c, dossier_halts::table, &rows)?)
}

/// Takes away what is written of these dossiers' halts, to be written anew.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn halts_delete(c: &mut AnyConnection, ids: &[i64]) -> Result<(), StoreError> {
    for some in ids.chunks(ROWS_A_STATEMENT) {
        on!(c, |c| diesel::delete(dossier_halts::table.filter(dossier_halts::dossier_id.eq_any(some)))
            .execute(c))?;
    }
    Ok(())
}
