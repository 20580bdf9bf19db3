//! Counting how commitments were kept: the database compares instants and counts, what the counts mean is said in [`crate::domain::kept`].

use std::collections::BTreeMap;

use diesel::dsl::count;
use diesel::prelude::*;

use super::dossiers::word;
use super::reports::fits;
use super::schema::{dossier_commitments, dossiers, findings};
use super::{AnyConnection, Moment, StoreError};
use crate::domain::commitment::Pledge;
use crate::domain::dossier::NEVER;
use crate::domain::finding::ClearedWhy;
use crate::domain::kept::{CommitmentsBy, Kept, KeptByKind, Verdict};
use crate::domain::statistics::Window;

/// Commitments of one row and effect, by what the window's instants make of them.
#[derive(Debug, Queryable)]
struct VerdictRow {
    key: String,
    effect: String,
    all: i64,
    kept: i64,
    broken: i64,
}

/// What binds the dossiers that were received in the window; what demands nothing is left out.
macro_rules! binding {
    ($window:expr) => {{
        let (start, cut): (Moment, Moment) = ($window.start().into(), $window.cut().into());
        let never: Moment = NEVER.into();
        dossiers::table
            .inner_join(dossier_commitments::table)
            .filter(dossiers::received_at.ge(start).and(dossiers::received_at.lt(cut)))
            .filter(dossier_commitments::due_at.lt(never))
    }};
}

macro_rules! verdict_rows {
    ($c:expr, $units:expr, $window:expr, $key:expr) => {{
        let (cut, as_of): (Moment, Moment) = ($window.cut().into(), $window.as_of().into());
        on!($c, |c| {
            let closed_at = || dossiers::closed_at.assume_not_null();
            // A filter wants plain truth; NULL is not before an instant, and `is_null` has spoken first where it matters.
            let open_then = dossiers::closed_at.is_null().or(closed_at().ge(dossier_commitments::lapses_at));
            let broken = dossier_commitments::lapses_at.le(as_of).and(open_then);
            let kept = closed_at().lt(cut).and(closed_at().lt(dossier_commitments::lapses_at));
            let query = binding!($window)
                .group_by(($key, dossier_commitments::effect))
                .select((
                    $key,
                    dossier_commitments::effect,
                    count(dossiers::id),
                    count(dossiers::id).aggregate_filter(kept),
                    count(dossiers::id).aggregate_filter(broken),
                ))
                .into_boxed();
            of_units!(query, dossiers::unit, $units).load::<VerdictRow>(c)
        })
    }};
}

/// Promises beyond a commitment: as the findings of the promise have it, those aside that a correction or a new calendar had taken away by then.
macro_rules! beyond_rows {
    ($c:expr, $units:expr, $window:expr, $key:expr) => {{
        let cut: Moment = $window.cut().into();
        on!($c, |c| {
            let of_this = findings::dossier_id
                .eq(dossiers::id)
                .and(findings::commitment_id.eq(dossier_commitments::commitment_id.nullable()));
            let taken_away = [ClearedWhy::Corrected.word(), ClearedWhy::Redated.word()];
            let stands = findings::cleared_why
                .is_null()
                .or(findings::cleared_why.assume_not_null().ne_all(taken_away))
                .or(findings::cleared_at.assume_not_null().ge(cut));
            let query = binding!($window)
                .inner_join(findings::table.on(of_this))
                .filter(findings::code.eq_any(Pledge::ALL.iter().map(|of| of.broken_by_promise().word())))
                .filter(findings::first_seen_at.lt(cut))
                .filter(stands)
                .group_by(($key, dossier_commitments::effect))
                .select(($key, dossier_commitments::effect, count(findings::id)))
                .into_boxed();
            of_units!(query, dossiers::unit, $units).load::<(String, String, i64)>(c)
        })
    }};
}

/// How the commitments that bind the dossiers received in a window by these units (by all, if none are named) were kept, row by row.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn kept_count(
    c: &mut AnyConnection,
    units: Option<&[String]>,
    by: CommitmentsBy,
    window: &Window,
) -> Result<BTreeMap<String, KeptByKind>, StoreError> {
    let (verdicts, beyond) = match by {
        CommitmentsBy::Unit => (
            verdict_rows!(c, units, window, dossiers::unit)?,
            beyond_rows!(c, units, window, dossiers::unit)?,
        ),
        CommitmentsBy::Procedure => (
            verdict_rows!(c, units, window, dossiers::procedure)?,
            beyond_rows!(c, units, window, dossiers::procedure)?,
        ),
        CommitmentsBy::Effect => (
            verdict_rows!(c, units, window, dossier_commitments::effect)?,
            beyond_rows!(c, units, window, dossier_commitments::effect)?,
        ),
    };
    let mut rows: BTreeMap<String, KeptByKind> = BTreeMap::new();
    for row in verdicts {
        let effect = word("effect", &row.effect, Pledge::from_word)?;
        let of: &mut Kept = rows.entry(row.key).or_default().of(effect);
        of.add(Verdict::Kept, fits(row.kept)?);
        of.add(Verdict::Broken, fits(row.broken)?);
        of.add(Verdict::Open, fits(row.all - row.kept - row.broken)?);
    }
    for (key, effect, promised) in beyond {
        let effect = word("effect", &effect, Pledge::from_word)?;
        rows.entry(key).or_default().of(effect).promised_beyond += fits(promised)?;
    }
    Ok(rows)
}
