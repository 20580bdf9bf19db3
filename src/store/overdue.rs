//! What is open and overdue, and with whom: read along the index of open dossiers by their limit, which holds all that is asked for.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::schema::dossiers;
use super::{AnyConnection, Moment, StoreError};

/// An overdue dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overdue {
    /// The unit.
    pub unit: String,
    /// The procedure.
    pub procedure: String,
    /// The officer in charge; empty where nobody is.
    pub officer: String,
    /// When it was due.
    pub due_at: DateTime<Utc>,
}

/// What of these units (of all, if none are named) is open and has lapsed by `now`. One by one: hardly two of them share unit, procedure and officer, and
/// sorting them into groups takes the database longer than telling them.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn overdue_list(
    c: &mut AnyConnection,
    units: Option<&[String]>,
    now: Moment,
) -> Result<Vec<Overdue>, StoreError> {
    let rows: Vec<(String, String, Option<String>, Moment)> = on!(c, |c| {
        let query = dossiers::table
            .filter(dossiers::closed_at.is_null())
            .filter(dossiers::lapses_at.le(now))
            .select((dossiers::unit, dossiers::procedure, dossiers::officer, dossiers::due_at))
            .into_boxed();
        of_units!(query, dossiers::unit, units).load(c)
    })?;
    let read = |(unit, procedure, officer, due_at): (String, String, Option<String>, Moment)| Overdue {
        unit,
        procedure,
        officer: officer.unwrap_or_default(),
        due_at: due_at.utc(),
    };
    Ok(rows.into_iter().map(read).collect())
}
