//! The open dossiers whose time presses, as an alert asks for them. Reads no personal data.
//!
//! Each statement walks one index over the stretch of time that is asked about, so that of a million open dossiers those are read that are reported, one
//! that is found by its limit and by a commitment once for each:
//! `dossiers_open` and `dossiers_open_lapses` (by limit, the first where units are named), `dossier_commitments_open` (by commitment). What was closed since the instant in question is read by `dossiers_closed`, or, of all units, by `dossiers_closings`.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;

use super::dossiers::word;
use super::schema::{dossier_commitments, dossiers};
use super::{AnyConnection, Moment, StoreError};
use crate::domain::alert::{BindingCommitment, OpenDossier, Pledge, Reach, Stretch};
use crate::domain::dossier::Status;

const ROWS_A_STATEMENT: usize = 500;
/// A longer list of keys PostgreSQL holds against every row of a commune's dossiers, sooner than to look each of them up.
const KEYS_A_STATEMENT: usize = 200;

#[derive(Queryable, Selectable)]
#[diesel(table_name = dossiers)]
struct OpenRow {
    id: i64,
    code: String,
    unit: String,
    procedure: String,
    officer: Option<String>,
    status: String,
    due_at: Moment,
    lapses_at: Moment,
    apology_by: Moment,
    apologised_at: Option<Moment>,
    commitment_due_at: Option<Moment>,
}

/// Which dossiers are asked for.
#[derive(Debug, Clone)]
pub struct Pressing<'a> {
    /// The units in question; all, if none are named.
    pub units: Option<&'a [String]>,
    /// The instant as of which they were open.
    pub at: Moment,
    /// What of them has to lie where.
    pub reach: Reach,
}

/// Dossiers within a stretch of their limit, which goes to the database as the predicate of an index.
macro_rules! by_limit {
    ($c:expr, $query:expr, ($after:expr, $through:expr)) => {
        $query
            .filter(
                dossiers::lapses_at
                    .gt(Moment::from($after))
                    .and(dossiers::lapses_at.le(Moment::from($through))),
            )
            .select(OpenRow::as_select())
            .load::<OpenRow>($c)
    };
}

/// Open dossiers with a commitment that lapses within a stretch: by what binds the open ones, and then each by its key.
macro_rules! by_open_pledge {
    ($c:expr, $query:expr, $units:expr, ($after:expr, $through:expr)) => {{
        let (after, through) = (Moment::from($after), Moment::from($through));
        let bound = dossier_commitments::table
            .filter(dossier_commitments::closed_at.is_null())
            .filter(dossier_commitments::lapses_at.gt(after).and(dossier_commitments::lapses_at.le(through)))
            .select(dossier_commitments::dossier_id)
            .into_boxed();
        let ids: Vec<i64> = of_units!(bound, dossier_commitments::unit, $units).load($c)?;
        let mut found: Vec<OpenRow> = Vec::new();
        for some in ids.chunks(KEYS_A_STATEMENT) {
            let query = $query.filter(dossiers::id.eq_any(some)).select(OpenRow::as_select());
            found.extend(query.load::<OpenRow>($c)?);
        }
        Ok::<Vec<OpenRow>, diesel::result::Error>(found)
    }};
}

/// The same of those that were closed since, which are few.
macro_rules! by_closed_pledge {
    ($c:expr, $query:expr, $_units:expr, ($after:expr, $through:expr)) => {{
        let (after, through) = (Moment::from($after), Moment::from($through));
        let bound = dossier_commitments::table
            .filter(dossier_commitments::dossier_id.eq(dossiers::id))
            .filter(dossier_commitments::lapses_at.gt(after).and(dossier_commitments::lapses_at.le(through)));
        $query.filter(diesel::dsl::exists(bound)).select(OpenRow::as_select()).load::<OpenRow>($c)
    }};
}

/// Dossiers within a stretch of their limit whose apology slip has to go out within another and has not.
macro_rules! by_slip {
    ($c:expr, $query:expr, ($limits:expr, $slips:expr)) => {{
        let ((after, through), (from, by)): (Stretch, Stretch) = ($limits, $slips);
        $query
            .filter(
                dossiers::lapses_at
                    .gt(Moment::from(after))
                    .and(dossiers::lapses_at.le(Moment::from(through))),
            )
            .filter(
                dossiers::apology_by.gt(Moment::from(from)).and(dossiers::apology_by.le(Moment::from(by))),
            )
            .filter(dossiers::apologised_at.is_null())
            .select(OpenRow::as_select())
            .load::<OpenRow>($c)
    }};
}

/// What stands in a reach, of those that a query holds; the query is written anew for each of its parts. `$pledged` finds them by their commitments.
macro_rules! reached {
    ($c:expr, $reach:expr, $units:expr, $pledged:ident, $query:expr) => {{
        let mut found: Vec<OpenRow> = Vec::new();
        if let Some(limits) = $reach.limits {
            found.extend(by_limit!($c, $query, (limits.0, limits.1))?);
        }
        if let Some(pledges) = $reach.pledges {
            found.extend($pledged!($c, $query, $units, (pledges.0, pledges.1))?);
        }
        if let Some((limits, slips)) = $reach.apologies {
            found.extend(by_slip!($c, $query, (limits, slips))?);
        }
        Ok::<Vec<OpenRow>, diesel::result::Error>(found)
    }};
}

/// The dossiers that were open at the instant asked about and have a reason within the reach to be named, each once, by key. Whether they are is
/// the domain's to judge.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn dossiers_pressing(
    c: &mut AnyConnection,
    asked: &Pressing<'_>,
) -> Result<Vec<OpenDossier>, StoreError> {
    let units = asked.units;
    let mut rows: Vec<OpenRow> = on!(c, |c| reached!(
        c,
        asked.reach,
        units,
        by_open_pledge,
        of_units!(
            dossiers::table
                .filter(dossiers::closed_at.is_null().and(dossiers::received_at.le(asked.at)))
                .into_boxed(),
            dossiers::unit,
            units
        )
    ))?;
    rows.extend(on!(c, |c| reached!(
        c,
        asked.reach,
        units,
        by_closed_pledge,
        of_units!(
            dossiers::table
                .filter(dossiers::closed_at.is_not_null())
                .filter(dossiers::closed_at.gt(Some(asked.at)).assume_not_null())
                .filter(dossiers::received_at.le(asked.at))
                .into_boxed(),
            dossiers::unit,
            units
        )
    ))?);
    let once: BTreeMap<i64, OpenRow> = rows.into_iter().map(|row| (row.id, row)).collect();
    // A dossier without an earliest commitment is bound by none that demands anything.
    let bound = once.iter().filter(|(_, row)| row.commitment_due_at.is_some());
    let ids: Vec<i64> = bound.map(|(id, _)| *id).collect();
    let mut commitments = commitments_of(c, &ids)?;
    once.into_values().map(|row| open_dossier(row, &mut commitments)).collect()
}

fn open_dossier(row: OpenRow, commitments: &mut CommitmentsByDossier) -> Result<OpenDossier, StoreError> {
    let status = word("status", &row.status, Status::from_word)?;
    let apology_by = row.apology_by.utc();
    Ok(OpenDossier {
        commitments: commitments.remove(&row.id).unwrap_or_default(),
        running: !matches!(status, Status::AwaitingSupplement | Status::Paused),
        code: row.code,
        unit: row.unit,
        procedure: row.procedure,
        officer: row.officer,
        due_at: row.due_at.utc(),
        lapses_at: row.lapses_at.utc(),
        apology_by: row.apologised_at.is_none().then_some(apology_by),
    })
}

type CommitmentsByDossier = HashMap<i64, Vec<BindingCommitment>>;

fn commitments_of(c: &mut AnyConnection, ids: &[i64]) -> Result<CommitmentsByDossier, StoreError> {
    let mut found = CommitmentsByDossier::new();
    for some in ids.chunks(ROWS_A_STATEMENT) {
        let rows: Vec<(i64, String, Moment, Moment)> = on!(c, |c| dossier_commitments::table
            .filter(dossier_commitments::dossier_id.eq_any(some))
            .select((
                dossier_commitments::dossier_id,
                dossier_commitments::effect,
                dossier_commitments::due_at,
                dossier_commitments::lapses_at,
            ))
            .load(c))?;
        for (id, effect, due_at, lapses_at) in rows {
            found.entry(id).or_default().push(BindingCommitment {
                effect: word("effect", &effect, Pledge::from_word)?,
                due_at: due_at.utc(),
                lapses_at: lapses_at.utc(),
            });
        }
    }
    Ok(found)
}
