//! Counting the dossiers of a report's rows.

use std::collections::BTreeMap;

use super::Scope;
use crate::app::AppError;
use crate::domain::statistics::{GroupBy, Tally};
use crate::store::AnyConnection;
use crate::store::reports::standings_count;

/// What a report's rows come to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::app) struct Tallies {
    /// Each row by its key: a unit's, sector's or procedure's, or an officer's name, empty for dossiers nobody is in charge of.
    pub by_key: BTreeMap<String, Tally>,
    /// All of them, counted on their own.
    pub total: Tally,
}

/// Counts the dossiers of the scope, row by row.
///
/// # Errors
/// The store's.
pub(in crate::app) fn tallies(
    c: &mut AnyConnection,
    scope: &Scope,
    group_by: GroupBy,
) -> Result<Tallies, AppError> {
    let mut sum = Tallies::default();
    for some in standings_count(c, &scope.units, group_by, &scope.window)? {
        sum.by_key.entry(some.key).or_default().add(some.standing, some.count);
        sum.total.add(some.standing, some.count);
    }
    Ok(sum)
}
