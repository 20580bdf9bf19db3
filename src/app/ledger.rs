//! Walking the ledger's chain, a page at a time, and naming its first broken link, or that its end was cut off.

use std::cmp::Ordering;

use serde::Serialize;
use utoipa::ToSchema;

use super::{App, AppError};
use crate::domain::ledger::Walk;
use crate::store::ledger;

/// Entries read at a time, so that a long chain is never held whole.
const PAGE: i64 = 2_000;

/// What the walk found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Verdict {
    /// Whether every link holds.
    pub ok: bool,
    /// How many entries hold, from the first on.
    pub entries: i64,
    /// Hash of the last entry that holds.
    pub head: String,
    /// The first entry that does not fit.
    pub broken_at: Option<i64>,
    /// What is wrong with it, for the administrator.
    pub what: Option<String>,
}

/// Walks the whole chain, and compares it with the dossiers it tells of.
///
/// # Errors
/// The store's.
pub async fn verify(app: &App) -> Result<Verdict, AppError> {
    let mut walk = Walk::default();
    loop {
        let after = walk.count();
        let entries = app.read(move |c, _| Ok(ledger::ledger_entries(c, None, after, PAGE)?)).await?;
        if entries.is_empty() {
            break;
        }
        for (entry, stored) in &entries {
            if let Err(broken) = walk.step(entry, stored) {
                return Ok(verdict(&walk, Some((broken.seq, broken.what))));
            }
        }
    }
    let (received, kept) = app.read(|c, _| Ok(ledger::ledger_receipts(c)?)).await?;
    Ok(verdict(&walk, cut(received, kept).map(|what| (walk.count() + 1, what))))
}

/// A chain that was cut at its end, or emptied, still holds link by link; the dossiers tell that it was longer.
fn cut(received: i64, kept: i64) -> Option<String> {
    match received.cmp(&kept) {
        Ordering::Equal => None,
        Ordering::Less => Some(format!(
            "the ledger ends there with the receipt of {received} dossiers, and there are {kept}: entries were taken away"
        )),
        Ordering::Greater => Some(format!(
            "the ledger has the receipt of {received} dossiers, and there are {kept}: dossiers were taken away"
        )),
    }
}

fn verdict(walk: &Walk, broken: Option<(i64, String)>) -> Verdict {
    let (broken_at, what) = broken.unzip();
    Verdict { ok: broken_at.is_none(), entries: walk.count(), head: walk.head().to_owned(), broken_at, what }
}
