//! A dossier's history as it is told to people: who did what when, why, and which dates that moved. It is read from the ledger's entries, of which only
//! what a reader asks about is taken out.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::access::Principal;
use super::dossiers::visible;
use super::{App, AppError};
use crate::domain::act::ActKind;
use crate::domain::history::{RECEIVE, REDATE};
use crate::domain::ledger::Entry;
use crate::store::access::users_by_id;
use crate::store::ledger;

/// One act of a dossier's life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Place in the ledger.
    pub seq: i64,
    /// The act's word.
    pub act: String,
    /// When it is said to have happened.
    pub at: DateTime<Utc>,
    /// When it was written down.
    pub recorded_at: DateTime<Utc>,
    /// Who did it; `None` for the system itself.
    pub by: Option<String>,
    /// Why, or what was missing.
    pub reason: Option<String>,
    /// The legal ground of a pause.
    pub ground: Option<String>,
    /// What it made of the dossier.
    pub changes: Vec<Change>,
    /// Whether the person's data were put right; which, the ledger does not hold.
    pub person: bool,
    /// The dossier's version from then on.
    pub version: Option<i64>,
}

/// A field before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Which.
    pub field: &'static str,
    /// What stood.
    pub before: Option<Said>,
    /// What stands.
    pub after: Option<Said>,
}

/// What a field says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// An instant.
    At(DateTime<Utc>),
    /// A code, a word or a name.
    Word(String),
}

/// Told of every act: when the dossier is due, and what the citizen was told.
const DATES: [&str; 2] = ["due_at", "appointed_at"];
/// Told of what was put right or moved: what it was put right to.
const PUT_RIGHT: [&str; 6] = ["received_at", "closed_at", "returned_at", "procedure", "channel", "officer"];
/// Told of the receipt: what it promised, and who took it.
const RECEIVED: [&str; 2] = ["first_due_at", "officer"];

/// The history of a dossier, the oldest first.
///
/// # Errors
/// [`AppError::NotFound`] when there is none, or none the reader may see.
pub async fn history(app: &App, code: String, by: Principal) -> Result<Vec<Told>, AppError> {
    app.read(move |c, catalogue| {
        let dossier = visible(c, catalogue, &code, &by)?;
        let entries = ledger::ledger_entries(c, Some(dossier.id), 0, i64::MAX)?;
        let mut actors: Vec<i64> = entries.iter().filter_map(|(entry, _)| entry.actor_id).collect();
        actors.sort_unstable();
        actors.dedup();
        let names: BTreeMap<i64, String> =
            users_by_id(c, &actors)?.into_iter().map(|of| (of.id, of.name)).collect();
        Ok(entries.into_iter().map(|(entry, _)| told(entry, &names)).collect())
    })
    .await
}

fn told(entry: Entry, names: &BTreeMap<i64, String>) -> Told {
    let text = |name: &str| entry.payload.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
    let corrects = entry.act == ActKind::Correct.word() || entry.act == REDATE;
    let mut fields: Vec<&'static str> = Vec::new();
    match entry.act.as_str() {
        RECEIVE => fields.extend(RECEIVED),
        _ => fields.extend(DATES),
    }
    if corrects {
        fields.extend(PUT_RIGHT);
    }
    Told {
        seq: entry.seq,
        at: entry.at,
        recorded_at: entry.recorded_at,
        by: entry.actor_id.and_then(|id| names.get(&id).cloned()),
        reason: text("reason").filter(|text| !text.is_empty()),
        ground: text("ground"),
        changes: fields.into_iter().filter_map(|field| change(&entry.payload, field)).collect(),
        person: corrects && entry.payload.get("applicant_digest").is_some(),
        version: entry.payload.get("after").and_then(|after| after.get("version")).and_then(Value::as_i64),
        act: entry.act,
    }
}

/// How an entry changed a field, where it did.
fn change(payload: &Value, field: &'static str) -> Option<Change> {
    let said = |when: &str| payload.get(when).and_then(|fields| fields.get(field)).and_then(said);
    let (before, after) = (said("before"), said("after"));
    (before != after).then_some(Change { field, before, after })
}

fn said(value: &Value) -> Option<Said> {
    let text = value.as_str()?;
    Some(match DateTime::parse_from_rfc3339(text) {
        Ok(at) => Said::At(at.to_utc()),
        Err(_) => Said::Word(text.to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn of_an_entry_only_what_is_asked_about_is_told() {
        let payload = json!({
            "before": {"due_at": "2026-11-20T10:00:00Z", "version": 1, "status": "paused"},
            "after": {"due_at": "2026-11-23T10:00:00Z", "version": 2, "status": "processing"},
            "reason": null,
        });
        let at = DateTime::UNIX_EPOCH;
        let entry = Entry {
            seq: 7,
            dossier_id: Some(1),
            act: "resume".into(),
            at,
            recorded_at: at,
            actor_id: Some(3),
            payload,
            prev_hash: String::new(),
        };
        let told = told(entry, &BTreeMap::from([(3, "Lê Văn Bình".to_owned())]));
        assert_eq!((told.by.as_deref(), told.version, told.reason), (Some("Lê Văn Bình"), Some(2), None));
        let [of] = told.changes.as_slice() else { panic!("{:?}", told.changes) };
        assert_eq!(of.field, "due_at");
        assert!(matches!(of.after, Some(Said::At(at)) if at.timestamp() == 1_795_428_000), "{of:?}");
    }
}
