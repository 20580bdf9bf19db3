//! Folding counters: what acts have added of late goes to the sums by day and to the balances, and all of them are made again from the dossiers.
//! Which sums these are is decided in [`crate::app::counters`].

use chrono::NaiveDate;
use diesel::connection::{DefaultLoadingMode, SimpleConnection};
use diesel::pg::PgRowByRowLoadingMode;
use diesel::prelude::*;

use super::counter_rows::{DayRow, RecentRow, ScopeRow, UnitRow};
use super::dossiers::{json_read, word};
use super::schema::{
    counter_days, counter_members, counter_recent, counter_scopes, counter_state, counter_units, dossiers,
};
use super::{AnyConnection, Moment, StoreError};
use crate::domain::counters::{Counted, Kind};
use crate::domain::dossier::{Channel, ClosedAs, Halt, Outcome};

/// Sets how far the counters have come.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn counters_state_set(
    c: &mut AnyConnection,
    counting: bool,
    folded_until: Option<NaiveDate>,
) -> Result<(), StoreError> {
    on!(c, |c| diesel::update(counter_state::table)
        .set((counter_state::counting.eq(counting), counter_state::folded_until.eq(folded_until)))
        .execute(c))?;
    Ok(())
}

/// Everything that is not folded yet of the days before `before`, of these units (of all, if none are named), in order.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn recent_rows_before(
    c: &mut AnyConnection,
    units: Option<&[String]>,
    before: NaiveDate,
) -> Result<Vec<RecentRow>, StoreError> {
    Ok(on!(c, |c| {
        let query = counter_recent::table
            .filter(counter_recent::day.lt(before))
            .order((counter_recent::unit, counter_recent::day))
            .select(RecentRow::as_select())
            .into_boxed();
        of_units!(query, counter_recent::unit, units).load(c)
    })?)
}

/// How many rows are not folded yet of the days before `before`.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn recent_count_before(c: &mut AnyConnection, before: NaiveDate) -> Result<i64, StoreError> {
    Ok(on!(c, |c| counter_recent::table.filter(counter_recent::day.lt(before)).count().get_result(c))?)
}

/// Takes away what was folded.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn recent_delete_before(c: &mut AnyConnection, before: NaiveDate) -> Result<(), StoreError> {
    on!(c, |c| diesel::delete(counter_recent::table.filter(counter_recent::day.lt(before))).execute(c))?;
    Ok(())
}

/// Gives a boundary the balances of an earlier one.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn balances_carry(c: &mut AnyConnection, from: NaiveDate, to: NaiveDate) -> Result<(), StoreError> {
    macro_rules! carried {
        ($table:ident, $row:ident) => {{
            let rows: Vec<$row> = on!(c, |c| $table::table
                .filter($table::boundary.eq(from))
                .select($row::as_select())
                .load(c))?;
            let rows: Vec<$row> = rows.into_iter().map(|row| row.carried_to(to)).collect();
            insert_rows!(&mut *c, $table::table, &rows)?;
        }};
    }
    carried!(counter_units, UnitRow);
    carried!(counter_scopes, ScopeRow);
    Ok(())
}

/// Takes a boundary's balances away.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn balances_drop(c: &mut AnyConnection, boundary: NaiveDate) -> Result<(), StoreError> {
    on!(c, |c| diesel::delete(counter_units::table.filter(counter_units::boundary.eq(boundary))).execute(c))?;
    on!(c, |c| diesel::delete(counter_scopes::table.filter(counter_scopes::boundary.eq(boundary)))
        .execute(c))?;
    Ok(())
}

/// All scopes with their units, in order.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn counter_members_all(c: &mut AnyConnection) -> Result<Vec<(String, String)>, StoreError> {
    Ok(on!(c, |c| counter_members::table
        .order((counter_members::scope, counter_members::unit))
        .select((counter_members::scope, counter_members::unit))
        .load(c))?)
}

/// Sets of which units a scope's sums are; of none, there is no such scope any more, and its sums go.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn counter_members_set(c: &mut AnyConnection, scope: &str, units: &[String]) -> Result<(), StoreError> {
    on!(c, |c| diesel::delete(counter_members::table.filter(counter_members::scope.eq(scope))).execute(c))?;
    for unit in units {
        on!(c, |c| diesel::insert_into(counter_members::table)
            .values((counter_members::scope.eq(scope), counter_members::unit.eq(unit)))
            .execute(c))?;
    }
    if units.is_empty() {
        on!(c, |c| diesel::delete(counter_scopes::table.filter(counter_scopes::scope.eq(scope))).execute(c))?;
    }
    Ok(())
}

/// Empties all counters.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn counters_clear(c: &mut AnyConnection) -> Result<(), StoreError> {
    let all = "DELETE FROM counter_recent; DELETE FROM counter_days; DELETE FROM counter_units; DELETE FROM counter_scopes; DELETE FROM counter_members";
    Ok(on!(c, |c| c.batch_execute(all))?)
}

/// Writes rows that stand in nobody's way, after the counters were emptied.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn counters_insert(
    c: &mut AnyConnection,
    recent: &[RecentRow],
    days: &[DayRow],
) -> Result<(), StoreError> {
    insert_rows!(&mut *c, counter_recent::table, recent)?;
    Ok(insert_rows!(c, counter_days::table, days)?)
}

/// The same for the units' balances.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn units_insert(c: &mut AnyConnection, rows: &[UnitRow]) -> Result<(), StoreError> {
    Ok(insert_rows!(c, counter_units::table, rows)?)
}

/// The same for the scopes.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn scopes_insert(c: &mut AnyConnection, rows: &[ScopeRow]) -> Result<(), StoreError> {
    Ok(insert_rows!(c, counter_scopes::table, rows)?)
}

/// All that is kept of a unit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// What is not folded yet.
    pub recent: Vec<RecentRow>,
    /// The folded days.
    pub days: Vec<DayRow>,
    /// The balances.
    pub balances: Vec<UnitRow>,
}

/// All that is kept of a unit.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn counters_of(c: &mut AnyConnection, unit: &str) -> Result<Kept, StoreError> {
    macro_rules! all {
        ($table:ident, $row:ident) => {
            on!(c, |c| $table::table.filter($table::unit.eq(unit)).select($row::as_select()).load(c))?
        };
    }
    Ok(Kept {
        recent: all!(counter_recent, RecentRow),
        days: all!(counter_days, DayRow),
        balances: all!(counter_units, UnitRow),
    })
}

/// All balances of a scope.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn counters_of_scope(c: &mut AnyConnection, scope: &str) -> Result<Vec<ScopeRow>, StoreError> {
    Ok(on!(c, |c| counter_scopes::table
        .filter(counter_scopes::scope.eq(scope))
        .select(ScopeRow::as_select())
        .load(c))?)
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = dossiers)]
pub(super) struct CountedRow {
    procedure: String,
    sector: String,
    channel: String,
    received_at: Moment,
    lapses_at: Moment,
    closed_at: Option<Moment>,
    closed_as: Option<String>,
    outcome: Option<String>,
    supplements: i32,
    reappointments: i32,
    halts: String,
}

impl CountedRow {
    pub(super) fn read(self) -> Result<(Kind, Counted), StoreError> {
        let channel = word("channel", &self.channel, Channel::from_word)?;
        let closed_as = self.closed_as.map(|text| word("closing", &text, ClosedAs::from_word)).transpose()?;
        let outcome = self.outcome.map(|text| word("outcome", &text, Outcome::from_word)).transpose()?;
        let halts: Vec<Halt> = json_read("halts", &self.halts)?;
        let counted = Counted {
            channel,
            received_at: self.received_at.utc(),
            lapses_at: self.lapses_at.utc(),
            closed: self
                .closed_at
                .zip(closed_as.zip(outcome))
                .map(|(at, (closed_as, outcome))| (at.utc(), closed_as, outcome)),
            apologised: self.reappointments > 0,
            twice_supplemented: self.supplements > 1,
            halts: halts.iter().map(|halt| (halt.from, halt.to)).collect(),
        };
        Ok((Kind { procedure: self.procedure, sector: self.sector, channel }, counted))
    }
}

/// Goes over a unit's dossiers, none of which is held longer than `each` takes.
///
/// # Errors
/// [`StoreError`] of the engine, or [`StoreError::Corrupt`].
pub fn counted_each(
    c: &mut AnyConnection,
    unit: &str,
    mut each: impl FnMut(Kind, Counted),
) -> Result<(), StoreError> {
    let mut take = |row: QueryResult<CountedRow>| -> Result<(), StoreError> {
        let (kind, counted) = row?.read()?;
        each(kind, counted);
        Ok(())
    };
    match c {
        AnyConnection::Pg(c) => dossiers::table
            .filter(dossiers::unit.eq(unit))
            .select(CountedRow::as_select())
            .load_iter::<CountedRow, PgRowByRowLoadingMode>(&mut **c)?
            .try_for_each(&mut take),
        AnyConnection::Sqlite(c) => dossiers::table
            .filter(dossiers::unit.eq(unit))
            .select(CountedRow::as_select())
            .load_iter::<CountedRow, DefaultLoadingMode>(&mut **c)?
            .try_for_each(&mut take),
    }
}
