//! Acting on a dossier: who may, by which rules it is decided, and what of it is written down. The batch they stand in is [`super::batch`]'s.

use chrono::{DateTime, TimeDelta, Utc};
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

/// The clocks of processes over one database may differ by so much.
const CLOCKS_APART: TimeDelta = TimeDelta::seconds(5);

/// When something is done to a dossier that is done now: where another process, whose clock is a little ahead, has just done something to it, at that
/// very instant, for it is done after it.
pub(super) fn moment(now: DateTime<Utc>, dossier: &Dossier) -> DateTime<Utc> {
    if dossier.last_act_at <= now + CLOCKS_APART { now.max(dossier.last_act_at) } else { now }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::sample::{at, open};

    #[test]
    fn a_clock_that_is_a_little_behind_is_no_act_out_of_order() {
        let of = |last_act_at: &str| Dossier { last_act_at: at(last_act_at), ..open() };
        let now = at("2026-11-18T09:00:00");
        assert_eq!(moment(now, &of("2026-11-18T08:59:59")), now);
        assert_eq!(moment(now, &of("2026-11-18T09:00:05")), at("2026-11-18T09:00:05"));
        assert_eq!(moment(now, &of("2026-11-18T09:00:06")), now, "that is no difference of clocks");
    }
}
