//! Counting findings for a report; what the counts mean is said in [`crate::domain::finding_counts`].

use std::collections::BTreeMap;

use diesel::dsl::count;
use diesel::prelude::*;

use super::dossiers::word;
use super::reports::fits;
use super::schema::{all_findings, dossiers};
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

macro_rules! counts_rows {
    ($c:expr, $units:expr, $window:expr, $key:expr) => {{
        let (start, cut): (Moment, Moment) = ($window.start().into(), $window.cut().into());
        let open_from: Moment = $window.open_from().into();
        on!($c, |c| {
            let cleared_at = || all_findings::cleared_at.assume_not_null();
            let opened = || all_findings::first_seen_at.ge(start);
            // A filter wants plain truth; NULL is not before an instant, and `is_null` has spoken first where it matters.
            let open = all_findings::cleared_at.is_null().or(cleared_at().ge(cut));
            let cleared = |why: ClearedWhy| {
                let then = cleared_at().ge(start).and(cleared_at().lt(cut));
                then.and(all_findings::cleared_why.assume_not_null().eq(why.word()))
            };
            let of_the_period =
                all_findings::cleared_at.is_null().or(cleared_at().ge(open_from)).or(opened());
            let query = all_findings::table
                .inner_join(dossiers::table)
                .filter(all_findings::first_seen_at.lt(cut))
                .filter(of_the_period)
                .group_by(($key, all_findings::code))
                .select((
                    $key.nullable(),
                    all_findings::code,
                    count(all_findings::dossier_id).aggregate_filter(opened()),
                    count(all_findings::dossier_id).aggregate_filter(open),
                    count(all_findings::dossier_id).aggregate_filter(cleared(ClearedWhy::Closed)),
                    count(all_findings::dossier_id).aggregate_filter(cleared(ClearedWhy::Corrected)),
                    count(all_findings::dossier_id).aggregate_filter(cleared(ClearedWhy::Apologised)),
                    count(all_findings::dossier_id).aggregate_filter(cleared(ClearedWhy::Redated)),
                ))
                .into_boxed();
            of_units!(query, dossiers::unit, $units).load::<CountsRow>(c)
        })
    }};
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
    let rows = match by {
        FindingsBy::Kind => counts_rows!(c, units, window, all_findings::code),
        FindingsBy::Unit => counts_rows!(c, units, window, dossiers::unit),
        FindingsBy::Officer => counts_rows!(c, units, window, dossiers::officer),
    }?;
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
            all.entry(row.key.unwrap_or_default()).or_default().insert(code, counts);
        }
    }
    Ok(all)
}
