//! What is open and overdue, and with whom: counted along the index of open dossiers by their limit, so that nothing else is read.

use chrono::{DateTime, Utc};
use diesel::dsl::{count, min};
use diesel::prelude::*;

use super::schema::dossiers;
use super::{AnyConnection, Moment, StoreError};

#[derive(Debug, Queryable)]
struct OverdueRow {
    unit: String,
    procedure: String,
    officer: Option<String>,
    count: i64,
    oldest_due_at: Option<Moment>,
}

/// Overdue dossiers of one unit, procedure and officer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overdue {
    /// The unit.
    pub unit: String,
    /// The procedure.
    pub procedure: String,
    /// The officer in charge; empty for those that nobody is in charge of.
    pub officer: String,
    /// How many.
    pub count: i64,
    /// When the first of them was due.
    pub oldest_due_at: DateTime<Utc>,
}

/// What of these units (of all, if none are named) is open and has lapsed by `now`.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn overdue_count(
    c: &mut AnyConnection,
    units: Option<&[String]>,
    now: Moment,
) -> Result<Vec<Overdue>, StoreError> {
    let rows: Vec<OverdueRow> = on!(c, |c| {
        let query = dossiers::table
            .filter(dossiers::closed_at.is_null())
            .filter(dossiers::lapses_at.le(now))
            .group_by((dossiers::unit, dossiers::procedure, dossiers::officer))
            .select((
                dossiers::unit,
                dossiers::procedure,
                dossiers::officer,
                // What is counted stands in the index, as all else that is asked for.
                count(dossiers::unit),
                min(dossiers::due_at),
            ))
            .into_boxed();
        of_units!(query, dossiers::unit, units).load(c)
    })?;
    Ok(rows.into_iter().filter_map(read).collect())
}

/// A group is of at least one dossier, and so has a first.
fn read(row: OverdueRow) -> Option<Overdue> {
    Some(Overdue {
        unit: row.unit,
        procedure: row.procedure,
        officer: row.officer.unwrap_or_default(),
        count: row.count,
        oldest_due_at: row.oldest_due_at?.utc(),
    })
}
