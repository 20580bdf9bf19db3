//! Findings: written ones are inserted here; all of them on some dossiers, time's own included, are read through one view.
//!
//! Lists of them, whatever the dossier, are [`super::findings_list`]'s.

use chrono::{DateTime, Utc};
use diesel::dsl::SqlTypeOf;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};

use super::dossiers::word;
use super::on::FEW;
use super::schema::{all_findings, findings};
use super::sent::Around;
use super::{AnyConnection, Moment, StoreError};
use crate::domain::finding::{ClearedWhy, Finding, FindingCode};

const ROWS_A_STATEMENT: usize = 500;

#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = findings, treat_none_as_default_value = false)]
struct NewFindingRow {
    id: i64,
    dossier_id: i64,
    code: &'static str,
    promised_at: Moment,
    compliant_due_at: Option<Moment>,
    commitment_id: Option<i64>,
    source: String,
    act_at: Option<Moment>,
    first_seen_at: Moment,
    cleared_at: Option<Moment>,
    cleared_why: Option<String>,
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = all_findings)]
pub(super) struct FindingRow {
    pub(super) dossier_id: i64,
    code: String,
    promised_at: Moment,
    compliant_due_at: Option<Moment>,
    commitment_id: Option<i64>,
    source: String,
    act_at: Option<Moment>,
    first_seen_at: Moment,
    cleared_at: Option<Moment>,
    cleared_why: Option<String>,
}

/// Writes new findings, as (dossier, finding).
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn findings_insert(c: &mut AnyConnection, new: &[(i64, Finding)]) -> Result<(), StoreError> {
    if new.is_empty() {
        return Ok(());
    }
    let last = last_key!(c, findings::id, findings::table)?;
    let rows: Vec<NewFindingRow> = new
        .iter()
        .zip(last + 1..)
        .map(|((dossier_id, of), id)| NewFindingRow {
            id,
            dossier_id: *dossier_id,
            code: of.code.word(),
            promised_at: of.promised_at.into(),
            compliant_due_at: of.compliant_due_at.map(Into::into),
            commitment_id: of.commitment_id,
            source: of.source.clone(),
            act_at: of.act_at.map(Into::into),
            first_seen_at: of.first_seen_at.into(),
            cleared_at: of.cleared_at.map(Into::into),
            cleared_why: of.cleared_why.map(|why| why.word().to_owned()),
        })
        .collect();
    Ok(insert_rows!(c, findings::table, &rows)?)
}

rows_and_columns! {
    /// That every open finding on a dossier ceased to matter.
    #[derive(Debug, Clone)]
    pub struct Cleared, ClearedColumns of findings {
        dossier_id: i64,
        cleared_at: Option<Moment>,
        cleared_why: Option<&'static str>,
    }
}

impl Cleared {
    /// When, and why.
    pub fn new(dossier_id: i64, at: DateTime<Utc>, why: ClearedWhy) -> Cleared {
        Cleared { dossier_id, cleared_at: Some(at.into()), cleared_why: Some(why.word()) }
    }
}

/// Clears the open findings on these dossiers.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn findings_clear(c: &mut AnyConnection, cleared: &[Cleared]) -> Result<(), StoreError> {
    if let AnyConnection::Pg(c) = c
        && cleared.len() > FEW
    {
        let before =
            "UPDATE findings SET cleared_at = s.cleared_at, cleared_why = s.cleared_why FROM ".to_owned();
        // The keys ($1) once more by themselves: a plan made while the table was small would read all of it for ever.
        let after = " AS s (dossier_id, cleared_at, cleared_why) \
                     WHERE findings.dossier_id = ANY ($1) AND findings.dossier_id = s.dossier_id \
                     AND findings.cleared_at IS NULL";
        Around { before, columns: ClearedColumns::of(cleared), after }.execute(c)?;
        return Ok(());
    }
    Ok(on!(c, |c| cleared.iter().try_for_each(|of| ClearOne(of).execute(c).map(|_| ())))?)
}

/// Clears the open findings on one dossier; an `UPDATE` of diesel's own is parsed anew at every call.
struct ClearOne<'a>(&'a Cleared);

impl QueryId for ClearOne<'_> {
    type QueryId = ClearOne<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

macro_rules! clear_one_on {
    ($engine:ty) => {
        impl QueryFragment<$engine> for ClearOne<'_> {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, $engine>) -> QueryResult<()> {
                out.push_sql("UPDATE findings SET cleared_at = ");
                out.push_bind_param::<SqlTypeOf<findings::cleared_at>, _>(&self.0.cleared_at)?;
                out.push_sql(", cleared_why = ");
                out.push_bind_param::<SqlTypeOf<findings::cleared_why>, _>(&self.0.cleared_why)?;
                out.push_sql(" WHERE dossier_id = ");
                out.push_bind_param::<SqlTypeOf<findings::dossier_id>, _>(&self.0.dossier_id)?;
                out.push_sql(" AND cleared_at IS NULL");
                Ok(())
            }
        }
    };
}

clear_one_on!(diesel::pg::Pg);
clear_one_on!(diesel::sqlite::Sqlite);

impl<Conn> RunQueryDsl<Conn> for ClearOne<'_> {}

/// Takes the written findings on these dossiers away, to be written anew.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn findings_delete(c: &mut AnyConnection, ids: &[i64]) -> Result<(), StoreError> {
    for some in ids.chunks(ROWS_A_STATEMENT) {
        on!(c, |c| diesel::delete(findings::table.filter(findings::dossier_id.eq_any(some))).execute(c))?;
    }
    Ok(())
}

/// The written findings on these dossiers, as (dossier, finding), in the order written; those of time are left to who knows the dossier's dates.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn findings_written(c: &mut AnyConnection, ids: &[i64]) -> Result<Vec<(i64, Finding)>, StoreError> {
    let mut found = Vec::new();
    for some in ids.chunks(ROWS_A_STATEMENT) {
        let rows: Vec<FindingRow> = on!(c, |c| findings::table
            .filter(findings::dossier_id.eq_any(some))
            .order(findings::id)
            .select((
                findings::dossier_id,
                findings::code,
                findings::promised_at,
                findings::compliant_due_at,
                findings::commitment_id,
                findings::source,
                findings::act_at,
                findings::first_seen_at,
                findings::cleared_at,
                findings::cleared_why,
            ))
            .load(c))?;
        for row in rows {
            found.push((row.dossier_id, read(row)?));
        }
    }
    Ok(found)
}

/// All findings on these dossiers seen by `now`, as (dossier, finding), the oldest first.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn findings_of(
    c: &mut AnyConnection,
    ids: &[i64],
    now: Moment,
) -> Result<Vec<(i64, Finding)>, StoreError> {
    let mut found = Vec::new();
    for some in ids.chunks(ROWS_A_STATEMENT) {
        let rows: Vec<FindingRow> = on!(c, |c| all_findings::table
            .filter(all_findings::dossier_id.eq_any(some))
            .filter(all_findings::first_seen_at.le(now))
            .order((all_findings::first_seen_at.asc(), all_findings::code.asc()))
            .select(FindingRow::as_select())
            .load(c))?;
        for row in rows {
            found.push((row.dossier_id, read(row)?));
        }
    }
    Ok(found)
}

pub(super) fn read(row: FindingRow) -> Result<Finding, StoreError> {
    Ok(Finding {
        code: word("finding", &row.code, FindingCode::from_word)?,
        promised_at: row.promised_at.utc(),
        compliant_due_at: row.compliant_due_at.map(Moment::utc),
        commitment_id: row.commitment_id,
        source: row.source,
        act_at: row.act_at.map(Moment::utc),
        first_seen_at: row.first_seen_at.utc(),
        cleared_at: row.cleared_at.map(Moment::utc),
        cleared_why: row
            .cleared_why
            .map(|text| word("clearing", &text, ClearedWhy::from_word))
            .transpose()?,
    })
}
