//! Which commitments bind a dossier, with their dates.
//!
//! A row carries copies of what its dossier says, so that how commitments were kept is counted without reading dossiers. It is made of the whole file and
//! of nothing else, and written anew whenever it would come out otherwise; [`bounds_astray`] holds it to that.

use std::collections::HashMap;

use diesel::prelude::*;

use super::dossiers::word;
use super::schema::dossier_commitments;
use super::{AnyConnection, Moment, StoreError};
use crate::domain::commitment::Pledge;
use crate::domain::decision::File;
use crate::domain::finding::{Bound, Finding};

const ROWS_A_STATEMENT: usize = 500;

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = dossier_commitments, treat_none_as_default_value = false)]
struct BoundRow {
    dossier_id: i64,
    commitment_id: i64,
    effect: String,
    due_at: Moment,
    lapses_at: Moment,
    code: String,
    unit: String,
    procedure: String,
    officer: Option<String>,
    received_at: Moment,
    closed_at: Option<Moment>,
    promised_beyond: bool,
}

impl BoundRow {
    fn of(file: &File, bound: &Bound) -> BoundRow {
        let dossier = &file.dossier;
        BoundRow {
            dossier_id: dossier.id,
            commitment_id: bound.commitment_id,
            effect: bound.pledge.word().to_owned(),
            due_at: bound.due_at.into(),
            lapses_at: bound.lapses_at.into(),
            code: dossier.code.clone(),
            unit: dossier.unit.clone(),
            procedure: dossier.procedure.clone(),
            officer: dossier.officer.clone(),
            received_at: dossier.received_at.into(),
            closed_at: dossier.closed_at.map(Into::into),
            promised_beyond: file.findings.iter().any(|of| says_beyond(of, bound)),
        }
    }
}

/// Whether the finding is that the receipt promises later than this commitment allows; one that was cleared since counts for the time before.
fn says_beyond(finding: &Finding, bound: &Bound) -> bool {
    finding.commitment_id == Some(bound.commitment_id)
        && Pledge::ALL.iter().any(|of| of.broken_by_promise() == finding.code)
}

fn rows(file: &File) -> impl Iterator<Item = BoundRow> + '_ {
    file.bounds.iter().map(|bound| BoundRow::of(file, bound))
}

/// Writes which commitments bind the dossiers of new files.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn bounds_insert(c: &mut AnyConnection, new: &[&File]) -> Result<(), StoreError> {
    let all: Vec<BoundRow> = new.iter().flat_map(|file| rows(file)).collect();
    Ok(insert_rows!(c, dossier_commitments::table, &all)?)
}

/// Whether what is written of a file's commitments has to be written anew.
pub(super) fn bounds_differ(before: &File, after: &File) -> bool {
    !rows(before).eq(rows(after))
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

fn rows_of(c: &mut AnyConnection, ids: &[i64]) -> Result<Vec<BoundRow>, StoreError> {
    let mut found = Vec::new();
    for some in ids.chunks(ROWS_A_STATEMENT) {
        found.extend(on!(c, |c| dossier_commitments::table
            .filter(dossier_commitments::dossier_id.eq_any(some))
            .order((dossier_commitments::dossier_id, dossier_commitments::commitment_id))
            .select(BoundRow::as_select())
            .load::<BoundRow>(c))?);
    }
    Ok(found)
}

/// The commitments that bind these dossiers, as (dossier, commitment), in the order of their keys.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn bounds_of(c: &mut AnyConnection, ids: &[i64]) -> Result<Vec<(i64, Bound)>, StoreError> {
    let bound = |row: BoundRow| -> Result<(i64, Bound), StoreError> {
        let bound = Bound {
            commitment_id: row.commitment_id,
            pledge: word("effect", &row.effect, Pledge::from_word)?,
            due_at: row.due_at.utc(),
            lapses_at: row.lapses_at.utc(),
        };
        Ok((row.dossier_id, bound))
    };
    rows_of(c, ids)?.into_iter().map(bound).collect()
}

/// Of these files, as they were read, the keys of the dossiers whose commitments carry something else than the file says.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn bounds_astray(c: &mut AnyConnection, files: &[File]) -> Result<Vec<i64>, StoreError> {
    let ids: Vec<i64> = files.iter().map(|file| file.dossier.id).collect();
    let mut written: HashMap<i64, Vec<BoundRow>> = HashMap::new();
    for row in rows_of(c, &ids)? {
        written.entry(row.dossier_id).or_default().push(row);
    }
    let astray = |file: &&File| {
        let written = written.get(&file.dossier.id).map(Vec::as_slice).unwrap_or_default();
        !rows(file).eq(written.iter().cloned())
    };
    Ok(files.iter().filter(astray).map(|file| file.dossier.id).collect())
}
