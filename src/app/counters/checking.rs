//! Holding the counters against the dossiers.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::rebuilding::Expected;
use super::{KindKey, Scopes, Sums, levels};
use crate::app::{App, AppError};
use crate::domain::counters::{Counts, Days, balances};
use crate::store::AnyConnection;
use crate::store::counter_folding::{self as folding, Kept};
use crate::store::counters::{self as store, RecentRow};

/// A counter that is not what the dossiers come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Which sums: a unit's days, a unit's balances, a scope's.
    pub of: &'static str,
    /// The unit or scope, with the procedure and what else tells it.
    pub key: String,
    /// The day or the boundary.
    pub day: NaiveDate,
    /// What is counted, as [`Counts`] names it.
    pub what: &'static str,
    /// What the dossiers come to.
    pub expected: i64,
    /// What is kept.
    pub kept: i64,
}

/// Holds all counters against all dossiers as they stood at one instant; answers how many units there are and what differs, or nothing while the counters
/// still have to be made.
///
/// # Errors
/// The store's.
pub async fn check(app: &App) -> Result<Option<(usize, Vec<Difference>)>, AppError> {
    app.read_at_once(|c, catalogue| {
        if !catalogue.counting {
            return Ok(None);
        }
        let (scopes, until) = (Scopes::kept(c)?, folded_until(c)?);
        let (mut of_scopes, mut recent, mut found) = (Sums::default(), Vec::new(), Vec::new());
        for unit in catalogue.units.iter() {
            let expected = Expected::of(c, &unit.code, until)?;
            expected.add_to_scopes(&scopes, &mut of_scopes);
            let kept = folding::counters_of(c, &unit.code)?;
            found.extend(unit_differences(&expected, &kept, until));
            recent.extend(kept.recent);
        }
        for scope in scopes.members.keys() {
            found.extend(scope_differences(c, scope, (&scopes, &of_scopes), (&recent, until))?);
        }
        Ok(Some((catalogue.units.count(), found)))
    })
    .await
}

/// Holds one unit's counters against its dossiers.
pub(super) fn check_unit(c: &mut AnyConnection, unit: &str) -> Result<Vec<Difference>, AppError> {
    let until = folded_until(c)?;
    let expected = Expected::of(c, unit, until)?;
    let kept = folding::counters_of(c, unit)?;
    Ok(unit_differences(&expected, &kept, until))
}

fn folded_until(c: &mut AnyConnection) -> Result<NaiveDate, AppError> {
    Ok(store::counters_state(c)?.folded_until.unwrap_or(NaiveDate::MIN))
}

/// What is kept apart, by a key and a day.
type Sheet = BTreeMap<(String, NaiveDate), Counts>;

fn unit_differences(expected: &Expected, kept: &Kept, until: NaiveDate) -> Vec<Difference> {
    let unit = &expected.unit;
    let (mut by_day, mut by_kind, mut late) = (Sheet::new(), Sheet::new(), Days::new());
    for row in &kept.recent {
        let (_, day, kind) = keys(row);
        if day < until {
            *late.entry(day).or_default() += row.counts();
            *by_day.entry((unit.clone(), day)).or_default() += row.counts();
        } else {
            *by_kind.entry((named(unit, &kind), day)).or_default() += row.counts();
        }
    }
    for row in &kept.days {
        let (day, unit) = row.keys();
        *by_day.entry((unit, day)).or_default() += row.counts();
    }
    let mut at_boundaries = Sheet::new();
    for (boundary, sum) in balances(&late, until) {
        at_boundaries.insert((unit.clone(), boundary), sum);
    }
    for row in &kept.balances {
        let (boundary, unit) = row.keys();
        *at_boundaries.entry((unit, boundary)).or_default() += row.counts();
    }
    let days = expected.folded.days.get(unit).cloned().unwrap_or_default();
    let with_unit = |(day, counts): (NaiveDate, Counts)| ((unit.clone(), day), counts);
    let expected_kinds = expected.kinds.iter().flat_map(|(kind, days)| {
        days.range(until..).map(move |(day, counts)| ((named(unit, kind), *day), *counts))
    });
    let mut found = differences("days", &days.clone().into_iter().map(with_unit).collect(), &by_day);
    found.extend(differences("days by procedure", &expected_kinds.collect(), &by_kind));
    let expected_balances = balances(&days, until).into_iter().map(with_unit).collect();
    found.extend(differences("balances", &expected_balances, &at_boundaries));
    found
}

fn scope_differences(
    c: &mut AnyConnection,
    scope: &str,
    (scopes, expected): (&Scopes, &Sums),
    (recent, until): (&[RecentRow], NaiveDate),
) -> Result<Vec<Difference>, AppError> {
    let (mut kept, mut late) = (Sheet::new(), BTreeMap::<KindKey, Days>::new());
    for row in folding::counters_of_scope(c, scope)? {
        let (boundary, _, channel, procedure, sector) = row.keys();
        kept.insert((named(scope, &(procedure, sector, channel)), boundary), row.counts());
    }
    let within = |unit: &str| scopes.above.get(unit).is_some_and(|above| above.iter().any(|of| of == scope));
    for row in recent {
        let (unit, day, kind) = keys(row);
        if day < until && within(&unit) {
            for level in levels(kind) {
                *late.entry(level).or_default().entry(day).or_default() += row.counts();
            }
        }
    }
    for (kind, days) in &late {
        for (boundary, sum) in balances(days, until) {
            *kept.entry((named(scope, kind), boundary)).or_default() += sum;
        }
    }
    let of_scope = expected.scopes.iter().filter(|((of, _), _)| of == scope);
    let sheet = of_scope.flat_map(|((_, kind), days)| {
        balances(days, until).into_iter().map(move |(at, sum)| ((named(scope, kind), at), sum))
    });
    Ok(differences("balances with all below", &sheet.collect(), &kept))
}

fn keys(row: &RecentRow) -> (String, NaiveDate, KindKey) {
    let (unit, day, procedure, sector, channel) = row.keys();
    (unit, day, (procedure, sector, channel))
}

fn named(unit: &str, (procedure, sector, channel): &KindKey) -> String {
    format!("{unit} {procedure} {channel} ({sector})")
}

fn differences(of: &'static str, expected: &Sheet, kept: &Sheet) -> Vec<Difference> {
    let nothing = Counts::default();
    let mut found = Vec::new();
    let only_kept = kept.keys().filter(|key| !expected.contains_key(*key));
    for at in expected.keys().chain(only_kept) {
        let (told, stands) = (expected.get(at).unwrap_or(&nothing), kept.get(at).unwrap_or(&nothing));
        for ((what, expected), (_, kept)) in told.named().into_iter().zip(stands.named()) {
            if expected != kept {
                found.push(Difference { of, key: at.0.clone(), day: at.1, what, expected, kept });
            }
        }
    }
    found
}
