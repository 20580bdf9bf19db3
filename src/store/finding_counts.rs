//! Counting findings for a report; what the counts mean is said in [`crate::domain::finding_counts`].

use std::collections::BTreeMap;

use diesel::dsl::count;
use diesel::prelude::*;

use super::dossiers::word;
use super::finding_parts::Part;
use super::reports::fits;
use super::schema::{apology_findings, findings, missed_findings, overdue_findings, written_findings};
use super::{AnyConnection, Moment, StoreError};
use crate::domain::dossier::NEVER;
use crate::domain::finding::{ClearedWhy, FindingCode};
use crate::domain::finding_counts::{FindingCounts, FindingsBy};
use crate::domain::statistics::Window;

/// Findings of one row and rule, by what the window's instants make of them.
#[derive(Debug, Queryable)]
struct CountsRow {
    key: Option<String>,
    code: String,
    opened: i64,
    open: i64,
    closed: i64,
    corrected: i64,
    apologised: i64,
    redated: i64,
}

/// Runs `$of` with conditions and counts over a part of the findings, or over the written ones themselves; `$one` is a column that no row lacks.
macro_rules! counts_over {
    ($query:expr, $of:ident, $one:expr, $window:expr, $key:expr) => {{
        let (start, cut): (Moment, Moment) = ($window.start().into(), $window.cut().into());
        let open_from: Moment = $window.open_from().into();
        let cleared_at = || $of::cleared_at.assume_not_null();
        let opened = || $of::first_seen_at.ge(start);
        // A filter wants plain truth; NULL is not before an instant, and `is_null` has spoken first where it matters.
        let open = $of::cleared_at.is_null().or(cleared_at().ge(cut));
        let cleared = |why: ClearedWhy| {
            let then = cleared_at().ge(start).and(cleared_at().lt(cut));
            then.and($of::cleared_why.assume_not_null().eq(why.word()))
        };
        $query
            .filter($of::first_seen_at.lt(cut))
            .filter($of::cleared_at.is_null().or(cleared_at().ge(open_from)).or(opened()))
            .group_by(($key, $of::code))
            .select((
                $key.nullable(),
                $of::code,
                count($one).aggregate_filter(opened()),
                count($one).aggregate_filter(open),
                count($one).aggregate_filter(cleared(ClearedWhy::Closed)),
                count($one).aggregate_filter(cleared(ClearedWhy::Corrected)),
                count($one).aggregate_filter(cleared(ClearedWhy::Apologised)),
                count($one).aggregate_filter(cleared(ClearedWhy::Redated)),
            ))
            .into_boxed()
    }};
}

macro_rules! counts_rows {
    ($part:ident, $condition:expr, $c:expr, $closed:expr, $units:expr, $window:expr, $key:ident) => {
        on!($c, |c| {
            let query = $part::table.filter($condition);
            let mut query = counts_over!(query, $part, $part::dossier, $window, $part::$key);
            if $closed {
                // What was closed before is of no matter: what time had found ceased to matter then at the latest.
                let (open_from, never): (Moment, Moment) = ($window.open_from().into(), NEVER.into());
                // Between two bounds, as every closing is: so SQLite takes the index of closings, not that of lapses, of which one bound is known.
                query = query.filter($part::closed_at.ge(open_from).and($part::closed_at.lt(never)));
            }
            of_units!(query, $part::unit, $units).load::<CountsRow>(c)
        })
    };
}

/// Those written down, in two parts of one index each: those that matter still, and those that ceased to since the window's beginning.
macro_rules! written_rows {
    ($of:ident, $one:expr, $c:expr, $window:expr, $key:expr, |$query:ident| $narrowed:expr) => {
        on!($c, |c| {
            let open_from: Moment = $window.open_from().into();
            let open = $of::table.filter($of::cleared_at.is_null());
            let $query = counts_over!(open, $of, $one, $window, $key);
            let mut rows = $narrowed.load::<CountsRow>(c)?;
            let cleared = $of::table.filter($of::cleared_at.assume_not_null().ge(open_from));
            let $query = counts_over!(cleared, $of, $one, $window, $key);
            rows.extend($narrowed.load::<CountsRow>(c)?);
            Ok::<_, diesel::result::Error>(rows)
        })
    };
}

macro_rules! written_of_dossiers {
    ($c:expr, $units:expr, $window:expr, $key:expr) => {
        written_rows!(written_findings, written_findings::dossier, $c, $window, $key, |query| of_units!(
            query,
            written_findings::unit,
            $units
        ))
    };
}

fn written_counted(
    c: &mut AnyConnection,
    units: Option<&[String]>,
    by: FindingsBy,
    window: &Window,
) -> Result<Vec<CountsRow>, StoreError> {
    Ok(match by {
        // Whose they are is not asked, so that no dossier is read.
        FindingsBy::Kind if units.is_none() => {
            written_rows!(findings, findings::dossier_id, c, window, findings::code, |query| query)
        }
        FindingsBy::Kind => written_of_dossiers!(c, units, window, written_findings::code),
        FindingsBy::Unit => written_of_dossiers!(c, units, window, written_findings::unit),
        FindingsBy::Officer => written_of_dossiers!(c, units, window, written_findings::officer),
    }?)
}

/// The findings of one row, by rule.
pub type CountsByCode = BTreeMap<FindingCode, FindingCounts>;

/// The findings on dossiers of these units (of all, if none are named), counted row by row and rule by rule. The row of dossiers that nobody is in charge of has an empty key.
///
/// # Errors
/// [`StoreError`] of the engine; [`StoreError::Corrupt`] for a rule that is unknown.
pub fn findings_counted(
    c: &mut AnyConnection,
    units: Option<&[String]>,
    by: FindingsBy,
    window: &Window,
) -> Result<BTreeMap<String, CountsByCode>, StoreError> {
    let mut rows: Vec<CountsRow> = Vec::new();
    let cut: Moment = window.cut().into();
    for part in Part::ALL {
        let closed = part.is_of_closed();
        rows.extend(match by {
            _ if part == Part::Written => written_counted(c, units, by, window)?,
            FindingsBy::Kind => of_part!(part, cut, counts_rows!(c, closed, units, window, code))?,
            FindingsBy::Unit => of_part!(part, cut, counts_rows!(c, closed, units, window, unit))?,
            FindingsBy::Officer => of_part!(part, cut, counts_rows!(c, closed, units, window, officer))?,
        });
    }
    let mut all: BTreeMap<String, CountsByCode> = BTreeMap::new();
    for row in rows {
        let code = word("finding", &row.code, FindingCode::from_word)?;
        let counts = FindingCounts {
            opened: fits(row.opened)?,
            open: fits(row.open)?,
            cleared_closed: fits(row.closed)?,
            cleared_corrected: fits(row.corrected)?,
            cleared_apologised: fits(row.apologised)?,
            cleared_redated: fits(row.redated)?,
        };
        if !counts.is_empty() {
            *all.entry(row.key.unwrap_or_default()).or_default().entry(code).or_default() += counts;
        }
    }
    Ok(all)
}
