//! What was in time of what came due, procedure by procedure, for many units at once: what a ranking is made of.

use std::collections::{BTreeMap, HashMap};

use super::{Bases, Marks, Rows, Scope, Within, kept_bases, tallies};
use crate::app::AppError;
use crate::domain::counters::{Counts, tally};
use crate::domain::statistics::{GroupBy, Rate};
use crate::store::AnyConnection;
use crate::store::shares as store;

/// By procedure.
pub type Shares = BTreeMap<String, Rate>;

/// The shares of each of these scopes, which are parts of `whole` that have no unit in common; in their order. Those whose sums are kept are read
/// together, the others one by one.
///
/// # Errors
/// The store's.
pub fn shares_of_each(
    c: &mut AnyConnection,
    whole: &Scope,
    parts: &[Scope],
) -> Result<Vec<Shares>, AppError> {
    let together = match kept_bases(c, whole)? {
        Some(bases) if whole.sector.is_none() && bases.suits_scopes() && !bases.marks.looks_back() => {
            read_together(c, whole, parts, &bases)?
        }
        _ => HashMap::new(),
    };
    let mut all = Vec::with_capacity(parts.len());
    for part in parts {
        all.push(match together.get(part.unit.as_str()) {
            Some(shares) => shares.clone(),
            None => {
                let counted = tallies(c, part, GroupBy::Procedure)?.by_key;
                counted.iter().map(|(key, of)| (key.clone(), of.on_time_of_due())).collect()
            }
        });
    }
    Ok(all)
}

/// The shares of those parts of whose units together sums are kept, by the part's unit.
fn read_together<'a>(
    c: &mut AnyConnection,
    whole: &Scope,
    parts: &'a [Scope],
    bases: &Bases,
) -> Result<HashMap<&'a str, Shares>, AppError> {
    let codes: Vec<&str> = parts.iter().map(|part| part.unit.as_str()).collect();
    let mut members: HashMap<String, Vec<String>> = HashMap::new();
    for (scope, unit) in store::members_of_each(c, &codes)? {
        members.entry(scope).or_default().push(unit);
    }
    let kept: Vec<&Scope> = parts
        .iter()
        .filter(|part| members.get(&part.unit).is_some_and(|units| *units == *part.units))
        .collect();
    let codes: Vec<&str> = kept.iter().map(|part| part.unit.as_str()).collect();
    let mut rows: HashMap<&str, Rows> = codes.iter().map(|code| (*code, Rows::new())).collect();
    add_balances(c, &codes, bases, &mut rows)?;
    let part_of: HashMap<&str, &str> = kept
        .iter()
        .flat_map(|part| part.units.iter().map(|unit| (unit.as_str(), part.unit.as_str())))
        .collect();
    add_recent(c, whole, bases.marks, &part_of, &mut rows)?;
    if let Some(within) = bases.marks.within {
        add_lapsed(c, whole, within, &part_of, &mut rows)?;
    }
    let share = |(key, of): (String, super::Between)| (key, tally(&of.start, &of.end).0.on_time_of_due());
    Ok(kept
        .iter()
        .filter_map(|part| {
            let rows = rows.remove(part.unit.as_str())?;
            Some((part.unit.as_str(), rows.into_iter().map(share).collect()))
        })
        .collect())
}

fn add_balances(
    c: &mut AnyConnection,
    codes: &[&str],
    bases: &Bases,
    rows: &mut HashMap<&str, Rows>,
) -> Result<(), AppError> {
    for boundary in bases.boundaries() {
        for (scope, procedure, counts) in store::scopes_shared_at(c, codes, boundary)? {
            if let Some(of) = rows.get_mut(scope.as_str()) {
                bases.add_balance(boundary, &counts, of.entry(procedure).or_default());
            }
        }
    }
    Ok(())
}

fn add_recent<'a>(
    c: &mut AnyConnection,
    whole: &Scope,
    marks: Marks,
    part_of: &HashMap<&'a str, &'a str>,
    rows: &mut HashMap<&'a str, Rows>,
) -> Result<(), AppError> {
    for (day, (unit, procedure, counts)) in store::recent_shared_before(c, whole.narrowed(), marks.end)? {
        if let Some(of) = part_of.get(unit.as_str()).and_then(|part| rows.get_mut(part)) {
            marks.add_recent(day, &counts, of.entry(procedure).or_default());
        }
    }
    Ok(())
}

fn add_lapsed<'a>(
    c: &mut AnyConnection,
    whole: &Scope,
    within: Within,
    part_of: &HashMap<&'a str, &'a str>,
    rows: &mut HashMap<&'a str, Rows>,
) -> Result<(), AppError> {
    let stretch = (within.midnight.into(), within.as_of.into());
    for (unit, procedure, overdue) in store::lapsed_shared_between(c, whole.narrowed(), stretch)? {
        if let Some(of) = part_of.get(unit.as_str()).and_then(|part| rows.get_mut(part)) {
            of.entry(procedure).or_default().end += Counts { overdue, ..Counts::default() };
        }
    }
    Ok(())
}
