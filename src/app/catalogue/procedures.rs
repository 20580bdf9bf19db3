//! Adding versions to procedures. What was in force when dossiers were received is not rewritten by the way: that takes a reason, and whoever asks
//! is told first which dossiers would have had another limit. The dossiers themselves keep the limit they were received under.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, json};
use utoipa::ToSchema;

use super::Catalogue;
use super::commitments::stamped;
use super::record::{self, CatalogueAct, Change};
use crate::app::access::Principal;
use crate::app::view::OfficeTime;
use crate::app::{App, AppError, Fault, Invalid};
use crate::domain::deadline::Limit;
use crate::domain::letters::in_lines;
use crate::domain::office_time::local_date;
use crate::domain::procedure::Procedure;
use crate::store::AnyConnection;
use crate::store::catalogue as store;
use crate::store::replay::{PastReceipt, receipts_after};

/// Receipts read at once.
const PAGE: i64 = 5_000;
/// Dossiers that are listed; the others are only counted.
const LISTED: usize = 500;
/// Dossiers that a refusal names.
const NAMED: usize = 5;

/// Procedures as they are to be.
#[derive(Debug, Clone, PartialEq)]
pub struct NewProcedures {
    /// Each with what stands before a field's name in a fault (`line 4: ` for a file, nothing for one alone).
    pub rows: Vec<(String, Procedure)>,
    /// Whether the limits given replace all that are kept; else they stand beside them.
    pub whole: bool,
    /// Why what was in force may be another; `None` when it may not.
    pub correction: Option<String>,
}

/// What changing procedures came to, or would.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct ProceduresChanged {
    /// Procedures new or changed.
    pub written: usize,
    /// Dossiers that would have had another limit when they were received. They keep the one they had.
    pub differing: usize,
    /// The first 500 of them.
    pub dossiers: Vec<DifferingDossier>,
}

/// A dossier that would have had another limit.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DifferingDossier {
    /// Its code.
    pub code: String,
    /// What was asked for.
    pub procedure: String,
    /// When it was handed in.
    pub received_at: OfficeTime,
    /// The limit in force then, as it is kept.
    #[schema(value_type = Option<Object>)]
    pub from: Option<Limit>,
    /// The limit that would have been in force.
    #[schema(value_type = Option<Object>)]
    pub to: Option<Limit>,
}

/// Adds or changes procedures, which hold for every unit: for an administrator of the topmost unit, or the system itself. A dry run only tells what it
/// would come to.
///
/// # Errors
/// [`AppError::Forbidden`] for any other; [`AppError::Invalid`] naming `limits` where two versions stand for the same days, or where one that was in
/// force when dossiers were received would be another and no correction is meant; the store's errors.
pub async fn procedures_change(
    app: &App,
    new: NewProcedures,
    by: Option<Principal>,
    dry_run: bool,
) -> Result<ProceduresChanged, AppError> {
    let stamp = stamped(app, by.as_ref())?;
    let faults = faults(&new);
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    let asked = new.clone();
    // Looked for on a reader's connection, so that the writer never waits for it; a dossier that comes meanwhile has its limit already.
    let changed = app
        .read(move |c, catalogue| {
            topmost(catalogue, by.as_ref())?;
            c.snapshot(|c| differing(c, catalogue, &asked, dry_run))
        })
        .await?;
    if dry_run {
        return Ok(changed);
    }
    let count = changed.differing;
    app.write_job("procedures", move |c, catalogue| {
        let NewProcedures { rows, whole, correction } = new;
        let mut all = Vec::with_capacity(rows.len());
        let mut entries = Vec::new();
        for (_, procedure) in rows {
            let before = catalogue.procedures.get(&procedure.code);
            let after = merged(before, procedure, whole);
            if before != Some(&after) {
                let more = correction.as_ref().filter(|_| count > 0).map(|reason| {
                    Map::from_iter([
                        ("reason".to_owned(), json!(reason)),
                        ("differing".to_owned(), json!(count)),
                    ])
                });
                entries.push(entry(before, &after, more.unwrap_or_default()));
                all.push(after);
            }
        }
        store::procedures_put(c, &all)?;
        store::catalogue_touch(c)?;
        record::write(c, stamp, entries)
    })
    .await?;
    Ok(changed)
}

/// Only the topmost unit's administrators change what holds for every unit.
pub(super) fn topmost(catalogue: &Catalogue, by: Option<&Principal>) -> Result<(), AppError> {
    let may = by.is_none_or(|by| catalogue.units.is_topmost(&by.unit));
    if may { Ok(()) } else { Err(AppError::Forbidden) }
}

/// A procedure as it would be.
pub(super) fn merged(before: Option<&Procedure>, new: Procedure, whole: bool) -> Procedure {
    match before {
        Some(before) if !whole => before.with(new),
        Some(_) | None => new,
    }
}

fn entry(before: Option<&Procedure>, after: &Procedure, more: Map<String, serde_json::Value>) -> Change {
    Change {
        act: CatalogueAct::ProcedureChanged,
        of: "procedure",
        key: json!(after.code),
        before: before.map(record::procedure),
        after: Some(record::procedure(after)),
        more,
    }
}

/// What can be said without asking the database.
fn faults(new: &NewProcedures) -> Vec<Invalid> {
    let mut faults = Vec::new();
    for (place, procedure) in &new.rows {
        for (at, limit) in procedure.limits.iter().enumerate() {
            if procedure.limits.iter().take(at).any(|before| before.is_version_of(limit)) {
                faults.push(Invalid::new(format!("{place}limits[{at}]"), Fault::Duplicate));
            }
        }
    }
    match new.correction.as_deref().map(str::trim) {
        Some("") => faults.push(Invalid::new("reason", Fault::Required)),
        Some(text) if text.chars().count() > 1_000 => faults.push(Invalid::new("reason", Fault::TooLong)),
        Some(text) if !text.chars().all(in_lines) => {
            faults.push(Invalid::new("reason", Fault::BadCharacters));
        }
        Some(_) | None => {}
    }
    faults
}

/// Which dossiers would have had another limit; refused, unless that is meant or only asked.
fn differing(
    c: &mut AnyConnection,
    catalogue: &Catalogue,
    new: &NewProcedures,
    dry_run: bool,
) -> Result<ProceduresChanged, AppError> {
    let pairs = past_pairs(catalogue, new);
    let codes: Vec<String> = pairs.keys().map(|code| (*code).to_owned()).collect();
    let mut changed = ProceduresChanged { written: new.rows.len(), ..ProceduresChanged::default() };
    let mut place = 0;
    while !codes.is_empty() {
        let page = receipts_after(c, &codes, place, PAGE)?;
        let Some(last) = page.last() else { break };
        place = last.id;
        for receipt in &page {
            let pair = pairs.get(receipt.procedure.as_str());
            let found = pair.and_then(|(before, after)| difference(before, after, receipt));
            if let Some(found) = found {
                changed.differing += 1;
                if changed.dossiers.len() < LISTED {
                    changed.dossiers.push(found);
                }
            }
        }
    }
    if changed.differing > 0 && new.correction.is_none() && !dry_run {
        return Err(in_force(new, &changed));
    }
    Ok(changed)
}

/// The procedures by which a receipt up to today can have another limit, before and after.
fn past_pairs<'a>(
    catalogue: &'a Catalogue,
    new: &NewProcedures,
) -> BTreeMap<&'a str, (&'a Procedure, Procedure)> {
    let pair = |(_, procedure): &(String, Procedure)| {
        let (code, before) = catalogue.procedures.get_key_value(&procedure.code)?;
        let after = merged(Some(before), procedure.clone(), new.whole);
        before.past_differs(&after, catalogue.day).then_some((code.as_str(), (before, after)))
    };
    new.rows.iter().filter_map(pair).collect()
}

fn difference(before: &Procedure, after: &Procedure, of: &PastReceipt) -> Option<DifferingDossier> {
    let received_on = local_date(of.received_at.utc());
    let limit =
        |procedure: &'_ Procedure| procedure.limit_for(received_on, of.channel, of.case.as_deref()).cloned();
    let (was, is) = (limit(before), limit(after));
    let same = match (&was, &is) {
        (Some(was), Some(is)) => was.agrees_with(is),
        // A receipt that had no limit before cannot have been.
        (None, _) => true,
        (Some(_), None) => false,
    };
    (!same).then(|| DifferingDossier {
        code: of.code.clone(),
        procedure: of.procedure.clone(),
        received_at: of.received_at.utc().into(),
        from: was.map(|of| of.limit),
        to: is.map(|of| of.limit),
    })
}

/// The refusal, naming the rows and some of the dossiers.
fn in_force(new: &NewProcedures, changed: &ProceduresChanged) -> AppError {
    let fault = |(place, procedure): &(String, Procedure)| {
        let mut named: Vec<String> = changed
            .dossiers
            .iter()
            .filter(|of| of.procedure == procedure.code)
            .map(|of| of.code.clone())
            .collect();
        if named.is_empty() {
            return None;
        }
        if named.len() > NAMED {
            named.truncate(NAMED);
            named.push("…".to_owned());
        }
        Some(Invalid { allowed: named, ..Invalid::new(format!("{place}limits"), Fault::InForce) })
    };
    AppError::Invalid(new.rows.iter().filter_map(fault).collect())
}
