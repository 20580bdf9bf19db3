//! Acting on a dossier: who may, by which rules it is decided, and what of it is written down. The batch they stand in is [`super::batch`]'s.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::access::{Principal, Right};
use super::catalogue::Catalogue;
use super::error::{AppError, Fault};
use super::intake::Judging;
use super::writer::{ActRequest, PersonChanges, Registration};
use crate::domain::act::Act;
use crate::domain::decision::{self, File, Office};
use crate::domain::dossier::Dossier;
use crate::domain::fold::fold;
use crate::domain::history;
use crate::domain::procedure::Procedure;
use crate::store::applicants::ApplicantRow;

/// Whether the asker may do this to the dossier; a leader answers for some corrections.
pub(super) fn may(
    by: Option<&Principal>,
    request: &ActRequest,
    dossier: &Dossier,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let Some(by) = by else { return Ok(()) };
    by.must(Right::Handle)?;
    match &request.changes {
        Some(changes) if changes.dossier.need_leader(dossier, now) => by.must(Right::CorrectClosed),
        Some(_) | None => Ok(()),
    }
}

/// What the act makes of the file.
pub(super) fn decided(judging: Judging<'_>, file: &File, act: &Act) -> Result<File, AppError> {
    let catalogue = judging.catalogue;
    let asked = act.changes.as_ref().and_then(|changes| changes.procedure.as_ref());
    let procedure = match asked {
        Some(code) => catalogue
            .procedures
            .get(code)
            .ok_or_else(|| AppError::invalid("changes.procedure", Fault::UnknownReference))?,
        None => known_procedure(catalogue, &file.dossier)?,
    };
    let calendar = catalogue.calendar(&file.dossier.unit)?;
    let office = Office { rules: catalogue.rules(&calendar), procedure, measures: judging.measures };
    Ok(decision::decide(file, act, &office, judging.now)?)
}

/// The procedure of a dossier that stands, which the catalogue never loses.
pub(super) fn known_procedure<'a>(catalogue: &'a Catalogue, of: &Dossier) -> Result<&'a Procedure, AppError> {
    let unknown = || AppError::Internal(format!("procedure {} is not in the catalogue", of.procedure));
    catalogue.procedures.get(&of.procedure).ok_or_else(unknown)
}

/// What the ledger writes down of a file.
pub(super) fn written(before: Option<&File>, after: &File) -> Result<Map<String, Value>, AppError> {
    history::written(before, after).map_err(|error| AppError::Internal(error.to_string()))
}

/// The person of a new dossier, with the salt of the ledger's digest.
pub(super) fn person(dossier_id: i64, new: &Registration, salt: String) -> ApplicantRow {
    ApplicantRow {
        dossier_id,
        name: new.applicant.name.clone(),
        phone: new.applicant.phone.clone(),
        email: new.applicant.email.clone(),
        address: new.applicant.address.clone(),
        salt,
        search: fold(&new.applicant.name),
        note: new.note.clone(),
    }
}

/// Puts the person's data right.
pub(super) fn put_right(person: &mut ApplicantRow, changes: &PersonChanges) {
    let PersonChanges { name, phone, email, address, note } = changes.clone();
    person.name = name.unwrap_or_else(|| person.name.clone());
    person.search = fold(&person.name);
    person.phone = phone.unwrap_or_else(|| person.phone.take());
    person.email = email.unwrap_or_else(|| person.email.take());
    person.address = address.unwrap_or_else(|| person.address.take());
    person.note = note.unwrap_or_else(|| person.note.take());
}
