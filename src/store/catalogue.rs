//! Units, procedures with their limits and calendar versions: small tables, read whole. Commitments are [`super::commitments`]'.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::upsert::excluded;

use super::dossiers::{late_receipt, word};
use super::schema::{
    calendar_versions, catalogue_version, former_units, procedure_limits, procedures, units,
};
use super::{AnyConnection, Moment, StoreError};
use crate::domain::deadline::{Limit, LimitUnit};
use crate::domain::dossier::Channel;
use crate::domain::procedure::{Procedure, ProcedureLimit};
use crate::domain::unit::{FormerUnit, Unit};

const ROWS_A_STATEMENT: usize = 500;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = units, treat_none_as_default_value = false)]
struct UnitRow {
    code: String,
    name: String,
    parent: Option<String>,
    valid_from: Option<NaiveDate>,
    valid_to: Option<NaiveDate>,
    merged_into: Option<String>,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = former_units, treat_none_as_default_value = false)]
struct FormerRow {
    code: String,
    until: NaiveDate,
    name: String,
    parent: Option<String>,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = procedures, treat_none_as_default_value = false)]
struct ProcedureRow {
    code: String,
    name: String,
    sector: String,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = procedure_limits, treat_none_as_default_value = false)]
struct LimitRow {
    id: i64,
    procedure: String,
    channel: Option<String>,
    limit_case: Option<String>,
    limit_value: Option<i32>,
    limit_unit: String,
    late_after: Option<String>,
    late_effect: Option<String>,
    valid_from: Option<NaiveDate>,
    source: String,
}

/// A published calendar of one scope.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = calendar_versions, treat_none_as_default_value = false)]
pub struct CalendarVersionRow {
    /// Its number; grows over all scopes.
    pub version: i64,
    /// `national`, or a unit's code.
    pub scope: String,
    /// The layer, as JSON.
    pub content: String,
    /// Where it comes from.
    pub source: String,
    /// When it was published.
    pub published_at: Moment,
    /// By whom; `None` for what is shipped.
    pub published_by: Option<i64>,
}

/// The number that grows with every change of the catalogue, so that each process knows when to read it again.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn catalogue_version(c: &mut AnyConnection) -> Result<i64, StoreError> {
    on!(c, |c| catalogue_version::table.select(catalogue_version::version).first(c)).map_err(Into::into)
}

/// Says that the catalogue has changed; part of every write that changes it.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn catalogue_touch(c: &mut AnyConnection) -> Result<(), StoreError> {
    on!(c, |c| diesel::update(catalogue_version::table)
        .set(catalogue_version::version.eq(catalogue_version::version + 1))
        .execute(c))?;
    Ok(())
}

/// Every unit.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn units_all(c: &mut AnyConnection) -> Result<Vec<Unit>, StoreError> {
    let rows: Vec<UnitRow> = on!(c, |c| units::table.select(UnitRow::as_select()).load(c))?;
    Ok(rows
        .into_iter()
        .map(|row| Unit {
            code: row.code,
            name: row.name,
            parent: row.parent,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            merged_into: row.merged_into,
        })
        .collect())
}

/// What units were before, in no order.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn former_units_all(c: &mut AnyConnection) -> Result<Vec<FormerUnit>, StoreError> {
    let rows: Vec<FormerRow> = on!(c, |c| former_units::table.select(FormerRow::as_select()).load(c))?;
    let read =
        |row: FormerRow| FormerUnit { code: row.code, until: row.until, name: row.name, parent: row.parent };
    Ok(rows.into_iter().map(read).collect())
}

/// Writes down what units were before.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn former_units_put(c: &mut AnyConnection, all: &[FormerUnit]) -> Result<(), StoreError> {
    for of in all {
        let row = FormerRow {
            code: of.code.clone(),
            until: of.until,
            name: of.name.clone(),
            parent: of.parent.clone(),
        };
        on!(c, |c| diesel::insert_into(former_units::table).values(&row).execute(c))?;
    }
    Ok(())
}

/// Writes units, new or changed, in any order: first all are there, then they name each other.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn units_put(c: &mut AnyConnection, all: &[Unit]) -> Result<(), StoreError> {
    let row = |unit: &Unit| UnitRow {
        code: unit.code.clone(),
        name: unit.name.clone(),
        parent: unit.parent.clone(),
        valid_from: unit.valid_from,
        valid_to: unit.valid_to,
        merged_into: unit.merged_into.clone(),
    };
    for unit in all {
        let bare = UnitRow { parent: None, merged_into: None, ..row(unit) };
        on!(c, |c| diesel::insert_into(units::table)
            .values(&bare)
            .on_conflict(units::code)
            .do_nothing()
            .execute(c))?;
    }
    for unit in all {
        let row = row(unit);
        on!(c, |c| diesel::update(units::table.filter(units::code.eq(&row.code)))
            .set((
                units::name.eq(&row.name),
                units::parent.eq(&row.parent),
                units::valid_from.eq(row.valid_from),
                units::valid_to.eq(row.valid_to),
                units::merged_into.eq(&row.merged_into),
            ))
            .execute(c))?;
    }
    Ok(())
}

/// Every procedure with all its limits.
///
/// # Errors
/// [`StoreError`] of the engine, or [`StoreError::Corrupt`].
pub fn procedures_all(c: &mut AnyConnection) -> Result<Vec<Procedure>, StoreError> {
    let rows: Vec<ProcedureRow> =
        on!(c, |c| procedures::table.order(procedures::code).select(ProcedureRow::as_select()).load(c))?;
    let limit_rows: Vec<LimitRow> = on!(c, |c| procedure_limits::table
        .order(procedure_limits::id)
        .select(LimitRow::as_select())
        .load(c))?;
    let mut limits: BTreeMap<String, Vec<ProcedureLimit>> = BTreeMap::new();
    for row in limit_rows {
        limits.entry(row.procedure.clone()).or_default().push(read_limit(row)?);
    }
    Ok(rows
        .into_iter()
        .map(|row| Procedure {
            limits: limits.remove(&row.code).unwrap_or_default(),
            code: row.code,
            name: row.name,
            sector: row.sector,
        })
        .collect())
}

/// Writes procedures, new or changed; the limits given replace the limits kept.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn procedures_put(c: &mut AnyConnection, all: &[Procedure]) -> Result<(), StoreError> {
    let rows: Vec<ProcedureRow> = all
        .iter()
        .map(|of| ProcedureRow { code: of.code.clone(), name: of.name.clone(), sector: of.sector.clone() })
        .collect();
    for some in rows.chunks(ROWS_A_STATEMENT) {
        on!(c, |c| diesel::insert_into(procedures::table)
            .values(some)
            .on_conflict(procedures::code)
            .do_update()
            .set((
                procedures::name.eq(excluded(procedures::name)),
                procedures::sector.eq(excluded(procedures::sector))
            ))
            .execute(c))?;
        let codes: Vec<&str> = some.iter().map(|row| row.code.as_str()).collect();
        on!(c, |c| diesel::delete(
            procedure_limits::table.filter(procedure_limits::procedure.eq_any(&codes))
        )
        .execute(c))?;
    }
    let last = last_key!(c, procedure_limits::id, procedure_limits::table)?;
    let limits: Vec<LimitRow> = all
        .iter()
        .flat_map(|of| of.limits.iter().map(move |limit| (of, limit)))
        .zip(last + 1..)
        .map(|((of, limit), id)| limit_row(id, &of.code, limit))
        .collect();
    for some in limits.chunks(ROWS_A_STATEMENT) {
        on!(c, |c| diesel::insert_into(procedure_limits::table).values(some).execute(c))?;
    }
    Ok(())
}

fn limit_row(id: i64, procedure: &str, of: &ProcedureLimit) -> LimitRow {
    LimitRow {
        id,
        procedure: procedure.to_owned(),
        channel: of.channel.map(|channel| channel.word().to_owned()),
        limit_case: of.case.clone(),
        limit_value: of.limit.value().and_then(|value| i32::try_from(value).ok()),
        limit_unit: of.limit.unit().word().to_owned(),
        late_after: of.late_receipt.map(|late| late.after.format("%H:%M").to_string()),
        late_effect: of.late_receipt.map(|late| late.effect.word().to_owned()),
        valid_from: of.valid_from,
        source: of.source.clone(),
    }
}

fn read_limit(row: LimitRow) -> Result<ProcedureLimit, StoreError> {
    let unit = word("limit unit", &row.limit_unit, LimitUnit::from_word)?;
    let value = row.limit_value.and_then(|value| u32::try_from(value).ok());
    let late_receipt = late_receipt(row.late_after, row.late_effect)?;
    Ok(ProcedureLimit {
        channel: row.channel.map(|text| word("channel", &text, Channel::from_word)).transpose()?,
        case: row.limit_case,
        limit: Limit::new(unit, value).map_err(|error| StoreError::Corrupt(error.to_string()))?,
        late_receipt,
        valid_from: row.valid_from,
        source: row.source,
    })
}

/// The calendar in force of every scope: the newest version of each.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn calendars_in_force(c: &mut AnyConnection) -> Result<Vec<CalendarVersionRow>, StoreError> {
    let rows: Vec<CalendarVersionRow> = on!(c, |c| calendar_versions::table
        .order(calendar_versions::version.asc())
        .select(CalendarVersionRow::as_select())
        .load(c))?;
    let newest: BTreeMap<String, CalendarVersionRow> =
        rows.into_iter().map(|row| (row.scope.clone(), row)).collect();
    Ok(newest.into_values().collect())
}

/// Publishes a calendar under the next free number, whatever number it carries; answers that number.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn calendar_insert(c: &mut AnyConnection, new: CalendarVersionRow) -> Result<i64, StoreError> {
    let last = last_key!(c, calendar_versions::version, calendar_versions::table)?;
    let row = CalendarVersionRow { version: last + 1, ..new };
    on!(c, |c| diesel::insert_into(calendar_versions::table).values(&row).execute(c))?;
    Ok(row.version)
}
