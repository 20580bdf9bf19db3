//! Commitments, a small table, read whole; and which of them have bound dossiers.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::schema::{commitments, dossier_commitments, dossiers, findings};
use super::{AnyConnection, Moment, StoreError};
use crate::domain::commitment::Commitment;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = commitments, treat_none_as_default_value = false)]
struct CommitmentRow {
    id: i64,
    unit: String,
    subtree: bool,
    selector: String,
    received_on: String,
    effect: String,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
    decision: String,
    created_at: Moment,
    created_by: Option<i64>,
    end_decision: Option<String>,
}

/// Every commitment, the oldest first.
///
/// # Errors
/// [`StoreError`] of the engine, or [`StoreError::Corrupt`].
pub fn commitments_all(c: &mut AnyConnection) -> Result<Vec<Commitment>, StoreError> {
    let rows: Vec<CommitmentRow> =
        on!(c, |c| commitments::table.order(commitments::id).select(CommitmentRow::as_select()).load(c))?;
    rows.into_iter()
        .map(|row| {
            Ok(Commitment {
                id: row.id,
                unit: row.unit,
                subtree: row.subtree,
                selector: read_json(&row.selector)?,
                received_on: read_json(&row.received_on)?,
                effect: read_json(&row.effect)?,
                valid_from: row.valid_from,
                valid_to: row.valid_to,
                decision: row.decision,
            })
        })
        .collect()
}

/// Writes a new commitment under the next free key, whatever key it carries; answers that key.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn commitment_insert(
    c: &mut AnyConnection,
    new: &Commitment,
    created_at: Moment,
    created_by: Option<i64>,
) -> Result<i64, StoreError> {
    let last = last_key!(c, commitments::id, commitments::table)?;
    let row = CommitmentRow {
        id: last + 1,
        unit: new.unit.clone(),
        subtree: new.subtree,
        selector: write_json(&new.selector)?,
        received_on: write_json(&new.received_on)?,
        effect: write_json(&new.effect)?,
        valid_from: new.valid_from,
        valid_to: new.valid_to,
        decision: new.decision.clone(),
        created_at,
        created_by,
        end_decision: None,
    };
    on!(c, |c| diesel::insert_into(commitments::table).values(&row).execute(c))?;
    Ok(row.id)
}

/// The decisions by which commitments end, as (commitment, decision).
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn commitment_ends(c: &mut AnyConnection) -> Result<Vec<(i64, String)>, StoreError> {
    let rows: Vec<(i64, Option<String>)> = on!(c, |c| commitments::table
        .filter(commitments::end_decision.is_not_null())
        .select((commitments::id, commitments::end_decision))
        .load(c))?;
    Ok(rows.into_iter().filter_map(|(id, decision)| Some((id, decision?))).collect())
}

/// Gives a commitment its last day, by a decision.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn commitment_end(
    c: &mut AnyConnection,
    id: i64,
    valid_to: NaiveDate,
    decision: &str,
) -> Result<(), StoreError> {
    on!(c, |c| diesel::update(commitments::table.filter(commitments::id.eq(id)))
        .set((commitments::valid_to.eq(valid_to), commitments::end_decision.eq(decision)))
        .execute(c))?;
    Ok(())
}

/// Takes a commitment away that nothing rests on.
///
/// # Errors
/// [`StoreError`] of the engine, also when something does rest on it.
pub fn commitment_delete(c: &mut AnyConnection, id: i64) -> Result<(), StoreError> {
    on!(c, |c| diesel::delete(commitments::table.filter(commitments::id.eq(id))).execute(c))?;
    Ok(())
}

/// The latest receipt, as the office counts it, that a commitment has bound; `None` when it has bound none.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn commitment_last_bound(c: &mut AnyConnection, id: i64) -> Result<Option<Moment>, StoreError> {
    on!(c, |c| dossier_commitments::table
        .inner_join(dossiers::table)
        .filter(dossier_commitments::commitment_id.eq(id))
        .order(dossiers::effective_receipt.desc())
        .select(dossiers::effective_receipt)
        .first(c)
        .optional())
    .map_err(Into::into)
}

/// Whether a finding was ever written down because of a commitment.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn commitment_has_findings(c: &mut AnyConnection, id: i64) -> Result<bool, StoreError> {
    let found: i64 =
        on!(c, |c| findings::table.filter(findings::commitment_id.eq(id)).count().get_result(c))?;
    Ok(found > 0)
}

fn read_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Corrupt(error.to_string()))
}

fn write_json<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Corrupt(error.to_string()))
}
