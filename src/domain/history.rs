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

/// What an entry says of a dossier: of a new one all, else what `after` has that `before` had not.
///
/// # Errors
/// When a value cannot be written as JSON, which no dossier's can.
pub fn written(before: Option<&File>, after: &File) -> Result<Map<String, Value>, serde_json::Error> {
    let mut entry = Map::new();
    entry.insert("form".to_owned(), json!(FORM));
    let mut now = fields(&after.dossier)?;
    if let Some(before) = before {
        let mut was = fields(&before.dossier)?;
        now.retain(|name, value| was.get(name) != Some(value));
        was.retain(|name, _| now.contains_key(name));
        entry.insert("before".to_owned(), Value::Object(was));
    }
    entry.insert("after".to_owned(), Value::Object(now));
    if before.map_or(&[][..], |of| &of.findings) != after.findings.as_slice() {
        entry.insert("findings".to_owned(), serde_json::to_value(&after.findings)?);
    }
    if before.map_or(&[][..], |of| &of.bounds) != after.bounds.as_slice() {
        entry.insert("commitments".to_owned(), serde_json::to_value(&after.bounds)?);
    }
    Ok(entry)
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
