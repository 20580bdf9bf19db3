//! Making the counters again from the dossiers, in one transaction.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{KindKey, Scopes, Sums};
use crate::app::{App, AppError, Catalogue};
use crate::domain::counters::{Days, half_month_of};
use crate::domain::office_time::local_date;
use crate::store::counter_folding as folding;
use crate::store::counters::{RecentRow, ScopeRow, UnitRow};
use crate::store::{AnyConnection, catalogue as catalogue_store};

/// Scopes' balances written at a time.
const ROWS: usize = 20_000;

/// Makes all counters again from the dossiers; answers how many dossiers were counted. Nothing else is written meanwhile: some seconds for every
/// hundred thousand dossiers.
///
/// # Errors
/// The store's; then the counters are what they were.
pub async fn rebuild(app: &App) -> Result<u64, AppError> {
    let clock = app.clock().clone();
    app.write_job("counters", move |c, catalogue| make_again(c, catalogue, local_date(clock.now()))).await
}

/// Makes all counters again, folded until today.
pub(in crate::app) fn make_again(
    c: &mut AnyConnection,
    catalogue: &Catalogue,
    today: NaiveDate,
) -> Result<u64, AppError> {
    folding::counters_clear(c)?;
    let scopes = Scopes::wanted(catalogue);
    for (scope, units) in &scopes.members {
        folding::counter_members_set(c, scope, units)?;
    }
    let (mut of_scopes, mut balances, mut counted) = (Sums::default(), Vec::new(), 0);
    for unit in catalogue.units.iter() {
        let expected = Expected::of(c, &unit.code, today)?;
        counted += expected.dossiers;
        expected.add_to_scopes(&scopes, &mut of_scopes);
        folding::counters_insert(c, &expected.recent_rows()?, &expected.folded.day_rows(today)?)?;
        balances.extend(expected.folded.unit_rows(today)?);
    }
    // A report reads all of a boundary: written boundary by boundary, as they come to be in service, they stand together on PostgreSQL too.
    balances.sort_by_key(UnitRow::keys);
    folding::units_insert(c, &balances)?;
    let mut of_scopes = of_scopes.scope_rows(today)?;
    of_scopes.sort_by_key(ScopeRow::keys);
    for rows in of_scopes.chunks(ROWS) {
        folding::scopes_insert(c, rows)?;
    }
    folding::counters_state_set(c, true, Some(today))?;
    // The writer counts on from here.
    catalogue_store::catalogue_touch(c)?;
    Ok(counted)
}

/// What a unit's counters have to be, by its dossiers.
pub(super) struct Expected {
    pub(super) unit: String,
    /// How many dossiers it has.
    pub(super) dossiers: u64,
    /// The days before the one that all is folded until.
    pub(super) folded: Sums,
    /// All days, by kind.
    pub(super) kinds: BTreeMap<KindKey, Days>,
    until: NaiveDate,
}

impl Expected {
    pub(super) fn of(c: &mut AnyConnection, unit: &str, until: NaiveDate) -> Result<Expected, AppError> {
        let (mut kinds, mut dossiers) = (BTreeMap::<KindKey, Days>::new(), 0);
        folding::counted_each(c, unit, |kind, counted| {
            dossiers += 1;
            let key = (kind.procedure, kind.sector, kind.channel.word().to_owned());
            counted.enter(1, kinds.entry(key).or_default());
        })?;
        let mut days = Days::new();
        for (day, counts) in kinds.values().flat_map(|days| days.range(..until)) {
            *days.entry(*day).or_default() += *counts;
        }
        let folded = Sums { days: BTreeMap::from([(unit.to_owned(), days)]), ..Sums::default() };
        Ok(Expected { unit: unit.to_owned(), dossiers, folded, kinds, until })
    }

    /// Adds what is folded to the scopes above the unit.
    pub(super) fn add_to_scopes(&self, scopes: &Scopes, sums: &mut Sums) {
        for scope in scopes.above.get(&self.unit).into_iter().flatten() {
            for (kind, days) in &self.kinds {
                sums.change_scope(scope, kind, |of_scope| {
                    for (day, counts) in days.range(..self.until) {
                        *of_scope.entry(half_month_of(*day)).or_default() += *counts;
                    }
                });
            }
        }
    }

    /// The days that are not folded.
    pub(super) fn recent_rows(&self) -> Result<Vec<RecentRow>, AppError> {
        let open =
            self.kinds.iter().flat_map(|(kind, days)| days.range(self.until..).map(move |of| (kind, of)));
        let row = |((procedure, sector, channel), (day, counts)): (&KindKey, (&NaiveDate, &_))| {
            let keys = (self.unit.clone(), *day, procedure.clone(), sector.clone(), channel.clone());
            RecentRow::new(keys, counts)
        };
        let counted = open.filter(|(_, (_, counts))| !counts.is_nothing());
        Ok(counted.map(row).collect::<Result<_, _>>()?)
    }
}
