//! The ladder's memory: which steps were taken for which late dossier, which letter told whom of what, and who acknowledged it.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::schema::{acknowledgements, dossiers, ladder_letters, ladder_steps, users};
use super::{AnyConnection, Moment, StoreError};

const ROWS_A_STATEMENT: usize = 500;

/// An open dossier whose limit has lapsed; nothing of the person who handed it in.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = dossiers)]
pub struct LateRow {
    /// Key.
    pub id: i64,
    /// Its code.
    pub code: String,
    /// Its unit.
    pub unit: String,
    /// Its procedure.
    pub procedure: String,
    /// The officer in charge.
    pub officer: Option<String>,
    /// What punctuality is judged by.
    pub due_at: Moment,
    /// Late from this instant on.
    pub lapses_at: Moment,
}

/// A step taken for a dossier.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = ladder_steps, treat_none_as_default_value = false)]
pub struct StepRow {
    /// The dossier.
    pub dossier_id: i64,
    /// Against which due time it was late.
    pub due_at: Moment,
    /// The step's word.
    pub step: String,
    /// When it was taken.
    pub told_at: Moment,
    /// Whether anybody stood on it.
    pub anyone: bool,
}

/// That a letter told somebody of a dossier.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = ladder_letters, treat_none_as_default_value = false)]
pub struct LetterRow {
    /// The letter's key.
    pub letter: String,
    /// The message it was.
    pub message_id: String,
    /// Who was told: the reader, or the delegate who reads in the reader's place.
    pub user_id: i64,
    /// Of which dossier.
    pub dossier_id: i64,
    /// As which step, by its word.
    pub step: String,
    /// When.
    pub told_at: Moment,
}

/// That somebody said to know of it.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = acknowledgements, treat_none_as_default_value = false)]
pub struct AcknowledgementRow {
    /// Key.
    pub id: i64,
    /// The letter that told it.
    pub letter: String,
    /// Who.
    pub user_id: i64,
    /// Of which dossier.
    pub dossier_id: i64,
    /// As which step, by its word.
    pub step: String,
    /// When.
    pub at: Moment,
    /// The day on which the step speaks again, if the dossier is still late.
    pub quiet_until: NaiveDate,
}

/// The dossiers that are open and late at `at`, of these units or of all, by key.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn dossiers_late(
    c: &mut AnyConnection,
    units: Option<&[String]>,
    at: Moment,
) -> Result<Vec<LateRow>, StoreError> {
    on!(c, |c| {
        let query = dossiers::table
            .filter(dossiers::closed_at.is_null().and(dossiers::lapses_at.le(at)))
            .order(dossiers::id)
            .select(LateRow::as_select())
            .into_boxed();
        of_units!(query, dossiers::unit, units).load(c)
    })
    .map_err(Into::into)
}

/// The steps taken for these dossiers against whatever due time, the oldest first.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn ladder_steps_of(c: &mut AnyConnection, ids: &[i64]) -> Result<Vec<StepRow>, StoreError> {
    let mut found = Vec::new();
    for some in ids.chunks(ROWS_A_STATEMENT) {
        found.extend(on!(c, |c| ladder_steps::table
            .filter(ladder_steps::dossier_id.eq_any(some))
            .order(ladder_steps::told_at)
            .select(StepRow::as_select())
            .load::<StepRow>(c))?);
    }
    Ok(found)
}

/// What was acknowledged of these dossiers and is quiet beyond a day.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn acknowledgements_beyond(
    c: &mut AnyConnection,
    ids: &[i64],
    day: NaiveDate,
) -> Result<Vec<AcknowledgementRow>, StoreError> {
    let mut found = Vec::new();
    for some in ids.chunks(ROWS_A_STATEMENT) {
        found.extend(on!(c, |c| acknowledgements::table
            .filter(acknowledgements::dossier_id.eq_any(some).and(acknowledgements::quiet_until.gt(day)))
            .select(AcknowledgementRow::as_select())
            .load::<AcknowledgementRow>(c))?);
    }
    Ok(found)
}

/// Notes which steps were taken and what the letters told. A step that stands already stays as it was.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn ladder_told(
    c: &mut AnyConnection,
    steps: &[StepRow],
    letters: &[LetterRow],
) -> Result<(), StoreError> {
    for some in steps.chunks(ROWS_A_STATEMENT) {
        on!(c, |c| diesel::insert_into(ladder_steps::table)
            .values(some)
            .on_conflict((ladder_steps::dossier_id, ladder_steps::due_at, ladder_steps::step))
            .do_nothing()
            .execute(c))?;
    }
    for some in letters.chunks(ROWS_A_STATEMENT) {
        on!(c, |c| diesel::insert_into(ladder_letters::table).values(some).execute(c))?;
    }
    Ok(())
}

/// What a letter told, each with the dossier's code and whether it is closed by now, by code.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn letter_find(
    c: &mut AnyConnection,
    letter: &str,
) -> Result<Vec<(LetterRow, String, Option<Moment>)>, StoreError> {
    on!(c, |c| ladder_letters::table
        .inner_join(dossiers::table)
        .filter(ladder_letters::letter.eq(letter))
        .order((dossiers::code, ladder_letters::step))
        .select((LetterRow::as_select(), dossiers::code, dossiers::closed_at))
        .load(c))
    .map_err(Into::into)
}

/// What was acknowledged by a letter, the newest first.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn acknowledgements_by(
    c: &mut AnyConnection,
    letter: &str,
) -> Result<Vec<AcknowledgementRow>, StoreError> {
    on!(c, |c| acknowledgements::table
        .filter(acknowledgements::letter.eq(letter))
        .order(acknowledgements::id.desc())
        .select(AcknowledgementRow::as_select())
        .load(c))
    .map_err(Into::into)
}

/// Notes acknowledgements under the next free keys, whatever keys the rows carry.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn acknowledgements_insert(
    c: &mut AnyConnection,
    new: Vec<AcknowledgementRow>,
) -> Result<(), StoreError> {
    let last = last_key!(c, acknowledgements::id, acknowledgements::table)?;
    let rows: Vec<AcknowledgementRow> =
        new.into_iter().zip(last + 1..).map(|(row, id)| AcknowledgementRow { id, ..row }).collect();
    for some in rows.chunks(ROWS_A_STATEMENT) {
        on!(c, |c| diesel::insert_into(acknowledgements::table).values(some).execute(c))?;
    }
    Ok(())
}

/// What was told of a dossier, each with the name of who was told, the oldest first.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn letters_about(c: &mut AnyConnection, dossier_id: i64) -> Result<Vec<(LetterRow, String)>, StoreError> {
    on!(c, |c| ladder_letters::table
        .inner_join(users::table)
        .filter(ladder_letters::dossier_id.eq(dossier_id))
        .order((ladder_letters::told_at, ladder_letters::step, users::id))
        .select((LetterRow::as_select(), users::name))
        .load(c))
    .map_err(Into::into)
}

/// What was acknowledged of a dossier, the oldest first.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn acknowledgements_about(
    c: &mut AnyConnection,
    dossier_id: i64,
) -> Result<Vec<AcknowledgementRow>, StoreError> {
    on!(c, |c| acknowledgements::table
        .filter(acknowledgements::dossier_id.eq(dossier_id))
        .order(acknowledgements::id)
        .select(AcknowledgementRow::as_select())
        .load(c))
    .map_err(Into::into)
}
