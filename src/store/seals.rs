//! Sealed reports: rows that are added and never changed; triggers see to that on both engines.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::schema::seals;
use super::{AnyConnection, Moment, StoreError};

/// A sealed report, all of it.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = seals, treat_none_as_default_value = false)]
pub struct SealRow {
    /// What lists tell of it.
    #[diesel(embed)]
    pub head: SealHead,
    /// How many entries the ledger had then: what came later is not in it.
    pub entries: i64,
    /// The report, to the byte.
    pub body: String,
}

/// A sealed report without its body, for lists.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = seals, treat_none_as_default_value = false)]
pub struct SealHead {
    /// Key.
    pub id: i64,
    /// Which report.
    pub report: String,
    /// Top of the units it is about.
    pub unit: String,
    /// The period's label.
    pub period: String,
    /// Its first day.
    pub from_day: NaiveDate,
    /// Its last day, included.
    pub to_day: NaiveDate,
    /// What a row stands for.
    pub group_by: String,
    /// The instant it is seen from.
    pub as_of: Moment,
    /// When it was sealed.
    pub sealed_at: Moment,
    /// The user who did; `None` for the system itself.
    pub sealed_by: Option<i64>,
    /// SHA-256 of the body, in hex.
    pub hash: String,
}

/// The next free key.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn seal_next(c: &mut AnyConnection) -> Result<i64, StoreError> {
    Ok(last_key!(c, seals::id, seals::table)? + 1)
}

/// Adds a sealed report.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn seal_insert(c: &mut AnyConnection, row: &SealRow) -> Result<(), StoreError> {
    on!(c, |c| diesel::insert_into(seals::table).values(row).execute(c))?;
    Ok(())
}

/// The sealed report with this key.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn seal_find(c: &mut AnyConnection, id: i64) -> Result<Option<SealRow>, StoreError> {
    on!(c, |c| seals::table.find(id).select(SealRow::as_select()).first(c).optional()).map_err(Into::into)
}

/// The sealed report with the lowest key beyond `after`.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn seal_after(c: &mut AnyConnection, after: i64) -> Result<Option<SealRow>, StoreError> {
    on!(c, |c| seals::table
        .filter(seals::id.gt(after))
        .order(seals::id)
        .select(SealRow::as_select())
        .first(c)
        .optional())
    .map_err(Into::into)
}

/// Those about these units with keys below `before`, the newest first, at most `most`.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn seals_list(
    c: &mut AnyConnection,
    units: &[String],
    before: i64,
    most: i64,
) -> Result<Vec<SealHead>, StoreError> {
    on!(c, |c| seals::table
        .filter(seals::unit.eq_any(units).and(seals::id.lt(before)))
        .order(seals::id.desc())
        .limit(most)
        .select(SealHead::as_select())
        .load(c))
    .map_err(Into::into)
}

/// How many there are about these units.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn seals_count(c: &mut AnyConnection, units: &[String]) -> Result<i64, StoreError> {
    on!(c, |c| seals::table.filter(seals::unit.eq_any(units)).count().get_result(c)).map_err(Into::into)
}

/// Those of exactly this unit and this period's label, the newest first.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn seals_of_period(c: &mut AnyConnection, unit: &str, period: &str) -> Result<Vec<SealHead>, StoreError> {
    on!(c, |c| seals::table
        .filter(seals::unit.eq(unit).and(seals::period.eq(period)))
        .order(seals::id.desc())
        .select(SealHead::as_select())
        .load(c))
    .map_err(Into::into)
}
