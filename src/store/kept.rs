//! Counting how commitments were kept: the database compares instants and counts, what the counts mean is said in [`crate::domain::kept`].

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use diesel::dsl::count;
use diesel::prelude::*;

use super::dossiers::word;
use super::reports::fits;
use super::schema::{dossier_commitments as bound, findings};
use super::{AnyConnection, Moment, StoreError};
use crate::domain::commitment::Pledge;
use crate::domain::dossier::NEVER;
use crate::domain::finding::ClearedWhy;
use crate::domain::kept::{CommitmentsBy, KeptByKind, Verdict};
use crate::domain::statistics::Window;

const ROWS_A_STATEMENT: usize = 500;

/// Commitments of one row and effect, by what the window's instants make of them.
#[derive(Debug, Queryable)]
struct VerdictRow {
    key: String,
    effect: String,
    all: i64,
    kept: i64,
    broken: i64,
}

/// Narrows a query to what binds the dossiers that were received in the window; what demands nothing is left out.
macro_rules! received {
    ($query:expr, $window:expr) => {{
        let (start, cut, never): (Moment, Moment, Moment) =
            ($window.start().into(), $window.cut().into(), NEVER.into());
        $query
            .filter(bound::received_at.ge(start).and(bound::received_at.lt(cut)))
            .filter(bound::due_at.lt(never))
    }};
}

macro_rules! verdict_rows {
    ($c:expr, ($units:expr, $effect:expr), $window:expr, $key:expr) => {{
        let (cut, as_of): (Moment, Moment) = ($window.cut().into(), $window.as_of().into());
        on!($c, |c| {
            let closed_at = || bound::closed_at.assume_not_null();
            // A filter wants plain truth; NULL is not before an instant, and `is_null` has spoken first where it matters.
            let open_then = bound::closed_at.is_null().or(closed_at().ge(bound::lapses_at));
            let broken = bound::lapses_at.le(as_of).and(open_then);
            let kept = closed_at().lt(cut).and(closed_at().lt(bound::lapses_at));
            let mut query = received!(bound::table, $window)
                .group_by(($key, bound::effect))
                .select((
                    $key,
                    bound::effect,
                    // Counted by what stands in the index.
                    count(bound::effect),
                    count(bound::effect).aggregate_filter(kept),
                    count(bound::effect).aggregate_filter(broken),
                ))
                .into_boxed();
            if let Some(effect) = $effect {
                let effect: Pledge = effect;
                query = query.filter(bound::effect.eq(effect.word()));
            }
            of_units!(query, bound::unit, $units).load::<VerdictRow>(c)
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
    let mut rows: BTreeMap<String, KeptByKind> = BTreeMap::new();
    // An index has them in the order of receipts: for each effect, or for each unit.
    let apart: Vec<Option<Pledge>> = match units {
        None => Pledge::ALL.iter().copied().map(Some).collect(),
        Some(_) => vec![None],
    };
    for effect in apart {
        let verdicts = match by {
            CommitmentsBy::Unit => verdict_rows!(c, (units, effect), window, bound::unit),
            CommitmentsBy::Procedure => verdict_rows!(c, (units, effect), window, bound::procedure),
            CommitmentsBy::Effect => verdict_rows!(c, (units, effect), window, bound::effect),
        }?;
        for row in verdicts {
            let effect = word("effect", &row.effect, Pledge::from_word)?;
            let of = rows.entry(row.key).or_default().of(effect);
            of.add(Verdict::Kept, fits(row.kept)?);
            of.add(Verdict::Broken, fits(row.broken)?);
            of.add(Verdict::Open, fits(row.all - row.kept - row.broken)?);
        }
    }
    for (key, effect) in promised_beyond(c, units, by, window)? {
        rows.entry(key).or_default().of(effect).promised_beyond += 1;
    }
    Ok(rows)
}

type MarkedRow = (i64, i64, String, String, String);

/// The rows to which promises beyond a commitment belong, one for each: as the findings of the promise have it, those aside that a correction or a new
/// calendar had taken away by then.
fn promised_beyond(
    c: &mut AnyConnection,
    units: Option<&[String]>,
    by: CommitmentsBy,
    window: &Window,
) -> Result<Vec<(String, Pledge)>, StoreError> {
    // Of all units and effects: by these an engine would find, in place of the few that are marked, all that there are.
    let marked: Vec<MarkedRow> = on!(c, |c| received!(bound::table.filter(bound::promised_beyond), window)
        .select((bound::dossier_id, bound::commitment_id, bound::effect, bound::unit, bound::procedure))
        .load(c))?;
    let asked: Option<HashSet<&str>> = units.map(|units| units.iter().map(String::as_str).collect());
    let mut rows: HashMap<(i64, i64), (String, Pledge)> = HashMap::new();
    for (dossier, commitment, effect, unit, procedure) in marked {
        if asked.as_ref().is_none_or(|units| units.contains(unit.as_str())) {
            let pledge = word("effect", &effect, Pledge::from_word)?;
            let key = match by {
                CommitmentsBy::Unit => unit,
                CommitmentsBy::Procedure => procedure,
                CommitmentsBy::Effect => effect,
            };
            rows.insert((dossier, commitment), (key, pledge));
        }
    }
    let dossiers: BTreeSet<i64> = rows.keys().map(|(dossier, _)| *dossier).collect();
    let dossiers: Vec<i64> = dossiers.into_iter().collect();
    let mut found = Vec::new();
    for some in dossiers.chunks(ROWS_A_STATEMENT) {
        let standing = promises_standing(c, some, window)?;
        found.extend(standing.iter().filter_map(|of| rows.get(of).cloned()));
    }
    Ok(found)
}

/// The findings on these dossiers' promises that stood within the window, as (dossier, commitment).
fn promises_standing(
    c: &mut AnyConnection,
    dossiers: &[i64],
    window: &Window,
) -> Result<Vec<(i64, i64)>, StoreError> {
    let cut: Moment = window.cut().into();
    let taken_away = [ClearedWhy::Corrected.word(), ClearedWhy::Redated.word()];
    let stands = findings::cleared_why
        .is_null()
        .or(findings::cleared_why.assume_not_null().ne_all(taken_away))
        .or(findings::cleared_at.assume_not_null().ge(cut));
    let rows: Vec<(i64, Option<i64>)> = on!(c, |c| findings::table
        .filter(findings::dossier_id.eq_any(dossiers))
        .filter(findings::code.eq_any(Pledge::ALL.iter().map(|of| of.broken_by_promise().word())))
        .filter(findings::first_seen_at.lt(cut))
        .filter(stands)
        .select((findings::dossier_id, findings::commitment_id))
        .load(c))?;
    Ok(rows.into_iter().filter_map(|(dossier, commitment)| Some((dossier, commitment?))).collect())
}
