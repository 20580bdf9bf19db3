//! From a registration to a dossier: may it be, what does it promise, and how does it stand in the ledger.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::access::{Principal, Right};
use super::catalogue::Catalogue;
use super::error::{AppError, Fault, Invalid};
use super::writer::Registration;
use crate::domain::commitment::CommittedDue;
use crate::domain::dossier::{self, ClosedAs, Dossier, Status};
use crate::domain::finding::{self, Bound, Finding, FindingCode};
use crate::domain::ledger::sha256_hex;
use crate::domain::letters::{in_lines, on_a_line};
use crate::domain::promise::{self, Intake, Promise};
use crate::store::dossiers::{ApplicantRow, DossierCommitmentRow};

/// The longest text a client may send in one field, in characters.
const LONGEST: usize = 2_000;
/// The longest code.
const LONGEST_CODE: usize = 64;
/// Whether a letter may stand in a text.
type Keeps = fn(char) -> bool;

/// A registration judged but not stored, for `dry_run`.
///
/// # Errors
/// Those of registering.
pub(super) fn rehearse(
    catalogue: &Catalogue,
    registration: &Registration,
    by: Option<&Principal>,
    now: DateTime<Utc>,
) -> Result<(Dossier, Promise), AppError> {
    let promise = judge(catalogue, registration, by, now)?;
    Ok((assemble(catalogue, registration, by, &promise, now), promise))
}

/// Whether the registration may be, and what it promises.
pub(super) fn judge(
    catalogue: &Catalogue,
    new: &Registration,
    by: Option<&Principal>,
    now: DateTime<Utc>,
) -> Result<Promise, AppError> {
    catalogue.units.get(&new.unit).ok_or_else(|| AppError::invalid("unit", Fault::UnknownReference))?;
    if let Some(by) = by {
        by.must(Right::Handle)?;
        if !by.sees(&new.unit, &catalogue.units) {
            return Err(AppError::Forbidden);
        }
    }
    let procedure = catalogue
        .procedures
        .get(&new.procedure)
        .ok_or_else(|| AppError::invalid("procedure", Fault::UnknownReference))?;
    let received_at = new.received_at.unwrap_or(now);
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
    let intake =
        Intake { unit: &new.unit, procedure, channel: new.channel, received_at, promised: new.due_at };
    Ok(promise::promise(catalogue.rules(&calendar), intake)?)
}

/// The findings on a dossier as its readers see them at `now`: the written ones, cleared by its closing, and those of time, the oldest first.
pub(super) fn findings_at(
    dossier: &Dossier,
    written: &[Finding],
    committed: &[DossierCommitmentRow],
    now: DateTime<Utc>,
) -> Vec<Finding> {
    let bounds: Vec<Bound> = committed
        .iter()
        .map(|row| Bound {
            commitment_id: row.commitment_id,
            missed: match row.effect.as_str() {
                "same_day" => FindingCode::SameDayMissed,
                "no_week_rollover" => FindingCode::WeekRolloverMissed,
                _ => FindingCode::CommitmentMissed,
            },
            due_at: row.due_at.utc(),
            lapses_at: row.lapses_at.utc(),
        })
        .collect();
    let mut all = written.to_vec();
    all.extend(finding::of_time(dossier, &bounds, now));
    all.sort_by_key(|finding| (finding.first_seen_at, finding.code.word()));
    all
}

/// The rows that keep which commitments bind a dossier.
pub(super) fn commitment_rows(dossier_id: i64, committed: &[CommittedDue]) -> Vec<DossierCommitmentRow> {
    committed
        .iter()
        .map(|of| DossierCommitmentRow {
            dossier_id,
            commitment_id: of.commitment_id,
            effect: of.effect.word().to_owned(),
            due_at: of.due_at.into(),
            lapses_at: of.lapses_at.into(),
        })
        .collect()
}

/// The dossier as it will stand, yet without key and code.
pub(super) fn assemble(
    catalogue: &Catalogue,
    new: &Registration,
    by: Option<&Principal>,
    promise: &Promise,
    now: DateTime<Utc>,
) -> Dossier {
    let sector = catalogue.procedures.get(&new.procedure).map(|of| of.sector.clone()).unwrap_or_default();
    let mut dossier = Dossier {
        id: 0,
        code: new.code.clone().unwrap_or_default(),
        unit: new.unit.clone(),
        procedure: new.procedure.clone(),
        sector,
        channel: new.channel,
        limit: promise.limit.limit,
        status: Status::Processing,
        received_at: new.received_at.unwrap_or(now),
        effective_receipt: promise.statutory.effective_receipt,
        statutory_due_at: promise.statutory.due_at,
        commitment_due_at: promise.committed.first().map(|of| of.due_at),
        first_due_at: promise.first_due_at,
        due_at: promise.first_due_at,
        lapses_at: promise.lapses_at,
        appointed_at: promise.first_due_at,
        provisional: promise.statutory.provisional,
        closed_at: None,
        closed_as: None,
        outcome: None,
        returned_at: None,
        officer: new.officer.clone().or_else(|| by.map(|by| by.name.clone())),
        note: new.note.clone(),
        reason: new.reason.clone(),
        supplements: 0,
        reappointments: 0,
        version: 1,
    };
    if let Some(closing) = new.closed {
        dossier.status = match (closing.closed_as, closing.returned_at) {
            (dossier::ClosedAs::Resolved, None) => Status::Resolved,
            (dossier::ClosedAs::Resolved, Some(_)) => Status::Returned,
            (dossier::ClosedAs::Refused, _) => Status::Refused,
            (dossier::ClosedAs::Withdrawn, _) => Status::Withdrawn,
            (dossier::ClosedAs::Stopped, _) => Status::Stopped,
        };
        dossier.outcome = Some(dossier::outcome(&dossier, closing.at));
        dossier.closed_at = Some(closing.at);
        dossier.closed_as = Some(closing.closed_as);
        dossier.returned_at = closing.returned_at;
    }
    dossier
}

/// What the ledger holds of a person: a salted digest, worthless once the salt is erased with the data.
pub(super) fn digest(of: &ApplicantRow) -> String {
    let plain = json!([of.salt, of.name, of.phone, of.email, of.address]).to_string();
    sha256_hex(plain.as_bytes())
}

/// The whole dossier as the ledger writes it down at receipt.
pub(super) fn snapshot(of: &Dossier, salt: &str) -> Value {
    let mut all = changing(of);
    let fixed = json!({
        "code": of.code, "unit": of.unit, "procedure": of.procedure, "sector": of.sector, "channel": of.channel,
        "limit_unit": of.limit.unit().word(), "limit_value": of.limit.value(), "received_at": of.received_at,
        "effective_receipt": of.effective_receipt, "statutory_due_at": of.statutory_due_at,
        "commitment_due_at": of.commitment_due_at, "first_due_at": of.first_due_at, "note_digest":
            of.note.as_ref().map(|note| sha256_hex(format!("{salt}{note}").as_bytes())),
    });
    if let (Value::Object(all), Value::Object(fixed)) = (&mut all, fixed) {
        all.extend(fixed);
    }
    all
}

/// The part of a dossier that acts can change.
pub(super) fn changing(of: &Dossier) -> Value {
    json!({
        "status": of.status, "due_at": of.due_at, "lapses_at": of.lapses_at, "appointed_at": of.appointed_at,
        "provisional": of.provisional, "closed_at": of.closed_at, "closed_as": of.closed_as, "outcome": of.outcome,
        "returned_at": of.returned_at, "officer": of.officer, "supplements": of.supplements,
        "reappointments": of.reappointments, "version": of.version,
    })
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
    if new.received_at.is_some_and(|at| at < EARLIEST) {
        gather(Err(AppError::invalid("received_at", Fault::TooEarly)));
    }
    if new.due_at.is_some_and(|at| at >= LATEST) {
        gather(Err(AppError::invalid("due_at", Fault::OutOfRange)));
    }
    if faults.is_empty() { Ok(()) } else { Err(AppError::Invalid(faults)) }
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

/// Whether a text can be kept.
///
/// # Errors
/// [`AppError::Invalid`] naming the field when it is too long or holds characters that cannot be kept.
pub(super) fn check_text(name: &str, value: &str) -> Result<(), AppError> {
    text(name, value, LONGEST, in_lines)
}

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
