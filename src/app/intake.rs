//! From a registration to a dossier: may it be, what does it promise, and how does it stand in the ledger.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::json;

use super::access::{Principal, Right};
use super::catalogue::Catalogue;
use super::error::{AppError, Fault, Invalid};
use super::writer::{ActRequest, Closing, Registration, What};
use crate::domain::calendar::Calendar;
use crate::domain::conduct::{self, Measures};
use crate::domain::decision::{File, bounds};
use crate::domain::dossier::{self, ClosedAs, Dossier, Status};
use crate::domain::due::{self, Reckoned};
use crate::domain::finding::{self, ClearedWhy, Finding};
use crate::domain::ledger::sha256_hex;
use crate::domain::letters::{in_lines, on_a_line};
use crate::domain::office_time::local_date;
use crate::domain::procedure::Procedure;
use crate::domain::promise::{self, Intake, Promise};
use crate::store::Moment;
use crate::store::applicants::ApplicantRow;

/// What a registration, an act or a new date is judged by.
#[derive(Clone, Copy)]
pub(super) struct Judging<'a> {
    /// The catalogue in force.
    pub(super) catalogue: &'a Catalogue,
    /// What the office has set.
    pub(super) measures: Measures,
    /// When it is written down.
    pub(super) now: DateTime<Utc>,
}

/// The longest text a client may send in one field, in characters.
const LONGEST: usize = 2_000;
/// The longest code.
const LONGEST_CODE: usize = 64;
/// Whether a letter may stand in a text.
type Keeps = fn(char) -> bool;

/// Whether the registration may be, and what it promises by which calendar.
fn judge(
    catalogue: &Catalogue,
    new: &Registration,
    by: Option<&Principal>,
    now: DateTime<Utc>,
) -> Result<(Promise, Arc<Calendar>), AppError> {
    catalogue.units.get(&new.unit).ok_or_else(|| AppError::invalid("unit", Fault::UnknownReference))?;
    if let Some(by) = by {
        by.must(Right::Handle)?;
        if !by.sees(&new.unit, &catalogue.units) {
            return Err(AppError::Forbidden);
        }
    }
    let received_at = new.received_at.unwrap_or(now);
    catalogue.open_unit(&new.unit, local_date(received_at))?;
    let procedure = catalogue
        .procedures
        .get(&new.procedure)
        .ok_or_else(|| AppError::invalid("procedure", Fault::UnknownReference))?;
    if received_at > now {
        return Err(AppError::invalid("received_at", Fault::InFuture));
    }
    if let Some(closing) = new.closed {
        if closing.at < received_at {
            return Err(AppError::invalid("closed_at", Fault::BeforeReceipt));
        }
        if closing.at > now {
            return Err(AppError::invalid("closed_at", Fault::InFuture));
        }
        match closing.returned_at {
            Some(_) if closing.closed_as != ClosedAs::Resolved => {
                return Err(AppError::invalid("returned_at", Fault::Conflicting));
            }
            Some(returned) if returned < closing.at => {
                return Err(AppError::invalid("returned_at", Fault::OutOfRange));
            }
            Some(returned) if returned > now => {
                return Err(AppError::invalid("returned_at", Fault::InFuture));
            }
            Some(_) | None => {}
        }
    }
    let calendar = catalogue.calendar(&new.unit)?;
    let case = new.case.as_deref();
    known_case(procedure, case)?;
    let channel = new.channel;
    let intake = Intake { unit: &new.unit, procedure, channel, case, received_at, promised: new.due_at };
    Ok((promise::promise(catalogue.rules(&calendar), intake)?, calendar))
}

/// Whether the procedure knows the case, if one is named.
///
/// # Errors
/// [`AppError::Invalid`] naming `case` and those that it knows.
pub(super) fn known_case(procedure: &Procedure, case: Option<&str>) -> Result<(), AppError> {
    let cases = procedure.cases();
    match case {
        Some(case) if !cases.contains(&case) => {
            Err(AppError::Invalid(vec![Invalid::not_allowed("case", &cases)]))
        }
        Some(_) | None => Ok(()),
    }
}

/// The findings on a dossier as its readers see them at `now`: the written ones and those of time, the oldest first.
pub(super) fn findings_at(file: &File, now: DateTime<Utc>) -> Vec<Finding> {
    let mut all = file.findings.clone();
    all.extend(finding::of_time(&file.dossier, &file.bounds, now));
    all.sort_by_key(|finding| (finding.first_seen_at, finding.code.word()));
    all
}

/// A registration judged at `now`, yet without key and code.
///
/// # Errors
/// [`AppError::Invalid`], [`AppError::Forbidden`] outside the asker's units.
pub(super) fn assemble(
    desk: Judging<'_>,
    new: &Registration,
    by: Option<&Principal>,
) -> Result<File, AppError> {
    let now = desk.now;
    let (promise, calendar) = judge(desk.catalogue, new, by, now)?;
    let dossier = receive(desk, new, by, (&promise, &calendar));
    let mut file = File { bounds: bounds(&promise.reckoned.committed), findings: promise.findings, dossier };
    // Of a unit's past that is brought along it is not asked when it was written down, nor of the system's own dossiers.
    if by.is_some() && new.closed.is_none() {
        let at = file.dossier.received_at;
        let found = conduct::backdated(at, now, file.dossier.due_at, &calendar, desk.measures);
        file.findings.extend(found);
    }
    if let Some(closing) = new.closed {
        end(&mut file, closing);
    }
    Ok(file)
}

fn receive(
    desk: Judging<'_>,
    new: &Registration,
    by: Option<&Principal>,
    (promise, calendar): (&Promise, &Calendar),
) -> Dossier {
    let sector = desk.catalogue.procedures.get(&new.procedure).map(|of| of.sector.clone());
    let received_at = new.received_at.unwrap_or(desk.now);
    let Reckoned { statutory, committed, due } = &promise.reckoned;
    let lead = desk.measures.apology_lead_working_days;
    Dossier {
        id: 0,
        code: new.code.clone().unwrap_or_default(),
        unit: new.unit.clone(),
        procedure: new.procedure.clone(),
        sector: sector.unwrap_or_default(),
        channel: new.channel,
        case: new.case.clone(),
        limit: promise.limit.limit,
        late_receipt: promise.limit.late_receipt,
        status: Status::Processing,
        received_at,
        effective_receipt: statutory.effective_receipt,
        statutory_due_at: statutory.due_at,
        commitment_due_at: committed.first().map(|of| of.due_at),
        first_due_at: due.due_at,
        due_at: due.due_at,
        lapses_at: due.lapses_at,
        appointed_at: due.due_at,
        provisional: promise.reckoned.is_provisional(calendar, received_at, *due),
        closed_at: None,
        closed_as: None,
        outcome: None,
        returned_at: None,
        officer: new.officer.clone().or_else(|| by.map(|by| by.name.clone())),
        reason: new.reason.clone(),
        supplements: 0,
        reappointments: 0,
        counted_from: received_at,
        given_due_at: new.due_at,
        pauses: Vec::new(),
        halted_at: None,
        halts: Vec::new(),
        apology_by: due::apology_by(calendar, *due, received_at, lead),
        apologised_at: None,
        last_act_at: received_at,
        version: 1,
    }
}

/// How a dossier of the past ended.
fn end(file: &mut File, closing: Closing) {
    let dossier = &mut file.dossier;
    dossier.status = match (closing.closed_as, closing.returned_at) {
        (ClosedAs::Resolved, None) => Status::Resolved,
        (ClosedAs::Resolved, Some(_)) => Status::Returned,
        (ClosedAs::Refused, _) => Status::Refused,
        (ClosedAs::Withdrawn, _) => Status::Withdrawn,
        (ClosedAs::Stopped, _) => Status::Stopped,
    };
    dossier.outcome = Some(dossier::outcome(dossier, closing.at));
    dossier.closed_at = Some(closing.at);
    dossier.closed_as = Some(closing.closed_as);
    dossier.returned_at = closing.returned_at;
    dossier.last_act_at = closing.returned_at.unwrap_or(closing.at);
    for finding in &mut file.findings {
        finding.clear(closing.at, ClearedWhy::Closed);
    }
}

/// What the ledger holds of a person and the note: a salted digest, worthless once the salt is erased with the data.
pub(super) fn digest(of: &ApplicantRow) -> String {
    let plain = json!([of.salt, of.name, of.phone, of.email, of.address, of.note]).to_string();
    sha256_hex(plain.as_bytes())
}

/// What can be said of a registration's texts without asking the database; every fault is named at once.
pub(super) fn check(new: &Registration) -> Result<(), AppError> {
    let mut faults = Vec::new();
    let mut gather = |result: Result<(), AppError>| {
        if let Err(AppError::Invalid(found)) = result {
            faults.extend(found);
        }
    };
    if let Some(code) = &new.code {
        let kept = |letter: char| on_a_line(letter) && !letter.is_whitespace() && letter != '/';
        gather(text("code", code, LONGEST_CODE, kept));
        if code.is_empty() {
            gather(Err(AppError::invalid("code", Fault::Empty)));
        }
    }
    gather(text("applicant.name", &new.applicant.name, LONGEST, on_a_line));
    if new.applicant.name.trim().is_empty() {
        gather(Err(AppError::invalid("applicant.name", Fault::Empty)));
    }
    let rest: [(&str, &Option<String>, Keeps); 6] = [
        ("applicant.phone", &new.applicant.phone, on_a_line),
        ("applicant.email", &new.applicant.email, on_a_line),
        ("applicant.address", &new.applicant.address, in_lines),
        ("officer", &new.officer, on_a_line),
        ("note", &new.note, in_lines),
        ("reason", &new.reason, in_lines),
    ];
    for (name, value, kept) in rest {
        if let Some(value) = value {
            gather(text(name, value, LONGEST, kept));
        }
    }
    gather(check_dates(new));
    if faults.is_empty() { Ok(()) } else { Err(AppError::Invalid(faults)) }
}

/// What can be said of a registration's dates without asking the database.
pub(super) fn check_dates(new: &Registration) -> Result<(), AppError> {
    let mut faults = Vec::new();
    if new.received_at.is_some_and(|at| at < EARLIEST) {
        faults.push(Invalid::new("received_at", Fault::TooEarly));
    }
    if new.due_at.is_some_and(|at| at >= LATEST) {
        faults.push(Invalid::new("due_at", Fault::OutOfRange));
    }
    if faults.is_empty() { Ok(()) } else { Err(AppError::Invalid(faults)) }
}

/// What can be said of an act's texts and dates without asking the database; every fault is named at once.
pub(super) fn check_act(of: &ActRequest) -> Result<(), AppError> {
    let mut faults = Vec::new();
    let person = of.changes.as_ref().map(|changes| &changes.person);
    let inner = |field: &Option<Option<String>>| field.clone().flatten();
    let officer = of.changes.as_ref().and_then(|changes| inner(&changes.dossier.officer));
    let texts: [(&str, Option<String>, Keeps); 8] = [
        ("reason", of.reason.clone(), in_lines),
        ("ground", of.ground.clone(), in_lines),
        ("changes.officer", officer, on_a_line),
        ("changes.applicant.name", person.and_then(|person| person.name.clone()), on_a_line),
        ("changes.applicant.phone", person.and_then(|person| inner(&person.phone)), on_a_line),
        ("changes.applicant.email", person.and_then(|person| inner(&person.email)), on_a_line),
        ("changes.applicant.address", person.and_then(|person| inner(&person.address)), in_lines),
        ("changes.note", person.and_then(|person| inner(&person.note)), in_lines),
    ];
    for (name, value, kept) in &texts {
        let value = value.as_deref();
        if let Some(Err(AppError::Invalid(found))) = value.map(|value| text(name, value, LONGEST, *kept)) {
            faults.extend(found);
        }
    }
    if person.and_then(|person| person.name.as_deref()).is_some_and(|name| name.trim().is_empty()) {
        faults.push(Invalid::new("changes.applicant.name", Fault::Empty));
    }
    if of.appointed_at.is_some_and(|at| at >= LATEST) {
        faults.push(Invalid::new("appointed_at", Fault::OutOfRange));
    }
    let received_at = of.changes.as_ref().and_then(|changes| changes.dossier.received_at);
    if received_at.is_some_and(|at| at < EARLIEST) {
        faults.push(Invalid::new("changes.received_at", Fault::TooEarly));
    }
    if faults.is_empty() { Ok(()) } else { Err(AppError::Invalid(faults)) }
}

/// Brings each instant to the microsecond that the database keeps, so that what is decided is what will be read back.
pub(super) fn settle(what: &mut What) {
    let settled = |at: &mut Option<DateTime<Utc>>| *at = at.map(|at| Moment::from(at).utc());
    match what {
        What::Register(new) => {
            settled(&mut new.received_at);
            settled(&mut new.due_at);
            if let Some(closing) = &mut new.closed {
                closing.at = Moment::from(closing.at).utc();
                settled(&mut closing.returned_at);
            }
        }
        What::Act(request) => {
            settled(&mut request.at);
            settled(&mut request.appointed_at);
            if let Some(changes) = &mut request.changes {
                settled(&mut changes.dossier.received_at);
                settled(&mut changes.dossier.due_at);
                settled(&mut changes.dossier.closed_at);
                settled(&mut changes.dossier.returned_at);
            }
        }
    }
}

/// No promise reaches the year 2101: such a date is a slip of the hand.
pub(super) const LATEST: DateTime<Utc> = match DateTime::from_timestamp(4_133_955_600, 0) {
    Some(at) => at,
    None => DateTime::UNIX_EPOCH,
};

/// Nothing was received before the year 2000 (midnight in the office's zone).
pub(super) const EARLIEST: DateTime<Utc> = match DateTime::from_timestamp(946_659_600, 0) {
    Some(at) => at,
    None => DateTime::UNIX_EPOCH,
};

fn text(name: &str, value: &str, longest: usize, kept: Keeps) -> Result<(), AppError> {
    let fault = if value.chars().count() > longest {
        Fault::TooLong
    } else if !value.chars().all(kept) {
        Fault::BadCharacters
    } else {
        return Ok(());
    };
    Err(AppError::Invalid(vec![Invalid::new(name, fault)]))
}
