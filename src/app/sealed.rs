//! Sealed reports held against what the ledger tells of their sealing.

use std::collections::BTreeMap;

use serde_json::Value;

use super::AppError;
use super::ledger::{PAGE, SealDifference};
use super::reports::seals::{SEALED, told};
use crate::domain::ledger::{Entry, sha256_hex};
use crate::store::AnyConnection;
use crate::store::ledger::ledger_entries;
use crate::store::seals::{SealRow, seal_after};

/// The payloads of those of these entries that tell of a sealing.
pub(super) fn sealings(entries: Vec<(Entry, String)>) -> impl Iterator<Item = Value> {
    entries.into_iter().filter(|(of, _)| of.act == SEALED).map(|(of, _)| of.payload)
}

/// How many sealed reports there are, and those that are not as `entries`, the payloads of the ledger up to its entry `walked`, tell. One is held
/// at a time. What was sealed since the walk is told by the entries beyond it, so all must be read at once.
pub(super) fn compare(
    c: &mut AnyConnection,
    mut entries: Vec<Value>,
    mut walked: i64,
) -> Result<(usize, Vec<SealDifference>), AppError> {
    loop {
        let since = ledger_entries(c, None, walked, PAGE)?;
        let Some((last, _)) = since.last() else { break };
        walked = last.seq;
        entries.extend(sealings(since));
    }
    let key = |payload: &Value| payload.get("seal").and_then(Value::as_i64).unwrap_or_default();
    let mut entries: BTreeMap<i64, Value> = entries.into_iter().map(|of| (key(&of), of)).collect();
    let (mut count, mut after, mut broken) = (0, 0, Vec::new());
    while let Some(row) = seal_after(c, after)? {
        count += 1;
        after = row.head.id;
        let entry = entries.remove(&row.head.id);
        if let Some(what) = difference(&row, entry.as_ref()) {
            broken.push(SealDifference { seal: row.head.id, what: what.to_owned() });
        }
    }
    let gone = entries.into_keys().map(|seal| SealDifference { seal, what: "it was taken away".to_owned() });
    broken.extend(gone);
    Ok((count, broken))
}

fn difference(row: &SealRow, entry: Option<&Value>) -> Option<&'static str> {
    match entry {
        None => Some("the ledger never saw it sealed"),
        Some(_) if sha256_hex(row.body.as_bytes()) != row.head.hash => {
            Some("its bytes are not those that were sealed")
        }
        Some(entry) if *entry != told(row) => Some("what is said of it is not what the ledger tells"),
        Some(_) => None,
    }
}
