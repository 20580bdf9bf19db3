//! Stored answers to writes that carried an `Idempotency-Key`; kept for some days, because they hold personal data.

use diesel::prelude::*;

use super::schema::idempotency_keys;
use super::{AnyConnection, Moment, StoreError};

const ROWS_A_STATEMENT: usize = 500;

/// A stored answer to a write that carried an `Idempotency-Key`.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = idempotency_keys, treat_none_as_default_value = false)]
pub struct IdempotencyRow {
    /// Who sent it.
    pub user_id: i64,
    /// The key sent.
    pub key: String,
    /// Hash of the request it answered.
    pub request_hash: String,
    /// Code of the dossier it made.
    pub code: String,
    /// Version of the dossier it answered.
    pub version: i64,
    /// The body answered, to the byte.
    pub body: String,
    /// When.
    pub created_at: Moment,
}

/// The stored answers to these keys, whoever sent them.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn idempotency_by_key(c: &mut AnyConnection, keys: &[String]) -> Result<Vec<IdempotencyRow>, StoreError> {
    let mut found = Vec::new();
    for some in keys.chunks(ROWS_A_STATEMENT) {
        let rows: Vec<IdempotencyRow> = on!(c, |c| idempotency_keys::table
            .filter(idempotency_keys::key.eq_any(some))
            .select(IdempotencyRow::as_select())
            .load(c))?;
        found.extend(rows);
    }
    Ok(found)
}

/// Stores an answer under its key.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn idempotency_insert(c: &mut AnyConnection, rows: &[IdempotencyRow]) -> Result<(), StoreError> {
    Ok(insert_rows!(c, idempotency_keys::table, rows)?)
}

/// Forgets the answers stored before `before`: they hold personal data, and no client repeats a request for days.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn idempotency_forget(c: &mut AnyConnection, before: Moment) -> Result<(), StoreError> {
    on!(c, |c| diesel::delete(idempotency_keys::table.filter(idempotency_keys::created_at.lt(before)))
        .execute(c))?;
    Ok(())
}
