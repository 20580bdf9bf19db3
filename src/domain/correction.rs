//! Putting right what was written down wrongly: which fields may be corrected, until when, and what follows.
//!
//! No correction sets a date that the law sets: who corrects the receipt, the procedure or the channel gets the dates that follow from it, and
//! a promise can only be corrected to an earlier one. The ledger keeps what stood before.

use chrono::{DateTime, Utc};

use super::act::{Act, Flaw, Refusal};
use super::decision::{File, Office, bounds, set_due};
use super::dossier::{Channel, Dossier, outcome};
use super::finding::{ClearedWhy, Finding, FindingCode};
use super::office_time::local_date;
use super::promise::{self, Intake};

/// What a correction puts right; what is `None` stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// How it came in.
    pub channel: Option<Channel>,
    /// What was asked for.
    pub procedure: Option<String>,
    /// When it was handed in.
    pub received_at: Option<DateTime<Utc>>,
    /// What was promised; only an earlier date.
    pub due_at: Option<DateTime<Utc>>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// When the citizen took the result.
    pub returned_at: Option<DateTime<Utc>>,
    /// The officer in charge; none any more with `Some(None)`.
    pub officer: Option<Option<String>>,
    /// Whether the person's data or the note are corrected, which stand elsewhere.
    pub personal: bool,
}

impl Changes {
    /// What the due date rests on, as (name, whether it is corrected).
    fn basis(&self) -> [(&'static str, bool); 4] {
        [
            ("changes.channel", self.channel.is_some()),
            ("changes.procedure", self.procedure.is_some()),
            ("changes.received_at", self.received_at.is_some()),
            ("changes.due_at", self.due_at.is_some()),
        ]
    }

    fn is_empty(&self) -> bool {
        *self == Changes::default()
    }

    /// The earliest instant at which something is now said to have happened.
    pub(super) fn earliest(&self) -> Option<DateTime<Utc>> {
        [self.received_at, self.closed_at, self.returned_at].into_iter().flatten().min()
    }

    /// Whether a leader has to answer for it: whatever is corrected after the closing, and what the due date rests on once it has lapsed.
    pub fn need_leader(&self, of: &Dossier, now: DateTime<Utc>) -> bool {
        of.closed_at.is_some() || (of.is_overdue(now) && self.basis().iter().any(|(_, given)| *given))
    }
}

/// Carries out a correction on `file`.
pub(super) fn correct(
    file: &mut File,
    act: &Act,
    office: &Office<'_>,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    let changes = act.changes.as_ref().filter(|changes| !changes.is_empty());
    let changes = changes.ok_or(Refusal::field("changes", Flaw::Required))?;
    if let Some((name, _)) = changes.basis().iter().find(|(_, given)| *given) {
        if !rests_on_receipt(&file.dossier) {
            return Err(Refusal::field(name, Flaw::NotCorrectable));
        }
        correct_basis(file, changes, office, now)?;
    }
    if let Some(at) = changes.returned_at {
        let closed_at = changes.closed_at.or(file.dossier.closed_at);
        let was = file.dossier.returned_at;
        file.dossier.returned_at = Some(moved("changes.returned_at", was, at, closed_at, Some(now))?);
    }
    if let Some(at) = changes.closed_at {
        correct_closing(file, at, now)?;
    }
    if let Some(officer) = &changes.officer {
        file.dossier.officer.clone_from(officer);
    }
    Ok(())
}

/// Whether the due date still follows from the receipt alone: nothing has moved it, and nothing has come of it.
fn rests_on_receipt(of: &Dossier) -> bool {
    of.closed_at.is_none()
        && of.halted_at.is_none()
        && of.pauses.is_empty()
        && of.supplements == 0
        && of.counted_from == of.received_at
}

/// The receipt was another than had been written down: all that follows from it is reckoned anew.
fn correct_basis(
    file: &mut File,
    changes: &Changes,
    office: &Office<'_>,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    let dossier = &mut file.dossier;
    if changes.due_at.is_some_and(|at| at >= dossier.due_at) {
        return Err(Refusal::field("changes.due_at", Flaw::NotEarlier));
    }
    let alone = dossier.last_act_at == dossier.received_at;
    if let Some(at) = changes.received_at {
        if at > now {
            return Err(Refusal::field("changes.received_at", Flaw::InFuture));
        }
        if !alone && at > dossier.last_act_at {
            return Err(Refusal::field("changes.received_at", Flaw::NotEarlier));
        }
        dossier.received_at = at;
        dossier.counted_from = at;
        dossier.last_act_at = if alone { at } else { dossier.last_act_at };
    }
    dossier.channel = changes.channel.unwrap_or(dossier.channel);
    if dossier.procedure != office.procedure.code {
        // A case is its procedure's.
        dossier.case = None;
    }
    dossier.procedure.clone_from(&office.procedure.code);
    dossier.sector.clone_from(&office.procedure.sector);
    dossier.given_due_at = changes.due_at.or(dossier.given_due_at);
    let intake = Intake {
        unit: &dossier.unit,
        procedure: office.procedure,
        channel: dossier.channel,
        case: dossier.case.as_deref(),
        received_at: dossier.received_at,
        promised: dossier.given_due_at,
    };
    let promise = promise::promise(office.rules, intake)?;
    let reckoned = promise.reckoned;
    dossier.limit = promise.limit.limit;
    dossier.late_receipt = promise.limit.late_receipt;
    dossier.effective_receipt = reckoned.statutory.effective_receipt;
    dossier.statutory_due_at = reckoned.statutory.due_at;
    dossier.commitment_due_at = reckoned.committed.first().map(|of| of.due_at);
    dossier.first_due_at = reckoned.due.due_at;
    file.bounds = bounds(&reckoned.committed);
    set_due(file, &reckoned, office)?;
    reconcile(&mut file.findings, promise.findings, now, ClearedWhy::Corrected);
    Ok(())
}

/// It was closed at another instant: how punctual that was is judged anew.
fn correct_closing(file: &mut File, at: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), Refusal> {
    let dossier = &mut file.dossier;
    let after = [Some(dossier.counted_from), dossier.apologised_at, dossier.pauses.last().map(|of| of.to)];
    let until = Some(dossier.returned_at.map_or(now, |returned| returned.min(now)));
    let floor = after.into_iter().flatten().max();
    let at = moved("changes.closed_at", dossier.closed_at, at, floor, until)?;
    dossier.closed_at = Some(at);
    dossier.outcome = Some(outcome(dossier, at));
    if dossier.returned_at.is_none() {
        dossier.last_act_at = at;
    }
    if local_date(at) < local_date(dossier.due_at) {
        for finding in file.findings.iter_mut().filter(|of| of.code == FindingCode::ClosedWithoutResult) {
            finding.clear(now, ClearedWhy::Corrected);
        }
    }
    Ok(())
}

/// An instant that may be corrected to `at`: there must be one, and it stays between its neighbours.
fn moved(
    name: &'static str,
    was: Option<DateTime<Utc>>,
    at: DateTime<Utc>,
    from: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
) -> Result<DateTime<Utc>, Refusal> {
    if was.is_none() {
        return Err(Refusal::field(name, Flaw::NotCorrectable));
    }
    if from.is_some_and(|from| at < from) {
        return Err(Refusal::field(name, Flaw::NotLater));
    }
    if until.is_some_and(|until| at > until) {
        return Err(Refusal::field(name, Flaw::NotEarlier));
    }
    Ok(at)
}

/// Lets findings of the promise that hold no more go, and opens at `now` those that hold from now on.
pub(super) fn reconcile(
    written: &mut Vec<Finding>,
    fresh: Vec<Finding>,
    now: DateTime<Utc>,
    why: ClearedWhy,
) {
    let same = |a: &Finding, b: &Finding| a.code == b.code && a.commitment_id == b.commitment_id;
    // A new appointment on a day off is an act's finding, and stays with it.
    let of_receipt = |of: &Finding| of.code.is_of_promise() && of.act_at.is_none() && of.cleared_at.is_none();
    let stands =
        |fresh: &Finding, written: &[Finding]| written.iter().any(|of| of_receipt(of) && same(of, fresh));
    let new: Vec<Finding> = fresh.iter().filter(|of| !stands(of, written)).cloned().collect();
    for finding in written.iter_mut().filter(|of| of_receipt(of)) {
        if !fresh.iter().any(|of| same(of, finding)) {
            finding.clear(now, why);
        }
    }
    written.extend(new.into_iter().map(|of| Finding { first_seen_at: now, ..of }));
}

/// What a correction says happened long before it was recorded is no better than an act that does.
pub(super) fn said_to_have_happened(act: &Act) -> DateTime<Utc> {
    act.changes.as_ref().and_then(Changes::earliest).unwrap_or(act.at)
}
