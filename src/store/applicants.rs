//! The persons who handed dossiers in: a room of their own, so that it can be emptied alone.

use diesel::prelude::*;
use diesel::upsert::excluded;

use super::dossiers::DossierRow;
use super::schema::{applicants, dossiers};
use super::{AnyConnection, Moment, StoreError};
use crate::domain::dossier::Dossier;

const ROWS_A_STATEMENT: usize = 500;

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
    /// Free text about the dossier, which may name persons.
    pub note: Option<String>,
}

impl ApplicantRow {
    /// What is left of a person whose data are erased.
    pub fn erased(dossier_id: i64) -> ApplicantRow {
        ApplicantRow {
            dossier_id,
            name: "—".to_owned(),
            phone: None,
            email: None,
            address: None,
            salt: String::new(),
            search: String::new(),
            note: None,
        }
    }

    /// Whether this is all that is left: every person that is known has a salt.
    pub fn is_erased(&self) -> bool {
        self.salt.is_empty()
    }
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

/// Writes corrected data of persons.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn applicants_update(c: &mut AnyConnection, rows: &[ApplicantRow]) -> Result<(), StoreError> {
    for some in rows.chunks(ROWS_A_STATEMENT) {
        on!(c, |c| diesel::insert_into(applicants::table)
            .values(some)
            .on_conflict(applicants::dossier_id)
            .do_update()
            .set((
                applicants::name.eq(excluded(applicants::name)),
                applicants::phone.eq(excluded(applicants::phone)),
                applicants::email.eq(excluded(applicants::email)),
                applicants::address.eq(excluded(applicants::address)),
                applicants::salt.eq(excluded(applicants::salt)),
                applicants::search.eq(excluded(applicants::search)),
                applicants::note.eq(excluded(applicants::note)),
            ))
            .execute(c))?;
    }
    Ok(())
}

/// Erases the data of the persons of these dossiers.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn applicants_erase(c: &mut AnyConnection, ids: &[i64]) -> Result<(), StoreError> {
    for some in ids.chunks(ROWS_A_STATEMENT) {
        on!(c, |c| diesel::delete(applicants::table.filter(applicants::dossier_id.eq_any(some))).execute(c))?;
    }
    Ok(())
}

/// The dossiers that were closed before `before` and whose persons are still known, the lowest first.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn applicants_due(c: &mut AnyConnection, before: Moment, most: i64) -> Result<Vec<Dossier>, StoreError> {
    let rows: Vec<DossierRow> = on!(c, |c| dossiers::table
        .inner_join(applicants::table)
        .filter(dossiers::closed_at.lt(before))
        .order(dossiers::id)
        .limit(most)
        .select(DossierRow::as_select())
        .load(c))?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// How many [`applicants_due`] would find in all.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn applicants_due_count(c: &mut AnyConnection, before: Moment) -> Result<i64, StoreError> {
    on!(c, |c| dossiers::table
        .inner_join(applicants::table)
        .filter(dossiers::closed_at.lt(before))
        .count()
        .get_result(c))
    .map_err(Into::into)
}
