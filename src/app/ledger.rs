//! The ledger as a whole: walking its chain, holding the dossiers against it, making them again from it, and telling how long it is.

use std::cmp::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::projection::{self, Held, Rebuilt};
use super::{App, AppError, counters, sealed};
use crate::domain::ledger::{Anchor, BrokenLink, Walk};
use crate::domain::office_time::{local_date, midnight_after};
use crate::store::{AnyConnection, ledger};

/// Entries read at a time, so that a long chain is never held whole.
pub(super) const PAGE: i64 = 2_000;
/// Differences named one by one; beyond it they are only counted.
const NAMED: usize = 20;

/// What the walk found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Verdict {
    /// Whether every link holds, every anchor stands, and every dossier is as its entries tell.
    pub ok: bool,
    /// How many entries hold, from the first on.
    pub entries: i64,
    /// Hash of the last entry that holds.
    pub head: String,
    /// The first entry that does not fit.
    pub broken_at: Option<i64>,
    /// What is wrong with it, for the administrator.
    pub what: Option<String>,
    /// Dossiers held against their entries; none are while a link is broken.
    pub dossiers: usize,
    /// Of them, those whose entries an older program wrote, which do not tell all.
    pub untold: usize,
    /// Of them, those that are not as their entries tell.
    pub differing: usize,
    /// The first of those.
    pub differences: Vec<DossierDifference>,
    /// Sealed reports held against their entries; none are while a link is broken.
    pub seals: usize,
    /// Those that are not as they were sealed.
    pub broken_seals: Vec<SealDifference>,
}

/// A dossier that is not as the ledger tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DossierDifference {
    /// Its code.
    pub code: String,
    /// What differs, for the administrator.
    pub what: String,
}

/// A sealed report that is not as the ledger tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SealDifference {
    /// Its key.
    pub seal: i64,
    /// What differs, for the administrator.
    pub what: String,
}

/// A walk of this process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// When it was finished.
    pub at: DateTime<Utc>,
    /// Whether the chain was held against an anchor that had been told.
    pub anchored: bool,
    /// What it found.
    pub verdict: Verdict,
}

/// The last walk of this process. It is kept in memory alone: a check that the database itself told of would prove nothing.
#[derive(Debug, Default)]
pub struct LastCheck(Mutex<Option<Arc<Check>>>);

impl LastCheck {
    /// The last walk; `None` when there was none since the process began.
    pub fn get(&self) -> Option<Arc<Check>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, check: Check) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(check));
    }
}

/// Walks the whole chain, past the `anchors` that were told, and holds every dossier and every sealed report against what it tells. What was found is
/// remembered as [`App::ledger_check`].
///
/// # Errors
/// The store's.
pub async fn verify(app: &App, anchors: Vec<Anchor>) -> Result<Verdict, AppError> {
    let anchored = !anchors.is_empty();
    let verdict = walked(app, anchors).await?;
    app.ledger_check().set(Check { at: app.clock().now(), anchored, verdict: verdict.clone() });
    Ok(verdict)
}

async fn walked(app: &App, anchors: Vec<Anchor>) -> Result<Verdict, AppError> {
    let (Walked { walk, seals }, end) = walk(app, &anchors).await?;
    if let Err(link) = end {
        return Ok(broken(&walk, link));
    }
    let (received, kept) = app.read(|c, _| Ok(ledger::ledger_receipts(c)?)).await?;
    if let Some(what) = cut(received, kept) {
        return Ok(broken(&walk, BrokenLink { seq: walk.count() + 1, what }));
    }
    let mut verdict = Verdict { entries: walk.count(), head: walk.head().to_owned(), ..Verdict::default() };
    let mut after = Some(0);
    while let Some(from) = after {
        let page = app.read_at_once(move |c, _| projection::compare(c, from)).await?;
        after = page.through;
        for held in page.held {
            verdict.dossiers += 1;
            match held {
                Held::Same => {}
                Held::Untold => verdict.untold += 1,
                Held::Differs(of) => {
                    verdict.differing += 1;
                    if verdict.differences.len() < NAMED {
                        verdict.differences.push(DossierDifference { code: of.code, what: of.what });
                    }
                }
            }
        }
    }
    let walked = walk.count();
    (verdict.seals, verdict.broken_seals) =
        app.read_at_once(move |c, _| sealed::compare(c, seals, walked)).await?;
    verdict.ok = verdict.differing == 0 && verdict.broken_seals.is_empty();
    Ok(verdict)
}

/// A walk, and what it saw sealed.
struct Walked {
    walk: Walk,
    seals: Vec<Value>,
}

/// Walks as far as links hold.
async fn walk(app: &App, anchors: &[Anchor]) -> Result<(Walked, Result<(), BrokenLink>), AppError> {
    let (mut walk, mut seals) = (Walk::default(), Vec::new());
    loop {
        let after = walk.count();
        let entries = app.read(move |c, _| Ok(ledger::ledger_entries(c, None, after, PAGE)?)).await?;
        if entries.is_empty() {
            break;
        }
        for (entry, stored) in &entries {
            if let Err(broken) = walk.step(entry, stored, anchors) {
                return Ok((Walked { walk, seals }, Err(broken)));
            }
        }
        seals.extend(sealed::sealings(entries));
    }
    let beyond = anchors.iter().map(|of| of.entries).find(|entries| *entries > walk.count());
    let end = beyond.map_or(Ok(()), |entries| {
        let what = format!("an anchor was told at entry {entries}: entries were taken away");
        Err(BrokenLink { seq: walk.count() + 1, what })
    });
    Ok((Walked { walk, seals }, end))
}

fn broken(walk: &Walk, link: BrokenLink) -> Verdict {
    Verdict {
        entries: walk.count(),
        head: walk.head().to_owned(),
        broken_at: Some(link.seq),
        what: Some(link.what),
        ..Verdict::default()
    }
}

/// A chain that was cut at its end, or emptied, still holds link by link; the dossiers tell that it was longer.
fn cut(received: i64, kept: i64) -> Option<String> {
    match received.cmp(&kept) {
        Ordering::Less => Some(format!(
            "the ledger ends there with the receipt of {received} dossiers, and there are {kept}: entries were taken away"
        )),
        // A dossier that was taken away is named with the others that differ.
        Ordering::Equal | Ordering::Greater => None,
    }
}

/// Makes the dossiers, their commitments and findings again what the ledger tells of them, all in one transaction. The persons' data are not the
/// ledger's to restore. The chain is walked first: what it tells is believed only when it holds; else its broken link is answered.
///
/// # Errors
/// The store's: then nothing was changed.
pub async fn rebuild(app: &App) -> Result<Result<Rebuilt, BrokenLink>, AppError> {
    if let (_, Err(broken)) = walk(app, &[]).await? {
        return Ok(Err(broken));
    }
    let clock = app.clock().clone();
    app.write_job("rebuild", move |c, catalogue| {
        let mut done = Rebuilt::default();
        let mut after = Some(0);
        while let Some(from) = after {
            let page = projection::compare(c, from)?;
            after = page.through;
            done += projection::restore(c, &page)?;
        }
        // What was counted of rows that were tampered with nobody knows.
        counters::make_again(c, catalogue, local_date(clock.now()))?;
        Ok(Ok(done))
    })
    .await
}

/// The anchor of each of these days: how long the chain was at its end, and its head then; `None` for a day that ended before the first entry.
///
/// # Errors
/// The store's.
pub fn anchors(
    c: &mut AnyConnection,
    days: &[NaiveDate],
) -> Result<Vec<(NaiveDate, Option<Anchor>)>, AppError> {
    days.iter()
        .map(|day| {
            let head = ledger::ledger_head_before(c, midnight_after(*day).into())?;
            Ok((*day, head.map(|(entries, head)| Anchor { entries, head })))
        })
        .collect()
}
