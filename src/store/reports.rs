//! Counting for reports: the database compares instants and counts, what the counts mean is said in [`crate::domain::statistics`].

use diesel::dsl::count;
use diesel::prelude::*;

use super::dossiers::word;
use super::schema::{dossier_halts, dossiers};
use super::{AnyConnection, Moment, StoreError};
use crate::domain::dossier::{Channel, ClosedAs, Outcome};
use crate::domain::statistics::{GroupBy, Progress, Source, Standing, Window};

/// Whose dossiers are counted.
#[derive(Debug, Clone, Copy, Default)]
pub struct About<'a> {
    /// Of these units; of all, if none are named.
    pub units: Option<&'a [String]>,
    /// Of this sector; of all, if none is named.
    pub sector: Option<&'a str>,
}

/// How many dossiers of a row stand alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// The row: a unit's, sector's, procedure's code or an officer's name; empty when nobody is in charge.
    pub key: String,
    /// How they stand.
    pub standing: Standing,
    /// How many.
    pub count: u32,
}

/// Dossiers alike in all that is written of them, counted by what the window's instants make of them.
///
/// PostgreSQL refuses to group by an expression with a bound instant, so the instants stand in filters of the counts.
#[derive(Debug, Queryable)]
struct AlikeRow {
    key: Option<String>,
    channel: String,
    closed_as: Option<String>,
    outcome: Option<String>,
    reappointments: i32,
    supplements: i32,
    closed: i64,
    closed_carried: i64,
    running: i64,
    running_carried: i64,
    lapsed: i64,
    lapsed_carried: i64,
}

/// Runs `$rows!(…, key, part)` with the column that the rows go by.
macro_rules! by_row {
    ($group_by:expr, $rows:ident!($($argument:expr),+), $part:expr) => {
        match $group_by {
            GroupBy::Unit => $rows!($($argument),+, dossiers::unit, $part),
            GroupBy::Sector => $rows!($($argument),+, dossiers::sector, $part),
            GroupBy::Procedure => $rows!($($argument),+, dossiers::procedure, $part),
            GroupBy::Officer => $rows!($($argument),+, dossiers::officer, $part),
            GroupBy::Channel => $rows!($($argument),+, dossiers::channel, $part),
        }
    };
}

macro_rules! alike_rows {
    ($c:expr, $about:expr, $window:expr, $key:expr, $part:expr) => {{
        let About { units, sector } = $about;
        let window: &Window = $window;
        let (start, cut): (Moment, Moment) = (window.start().into(), window.cut().into());
        let as_of: Moment = window.as_of().into();
        on!($c, |c| {
            let new = || dossiers::received_at.ge(start);
            let carried = || dossiers::received_at.lt(start);
            // A filter wants plain truth; NULL is not before the cut, and `is_null` has spoken first where it matters.
            let closed = || dossiers::closed_at.assume_not_null().lt(cut);
            let open = || dossiers::closed_at.is_null().or(dossiers::closed_at.assume_not_null().ge(cut));
            let running = || dossiers::lapses_at.gt(as_of);
            let lapsed = || dossiers::lapses_at.le(as_of);
            let query = dossiers::table
                .filter(dossiers::received_at.lt(cut))
                .filter($part)
                .group_by((
                    $key,
                    dossiers::channel,
                    dossiers::closed_as,
                    dossiers::outcome,
                    dossiers::reappointments,
                    dossiers::supplements,
                ))
                .select((
                    $key.nullable(),
                    dossiers::channel,
                    dossiers::closed_as,
                    dossiers::outcome,
                    dossiers::reappointments,
                    dossiers::supplements,
                    count(dossiers::id).aggregate_filter(new().and(closed())),
                    count(dossiers::id).aggregate_filter(carried().and(closed())),
                    count(dossiers::id).aggregate_filter(new().and(running()).and(open())),
                    count(dossiers::id).aggregate_filter(carried().and(running()).and(open())),
                    count(dossiers::id).aggregate_filter(new().and(lapsed()).and(open())),
                    count(dossiers::id).aggregate_filter(carried().and(lapsed()).and(open())),
                ))
                .into_boxed();
            let query = of_units!(query, dossiers::unit, units);
            of_sector!(query, dossiers::sector, sector).load::<AlikeRow>(c)
        })
    }};
}

/// How these dossiers stand within a window, counted by row and standing; a standing may come more than once. Whose time stands still is
/// among those within the limit: [`suspended_count`] tells them.
///
/// # Errors
/// [`StoreError`] of the engine; [`StoreError::Corrupt`] for a closed dossier that does not say how it was closed.
pub fn standings_count(
    c: &mut AnyConnection,
    about: About<'_>,
    group_by: GroupBy,
    window: &Window,
) -> Result<Vec<Counted>, StoreError> {
    let open_from: Moment = window.open_from().into();
    // Each of the two has an index, both together have none.
    let mut rows = by_row!(group_by, alike_rows!(c, about, window), dossiers::closed_at.is_null())?;
    rows.extend(by_row!(group_by, alike_rows!(c, about, window), dossiers::closed_at.ge(open_from))?);
    let mut counted = Vec::with_capacity(rows.len());
    for row in rows {
        read(row, &mut counted)?;
    }
    Ok(counted)
}

fn read(row: AlikeRow, into: &mut Vec<Counted>) -> Result<(), StoreError> {
    let channel = word("channel", &row.channel, Channel::from_word)?;
    let key = row.key.unwrap_or_default();
    let mut push = |progress, carried_over, count| -> Result<(), StoreError> {
        if count == 0 {
            return Ok(());
        }
        let count = fits(count)?;
        let standing = Standing {
            source: Source::of(channel, carried_over),
            progress,
            apologised: row.reappointments > 0,
            twice_supplemented: row.supplements > 1,
        };
        into.push(Counted { key: key.clone(), standing, count });
        Ok(())
    };
    if row.closed + row.closed_carried > 0 {
        let (Some(closed_as), Some(outcome)) = (&row.closed_as, &row.outcome) else {
            return Err(StoreError::Corrupt("a closed dossier does not say how it was closed".to_owned()));
        };
        let progress = Progress::Closed(
            word("closing", closed_as, ClosedAs::from_word)?,
            word("outcome", outcome, Outcome::from_word)?,
        );
        push(progress, false, row.closed)?;
        push(progress, true, row.closed_carried)?;
    }
    push(Progress::WithinLimit, false, row.running)?;
    push(Progress::WithinLimit, true, row.running_carried)?;
    push(Progress::Overdue, false, row.lapsed)?;
    push(Progress::Overdue, true, row.lapsed_carried)
}

macro_rules! suspended_rows {
    ($c:expr, $about:expr, $window:expr, $key:expr, $part:expr) => {{
        let (cut, as_of): (Moment, Moment) = ($window.cut().into(), $window.as_of().into());
        let About { units, sector } = $about;
        on!($c, |c| {
            let query = dossier_halts::table
                .inner_join(dossiers::table)
                .filter(dossiers::closed_at.is_null().or(dossiers::closed_at.ge(cut)))
                .filter(dossiers::lapses_at.gt(as_of))
                .filter(dossier_halts::from_at.lt(cut))
                .filter($part)
                .group_by($key)
                .select(($key.nullable(), count(dossiers::id)))
                .into_boxed();
            let query = of_units!(query, dossiers::unit, units);
            of_sector!(query, dossiers::sector, sector).load::<(Option<String>, i64)>(c)
        })
    }};
}

/// Of these dossiers within their limit, those whose time stands still at the instant the window is seen from, by row; a row may come more than once.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn suspended_count(
    c: &mut AnyConnection,
    about: About<'_>,
    group_by: GroupBy,
    window: &Window,
) -> Result<Vec<(String, u32)>, StoreError> {
    let cut: Moment = window.cut().into();
    // Halts that last and halts that ended since, each along its index.
    let mut rows = by_row!(group_by, suspended_rows!(c, about, window), dossier_halts::to_at.is_null())?;
    rows.extend(by_row!(group_by, suspended_rows!(c, about, window), dossier_halts::to_at.ge(cut))?);
    rows.into_iter().map(|(key, n)| Ok((key.unwrap_or_default(), fits(n)?))).collect()
}

/// A count as reports hold it.
pub(super) fn fits(count: i64) -> Result<u32, StoreError> {
    u32::try_from(count)
        .map_err(|_| StoreError::Corrupt(format!("{count} dossiers are more than a report can count")))
}
