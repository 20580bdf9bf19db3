//! Counting findings for a report; what the counts mean is said in [`crate::domain::finding_counts`].

use std::collections::BTreeMap;

use diesel::dsl::count;
use diesel::prelude::*;

use super::dossiers::word;
use super::finding_parts::Part;
use super::reports::fits;
use super::schema::{apology_findings, findings, missed_findings, overdue_findings, written_findings};
use super::{AnyConnection, Moment, StoreError};
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
                let open_from: Moment = $window.open_from().into();
                query = query.filter($part::closed_at.ge(open_from));
            }
            of_units!(query, $part::unit, $units).load::<CountsRow>(c)
        })
    };
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
            FindingsBy::Kind if part == Part::Written && units.is_none() => on!(c, |c| {
                // Whose they are is not asked, so that no dossier is read.
                counts_over!(findings::table, findings, findings::dossier_id, window, findings::code)
                    .load::<CountsRow>(c)
            }),
            FindingsBy::Kind => of_part!(part, cut, counts_rows!(c, closed, units, window, code)),
            FindingsBy::Unit => of_part!(part, cut, counts_rows!(c, closed, units, window, unit)),
            FindingsBy::Officer => of_part!(part, cut, counts_rows!(c, closed, units, window, officer)),
        }?);
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
