//! Re-dating open dossiers when a calendar is published: which dates move, and the act by which each one's history tells it. How all of them are gone
//! through while the counters log on is [`super::redating_slices`]'s.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::acting::{known_procedure, written};
use super::counters;
use super::error::AppError;
use super::intake::{Judging, findings_at};
use crate::domain::decision::{self, File, Office};
use crate::domain::finding::FindingCode;
use crate::domain::history::REDATE;
use crate::store::ledger::{self, NewEntry};
use crate::store::{AnyConnection, dossiers as store, files};

/// Dossiers looked at in one read.
const PAGE: i64 = 1_000;

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

/// What the calendar judged by would do to the open dossiers of these units (of all, if none are named); nothing is written.
pub(super) fn foreseen(
    c: &mut AnyConnection,
    units: Option<&[String]>,
    by: Judging<'_>,
) -> Result<Redating, AppError> {
    let mut told = Redating::default();
    let mut place = 0;
    loop {
        let page = store::dossiers_open_after(c, units, place, PAGE)?;
        let Some(last) = page.last() else { return Ok(told) };
        place = last.id;
        for before in files::files_of(c, page)? {
            if let Some(after) = redated(&before, by)? {
                told.count(&before, &after, by.now);
            }
        }
    }
}

/// Re-dates the open dossiers of these units (of all, if none are named) with keys beyond `place`, so many at most, each with an act in its history;
/// answers what was done and the last key looked at, `None` when no more are left.
pub(super) fn slice(
    c: &mut AnyConnection,
    units: Option<&[String]>,
    by: Judging<'_>,
    (place, most): (i64, i64),
) -> Result<(Redating, Option<i64>), AppError> {
    let page = store::dossiers_open_after(c, units, place, most)?;
    let full = i64::try_from(page.len()).is_ok_and(|looked_at| looked_at == most);
    let last = page.last().map(|of| of.id).filter(|_| full);
    let mut told = Redating::default();
    let mut moved = Vec::new();
    for before in files::files_of(c, page)? {
        match redated(&before, by) {
            Ok(None) => {}
            Ok(Some(after)) => {
                told.count(&before, &after, by.now);
                moved.push((before, after));
            }
            // All were looked at before the calendar was published, so this one came since; it keeps its dates, and its neighbours get theirs.
            Err(why) => {
                tracing::error!(dossier = before.dossier.code, %why, "a dossier could not be re-dated")
            }
        }
    }
    write(c, &moved, by)?;
    Ok((told, last))
}

/// The dossier by the catalogue in force, and what its history says of it; `None` when nothing moves.
pub(super) fn brought_up(before: &File, by: Judging<'_>) -> Result<Option<(File, NewEntry)>, AppError> {
    let Some(after) = redated(before, by)? else { return Ok(None) };
    let entry = entry(before, &after, by)?;
    Ok(Some((after, entry)))
}

fn redated(before: &File, by: Judging<'_>) -> Result<Option<File>, AppError> {
    let calendar = by.catalogue.calendar(&before.dossier.unit)?;
    let procedure = known_procedure(by.catalogue, &before.dossier)?;
    let office = Office { rules: by.catalogue.rules(&calendar), procedure, measures: by.measures };
    Ok(decision::redate(before, &office, by.now)?)
}

fn write(c: &mut AnyConnection, moved: &[(File, File)], by: Judging<'_>) -> Result<(), AppError> {
    let entries: Vec<NewEntry> =
        moved.iter().map(|(before, after)| entry(before, after, by)).collect::<Result<_, _>>()?;
    files::files_update(c, &moved.iter().map(|(before, after)| (before, after)).collect::<Vec<_>>())?;
    let changes = moved.iter().map(|(before, after)| (Some(&before.dossier), Some(&after.dossier)));
    counters::count(c, by.catalogue, changes)?;
    Ok(ledger::ledger_append(c, by.now.into(), entries)?)
}

fn entry(before: &File, after: &File, by: Judging<'_>) -> Result<NewEntry, AppError> {
    let mut payload = written(Some(before), after)?;
    payload.insert("calendar_version".to_owned(), json!(by.catalogue.calendar_version));
    Ok(NewEntry {
        dossier_id: Some(after.dossier.id),
        act: REDATE,
        at: by.now.into(),
        actor_id: None,
        payload: Value::Object(payload),
    })
}

impl Redating {
    /// Takes in what was done besides.
    pub(super) fn add(&mut self, more: Redating) {
        self.redated.extend(more.redated);
        self.touched += more.touched;
        self.opened.extend(more.opened);
        self.cleared.extend(more.cleared);
    }

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
        let named = |(code, _): &(FindingCode, Option<i64>)| Named {
            dossier: after.dossier.code.clone(),
            code: *code,
        };
        self.opened.extend(stand.iter().filter(|of| !stood.contains(of)).map(named));
        self.cleared.extend(stood.iter().filter(|of| !stand.contains(of)).map(named));
    }
}
