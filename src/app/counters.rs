//! The counters that reports are made of: kept with every act, folded when a day is over, checked against the dossiers, and made again from them.
//!
//! What a dossier adds to them is said in [`crate::domain::counters`]. An act adds to the sums by day of late, in its own transaction, and to nothing else.
//! Folding moves the days that are over to balances, which say what all days before a boundary came to: those of each unit, and, by procedure, sector and
//! channel, those of each unit that has others below it, with all of these. Reports are exact at any time, folded or not; folding only makes them fast.

mod checking;
mod rebuilding;
mod tending;

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use super::{AppError, Catalogue};
use crate::domain::counters::{Counts, Days, Place, balances, boundaries, difference, half_month_of};
use crate::domain::dossier::Dossier;
use crate::store::AnyConnection;
use crate::store::counter_folding as folding;
use crate::store::counters::{self as store, DayRow, RecentRow, ScopeRow, UnitRow};
pub use checking::{Difference, check};
pub(super) use rebuilding::make_again;
pub use rebuilding::rebuild;
pub use tending::Tender;

/// A procedure's code, its sector, and the word of a channel.
type KindKey = (String, String, String);

/// Under which keys a scope keeps a kind: its own, that of all channels together, and that of all procedures together. An empty word stands for all.
fn levels((procedure, sector, channel): KindKey) -> [KindKey; 3] {
    let all = String::new;
    [
        (procedure.clone(), sector.clone(), channel.clone()),
        (procedure, sector, all()),
        (all(), all(), channel),
    ]
}

/// Counts what became of dossiers, as (before, after), in the transaction that writes it.
pub(super) fn count<'a>(
    c: &mut AnyConnection,
    catalogue: &Catalogue,
    changes: impl IntoIterator<Item = (Option<&'a Dossier>, Option<&'a Dossier>)>,
) -> Result<(), AppError> {
    if !catalogue.counting {
        return Ok(());
    }
    let row = |((place, day), counts): ((Place, NaiveDate), Counts)| {
        let kind = place.kind;
        let keys = (place.unit, day, kind.procedure, kind.sector, kind.channel.word().to_owned());
        RecentRow::new(keys, &counts)
    };
    let rows: Vec<RecentRow> = difference(changes).into_iter().map(row).collect::<Result<_, _>>()?;
    Ok(store::recent_add(c, &rows)?)
}

/// Folds all days before today; answers how many rows there were of them.
fn fold(c: &mut AnyConnection, catalogue: &Catalogue, today: NaiveDate) -> Result<usize, AppError> {
    let state = store::counters_state(c)?;
    if !state.counting {
        return Ok(0);
    }
    // A clock that was set back unfolds nothing.
    let until = state.folded_until.map_or(today, |folded| folded.max(today));
    if let Some(from) = state.folded_until {
        advance(c, from, until)?;
    }
    let rows = folding::recent_rows_before(c, None, until)?;
    let scopes = Scopes::kept(c)?;
    let mut sums = Sums::default();
    for row in &rows {
        let (unit, day, procedure, sector, channel) = row.keys();
        sums.add(&scopes, &unit, (procedure, sector, channel), (day, row.counts()));
    }
    sums.add_to_store(c, until)?;
    folding::recent_delete_before(c, until)?;
    regroup(c, catalogue, &scopes, until)?;
    folding::counters_state_set(c, true, Some(until))?;
    Ok(rows.len())
}

/// Gives the boundaries between two days their balances: those of the first, to which what the days came to is then added.
fn advance(c: &mut AnyConnection, from: NaiveDate, until: NaiveDate) -> Result<(), AppError> {
    for boundary in boundaries(from, until) {
        folding::balances_carry(c, from, boundary)?;
    }
    if until > from && half_month_of(from) != from {
        folding::balances_drop(c, from)?;
    }
    Ok(())
}

/// Brings the scopes in step with the tree of units: what a unit has come to goes over from those it no longer stands below to those it now does.
fn regroup(
    c: &mut AnyConnection,
    catalogue: &Catalogue,
    kept: &Scopes,
    until: NaiveDate,
) -> Result<(), AppError> {
    let wanted = Scopes::wanted(catalogue);
    let mut moves: BTreeMap<&String, Vec<(&String, i64)>> = BTreeMap::new();
    let nobody = Vec::new();
    for scope in kept.members.keys().chain(wanted.members.keys().filter(|of| !kept.members.contains_key(*of)))
    {
        let were = kept.members.get(scope).unwrap_or(&nobody);
        let are = wanted.members.get(scope).unwrap_or(&nobody);
        if were == are {
            continue;
        }
        let gone = were.iter().filter(|unit| !are.contains(unit)).map(|unit| (unit, -1));
        for (unit, times) in are.iter().filter(|unit| !were.contains(unit)).map(|unit| (unit, 1)).chain(gone)
        {
            moves.entry(unit).or_default().push((scope, times));
        }
        folding::counter_members_set(c, scope, are)?;
    }
    let mut sums = Sums::default();
    for (unit, scopes) in moves {
        folding::counted_each(c, unit, |kind, counted| {
            let kind = (kind.procedure, kind.sector, kind.channel.word().to_owned());
            for (scope, times) in &scopes {
                sums.change_scope(scope, &kind, |days| counted.enter(*times, days));
            }
        })?;
    }
    // A scope that is no more lost its sums with its last unit.
    sums.scopes.retain(|(scope, _), _| wanted.members.contains_key(scope));
    sums.add_to_store(c, until)
}

/// The units that have others below them, each with itself and all of these, in order.
#[derive(Debug, Default)]
struct Scopes {
    members: BTreeMap<String, Vec<String>>,
    above: HashMap<String, Vec<String>>,
}

impl Scopes {
    fn of(members: BTreeMap<String, Vec<String>>) -> Scopes {
        let mut above: HashMap<String, Vec<String>> = HashMap::new();
        for (scope, units) in &members {
            for unit in units {
                above.entry(unit.clone()).or_default().push(scope.clone());
            }
        }
        Scopes { members, above }
    }

    /// As the tree of units has them.
    fn wanted(catalogue: &Catalogue) -> Scopes {
        let subtrees =
            catalogue.units.iter().map(|unit| (unit.code.clone(), catalogue.units.subtree(&unit.code)));
        Scopes::of(subtrees.filter(|(_, units)| units.len() > 1).collect())
    }

    /// As their sums are kept.
    fn kept(c: &mut AnyConnection) -> Result<Scopes, AppError> {
        let mut members: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (scope, unit) in folding::counter_members_all(c)? {
            members.entry(scope).or_default().push(unit);
        }
        Ok(Scopes::of(members))
    }
}

/// Sums on their way into the store.
#[derive(Debug, Default)]
struct Sums {
    days: BTreeMap<String, Days>,
    scopes: BTreeMap<(String, KindKey), Days>,
}

impl Sums {
    fn add(&mut self, scopes: &Scopes, unit: &str, kind: KindKey, (day, counts): (NaiveDate, Counts)) {
        *self.days.entry(unit.to_owned()).or_default().entry(day).or_default() += counts;
        for scope in scopes.above.get(unit).into_iter().flatten() {
            self.change_scope(scope, &kind, |days| *days.entry(half_month_of(day)).or_default() += counts);
        }
    }

    /// Changes what a scope keeps of a kind, under each of its keys.
    fn change_scope(&mut self, scope: &str, kind: &KindKey, how: impl Fn(&mut Days)) {
        for level in levels(kind.clone()) {
            how(self.scopes.entry((scope.to_owned(), level)).or_default());
        }
    }

    fn add_to_store(&self, c: &mut AnyConnection, until: NaiveDate) -> Result<(), AppError> {
        store::days_add(c, &self.day_rows(until)?)?;
        store::units_add(c, &self.unit_rows(until)?)?;
        Ok(store::scopes_add(c, &self.scope_rows(until)?)?)
    }

    fn day_rows(&self, until: NaiveDate) -> Result<Vec<DayRow>, AppError> {
        let days = self.days.iter().flat_map(|(unit, days)| days.range(..until).map(move |of| (unit, of)));
        let counted = days.filter(|(_, (_, counts))| !counts.is_nothing());
        Ok(counted
            .map(|(unit, (day, counts))| DayRow::new((*day, unit.clone()), counts))
            .collect::<Result<_, _>>()?)
    }

    fn unit_rows(&self, until: NaiveDate) -> Result<Vec<UnitRow>, AppError> {
        let all = self.days.iter().flat_map(|(unit, days)| {
            balances(days, until)
                .into_iter()
                .map(move |(boundary, sum)| UnitRow::new((boundary, unit.clone()), &sum))
        });
        Ok(all.collect::<Result<_, _>>()?)
    }

    fn scope_rows(&self, until: NaiveDate) -> Result<Vec<ScopeRow>, AppError> {
        let all = self.scopes.iter().flat_map(|((scope, kind), days)| {
            balances(days, until).into_iter().map(move |(boundary, sum)| {
                let (procedure, sector, channel) = kind.clone();
                ScopeRow::new((boundary, scope.clone(), channel, procedure, sector), &sum)
            })
        });
        Ok(all.collect::<Result<_, _>>()?)
    }
}
