//! Registering, ending and taking away commitments, each written into the ledger.

use chrono::{Datelike, NaiveDate};
use serde_json::{Map, json};

use super::Catalogue;
use super::record::{self, CatalogueAct, Change, Stamp};
use crate::app::access::{Principal, Right};
use crate::app::{App, AppError, Fault, Invalid};
use crate::domain::commitment::{Commitment, Effect};
use crate::domain::deadline::LimitUnit;
use crate::domain::letters::on_a_line;
use crate::domain::office_time;
use crate::store::commitments as store;
use crate::store::{AnyConnection, catalogue as versions};

/// The longest number and date of a decision, in characters.
const LONGEST_DECISION: usize = 500;

/// Registers a commitment of a unit within the administrator's own (any unit for the system itself); answers it with its key.
///
/// # Errors
/// [`AppError::Forbidden`] for others and outside; an unknown unit or procedure, a selector that covers nothing, days in the wrong order; the
/// store's errors.
pub async fn commitment_create(
    app: &App,
    new: Commitment,
    by: Option<Principal>,
) -> Result<Commitment, AppError> {
    let stamp = stamped(app, by.as_ref())?;
    app.write_job("commitment", move |c, catalogue| {
        may_commit(catalogue, &new.unit, by.as_ref())?;
        let faults = commitment_faults(&new, catalogue);
        if faults.is_empty() { added(c, new, stamp) } else { Err(AppError::Invalid(faults)) }
    })
    .await
}

/// Who does it, and when; the right is asked for before the writer is troubled.
pub(super) fn stamped(app: &App, by: Option<&Principal>) -> Result<Stamp, AppError> {
    if let Some(by) = by {
        by.must(Right::Administer)?;
    }
    Ok(Stamp::of(by, app.clock().now()))
}

/// Whether the asker may bind the unit; one that does not exist is named by the check of what was asked.
pub(super) fn may_commit(catalogue: &Catalogue, unit: &str, by: Option<&Principal>) -> Result<(), AppError> {
    let Some(by) = by else { return Ok(()) };
    let known = catalogue.units.get(unit).is_some();
    if known && !by.sees(unit, &catalogue.units) { Err(AppError::Forbidden) } else { Ok(()) }
}

/// Writes a checked commitment with its entry.
pub(super) fn added(c: &mut AnyConnection, new: Commitment, stamp: Stamp) -> Result<Commitment, AppError> {
    let id = store::commitment_insert(c, &new, stamp.now.into(), stamp.actor)?;
    let made = Commitment { id, ..new };
    told(c, stamp, (CatalogueAct::CommitmentAdded, id), (None, Some(&made)), Map::new())?;
    Ok(made)
}

fn told(
    c: &mut AnyConnection,
    stamp: Stamp,
    (act, id): (CatalogueAct, i64),
    (before, after): (Option<&Commitment>, Option<&Commitment>),
    more: Map<String, serde_json::Value>,
) -> Result<(), AppError> {
    let (before, after) = (before.map(record::commitment), after.map(record::commitment));
    record::write(c, stamp, vec![Change { act, of: "commitment", key: json!(id), before, after, more }])?;
    Ok(versions::catalogue_touch(c)?)
}

/// The end of a commitment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// The last receipt day.
    pub valid_to: NaiveDate,
    /// Number and date of the decision that ends it.
    pub decision: String,
}

/// Gives a commitment its last day. What it has bound stays bound; an end that has passed stands.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] outside; [`AppError::Invalid`] for a last day before the first, before a receipt that is bound
/// already, or of a commitment that is over.
pub async fn commitment_end(
    app: &App,
    id: i64,
    end: End,
    by: Option<Principal>,
) -> Result<Commitment, AppError> {
    let stamp = stamped(app, by.as_ref())?;
    app.write_job("commitment", move |c, catalogue| {
        let before = kept_commitment(catalogue, id, by.as_ref())?.clone();
        let last_bound = store::commitment_last_bound(c, id)?;
        let last_bound = last_bound.map(|at| office_time::local_date(at.utc()));
        let faults = end_faults(&end, &before, last_bound, office_time::local_date(stamp.now));
        if !faults.is_empty() {
            return Err(AppError::Invalid(faults));
        }
        store::commitment_end(c, id, end.valid_to, &end.decision)?;
        let after = Commitment { valid_to: Some(end.valid_to), ..before.clone() };
        let more = Map::from_iter([("decision".to_owned(), json!(end.decision))]);
        told(c, stamp, (CatalogueAct::CommitmentEnded, id), (Some(&before), Some(&after)), more)?;
        Ok(after)
    })
    .await
}

fn end_faults(end: &End, of: &Commitment, last_bound: Option<NaiveDate>, today: NaiveDate) -> Vec<Invalid> {
    let mut faults = Vec::new();
    if of.valid_to.is_some_and(|last| last < today) {
        faults.push(Invalid::new("valid_to", Fault::NotCorrectable));
    } else if end.valid_to < of.valid_from || !known_year(end.valid_to) {
        faults.push(Invalid::new("valid_to", Fault::OutOfRange));
    } else if let Some(day) = last_bound.filter(|day| *day > end.valid_to) {
        faults.push(Invalid { allowed: vec![day.to_string()], ..Invalid::new("valid_to", Fault::InForce) });
    }
    faults.extend(decision_fault(&end.decision).map(|fault| Invalid::new("decision", fault)));
    faults
}

/// Takes away a commitment that has bound no dossier.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] outside; [`AppError::InUse`] when it has bound any.
pub async fn commitment_remove(app: &App, id: i64, by: Option<Principal>) -> Result<(), AppError> {
    let stamp = stamped(app, by.as_ref())?;
    app.write_job("commitment", move |c, catalogue| {
        let before = kept_commitment(catalogue, id, by.as_ref())?;
        if store::commitment_last_bound(c, id)?.is_some() || store::commitment_has_findings(c, id)? {
            return Err(AppError::InUse);
        }
        store::commitment_delete(c, id)?;
        told(c, stamp, (CatalogueAct::CommitmentRemoved, id), (Some(before), None), Map::new())
    })
    .await
}

/// The commitment, as far as `by` keeps it: one of a unit above that binds the asker's own is seen, and not the asker's to change.
pub(super) fn kept_commitment<'a>(
    catalogue: &'a Catalogue,
    id: i64,
    by: Option<&Principal>,
) -> Result<&'a Commitment, AppError> {
    let found = catalogue.commitment(id).ok_or(AppError::NotFound("commitment"))?;
    let Some(by) = by else { return Ok(found) };
    match (by.sees(&found.unit, &catalogue.units), catalogue.concerns(found, &by.unit)) {
        (true, _) => Ok(found),
        (false, true) => Err(AppError::Forbidden),
        (false, false) => Err(AppError::NotFound("commitment")),
    }
}

/// Years for which days can be named.
pub(super) fn known_year(day: NaiveDate) -> bool {
    (2000..=2100).contains(&day.year())
}

/// What is wrong with the text that names a decision.
pub(super) fn decision_fault(text: &str) -> Option<Fault> {
    match text.trim() {
        "" => Some(Fault::Empty),
        text if text.chars().count() > LONGEST_DECISION => Some(Fault::TooLong),
        text if !text.chars().all(on_a_line) => Some(Fault::BadCharacters),
        _ => None,
    }
}

/// Every fault of a commitment to be registered.
pub(in crate::app) fn commitment_faults(new: &Commitment, catalogue: &Catalogue) -> Vec<Invalid> {
    let mut faults = references_faults(new, catalogue);
    faults.extend(terms_faults(new));
    faults
}

/// Units, procedures and sectors that are none.
fn references_faults(new: &Commitment, catalogue: &Catalogue) -> Vec<Invalid> {
    let mut faults = Vec::new();
    let mut fault = |name: String, fault| faults.push(Invalid::new(name, fault));
    if catalogue.units.get(&new.unit).is_none() {
        fault("unit".into(), Fault::UnknownReference);
    }
    for (at, code) in new.selector.procedures.iter().enumerate() {
        if !catalogue.procedures.contains_key(code) {
            fault(format!("procedures[{at}]"), Fault::UnknownReference);
        }
    }
    for (at, sector) in new.selector.sectors.iter().enumerate() {
        if !catalogue.procedures.values().any(|of| of.sector == *sector) {
            fault(format!("sectors[{at}]"), Fault::UnknownReference);
        }
    }
    faults
}

/// Terms that cannot be kept, or mean nothing.
fn terms_faults(new: &Commitment) -> Vec<Invalid> {
    let mut faults = Vec::new();
    let mut fault = |name: &str, fault| faults.push(Invalid::new(name, fault));
    if new.selector.is_empty() && new.effect != Effect::NoWeekRollover {
        fault("procedures", Fault::Required);
    }
    let most = LimitUnit::WorkingDay.max();
    if new.selector.max_working_days.is_some_and(|days| !(1..=most).contains(&days)) {
        fault("max_working_days", Fault::OutOfRange);
    }
    if new.received_on.nth_week.is_some_and(|nth| !(1..=5).contains(&nth)) {
        fault("received_on.nth_week", Fault::OutOfRange);
    }
    if !known_year(new.valid_from) {
        fault("valid_from", Fault::OutOfRange);
    }
    if new.valid_to.is_some_and(|last| last < new.valid_from || !known_year(last)) {
        fault("valid_to", Fault::OutOfRange);
    }
    if let Some(wrong) = decision_fault(&new.decision) {
        fault("decision", wrong);
    }
    if let Effect::Within(limit) = new.effect {
        // Days of grace and months are the law's: a commitment counts in the office's own time.
        let taken = [LimitUnit::WorkingHour, LimitUnit::WorkingDay];
        if !taken.contains(&limit.unit()) {
            faults.push(Invalid::not_allowed("effect.within.unit", &taken));
        }
    }
    faults
}
