//! Entries of the ledger that are about no dossier: who did something, and when. What they tell is `access::record`'s, `catalogue::record`'s and
//! [`super::calendars`]'.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::AppError;
use super::access::Principal;
use crate::store::AnyConnection;
use crate::store::ledger::{NewEntry, ledger_append};

/// Who did it (`None` for the system itself), and when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stamp {
    pub(super) actor: Option<i64>,
    pub(super) now: DateTime<Utc>,
}

impl Stamp {
    /// Of this user, or of the system itself.
    pub(super) fn of(by: Option<&Principal>, now: DateTime<Utc>) -> Stamp {
        Stamp { actor: by.map(|by| by.user_id), now }
    }
}

/// Appends entries, as (act, payload), within the running write.
pub(super) fn append(
    c: &mut AnyConnection,
    stamp: Stamp,
    told: impl IntoIterator<Item = (&'static str, Value)>,
) -> Result<(), AppError> {
    let at = stamp.now.into();
    let entry = |(act, payload)| NewEntry { dossier_id: None, act, at, actor_id: stamp.actor, payload };
    let entries: Vec<NewEntry> = told.into_iter().map(entry).collect();
    if entries.is_empty() { Ok(()) } else { Ok(ledger_append(c, at, entries)?) }
}
