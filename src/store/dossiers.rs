//! Dossiers, written in batches by the writer alone. The person's data are in [`super::applicants`], the commitments that bind in
//! [`super::bounds`], and all of a dossier together is read by [`super::files`].

use chrono::NaiveTime;
use diesel::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::on::FEW;
use super::schema::dossiers;
use super::sent::{Around, Clause, Followed};
use super::{AnyConnection, Moment, StoreError};
use crate::domain::deadline::{LateEffect, LateReceipt, Limit, LimitUnit};
use crate::domain::dossier::{Channel, ClosedAs, Dossier, Outcome, Status};
use crate::domain::fold::fold;

/// Rows in one statement: below SQLite's 32 766 bound variables at 38 columns.
const ROWS_A_STATEMENT: usize = 500;

changing_rows! {
    /// A row of `dossiers`.
    #[derive(Debug, Clone)]
    pub struct DossierRow, DossierColumns, Replacing, Changed of dossiers {
        key { id: i64 }
        keeping {
            code: String,
            unit: String,
            procedure: String,
        }
        setting {
            code_search: String,
            sector: String,
            channel: String,
            status: String,
            received_at: Moment,
            effective_receipt: Moment,
            commitment_due_at: Option<Moment>,
            due_at: Moment,
            lapses_at: Moment,
            closed_at: Option<Moment>,
            closed_as: Option<String>,
            outcome: Option<String>,
            officer: Option<String>,
            supplements: i32,
            reappointments: i32,
            apology_by: Moment,
            apologised_at: Option<Moment>,
        }
        carrying {
            limit_value: Option<i32>,
            limit_unit: String,
            statutory_due_at: Moment,
            first_due_at: Moment,
            appointed_at: Moment,
            provisional: bool,
            returned_at: Option<Moment>,
            reason: Option<String>,
            version: i64,
            late_after: Option<String>,
            late_effect: Option<String>,
            counted_from: Moment,
            given_due_at: Option<Moment>,
            pauses: String,
            halted_at: Option<Moment>,
            last_act_at: Moment,
            limit_case: Option<String>,
            halts: String,
        }
    }
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
            reason: of.reason.clone(),
            supplements: i32::try_from(of.supplements).unwrap_or(i32::MAX),
            reappointments: i32::try_from(of.reappointments).unwrap_or(i32::MAX),
            version: of.version,
            late_after: of.late_receipt.map(|late| late.after.format("%H:%M").to_string()),
            late_effect: of.late_receipt.map(|late| late.effect.word().to_owned()),
            counted_from: of.counted_from.into(),
            given_due_at: of.given_due_at.map(Into::into),
            pauses: json_text(&of.pauses),
            halted_at: of.halted_at.map(Into::into),
            halts: json_text(&of.halts),
            apology_by: of.apology_by.into(),
            apologised_at: of.apologised_at.map(Into::into),
            last_act_at: of.last_act_at.into(),
            limit_case: of.case.clone(),
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
            reason: row.reason,
            supplements: u32::try_from(row.supplements).unwrap_or(0),
            reappointments: u32::try_from(row.reappointments).unwrap_or(0),
            version: row.version,
            late_receipt: late_receipt(row.late_after, row.late_effect)?,
            counted_from: row.counted_from.utc(),
            given_due_at: row.given_due_at.map(Moment::utc),
            pauses: json_read("pauses", &row.pauses)?,
            halted_at: row.halted_at.map(Moment::utc),
            halts: json_read("halts", &row.halts)?,
            apology_by: row.apology_by.utc(),
            apologised_at: row.apologised_at.map(Moment::utc),
            last_act_at: row.last_act_at.utc(),
            case: row.limit_case,
        })
    }
}

/// Pauses and halts as JSON; most dossiers have none.
fn json_text<T: Serialize>(of: &[T]) -> String {
    if of.is_empty() {
        return "[]".to_owned();
    }
    serde_json::to_string(of).unwrap_or_else(|_| "[]".to_owned())
}

/// A list from its JSON.
pub(super) fn json_read<T: DeserializeOwned>(what: &str, text: &str) -> Result<Vec<T>, StoreError> {
    if text == "[]" {
        return Ok(Vec::new());
    }
    serde_json::from_str(text).map_err(|error| StoreError::Corrupt(format!("{what}: {error}")))
}

/// The late-receipt rule from its two columns.
pub(super) fn late_receipt(
    after: Option<String>,
    effect: Option<String>,
) -> Result<Option<LateReceipt>, StoreError> {
    let (Some(after), Some(effect)) = (after, effect) else { return Ok(None) };
    let after = NaiveTime::parse_from_str(&after, "%H:%M")
        .map_err(|_| StoreError::Corrupt(format!("«{after}» is no time of day")))?;
    Ok(Some(LateReceipt { after, effect: word("late effect", &effect, LateEffect::from_word)? }))
}

/// A stored word of a known set.
pub(crate) fn word<T>(what: &str, text: &str, read: impl Fn(&str) -> Option<T>) -> Result<T, StoreError> {
    read(text).ok_or_else(|| StoreError::unknown_word(what, text))
}

/// Writes new dossiers, many rows a statement.
///
/// # Errors
/// [`StoreError::Duplicate`] when a code stands already: the writer looks before it writes, so this means another hand.
pub fn dossiers_insert(c: &mut AnyConnection, new: &[Dossier]) -> Result<(), StoreError> {
    let rows: Vec<DossierRow> = new.iter().map(Into::into).collect();
    match c {
        AnyConnection::Pg(c) if rows.len() > FEW => {
            Around { before: inserting(), columns: DossierColumns::of(&rows), after: "" }.execute(c)?;
        }
        any => insert_each!(any, dossiers::table, rows)?,
    }
    Ok(())
}

/// Writes what became of dossiers, many rows a statement. Acts never change key, code and unit; rebuilding puts them right too.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn dossiers_update(c: &mut AnyConnection, changed: &[Dossier]) -> Result<(), StoreError> {
    let rows: Vec<DossierRow> = changed.iter().map(Into::into).collect();
    if let AnyConnection::Pg(c) = c
        && rows.len() > FEW
    {
        Around { before: inserting(), columns: DossierColumns::of(&rows), after: Replacing::TEXT }
            .execute(c)?;
        return Ok(());
    }
    for row in &rows {
        if let AnyConnection::Sqlite(c) = c {
            let c: &mut diesel::sqlite::SqliteConnection = &mut *c;
            if Changed(row).execute(c)? == 1 {
                continue;
            }
        }
        let insert = diesel::insert_into(dossiers::table).values(row);
        let replace = Followed::<_, Replacing>::by(insert);
        on!(c, |c| replace.execute(c))?;
    }
    Ok(())
}

fn inserting() -> String {
    format!("INSERT INTO dossiers ({}) SELECT * FROM ", DossierColumns::NAMES.join(", "))
}

/// Takes dossiers away, with nothing hanging on them any more.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn dossiers_delete(c: &mut AnyConnection, ids: &[i64]) -> Result<(), StoreError> {
    for some in ids.chunks(ROWS_A_STATEMENT) {
        on!(c, |c| diesel::delete(dossiers::table.filter(dossiers::id.eq_any(some))).execute(c))?;
    }
    Ok(())
}

/// Gives dossiers codes that stand in nobody's way, before their own are written.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn dossiers_unname(c: &mut AnyConnection, ids: &[i64]) -> Result<(), StoreError> {
    for id in ids {
        on!(c, |c| diesel::update(dossiers::table.filter(dossiers::id.eq(id)))
            .set(dossiers::code.eq(format!("~{id}")))
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

/// The dossiers with keys beyond `after`, in the order of their keys, at most `most`.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn dossiers_after(c: &mut AnyConnection, after: i64, most: i64) -> Result<Vec<Dossier>, StoreError> {
    let rows: Vec<DossierRow> = on!(c, |c| dossiers::table
        .filter(dossiers::id.gt(after))
        .order(dossiers::id)
        .limit(most)
        .select(DossierRow::as_select())
        .load(c))?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// The open dossiers of these units (of all, if none are named) with keys beyond `after`, in the order of their keys, at most `most`.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn dossiers_open_after(
    c: &mut AnyConnection,
    units: Option<&[String]>,
    after: i64,
    most: i64,
) -> Result<Vec<Dossier>, StoreError> {
    let rows: Vec<DossierRow> = on!(c, |c| {
        let mut query = dossiers::table
            .filter(dossiers::closed_at.is_null().and(dossiers::id.gt(after)))
            .order(dossiers::id)
            .limit(most)
            .select(DossierRow::as_select())
            .into_boxed();
        if let Some(units) = units {
            query = query.filter(dossiers::unit.eq_any(units));
        }
        query.load(c)
    })?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// The highest key given to a dossier so far; 0 when there is none. Only meaningful within a write.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn dossiers_last_id(c: &mut AnyConnection) -> Result<i64, StoreError> {
    Ok(last_key!(c, dossiers::id, dossiers::table)?)
}

/// The procedures of the dossiers that a unit took last, at most so many dossiers, each as often as it was asked for.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn dossiers_last_procedures(
    c: &mut AnyConnection,
    unit: &str,
    most: i64,
) -> Result<Vec<String>, StoreError> {
    Ok(on!(c, |c| dossiers::table
        .filter(dossiers::unit.eq(unit))
        .order(dossiers::received_at.desc())
        .limit(most)
        .select(dossiers::procedure)
        .load(c))?)
}
