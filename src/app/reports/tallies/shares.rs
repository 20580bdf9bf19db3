//! What was in time of what came due, procedure by procedure, for many units at once: what a ranking is made of.

use std::collections::{BTreeMap, HashMap};

use super::{Bases, Between, Marks, Rows, Scope, Within, kept_bases, tallies};
use crate::app::AppError;
use crate::domain::counters::{Counts, tally};
use crate::domain::statistics::{GroupBy, Rate};
use crate::store::AnyConnection;
use crate::store::counter_folding::recent_rows_before;
use crate::store::counters::counter_members_of;
use crate::store::shares::{lapsed_shared_between, scopes_shared_at};

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
    let mut together = match kept_bases(c, whole)? {
        Some(bases) if whole.sector.is_none() && bases.suits_scopes() && !bases.marks.looks_back() => {
            let mut together = Parts::kept(c, parts)?;
            together.add_balances(c, &bases)?;
            together.add_recent(c, whole, bases.marks)?;
            if let Some(within) = bases.marks.within {
                together.add_lapsed(c, whole, within)?;
            }
            together.rows
        }
        _ => HashMap::new(),
    };
    let share = |(key, of): (String, Between)| (key, tally(&of.start, &of.end).0.on_time_of_due());
    let mut all = Vec::with_capacity(parts.len());
    for part in parts {
        all.push(match together.remove(part.unit.as_str()) {
            Some(rows) => rows.into_iter().map(share).collect(),
            None => {
                let counted = tallies(c, part, GroupBy::Procedure)?.by_key;
                counted.into_iter().map(|(key, of)| (key, of.on_time_of_due())).collect()
            }
        });
    }
    Ok(all)
}

/// The parts of whose units together sums are kept, and what these come to.
struct Parts<'a> {
    /// The part that a unit belongs to, both by code.
    of_unit: HashMap<&'a str, &'a str>,
    /// By the part's code.
    rows: HashMap<&'a str, Rows>,
}

impl<'a> Parts<'a> {
    fn kept(c: &mut AnyConnection, parts: &'a [Scope]) -> Result<Parts<'a>, AppError> {
        let codes: Vec<&str> = parts.iter().map(|part| part.unit.as_str()).collect();
        let mut members: HashMap<String, Vec<String>> = HashMap::new();
        for (scope, unit) in counter_members_of(c, &codes)? {
            members.entry(scope).or_default().push(unit);
        }
        let (mut of_unit, mut rows) = (HashMap::new(), HashMap::new());
        for part in parts.iter().filter(|part| members.get(&part.unit) == Some(&*part.units)) {
            of_unit.extend(part.units.iter().map(|unit| (unit.as_str(), part.unit.as_str())));
            rows.insert(part.unit.as_str(), Rows::new());
        }
        Ok(Parts { of_unit, rows })
    }

    /// The row of a unit's part; `None` for a unit of none of them.
    fn row(&mut self, unit: &str, procedure: String) -> Option<&mut Between> {
        let rows = self.rows.get_mut(self.of_unit.get(unit)?)?;
        Some(rows.entry(procedure).or_default())
    }

    fn add_balances(&mut self, c: &mut AnyConnection, bases: &Bases) -> Result<(), AppError> {
        let codes: Vec<&str> = self.rows.keys().copied().collect();
        for boundary in bases.boundaries() {
            for (scope, procedure, counts) in scopes_shared_at(c, &codes, boundary)? {
                if let Some(rows) = self.rows.get_mut(scope.as_str()) {
                    bases.add_balance(boundary, &counts, rows.entry(procedure).or_default());
                }
            }
        }
        Ok(())
    }

    fn add_recent(&mut self, c: &mut AnyConnection, whole: &Scope, marks: Marks) -> Result<(), AppError> {
        for recent in recent_rows_before(c, whole.narrowed(), marks.end)? {
            let (unit, day, procedure, ..) = recent.keys();
            if let Some(row) = self.row(&unit, procedure) {
                marks.add_recent(day, &recent.counts(), row);
            }
        }
        Ok(())
    }

    fn add_lapsed(&mut self, c: &mut AnyConnection, whole: &Scope, within: Within) -> Result<(), AppError> {
        let stretch = (within.midnight.into(), within.as_of.into());
        for (unit, procedure, overdue) in lapsed_shared_between(c, whole.narrowed(), stretch)? {
            if let Some(row) = self.row(&unit, procedure) {
                row.end += Counts { overdue, ..Counts::default() };
            }
        }
        Ok(())
    }
}
