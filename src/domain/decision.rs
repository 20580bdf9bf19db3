//! The pure state machine: what an act, or a new calendar, makes of a dossier with its commitments and findings, or why it may not be.
//!
//! Which dates follow is [`super::due`]'s, which findings [`super::conduct`]'s, what may be corrected [`super::correction`]'s. Who may ask, and how
//! it is written down, is not known here.

use chrono::{DateTime, Utc};

use super::act::{Act, ActKind, Flaw, Refusal, allowed};
use super::commitment::CommittedDue;
use super::conduct::{self, Measures};
use super::correction;
use super::dossier::{ClosedAs, Dossier, NEVER, Pause, Status, outcome};
use super::due::{self, Binding, Reckoned, Terms};
use super::finding::{Bound, ClearedWhy, Finding};
use super::procedure::Procedure;
use super::promise::{self, Rules};

/// A dossier with what hangs on it: all that is decided about.
#[derive(Debug, Clone, PartialEq)]
pub struct File {
    /// The dossier.
    pub dossier: Dossier,
    /// The commitments that bind it.
    pub bounds: Vec<Bound>,
    /// The findings written down; those of time follow from the rest.
    pub findings: Vec<Finding>,
}

/// The rules by which is decided.
#[derive(Debug, Clone, Copy)]
pub struct Office<'a> {
    /// Calendar, units and commitments of the dossier's unit.
    pub rules: Rules<'a>,
    /// Its procedure; that of the correction, where it corrects the procedure.
    pub procedure: &'a Procedure,
    /// What the office has set.
    pub measures: Measures,
}

/// What `act` makes of the dossier, recorded at `now`.
///
/// # Errors
/// [`Refusal`] when the state, the order of events, or what the act was given does not allow it; the dossier stays as it is.
pub fn decide(file: &File, act: &Act, office: &Office<'_>, now: DateTime<Utc>) -> Result<File, Refusal> {
    let before = &file.dossier;
    let may = allowed(before.status);
    if !may.contains(&act.kind) {
        return Err(Refusal::NotAllowed { act: act.kind, status: before.status, allowed: may.to_vec() });
    }
    check(before, act, now)?;
    let mut after = file.clone();
    let dossier = &mut after.dossier;
    dossier.version += 1;
    if act.kind != ActKind::Correct {
        dossier.last_act_at = act.at;
    }
    match act.kind {
        ActKind::RequestSupplement => {
            dossier.status = Status::AwaitingSupplement;
            dossier.supplements += 1;
            halt(&mut after, act.at);
        }
        ActKind::Pause => {
            dossier.status = Status::Paused;
            halt(&mut after, act.at);
        }
        ActKind::Supplement => restart(&mut after, act.at, office)?,
        ActKind::Resume => run_on(&mut after, act.at, office)?,
        ActKind::Apologise => apologise(dossier, act)?,
        ActKind::Resolve => close(&mut after, act.at, ClosedAs::Resolved, office)?,
        ActKind::Refuse => close(&mut after, act.at, ClosedAs::Refused, office)?,
        ActKind::Withdraw => close(&mut after, act.at, ClosedAs::Withdrawn, office)?,
        ActKind::Stop => close(&mut after, act.at, ClosedAs::Stopped, office)?,
        ActKind::Return => {
            dossier.status = Status::Returned;
            dossier.returned_at = Some(act.at);
        }
        ActKind::Correct => correction::correct(&mut after, act, office, now)?,
    }
    find(before, &mut after, act, office, now);
    Ok(after)
}

/// What can be said of an act without knowing what it does.
fn check(before: &Dossier, act: &Act, now: DateTime<Utc>) -> Result<(), Refusal> {
    if act.at > now {
        return Err(Refusal::field("at", Flaw::InFuture));
    }
    if act.at < before.last_act_at {
        return Err(Refusal::BeforeLastAct { last: before.last_act_at });
    }
    let spoken = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
    if act.kind.needs_reason() && !spoken(&act.reason) {
        return Err(Refusal::field("reason", Flaw::Required));
    }
    let fields = [
        ("ground", spoken(&act.ground), act.ground.is_some(), ActKind::Pause),
        ("appointed_at", act.appointed_at.is_some(), act.appointed_at.is_some(), ActKind::Apologise),
        ("changes", act.changes.is_some(), act.changes.is_some(), ActKind::Correct),
    ];
    for (name, said, given, kind) in fields {
        match (act.kind == kind, said, given) {
            (true, false, _) => return Err(Refusal::field(name, Flaw::Required)),
            (false, _, true) => return Err(Refusal::field(name, Flaw::Foreign)),
            (true, true, _) | (false, _, false) => {}
        }
    }
    Ok(())
}

/// Its time stands still from `at` on, and so does that of each commitment that it has not missed yet. What has lapsed stays lapsed.
fn halt(file: &mut File, at: DateTime<Utc>) {
    file.dossier.halted_at = Some(at);
    file.stand_still(at);
    file.dossier.note_halt();
}

/// Its time runs on from `at`.
fn end_halt(dossier: &mut Dossier, at: DateTime<Utc>) {
    if let Some(lasting) = dossier.halts.last_mut().filter(|halt| halt.to.is_none()) {
        lasting.to = Some(at);
    }
}

/// The complete dossier has come: the limit, and with it what the unit has committed itself to, begins anew (NĐ 61/2018/NĐ-CP Đ.19(4)). What was
/// missed before stays missed.
fn restart(file: &mut File, at: DateTime<Utc>, office: &Office<'_>) -> Result<(), Refusal> {
    if !file.dossier.stands_still() {
        // It was late when it was sent back, and stays so.
        return run_on(file, at, office);
    }
    let dossier = &mut file.dossier;
    dossier.status = Status::Processing;
    dossier.halted_at = None;
    end_halt(dossier, at);
    dossier.counted_from = at;
    dossier.given_due_at = None;
    dossier.pauses.clear();
    dossier.apologised_at = None;
    let reckoned = due::reckon(office.rules, terms(&file.dossier, office.procedure, Binding::InForce))?;
    file.bounds.retain(|bound| bound.lapses_at != NEVER);
    let missed: Vec<i64> = file.bounds.iter().map(|bound| bound.commitment_id).collect();
    let fresh = reckoned.committed.iter().filter(|of| !missed.contains(&of.commitment_id));
    file.bounds.extend(fresh.map(bound));
    file.bounds.sort_by_key(|bound| bound.commitment_id);
    file.note_earliest();
    set_due(file, &reckoned, office)
}

/// Its time runs on: what is left of the limit goes on from `at`.
fn run_on(file: &mut File, at: DateTime<Utc>, office: &Office<'_>) -> Result<(), Refusal> {
    file.dossier.status = Status::Processing;
    if let Some(from) = file.dossier.halted_at.take() {
        file.dossier.pauses.push(Pause { from, to: at });
        end_halt(&mut file.dossier, at);
    }
    reckon_anew(file, office).map(|_| ())
}

/// Reckons what stands still: the due date, unless it is late, and each commitment that is not missed.
fn reckon_anew(file: &mut File, office: &Office<'_>) -> Result<Reckoned, Refusal> {
    let bound_by: Vec<i64> = file.bounds.iter().map(|bound| bound.commitment_id).collect();
    let terms = terms(&file.dossier, office.procedure, Binding::These(&bound_by));
    let reckoned = due::reckon(office.rules, terms)?;
    for bound in file.bounds.iter_mut().filter(|bound| bound.lapses_at == NEVER) {
        let of = reckoned.committed.iter().find(|of| of.commitment_id == bound.commitment_id);
        (bound.due_at, bound.lapses_at) = match of {
            Some(of) => {
                let judged = of.commitment().after(&file.dossier.pauses, office.rules.calendar)?;
                (judged.due_at, judged.lapses_at)
            }
            // A calendar under which it demands nothing of the receipt lets it rest; the next one may wake it.
            None => (NEVER, NEVER),
        };
    }
    if file.dossier.stands_still() {
        set_due(file, &reckoned, office)?;
    }
    Ok(reckoned)
}

/// Sets the due date as reckoned, after the pauses, and what is told of it.
pub(super) fn set_due(file: &mut File, reckoned: &Reckoned, office: &Office<'_>) -> Result<(), Refusal> {
    let dossier = &mut file.dossier;
    let calendar = office.rules.calendar;
    let due = reckoned.due.after(&dossier.pauses, calendar)?;
    // Who was told the due date is told the new one; what an apology slip says stays said, see `Dossier::appointment`.
    if dossier.reappointments == 0 {
        dossier.appointed_at = due.due_at;
    }
    dossier.due_at = due.due_at;
    dossier.lapses_at = due.lapses_at;
    let lead = office.measures.apology_lead_working_days;
    dossier.apology_by = due::apology_by(calendar, due, dossier.counted_from, lead);
    dossier.provisional = reckoned.is_provisional(calendar, dossier.received_at, due);
    Ok(())
}

fn apologise(dossier: &mut Dossier, act: &Act) -> Result<(), Refusal> {
    let appointed = act.appointed_at.ok_or(Refusal::field("appointed_at", Flaw::Required))?;
    if appointed <= dossier.appointment() || appointed <= act.at {
        return Err(Refusal::field("appointed_at", Flaw::NotLater));
    }
    dossier.appointed_at = appointed;
    dossier.reappointments += 1;
    dossier.apologised_at = dossier.apologised_at.or(Some(act.at));
    Ok(())
}

/// It ends at `at`. What it waited until then is not counted, be it for a supplement that never came.
fn close(
    file: &mut File,
    at: DateTime<Utc>,
    closed_as: ClosedAs,
    office: &Office<'_>,
) -> Result<(), Refusal> {
    if file.dossier.halted_at.is_some() {
        run_on(file, at, office)?;
    }
    let dossier = &mut file.dossier;
    dossier.status = match closed_as {
        ClosedAs::Resolved => Status::Resolved,
        ClosedAs::Refused => Status::Refused,
        ClosedAs::Withdrawn => Status::Withdrawn,
        ClosedAs::Stopped => Status::Stopped,
    };
    dossier.outcome = Some(outcome(dossier, at));
    dossier.closed_at = Some(at);
    dossier.closed_as = Some(closed_as);
    for finding in &mut file.findings {
        finding.clear(at, ClearedWhy::Closed);
    }
    Ok(())
}

/// Writes down what the act brings about, once each.
fn find(before: &Dossier, after: &mut File, act: &Act, office: &Office<'_>, now: DateTime<Utc>) {
    let calendar = office.rules.calendar;
    let mut found = conduct::of_act(before, &after.dossier, act, calendar, now);
    if act.by_person {
        let at = correction::said_to_have_happened(act);
        found.extend(conduct::backdated(at, now, before.due_at, calendar, office.measures));
    }
    for finding in found {
        let stands = |of: &Finding| of.code == finding.code && of.first_seen_at == finding.first_seen_at;
        if !after.findings.iter().any(stands) {
            after.findings.push(finding);
        }
    }
}

/// What a new calendar, in force from `now` on, makes of an open dossier; `None` when it changes nothing. The dates become those that would stand
/// had the calendar always been so: what had lapsed by the old one, or when the dossier was halted, may not have lapsed by the new one, and the
/// other way round. So the order in which calendars come does not matter, and the old one restores the old dates. Closed dossiers are never
/// re-dated.
///
/// # Errors
/// [`Refusal`] when the calendar does not reach so far.
pub fn redate(file: &File, office: &Office<'_>, now: DateTime<Utc>) -> Result<Option<File>, Refusal> {
    if file.dossier.closed_at.is_some() {
        return Ok(None);
    }
    let mut after = file.clone();
    after.dossier.lapses_at = NEVER;
    // What was missed before the limit began anew has nothing to do with the days since.
    let since = after.dossier.counted_from;
    for bound in after.bounds.iter_mut().filter(|bound| bound.lapses_at > since) {
        bound.lapses_at = NEVER;
    }
    let reckoned = reckon_anew(&mut after, office)?;
    if let Some(at) = after.dossier.halted_at {
        after.stand_still(at);
        after.dossier.note_halt();
    }
    let dossier = &mut after.dossier;
    if dossier.counted_from == dossier.received_at {
        dossier.effective_receipt = reckoned.statutory.effective_receipt;
        dossier.statutory_due_at = reckoned.statutory.due_at;
        dossier.commitment_due_at = reckoned.committed.first().map(|of| of.due_at);
        let source = promise::source_of(office.procedure, dossier);
        let fresh = promise::judge(office.rules.calendar, &reckoned, dossier.limit, source);
        correction::reconcile(&mut after.findings, fresh, now, ClearedWhy::Redated);
    } else {
        after.note_earliest();
    }
    if after == *file {
        return Ok(None);
    }
    after.dossier.version += 1;
    Ok(Some(after))
}

impl File {
    /// Of a dossier whose limit began anew, the earliest commitment is one of those that bind it since: dossiers whose commitment presses are found by it.
    fn note_earliest(&mut self) {
        let earliest = self.bounds.iter().map(|of| of.due_at).filter(|due_at| *due_at != NEVER).min();
        self.dossier.commitment_due_at = earliest.or(self.dossier.commitment_due_at);
    }

    /// What has not lapsed at `at` lapses no more while the dossier is halted.
    fn stand_still(&mut self, at: DateTime<Utc>) {
        let bounds = self.bounds.iter_mut().map(|of| &mut of.lapses_at);
        for lapses_at in bounds.chain([&mut self.dossier.lapses_at]).filter(|lapses_at| at < **lapses_at) {
            *lapses_at = NEVER;
        }
    }
}

/// What a dossier's dates are reckoned from.
pub(super) fn terms<'a>(dossier: &'a Dossier, procedure: &'a Procedure, binding: Binding<'a>) -> Terms<'a> {
    Terms {
        unit: &dossier.unit,
        procedure,
        limit: dossier.limit,
        late_receipt: dossier.late_receipt,
        counted_from: dossier.counted_from,
        given: dossier.given_due_at,
        binding,
    }
}

/// What binds from the receipt on, in the order of the commitments' keys.
pub fn bounds(committed: &[CommittedDue]) -> Vec<Bound> {
    let mut all: Vec<Bound> = committed.iter().map(bound).collect();
    all.sort_by_key(|of| of.commitment_id);
    all
}

fn bound(of: &CommittedDue) -> Bound {
    Bound {
        commitment_id: of.commitment_id,
        pledge: of.effect.pledge(),
        due_at: of.due_at,
        lapses_at: of.lapses_at,
    }
}

#[cfg(test)]
#[path = "decision_tests.rs"]
mod tests;
