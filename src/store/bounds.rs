//! Which commitments bind a dossier, with their dates.

use diesel::prelude::*;

use super::dossiers::word;
use super::schema::dossier_commitments;
use super::{AnyConnection, Moment, StoreError};
use crate::domain::commitment::Pledge;
use crate::domain::finding::Bound;

const ROWS_A_STATEMENT: usize = 500;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = dossier_commitments, treat_none_as_default_value = false)]
struct BoundRow {
    dossier_id: i64,
    commitment_id: i64,
    effect: String,
    due_at: Moment,
    lapses_at: Moment,
}

/// Writes which commitments bind new dossiers, as (dossier, commitment).
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn bounds_insert(c: &mut AnyConnection, new: &[(i64, Bound)]) -> Result<(), StoreError> {
    let rows: Vec<BoundRow> = new
        .iter()
        .map(|(dossier_id, of)| BoundRow {
            dossier_id: *dossier_id,
            commitment_id: of.commitment_id,
            effect: of.pledge.word().to_owned(),
            due_at: of.due_at.into(),
            lapses_at: of.lapses_at.into(),
        })
        .collect();
    Ok(insert_rows!(c, dossier_commitments::table, &rows)?)
}

/// Takes away what binds these dossiers, to be written anew.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn bounds_delete(c: &mut AnyConnection, ids: &[i64]) -> Result<(), StoreError> {
    for some in ids.chunks(ROWS_A_STATEMENT) {
        on!(c, |c| diesel::delete(
            dossier_commitments::table.filter(dossier_commitments::dossier_id.eq_any(some))
        )
        .execute(c))?;
    }
    Ok(())
}

/// The commitments that bind these dossiers, as (dossier, commitment), in the order of their keys.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn bounds_of(c: &mut AnyConnection, ids: &[i64]) -> Result<Vec<(i64, Bound)>, StoreError> {
    let mut found = Vec::new();
    for some in ids.chunks(ROWS_A_STATEMENT) {
        let rows: Vec<BoundRow> = on!(c, |c| dossier_commitments::table
            .filter(dossier_commitments::dossier_id.eq_any(some))
            .order((dossier_commitments::dossier_id, dossier_commitments::commitment_id))
            .select(BoundRow::as_select())
            .load(c))?;
        for row in rows {
            let bound = Bound {
                commitment_id: row.commitment_id,
                pledge: word("effect", &row.effect, Pledge::from_word)?,
                due_at: row.due_at.utc(),
                lapses_at: row.lapses_at.utc(),
            };
            found.push((row.dossier_id, bound));
        }
    }
    Ok(found)
}
