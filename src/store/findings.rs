//! Findings: written ones are inserted here; all of them, time's own included, are read through one view.

use chrono::{DateTime, Utc};
use diesel::dsl::SqlTypeOf;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};

use super::dossiers::word;
use super::on::FEW;
use super::schema::{all_findings, dossiers, findings};
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
struct FindingRow {
    dossier_id: i64,
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

/// Which findings.
#[derive(Debug, Clone, Default)]
pub struct FindingFilter {
    /// On dossiers of one of these units.
    pub units: Option<Vec<String>>,
    /// Of one of these rules.
    pub codes: Option<Vec<String>>,
    /// Only those that still matter (true), or only cleared ones (false).
    pub open: Option<bool>,
    /// First seen at or after.
    pub from: Option<Moment>,
    /// First seen before.
    pub before: Option<Moment>,
}

/// A finding with the dossier it is on.
#[derive(Debug, Clone)]
pub struct FoundOn {
    /// The dossier's code.
    pub dossier: String,
    /// Its unit.
    pub unit: String,
    /// Its procedure.
    pub procedure: String,
    /// The officer in charge.
    pub officer: Option<String>,
    /// The finding.
    pub finding: Finding,
}

/// The place after which a page begins: when the last row before it was first seen, its dossier and its rule.
pub type FindingPlace = (Moment, String, String);

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

macro_rules! filtered {
    ($query:expr, $filter:expr, $now:expr) => {{
        let mut query = $query.filter(all_findings::first_seen_at.le($now));
        let filter: &FindingFilter = $filter;
        if let Some(units) = &filter.units {
            query = query.filter(dossiers::unit.eq_any(units));
        }
        if let Some(codes) = &filter.codes {
            query = query.filter(all_findings::code.eq_any(codes));
        }
        match filter.open {
            Some(true) => query = query.filter(all_findings::cleared_at.is_null()),
            Some(false) => query = query.filter(all_findings::cleared_at.is_not_null()),
            None => {}
        }
        if let Some(at) = filter.from {
            query = query.filter(all_findings::first_seen_at.ge(at));
        }
        if let Some(at) = filter.before {
            query = query.filter(all_findings::first_seen_at.lt(at));
        }
        query
    }};
}

/// A page of findings seen by `now`, the newest first.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn findings_list(
    c: &mut AnyConnection,
    filter: &FindingFilter,
    now: Moment,
    after: Option<&FindingPlace>,
    limit: i64,
) -> Result<Vec<FoundOn>, StoreError> {
    let rows: Vec<(FindingRow, String, String, String, Option<String>)> = on!(c, |c| {
        let query = all_findings::table
            .inner_join(dossiers::table)
            .select((
                FindingRow::as_select(),
                dossiers::code,
                dossiers::unit,
                dossiers::procedure,
                dossiers::officer,
            ))
            .into_boxed();
        let mut query = filtered!(query, filter, now);
        if let Some((at, dossier, code)) = after {
            let same = all_findings::first_seen_at.eq(*at);
            let later_code = dossiers::code.eq(dossier).and(all_findings::code.gt(code));
            query = query.filter(
                all_findings::first_seen_at.lt(*at).or(same.and(dossiers::code.gt(dossier).or(later_code))),
            );
        }
        query
            .order((all_findings::first_seen_at.desc(), dossiers::code.asc(), all_findings::code.asc()))
            .limit(limit)
            .load(c)
    })?;
    rows.into_iter()
        .map(|(row, dossier, unit, procedure, officer)| {
            Ok(FoundOn { dossier, unit, procedure, officer, finding: read(row)? })
        })
        .collect()
}

/// How many findings the filter finds.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn findings_count(c: &mut AnyConnection, filter: &FindingFilter, now: Moment) -> Result<i64, StoreError> {
    on!(c, |c| {
        let query =
            all_findings::table.inner_join(dossiers::table).select(diesel::dsl::count_star()).into_boxed();
        filtered!(query, filter, now).first(c)
    })
    .map_err(Into::into)
}

fn read(row: FindingRow) -> Result<Finding, StoreError> {
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
