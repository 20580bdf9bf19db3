//! A dossier's history: how an act is written into the ledger, and how the dossier is rebuilt from what was written.
//!
//! An entry holds what changed, before and after, and the findings and commitments as they stand where these changed; so the dossier's own tables
//! are a projection that [`replay`] makes again. The chain over the entries is [`super::ledger`]'s.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::decision::File;
use super::dossier::Dossier;
use super::finding::{Bound, Finding};

/// The act that every dossier's history begins with.
pub const RECEIVE: &str = "receive";
/// The act by which a new calendar moves a dossier's dates.
pub const REDATE: &str = "redate";
/// The act by which a person's data are erased.
pub const ERASE: &str = "erase";

/// The form in which entries are written down; those of older programs carry none, or a lower number, and cannot be replayed.
const FORM: u64 = 2;

/// Fields by name.
type Fields = Map<String, Value>;

/// What an entry says of a dossier: of a new one all, else what `after` has that `before` had not.
///
/// # Errors
/// When a value cannot be written as JSON, which no dossier's can.
pub fn written(before: Option<&File>, after: &File) -> Result<Map<String, Value>, serde_json::Error> {
    let mut entry = Map::new();
    entry.insert("form".to_owned(), json!(FORM));
    let now = match before {
        Some(before) => {
            let (was, now) = changed(&before.dossier, &after.dossier)?;
            entry.insert("before".to_owned(), Value::Object(was));
            now
        }
        None => fields(&after.dossier)?,
    };
    entry.insert("after".to_owned(), Value::Object(now));
    if before.map_or(&[][..], |of| &of.findings) != after.findings.as_slice() {
        entry.insert("findings".to_owned(), serde_json::to_value(&after.findings)?);
    }
    if before.map_or(&[][..], |of| &of.bounds) != after.bounds.as_slice() {
        entry.insert("commitments".to_owned(), serde_json::to_value(&after.bounds)?);
    }
    Ok(entry)
}

/// The fields in which the two differ, as they were and as they are. Only these are made into JSON: an act changes few, and this runs in every one.
fn changed(before: &Dossier, after: &Dossier) -> Result<(Fields, Fields), serde_json::Error> {
    let (mut was, mut now) = (Map::new(), Map::new());
    macro_rules! compared {
        ($($field:ident),+ $(,)?) => {
            // Taken apart by name, so that no field is forgotten.
            let Dossier { id: _, $($field),+ } = after;
            $(
                if *$field != before.$field {
                    was.insert(stringify!($field).to_owned(), serde_json::to_value(&before.$field)?);
                    now.insert(stringify!($field).to_owned(), serde_json::to_value($field)?);
                }
            )+
        };
    }
    compared!(
        code,
        unit,
        procedure,
        sector,
        channel,
        case,
        limit,
        late_receipt,
        status,
        received_at,
        effective_receipt,
        statutory_due_at,
        commitment_due_at,
        first_due_at,
        due_at,
        lapses_at,
        appointed_at,
        provisional,
        closed_at,
        closed_as,
        outcome,
        returned_at,
        officer,
        reason,
        supplements,
        reappointments,
        counted_from,
        given_due_at,
        pauses,
        halted_at,
        halts,
        apology_by,
        apologised_at,
        last_act_at,
        version,
    );
    Ok((was, now))
}

fn fields(of: &Dossier) -> Result<Map<String, Value>, serde_json::Error> {
    match serde_json::to_value(of)? {
        Value::Object(fields) => Ok(fields),
        other => Ok(Map::from_iter([("dossier".to_owned(), other)])),
    }
}

/// A dossier as its entries tell of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Replayed {
    /// The dossier with its commitments and written findings; its key is not the entries' to tell.
    pub file: File,
    /// The salted digest of the person's data, as last written down.
    pub applicant_digest: Option<String>,
    /// Whether the person's data were erased.
    pub erased: bool,
}

/// Why entries do not make a dossier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReplayError {
    /// They were written by an older program, which did not write down all.
    #[error("written in an older form")]
    OlderForm,
    /// They do not fit together.
    #[error("{0}")]
    Broken(String),
}

/// Rebuilds a dossier from its entries, as (act, payload) in order.
///
/// # Errors
/// [`ReplayError`].
pub fn replay<'a>(entries: impl IntoIterator<Item = (&'a str, &'a Value)>) -> Result<Replayed, ReplayError> {
    let mut known: Option<Map<String, Value>> = None;
    let (mut findings, mut bounds) = (Vec::<Finding>::new(), Vec::<Bound>::new());
    let (mut applicant_digest, mut erased) = (None, false);
    for (act, payload) in entries {
        if payload.get("form").and_then(Value::as_u64) != Some(FORM) {
            return Err(ReplayError::OlderForm);
        }
        let Some(Value::Object(after)) = payload.get("after") else {
            return Err(ReplayError::Broken(format!("«{act}» does not say what came of it")));
        };
        match (&mut known, act == RECEIVE) {
            (None, true) => known = Some(after.clone()),
            (Some(fields), false) => fields.extend(after.clone()),
            (None, false) => return Err(ReplayError::Broken(format!("«{act}» comes before the receipt"))),
            (Some(_), true) => return Err(ReplayError::Broken("it was received twice".to_owned())),
        }
        if let Some(stand) = payload.get("findings") {
            findings = read(stand)?;
        }
        if let Some(stand) = payload.get("commitments") {
            bounds = read(stand)?;
        }
        if let Some(digest) = payload.get("applicant_digest").and_then(Value::as_str) {
            applicant_digest = Some(digest.to_owned());
        }
        erased = erased || act == ERASE;
    }
    let known = known.ok_or_else(|| ReplayError::Broken("it was never received".to_owned()))?;
    let dossier: Dossier = read(&Value::Object(known))?;
    Ok(Replayed { file: File { dossier, bounds, findings }, applicant_digest, erased })
}

fn read<T: DeserializeOwned>(value: &Value) -> Result<T, ReplayError> {
    T::deserialize(value).map_err(|error| ReplayError::Broken(error.to_string()))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveTime;

    use super::*;
    use crate::domain::deadline::{LateEffect, LateReceipt, Limit};
    use crate::domain::dossier::{Channel, ClosedAs, Halt, Outcome, Pause, Status};
    use crate::domain::sample::{at, open};

    /// What differs, found the slow way: by comparing the JSON of the two.
    fn by_json(before: &Dossier, after: &Dossier) -> (Map<String, Value>, Map<String, Value>) {
        let (mut was, mut now) = (fields(before).unwrap(), fields(after).unwrap());
        now.retain(|name, value| was.get(name) != Some(value));
        was.retain(|name, _| now.contains_key(name));
        (was, now)
    }

    #[test]
    fn an_entry_holds_every_field_that_differs_and_no_other() {
        let before = Dossier { code: "A".to_owned(), ..open() };
        let same = changed(&before, &before).unwrap();
        assert_eq!(same, (Map::new(), Map::new()));
        // Each field of the JSON in turn is given another value that can stand there.
        let all = fields(&before).unwrap();
        let other = fields(&elsewhere()).unwrap();
        assert_eq!(all.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
        for (name, value) in &other {
            assert_ne!(all.get(name), Some(value), "{name} is the same in both");
            let mut mixed = all.clone();
            mixed.insert(name.clone(), value.clone());
            let after: Dossier = read(&Value::Object(mixed)).unwrap();
            let found = changed(&before, &after).unwrap();
            assert_eq!(found.1.keys().collect::<Vec<_>>(), [name]);
            assert_eq!(found, by_json(&before, &after));
        }
        assert_eq!(changed(&before, &elsewhere()).unwrap(), by_json(&before, &elsewhere()));
    }

    /// A dossier that has nothing in common with [`open`].
    fn elsewhere() -> Dossier {
        let late = at("2026-12-01T08:00:00");
        Dossier {
            id: 2,
            code: "B".into(),
            unit: "H19.16".into(),
            procedure: "2.000815".into(),
            sector: "Hộ tịch".into(),
            channel: Channel::Online,
            case: Some("x".into()),
            limit: Limit::SameDay,
            late_receipt: Some(LateReceipt {
                after: NaiveTime::from_hms_opt(15, 0, 0).unwrap(),
                effect: LateEffect::ResultNextWorkingDay,
            }),
            status: Status::Returned,
            received_at: late,
            effective_receipt: late,
            statutory_due_at: late,
            commitment_due_at: Some(late),
            first_due_at: late,
            due_at: late,
            lapses_at: late,
            appointed_at: late,
            provisional: true,
            closed_at: Some(late),
            closed_as: Some(ClosedAs::Resolved),
            outcome: Some(Outcome::Late),
            returned_at: Some(late),
            officer: Some("Lê Văn Tám".into()),
            reason: Some("Chờ xác minh".into()),
            supplements: 1,
            reappointments: 2,
            counted_from: late,
            given_due_at: Some(late),
            pauses: vec![Pause { from: late, to: late }],
            halted_at: Some(late),
            halts: vec![Halt { from: late, to: None }],
            apology_by: late,
            apologised_at: Some(late),
            last_act_at: late,
            version: 3,
        }
    }
}
