//! Erasing the data of persons when their time is over (Luật Bảo vệ dữ liệu cá nhân, in force since 1/1/2026).
//!
//! Name, telephone, addresses and note stand in a table of their own, with the salt of the digest that the ledger holds: they are deleted, and the
//! digest is worthless then. The dossier, its dates and the statistics stay. Each erasure is an act of its own in the ledger.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::acting::written;
use super::{App, AppError};
use crate::domain::decision::File;
use crate::domain::history::ERASE;
use crate::store::ledger::{self, NewEntry};
use crate::store::{AnyConnection, Moment, applicants, files};

/// Dossiers in one transaction, so that counters never wait long.
const PAGE: i64 = 500;

/// How many dossiers closed before `before` still hold a person's data.
///
/// # Errors
/// The store's.
pub async fn due(app: &App, before: DateTime<Utc>) -> Result<i64, AppError> {
    app.read(move |c, _| Ok(applicants::applicants_due_count(c, before.into())?)).await
}

/// Erases the persons' data of all dossiers that were closed before `before`; answers how many there were. What was erased stays erased when a
/// later one fails.
///
/// # Errors
/// The store's.
pub async fn erase(app: &App, before: DateTime<Utc>, by: Option<i64>) -> Result<usize, AppError> {
    let clock = app.clock().clone();
    let mut done = 0;
    loop {
        let now = Moment::from(clock.now());
        let erased = app.write_job("erase", move |c, _| erase_some(c, before.into(), now, by)).await?;
        if erased == 0 {
            return Ok(done);
        }
        done += erased;
    }
}

fn erase_some(
    c: &mut AnyConnection,
    before: Moment,
    now: Moment,
    by: Option<i64>,
) -> Result<usize, AppError> {
    let dossiers = applicants::applicants_due(c, before, PAGE)?;
    let ids: Vec<i64> = dossiers.iter().map(|dossier| dossier.id).collect();
    let stood = files::files_of(c, dossiers)?;
    let stand: Vec<File> = stood
        .iter()
        .map(|file| {
            let mut after = file.clone();
            after.dossier.version += 1;
            after
        })
        .collect();
    let mut entries = Vec::with_capacity(stood.len());
    for (before, after) in stood.iter().zip(&stand) {
        let mut payload = written(Some(before), after)?;
        payload.insert("reason".to_owned(), json!("the time for which they are kept is over"));
        entries.push(NewEntry {
            dossier_id: Some(after.dossier.id),
            act: ERASE,
            at: now,
            actor_id: by,
            payload: Value::Object(payload),
        });
    }
    applicants::applicants_erase(c, &ids)?;
    files::files_update(c, &stood.iter().zip(&stand).collect::<Vec<_>>())?;
    ledger::ledger_append(c, now, entries)?;
    Ok(ids.len())
}
