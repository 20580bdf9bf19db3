//! The append-only ledger's rows. The chain's arithmetic is [`crate::domain::ledger`]'s.

use diesel::dsl::count;
use diesel::prelude::*;

use super::schema::{dossiers, ledger};
use super::{AnyConnection, Moment, StoreError};
use crate::domain::history::RECEIVE;
use crate::domain::ledger::{Entry, GENESIS};

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
        let payload = entry.payload.to_string();
        let hash = entry.hash_with(&payload);
        prev_hash = hash.clone();
        rows.push(LedgerRow {
            seq,
            dossier_id: entry.dossier_id,
            act: entry.act,
            at: of.at,
            recorded_at,
            actor_id: entry.actor_id,
            payload,
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

/// Keys of dossiers that the ledger saw received, beyond `after`, in order, at most `most`.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn ledger_received(c: &mut AnyConnection, after: i64, most: i64) -> Result<Vec<i64>, StoreError> {
    let found: Vec<Option<i64>> = on!(c, |c| ledger::table
        .filter(ledger::act.eq(RECEIVE).and(ledger::dossier_id.gt(after)))
        .order(ledger::dossier_id)
        .limit(most)
        .select(ledger::dossier_id)
        .load(c))?;
    Ok(found.into_iter().flatten().collect())
}

/// The places after `seq`, in order, at most `most`, each with the dossier that its entry is about, and its act.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn ledger_places(
    c: &mut AnyConnection,
    seq: i64,
    most: i64,
) -> Result<Vec<(i64, Option<i64>, String)>, StoreError> {
    on!(c, |c| ledger::table
        .filter(ledger::seq.gt(seq))
        .order(ledger::seq)
        .limit(most)
        .select((ledger::seq, ledger::dossier_id, ledger::act))
        .load(c))
    .map_err(Into::into)
}

/// All entries about these dossiers, dossier by dossier, each one's in order.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn ledger_of(c: &mut AnyConnection, dossiers: &[i64]) -> Result<Vec<Entry>, StoreError> {
    let rows: Vec<LedgerRow> = on!(c, |c| ledger::table
        .filter(ledger::dossier_id.eq_any(dossiers))
        .order((ledger::dossier_id, ledger::seq))
        .select(LedgerRow::as_select())
        .load(c))?;
    Ok(rows.into_iter().map(|row| read(row).0).collect())
}

/// What the ledger tells of dossiers with keys in `(after, through]`, as (dossier, act, payload), each one's acts in order.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn ledger_told(c: &mut AnyConnection, after: i64, through: i64) -> Result<Vec<Told>, StoreError> {
    let rows: Vec<(Option<i64>, String, String)> = on!(c, |c| ledger::table
        .filter(ledger::dossier_id.gt(after).and(ledger::dossier_id.le(through)))
        .order((ledger::dossier_id, ledger::seq))
        .select((ledger::dossier_id, ledger::act, ledger::payload))
        .load(c))?;
    Ok(rows.into_iter().filter_map(|(id, act, text)| Some((id?, act, json(text)))).collect())
}

/// A dossier, an act on it, and its payload.
pub type Told = (i64, String, serde_json::Value);

/// The place of the last entry in the chain; 0 when there is none.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn ledger_last(c: &mut AnyConnection) -> Result<i64, StoreError> {
    Ok(last_key!(c, ledger::seq, ledger::table)?)
}

/// The place in the chain and the hash of the last entry that was recorded before `before`; `None` when there is none. Entries are recorded in
/// order, so the place is searched by halves.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn ledger_head_before(
    c: &mut AnyConnection,
    before: Moment,
) -> Result<Option<(i64, String)>, StoreError> {
    let (mut low, mut high) = (0, ledger_last(c)?);
    while low < high {
        let middle = high - (high - low) / 2;
        let recorded: Option<Moment> = on!(c, |c| ledger::table
            .filter(ledger::seq.eq(middle))
            .select(ledger::recorded_at)
            .first(c)
            .optional())?;
        if recorded.is_some_and(|at| at < before) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    let hash: Option<String> =
        on!(c, |c| ledger::table.filter(ledger::seq.eq(low)).select(ledger::hash).first(c).optional())?;
    Ok(hash.map(|hash| (low, hash)))
}

fn json(text: String) -> serde_json::Value {
    // A payload that is no JSON was written by another hand: kept as text, it cannot match its hash, and the walk names its entry.
    serde_json::from_str(&text).unwrap_or(serde_json::Value::String(text))
}

/// How many dossiers the ledger saw received, and how many there are, at one instant. The two are the same unless one of them was cut.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn ledger_receipts(c: &mut AnyConnection) -> Result<(i64, i64), StoreError> {
    let (received, kept): (Option<i64>, Option<i64>) = on!(c, |c| {
        let received = ledger::table
            .filter(ledger::act.eq(RECEIVE))
            .select(count(ledger::dossier_id).aggregate_distinct())
            .single_value();
        diesel::select((received, dossiers::table.count().single_value())).get_result(c)
    })?;
    Ok((received.unwrap_or(0), kept.unwrap_or(0)))
}

fn read(row: LedgerRow) -> (Entry, String) {
    let payload = json(row.payload);
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
