//! Re-dating open dossiers when a calendar is published: which dates move, and the act by which each one's history tells it.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::acting::{known_procedure, written};
use super::catalogue::Catalogue;
use super::error::AppError;
use super::intake::findings_at;
use crate::domain::conduct::Measures;
use crate::domain::decision::{self, File, Office};
use crate::domain::finding::FindingCode;
use crate::domain::history::REDATE;
use crate::store::ledger::{self, NewEntry};
use crate::store::{AnyConnection, dossiers as store, files};

/// Dossiers looked at in one read, and written together.
const PAGE: i64 = 1_000;

/// A calendar about to be in force.
pub(super) struct Change<'a> {
    /// The catalogue with it.
    pub(super) after: &'a Catalogue,
    /// What the office has set.
    pub(super) measures: Measures,
    /// When it is published.
    pub(super) now: DateTime<Utc>,
}

/// An open dossier whose due date moves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redated {
    /// Its code.
    pub code: String,
    /// When it was due.
    pub from: DateTime<Utc>,
    /// When it is due.
    pub to: DateTime<Utc>,
}

/// What a calendar does to open dossiers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Redating {
    /// Those whose due date moves, in the order of their keys.
    pub redated: Vec<Redated>,
    /// Those of which only other dates move (a commitment's, the law's).
    pub touched: usize,
    /// Findings that stand afterwards and did not before.
    pub opened: Vec<Named>,
    /// Findings that stood before and do not afterwards.
    pub cleared: Vec<Named>,
}

/// A finding, by its dossier's code and its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The dossier.
    pub dossier: String,
    /// The rule.
    pub code: FindingCode,
}

/// Re-dates the open dossiers of these units (of all, if none are named). Written, with an act in each one's history, only when the calendar has
/// got its `version`; without, it is only told what would be.
pub(super) fn redate(
    c: &mut AnyConnection,
    units: Option<&[String]>,
    change: &Change<'_>,
    version: Option<i64>,
) -> Result<Redating, AppError> {
    let mut told = Redating::default();
    let mut place = 0;
    loop {
        let page = store::dossiers_open_after(c, units, place, PAGE)?;
        let Some(last) = page.last() else { return Ok(told) };
        place = last.id;
        let mut moved = Vec::new();
        for before in files::files_of(c, page)? {
            if let Some(after) = redated(&before, change)? {
                told.count(&before, &after, change.now);
                moved.push((before, after));
            }
        }
        if let Some(version) = version {
            write(c, &moved, change.now, version)?;
        }
    }
}

fn redated(before: &File, change: &Change<'_>) -> Result<Option<File>, AppError> {
    let calendar = change.after.calendar(&before.dossier.unit)?;
    let procedure = known_procedure(change.after, &before.dossier)?;
    let office = Office { rules: change.after.rules(&calendar), procedure, measures: change.measures };
    Ok(decision::redate(before, &office, change.now)?)
}

fn write(
    c: &mut AnyConnection,
    moved: &[(File, File)],
    now: DateTime<Utc>,
    version: i64,
) -> Result<(), AppError> {
    let mut entries = Vec::with_capacity(moved.len());
    for (before, after) in moved {
        let mut payload = written(Some(before), after)?;
        payload.insert("calendar_version".to_owned(), json!(version));
        entries.push(NewEntry {
            dossier_id: Some(after.dossier.id),
            act: REDATE,
            at: now.into(),
            actor_id: None,
            payload: Value::Object(payload),
        });
    }
    files::files_update(c, &moved.iter().map(|(before, after)| (before, after)).collect::<Vec<_>>())?;
    Ok(ledger::ledger_append(c, now.into(), entries)?)
}

impl Redating {
    fn count(&mut self, before: &File, after: &File, now: DateTime<Utc>) {
        if before.dossier.due_at == after.dossier.due_at {
            self.touched += 1;
        } else {
            self.redated.push(Redated {
                code: after.dossier.code.clone(),
                from: before.dossier.due_at,
                to: after.dossier.due_at,
            });
        }
        let standing = |file: &File| {
            let found = findings_at(file, now);
            let open = found.into_iter().filter(|of| of.cleared_at.is_none());
            open.map(|of| (of.code, of.commitment_id)).collect::<Vec<_>>()
        };
        let (stood, stand) = (standing(before), standing(after));
        let named = |(code, _): &(FindingCode, Option<i64>)| Named { dossier: after.dossier.code.clone(), code: *code };
        self.opened.extend(stand.iter().filter(|of| !stood.contains(of)).map(named));
        self.cleared.extend(stood.iter().filter(|of| !stand.contains(of)).map(named));
    }
}
