//! Lists of findings, the newest first, and how many there are, whatever the dossier.
//!
//! Each part of all findings (`finding_parts`) is asked for the dossiers of its newest ones; the page is made of what `all_findings` says of these.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use diesel::dsl::{count, count_star};
use diesel::prelude::*;

use super::finding_parts::Part;
use super::findings::{FindingRow, read};
use super::schema::{
    all_findings, apology_findings, dossiers, findings, missed_findings, overdue_findings, written_findings,
};
use super::{AnyConnection, Moment, StoreError};
use crate::domain::finding::Finding;

const DOSSIERS_A_STATEMENT: usize = 500;

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

/// Adds the filter's conditions to a boxed query over a part, or over the written findings themselves.
macro_rules! filtered {
    ($query:expr, $of:ident, $filter:expr, $now:expr) => {{
        let mut query = $query.filter($of::first_seen_at.le($now));
        let filter: &FindingFilter = $filter;
        if let Some(codes) = &filter.codes {
            query = query.filter($of::code.eq_any(codes));
        }
        match filter.open {
            Some(true) => query = query.filter($of::cleared_at.is_null()),
            Some(false) => query = query.filter($of::cleared_at.is_not_null()),
            None => {}
        }
        if let Some(at) = filter.from {
            query = query.filter($of::first_seen_at.ge(at));
        }
        if let Some(at) = filter.before {
            query = query.filter($of::first_seen_at.lt(at));
        }
        query
    }};
}

/// The dossiers of the newest findings of a part, after a place.
macro_rules! newest {
    ($part:ident, $condition:expr, $c:expr, $filter:expr, ($now:expr, $after:expr, $limit:expr)) => {
        on!($c, |c| {
            let query = $part::table.filter($condition).select($part::dossier_id).into_boxed();
            let query = filtered!(query, $part, $filter, $now);
            let mut query = of_units!(query, $part::unit, $filter.units.as_deref());
            if let Some((at, dossier, code)) = $after {
                let beyond = $part::dossier.eq(dossier).and($part::code.gt(code));
                let later = $part::first_seen_at.lt(*at).or($part::dossier.gt(dossier)).or(beyond);
                query = query.filter($part::first_seen_at.le(*at)).filter(later);
            }
            query.order(($part::first_seen_at.desc(), $part::dossier.asc())).limit($limit).load::<i64>(c)
        })
    };
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
    let mut ids = BTreeSet::new();
    let until = after.map_or(now, |(at, ..)| now.min(*at));
    for part in parts(filter) {
        ids.extend(of_part!(part, until, newest!(c, filter, (now, after, limit)))?);
    }
    let ids: Vec<i64> = ids.into_iter().collect();
    let mut found = Vec::new();
    for some in ids.chunks(DOSSIERS_A_STATEMENT) {
        found.extend(found_on(c, some, filter, now)?);
    }
    found.sort_by(|a, b| order(a).cmp(&order(b)));
    found.retain(|of| after.is_none_or(|(at, dossier, code)| order(of) > place(*at, dossier, code)));
    found.truncate(usize::try_from(limit).unwrap_or(0));
    Ok(found)
}

/// The newest first, then by the dossier's code and the rule.
type Order<'a> = (Reverse<Moment>, &'a str, &'a str);

fn place<'a>(at: Moment, dossier: &'a str, code: &'a str) -> Order<'a> {
    (Reverse(at), dossier, code)
}

fn order(of: &FoundOn) -> Order<'_> {
    place(of.finding.first_seen_at.into(), &of.dossier, of.finding.code.word())
}

/// The parts in which there may be any that the filter finds.
fn parts(filter: &FindingFilter) -> impl Iterator<Item = Part> {
    Part::ALL.into_iter().filter(|part| part.may_hold(filter.codes.as_deref(), filter.open))
}

type DossierOf = (i64, String, String, String, Option<String>);

/// All findings on these dossiers that the filter finds, in no order.
fn found_on(
    c: &mut AnyConnection,
    ids: &[i64],
    filter: &FindingFilter,
    now: Moment,
) -> Result<Vec<FoundOn>, StoreError> {
    let rows: Vec<FindingRow> = on!(c, |c| {
        let query = all_findings::table
            .filter(all_findings::dossier_id.eq_any(ids))
            .select(FindingRow::as_select())
            .into_boxed();
        filtered!(query, all_findings, filter, now).load(c)
    })?;
    let known: Vec<DossierOf> = on!(c, |c| dossiers::table
        .filter(dossiers::id.eq_any(ids))
        .select((dossiers::id, dossiers::code, dossiers::unit, dossiers::procedure, dossiers::officer))
        .load(c))?;
    let known: HashMap<i64, DossierOf> = known.into_iter().map(|of| (of.0, of)).collect();
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let Some((_, dossier, unit, procedure, officer)) = known.get(&row.dossier_id).cloned() else {
            continue;
        };
        found.push(FoundOn { dossier, unit, procedure, officer, finding: read(row)? });
    }
    Ok(found)
}

macro_rules! many {
    ($part:ident, $condition:expr, $c:expr, $filter:expr, $now:expr) => {
        on!($c, |c| {
            // Counted by what stands in the index.
            let query = $part::table.filter($condition).select(count($part::dossier)).into_boxed();
            let query = filtered!(query, $part, $filter, $now);
            of_units!(query, $part::unit, $filter.units.as_deref()).first::<i64>(c)
        })
    };
}

/// How many findings the filter finds.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn findings_count(c: &mut AnyConnection, filter: &FindingFilter, now: Moment) -> Result<i64, StoreError> {
    let mut sum = 0;
    for part in parts(filter) {
        sum += if part == Part::Written && filter.units.is_none() {
            // Whose they are is not asked, so that no dossier is read.
            on!(c, |c| {
                let query = findings::table.select(count_star()).into_boxed();
                filtered!(query, findings, filter, now).first::<i64>(c)
            })?
        } else {
            of_part!(part, now, many!(c, filter, now))?
        };
    }
    Ok(sum)
}
