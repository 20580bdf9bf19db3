//! The append-only ledger's rows. The chain's arithmetic is [`crate::domain::ledger`]'s.

use diesel::dsl::count;
use diesel::prelude::*;

use super::schema::{dossiers, ledger};
use super::{AnyConnection, Moment, StoreError};
use crate::domain::ledger::{Entry, GENESIS};

/// The act that every dossier's history begins with.
const RECEIPT: &str = "receive";

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = ledger, treat_none_as_default_value = false)]
struct LedgerRow {
    seq: i64,
    dossier_id: Option<i64>,
    act: String,
    at: Moment,
    recorded_at: Moment,
    actor_id: Option<i64>,
    payload: String,
    prev_hash: String,
    hash: String,
}

/// An entry yet without its place in the chain.
#[derive(Debug, Clone)]
pub struct NewEntry {
    /// The dossier it is about.
    pub dossier_id: Option<i64>,
    /// The act's word.
    pub act: &'static str,
    /// When it is said to have happened.
    pub at: Moment,
    /// Who did it.
    pub actor_id: Option<i64>,
    /// What was before and after.
    pub payload: serde_json::Value,
}

/// Appends entries to the chain, in this order, within the running write. The write lock keeps the chain one.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn ledger_append(
    c: &mut AnyConnection,
    recorded_at: Moment,
    new: Vec<NewEntry>,
) -> Result<(), StoreError> {
    let head: Option<(i64, String)> = on!(c, |c| ledger::table
        .order(ledger::seq.desc())
        .select((ledger::seq, ledger::hash))
        .first(c)
        .optional())?;
    let (mut seq, mut prev_hash) = head.unwrap_or((0, GENESIS.to_owned()));
    let mut rows = Vec::with_capacity(new.len());
    for of in new {
        seq += 1;
        let entry = Entry {
            seq,
            dossier_id: of.dossier_id,
            act: of.act.to_owned(),
            at: of.at.utc(),
            recorded_at: recorded_at.utc(),
            actor_id: of.actor_id,
            payload: of.payload,
            prev_hash,
        };
        let hash = entry.hash();
        prev_hash = hash.clone();
        rows.push(LedgerRow {
            seq,
            dossier_id: entry.dossier_id,
            act: entry.act,
            at: of.at,
            recorded_at,
            actor_id: entry.actor_id,
            payload: entry.payload.to_string(),
            prev_hash: entry.prev_hash,
            hash,
        });
    }
    Ok(insert_rows!(c, ledger::table, &rows)?)
}

/// Entries after `after`, in order, at most `most`, each with its stored hash; for walking the chain and for a dossier's history.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn ledger_entries(
    c: &mut AnyConnection,
    dossier_id: Option<i64>,
    after: i64,
    most: i64,
) -> Result<Vec<(Entry, String)>, StoreError> {
    let rows: Vec<LedgerRow> = on!(c, |c| {
        let mut query = ledger::table
            .filter(ledger::seq.gt(after))
            .order(ledger::seq.asc())
            .limit(most)
            .select(LedgerRow::as_select())
            .into_boxed();
        if let Some(id) = dossier_id {
            query = query.filter(ledger::dossier_id.eq(id));
        }
        query.load(c)
    })?;
    Ok(rows.into_iter().map(read).collect())
}

/// How many dossiers the ledger saw received, and how many there are, at one instant. The two are the same unless one of them was cut.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn ledger_receipts(c: &mut AnyConnection) -> Result<(i64, i64), StoreError> {
    let (received, kept): (Option<i64>, Option<i64>) = on!(c, |c| {
        let received = ledger::table
            .filter(ledger::act.eq(RECEIPT))
            .select(count(ledger::dossier_id).aggregate_distinct())
            .single_value();
        diesel::select((received, dossiers::table.count().single_value())).get_result(c)
    })?;
    Ok((received.unwrap_or(0), kept.unwrap_or(0)))
}

fn read(row: LedgerRow) -> (Entry, String) {
    // A payload that is no JSON was written by another hand: kept as text, it cannot match its hash, and the walk names its entry.
    let payload = serde_json::from_str(&row.payload).unwrap_or(serde_json::Value::String(row.payload));
    let entry = Entry {
        seq: row.seq,
        dossier_id: row.dossier_id,
        act: row.act,
        at: row.at.utc(),
        recorded_at: row.recorded_at.utc(),
        actor_id: row.actor_id,
        payload,
        prev_hash: row.prev_hash,
    };
    (entry, row.hash)
}
