//! Late dossiers, read for a report: closed late within a window, or overdue at its instant. What lateness comes to is said in
//! [`crate::domain::delay`].

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::schema::dossiers;
use super::{AnyConnection, Moment, StoreError};
use crate::domain::dossier::Outcome;
use crate::domain::statistics::{GroupBy, Window};

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = dossiers)]
struct LateRow {
    unit: String,
    sector: String,
    procedure: String,
    officer: Option<String>,
    channel: String,
    due_at: Moment,
    closed_at: Option<Moment>,
}

/// A late dossier, as far as a report needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LateDossier {
    /// Its unit.
    pub unit: String,
    /// Its sector.
    pub sector: String,
    /// Its procedure.
    pub procedure: String,
    /// The officer in charge.
    pub officer: Option<String>,
    /// The word of the way it came in.
    pub channel: String,
    /// When it was due.
    pub due_at: DateTime<Utc>,
    /// When it was closed; `None` where it was open then.
    pub closed_at: Option<DateTime<Utc>>,
}

impl LateDossier {
    /// The row it belongs to; empty for one that nobody is in charge of.
    pub fn key(&self, by: GroupBy) -> &str {
        match by {
            GroupBy::Unit => &self.unit,
            GroupBy::Sector => &self.sector,
            GroupBy::Procedure => &self.procedure,
            GroupBy::Officer => self.officer.as_deref().unwrap_or_default(),
            GroupBy::Channel => &self.channel,
        }
    }
}

macro_rules! late_rows {
    ($c:expr, $units:expr, ($as_of:expr, $cut:expr), $closed:expr) => {
        on!($c, |c| {
            let query = dossiers::table
                .filter($closed)
                .filter(dossiers::received_at.lt($cut))
                .filter(dossiers::lapses_at.le($as_of))
                .select(LateRow::as_select())
                .into_boxed();
            of_units!(query, dossiers::unit, $units).load::<LateRow>(c)
        })
    };
}

/// The dossiers of these units (of all, if none are named) closed late within the window.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn late_closed(
    c: &mut AnyConnection,
    units: Option<&[String]>,
    window: &Window,
) -> Result<Vec<LateDossier>, StoreError> {
    let (start, cut): (Moment, Moment) = (window.start().into(), window.cut().into());
    let rows: Vec<LateRow> = on!(c, |c| {
        let query = dossiers::table
            .filter(dossiers::closed_at.ge(start).and(dossiers::closed_at.lt(cut)))
            .filter(dossiers::outcome.eq(Outcome::Late.word()))
            // Which says the same, so that they are found by their index.
            .filter(dossiers::closed_at.assume_not_null().ge(dossiers::lapses_at))
            .select(LateRow::as_select())
            .into_boxed();
        of_units!(query, dossiers::unit, units).load(c)
    })?;
    Ok(rows.into_iter().map(|row| read(row, true)).collect())
}

/// The dossiers of these units (of all, if none are named) that were open and overdue at the window's instant.
///
/// Those that are open still and those that were closed since are asked for one after the other: each has an index, both together have none. Read one by
/// one, for hardly two of them share unit, due day and closing day.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn late_open(
    c: &mut AnyConnection,
    units: Option<&[String]>,
    window: &Window,
) -> Result<Vec<LateDossier>, StoreError> {
    let (as_of, cut): (Moment, Moment) = (window.as_of().into(), window.cut().into());
    let mut rows: Vec<LateRow> = late_rows!(c, units, (as_of, cut), dossiers::closed_at.is_null())?;
    let closed_since =
        dossiers::closed_at.ge(cut).and(dossiers::closed_at.ge(dossiers::lapses_at.nullable()));
    rows.extend(late_rows!(c, units, (as_of, cut), closed_since)?);
    Ok(rows.into_iter().map(|row| read(row, false)).collect())
}

fn read(row: LateRow, closed: bool) -> LateDossier {
    LateDossier {
        unit: row.unit,
        sector: row.sector,
        procedure: row.procedure,
        officer: row.officer,
        channel: row.channel,
        due_at: row.due_at.utc(),
        closed_at: row.closed_at.filter(|_| closed).map(Moment::utc),
    }
}
