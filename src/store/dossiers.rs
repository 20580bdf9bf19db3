//! Dossiers and what hangs on them: the person's data and the commitments that bind. Written in batches, by the writer alone.

use diesel::prelude::*;
use diesel::upsert::excluded;

use super::schema::{applicants, code_serials, dossier_commitments, dossiers, findings};
use super::{AnyConnection, Moment, StoreError};
use crate::domain::deadline::{Limit, LimitUnit};
use crate::domain::dossier::{Channel, ClosedAs, Dossier, Outcome, Status};
use crate::domain::fold::fold;

/// Rows in one statement: well below SQLite's 32 766 bound variables at 30 columns.
const ROWS_A_STATEMENT: usize = 500;

/// A row of `dossiers`.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = dossiers, treat_none_as_default_value = false)]
pub struct DossierRow {
    id: i64,
    code: String,
    code_search: String,
    unit: String,
    procedure: String,
    sector: String,
    channel: String,
    limit_value: Option<i32>,
    limit_unit: String,
    status: String,
    received_at: Moment,
    effective_receipt: Moment,
    statutory_due_at: Moment,
    commitment_due_at: Option<Moment>,
    first_due_at: Moment,
    due_at: Moment,
    lapses_at: Moment,
    appointed_at: Moment,
    provisional: bool,
    closed_at: Option<Moment>,
    closed_as: Option<String>,
    outcome: Option<String>,
    returned_at: Option<Moment>,
    officer: Option<String>,
    note: Option<String>,
    reason: Option<String>,
    supplements: i32,
    reappointments: i32,
    version: i64,
}

/// The person who handed a dossier in. Stands in its own table, so that it can be erased alone.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = applicants, treat_none_as_default_value = false)]
pub struct ApplicantRow {
    /// The dossier.
    pub dossier_id: i64,
    /// Full name.
    pub name: String,
    /// Telephone.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Postal address.
    pub address: Option<String>,
    /// Salt of the digest that the ledger holds.
    pub salt: String,
    /// The name without diacritics, for searching.
    pub search: String,
}

/// A commitment that binds a dossier, with its dates.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = dossier_commitments, treat_none_as_default_value = false)]
pub struct DossierCommitmentRow {
    /// The dossier.
    pub dossier_id: i64,
    /// The commitment.
    pub commitment_id: i64,
    /// Its effect's word.
    pub effect: String,
    /// The latest promise that keeps it.
    pub due_at: Moment,
    /// Missed from this instant on.
    pub lapses_at: Moment,
}

impl From<&Dossier> for DossierRow {
    fn from(of: &Dossier) -> Self {
        DossierRow {
            id: of.id,
            code: of.code.clone(),
            code_search: fold(&of.code),
            unit: of.unit.clone(),
            procedure: of.procedure.clone(),
            sector: of.sector.clone(),
            channel: of.channel.word().to_owned(),
            limit_value: of.limit.value().and_then(|value| i32::try_from(value).ok()),
            limit_unit: of.limit.unit().word().to_owned(),
            status: of.status.word().to_owned(),
            received_at: of.received_at.into(),
            effective_receipt: of.effective_receipt.into(),
            statutory_due_at: of.statutory_due_at.into(),
            commitment_due_at: of.commitment_due_at.map(Into::into),
            first_due_at: of.first_due_at.into(),
            due_at: of.due_at.into(),
            lapses_at: of.lapses_at.into(),
            appointed_at: of.appointed_at.into(),
            provisional: of.provisional,
            closed_at: of.closed_at.map(Into::into),
            closed_as: of.closed_as.map(|word| word.word().to_owned()),
            outcome: of.outcome.map(|word| word.word().to_owned()),
            returned_at: of.returned_at.map(Into::into),
            officer: of.officer.clone(),
            note: of.note.clone(),
            reason: of.reason.clone(),
            supplements: i32::try_from(of.supplements).unwrap_or(i32::MAX),
            reappointments: i32::try_from(of.reappointments).unwrap_or(i32::MAX),
            version: of.version,
        }
    }
}

impl TryFrom<DossierRow> for Dossier {
    type Error = StoreError;

    fn try_from(row: DossierRow) -> Result<Self, StoreError> {
        let limit_unit = LimitUnit::from_word(&row.limit_unit)
            .ok_or_else(|| StoreError::unknown_word("limit unit", &row.limit_unit))?;
        let value = row.limit_value.and_then(|value| u32::try_from(value).ok());
        Ok(Dossier {
            limit: Limit::new(limit_unit, value).map_err(|error| StoreError::Corrupt(error.to_string()))?,
            channel: word("channel", &row.channel, Channel::from_word)?,
            status: word("status", &row.status, Status::from_word)?,
            closed_as: row.closed_as.map(|text| word("closing", &text, ClosedAs::from_word)).transpose()?,
            outcome: row.outcome.map(|text| word("outcome", &text, Outcome::from_word)).transpose()?,
            id: row.id,
            code: row.code,
            unit: row.unit,
            procedure: row.procedure,
            sector: row.sector,
            received_at: row.received_at.utc(),
            effective_receipt: row.effective_receipt.utc(),
            statutory_due_at: row.statutory_due_at.utc(),
            commitment_due_at: row.commitment_due_at.map(Moment::utc),
            first_due_at: row.first_due_at.utc(),
            due_at: row.due_at.utc(),
            lapses_at: row.lapses_at.utc(),
            appointed_at: row.appointed_at.utc(),
            provisional: row.provisional,
            closed_at: row.closed_at.map(Moment::utc),
            returned_at: row.returned_at.map(Moment::utc),
            officer: row.officer,
            note: row.note,
            reason: row.reason,
            supplements: u32::try_from(row.supplements).unwrap_or(0),
            reappointments: u32::try_from(row.reappointments).unwrap_or(0),
            version: row.version,
        })
    }
}

/// A stored word of a known set.
pub(super) fn word<T>(what: &str, text: &str, read: impl Fn(&str) -> Option<T>) -> Result<T, StoreError> {
    read(text).ok_or_else(|| StoreError::unknown_word(what, text))
}

/// Writes new dossiers, many rows a statement.
///
/// # Errors
/// [`StoreError::Duplicate`] when a code stands already: the writer looks before it writes, so this means another hand.
pub fn dossiers_insert(c: &mut AnyConnection, new: &[Dossier]) -> Result<(), StoreError> {
    let rows: Vec<DossierRow> = new.iter().map(Into::into).collect();
    Ok(insert_rows!(c, dossiers::table, &rows)?)
}

/// Writes what acts made of dossiers, many rows a statement; what never changes after receipt is left alone.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn dossiers_update(c: &mut AnyConnection, changed: &[Dossier]) -> Result<(), StoreError> {
    let rows: Vec<DossierRow> = changed.iter().map(Into::into).collect();
    for some in rows.chunks(ROWS_A_STATEMENT) {
        on!(c, |c| diesel::insert_into(dossiers::table)
            .values(some)
            .on_conflict(dossiers::id)
            .do_update()
            .set((
                dossiers::status.eq(excluded(dossiers::status)),
                dossiers::due_at.eq(excluded(dossiers::due_at)),
                dossiers::lapses_at.eq(excluded(dossiers::lapses_at)),
                dossiers::appointed_at.eq(excluded(dossiers::appointed_at)),
                dossiers::provisional.eq(excluded(dossiers::provisional)),
                dossiers::closed_at.eq(excluded(dossiers::closed_at)),
                dossiers::closed_as.eq(excluded(dossiers::closed_as)),
                dossiers::outcome.eq(excluded(dossiers::outcome)),
                dossiers::returned_at.eq(excluded(dossiers::returned_at)),
                dossiers::officer.eq(excluded(dossiers::officer)),
                dossiers::supplements.eq(excluded(dossiers::supplements)),
                dossiers::reappointments.eq(excluded(dossiers::reappointments)),
                dossiers::version.eq(excluded(dossiers::version)),
            ))
            .execute(c))?;
    }
    Ok(())
}

/// The dossiers with these codes, in no order.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn dossiers_by_code(c: &mut AnyConnection, codes: &[String]) -> Result<Vec<Dossier>, StoreError> {
    let mut found = Vec::new();
    for some in codes.chunks(ROWS_A_STATEMENT) {
        let rows: Vec<DossierRow> = on!(c, |c| dossiers::table
            .filter(dossiers::code.eq_any(some))
            .select(DossierRow::as_select())
            .load(c))?;
        for row in rows {
            found.push(row.try_into()?);
        }
    }
    Ok(found)
}

/// One dossier by its code.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn dossier_find(c: &mut AnyConnection, code: &str) -> Result<Option<Dossier>, StoreError> {
    Ok(dossiers_by_code(c, &[code.to_owned()])?.pop())
}

/// The highest key given to a dossier so far; 0 when there is none. Only meaningful within a write.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn dossiers_last_id(c: &mut AnyConnection) -> Result<i64, StoreError> {
    let last: Option<i64> = on!(c, |c| dossiers::table.select(diesel::dsl::max(dossiers::id)).first(c))?;
    Ok(last.unwrap_or(0))
}

/// Writes the persons of new dossiers.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn applicants_insert(c: &mut AnyConnection, rows: &[ApplicantRow]) -> Result<(), StoreError> {
    Ok(insert_rows!(c, applicants::table, rows)?)
}

/// The persons of these dossiers.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn applicants_of(c: &mut AnyConnection, ids: &[i64]) -> Result<Vec<ApplicantRow>, StoreError> {
    let mut found = Vec::new();
    for some in ids.chunks(ROWS_A_STATEMENT) {
        let rows: Vec<ApplicantRow> = on!(c, |c| applicants::table
            .filter(applicants::dossier_id.eq_any(some))
            .select(ApplicantRow::as_select())
            .load(c))?;
        found.extend(rows);
    }
    Ok(found)
}

/// Writes which commitments bind new dossiers.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn dossier_commitments_insert(
    c: &mut AnyConnection,
    rows: &[DossierCommitmentRow],
) -> Result<(), StoreError> {
    Ok(insert_rows!(c, dossier_commitments::table, rows)?)
}

/// The commitments that bind these dossiers.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn dossier_commitments_of(
    c: &mut AnyConnection,
    ids: &[i64],
) -> Result<Vec<DossierCommitmentRow>, StoreError> {
    let mut found = Vec::new();
    for some in ids.chunks(ROWS_A_STATEMENT) {
        let rows: Vec<DossierCommitmentRow> = on!(c, |c| dossier_commitments::table
            .filter(dossier_commitments::dossier_id.eq_any(some))
            .select(DossierCommitmentRow::as_select())
            .load(c))?;
        found.extend(rows);
    }
    Ok(found)
}

/// Marks the written findings of these closed dossiers as cleared, each at its dossier's closing; after [`dossiers_update`].
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn findings_clear(c: &mut AnyConnection, closed: &[i64]) -> Result<(), StoreError> {
    for some in closed.chunks(ROWS_A_STATEMENT) {
        on!(c, |c| diesel::update(findings::table)
            .filter(findings::dossier_id.eq_any(some).and(findings::cleared_at.is_null()))
            .set((
                findings::cleared_at.eq(dossiers::table
                    .filter(dossiers::id.eq(findings::dossier_id))
                    .select(dossiers::closed_at)
                    .single_value()),
                findings::cleared_why.eq("closed"),
            ))
            .execute(c))?;
    }
    Ok(())
}

/// The last serial given under a code prefix; 0 when none was.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn code_serial_find(c: &mut AnyConnection, prefix: &str) -> Result<i64, StoreError> {
    let last: Option<i64> = on!(c, |c| code_serials::table
        .filter(code_serials::prefix.eq(prefix))
        .select(code_serials::last)
        .first(c)
        .optional())?;
    Ok(last.unwrap_or(0))
}

/// Remembers the last serial given under a code prefix.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn code_serial_set(c: &mut AnyConnection, prefix: &str, last: i64) -> Result<(), StoreError> {
    on!(c, |c| diesel::insert_into(code_serials::table)
        .values((code_serials::prefix.eq(prefix), code_serials::last.eq(last)))
        .on_conflict(code_serials::prefix)
        .do_update()
        .set(code_serials::last.eq(excluded(code_serials::last)))
        .execute(c))?;
    Ok(())
}
