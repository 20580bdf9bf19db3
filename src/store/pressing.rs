//! The open dossiers whose time presses, as an alert asks for them. Reads no personal data.

use diesel::prelude::*;

use super::dossiers::word;
use super::schema::{dossier_commitments, dossiers};
use super::{AnyConnection, Moment, StoreError};
use crate::domain::alert::{BindingCommitment, OpenDossier, Pledge};
use crate::domain::dossier::Status;

const ROWS_A_STATEMENT: usize = 500;

#[derive(Queryable, Selectable)]
#[diesel(table_name = dossiers)]
struct OpenRow {
    id: i64,
    code: String,
    unit: String,
    procedure: String,
    officer: Option<String>,
    status: String,
    due_at: Moment,
    lapses_at: Moment,
}

/// The dossiers of these units that were open at `at` and whose limit, or a commitment, has lapsed or lapses by `horizon`. Reads no
/// personal data.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn dossiers_pressing(
    c: &mut AnyConnection,
    units: &[String],
    at: Moment,
    horizon: Moment,
) -> Result<Vec<OpenDossier>, StoreError> {
    let rows: Vec<OpenRow> = on!(c, |c| {
        let bound = dossier_commitments::table
            .filter(dossier_commitments::lapses_at.gt(at).and(dossier_commitments::lapses_at.le(horizon)))
            .select(dossier_commitments::dossier_id);
        dossiers::table
            .filter(dossiers::unit.eq_any(units).and(dossiers::received_at.le(at)))
            .filter(dossiers::closed_at.is_null().or(dossiers::closed_at.gt(at)))
            .filter(dossiers::lapses_at.le(horizon).or(dossiers::id.eq_any(bound)))
            .select(OpenRow::as_select())
            .load(c)
    })?;
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut commitments = commitments_of(c, &ids)?;
    rows.into_iter()
        .map(|row| {
            let status = word("status", &row.status, Status::from_word)?;
            Ok(OpenDossier {
                commitments: commitments.remove(&row.id).unwrap_or_default(),
                running: !matches!(status, Status::AwaitingSupplement | Status::Paused),
                code: row.code,
                unit: row.unit,
                procedure: row.procedure,
                officer: row.officer,
                due_at: row.due_at.utc(),
                lapses_at: row.lapses_at.utc(),
            })
        })
        .collect()
}

type CommitmentsByDossier = std::collections::HashMap<i64, Vec<BindingCommitment>>;

fn commitments_of(c: &mut AnyConnection, ids: &[i64]) -> Result<CommitmentsByDossier, StoreError> {
    let mut found = CommitmentsByDossier::new();
    for some in ids.chunks(ROWS_A_STATEMENT) {
        let rows: Vec<(i64, String, Moment, Moment)> = on!(c, |c| dossier_commitments::table
            .filter(dossier_commitments::dossier_id.eq_any(some))
            .select((
                dossier_commitments::dossier_id,
                dossier_commitments::effect,
                dossier_commitments::due_at,
                dossier_commitments::lapses_at,
            ))
            .load(c))?;
        for (id, effect, due_at, lapses_at) in rows {
            found.entry(id).or_default().push(BindingCommitment {
                effect: word("effect", &effect, Pledge::from_word)?,
                due_at: due_at.utc(),
                lapses_at: lapses_at.utc(),
            });
        }
    }
    Ok(found)
}
