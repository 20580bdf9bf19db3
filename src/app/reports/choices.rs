//! What a reader may choose a report of, and by which versions it would be counted.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};

use crate::app::access::{Principal, Right};
use crate::app::{App, AppError};
use crate::domain::period::Period;
use crate::domain::unit::{Unit, UnitTree};

/// Of more units than these only those around the one in question are offered.
const MOST: usize = 200;

/// The periods that are asked for most, each list with the newest first; the first of each runs still.
#[derive(Debug, Clone)]
pub struct Periods {
    /// Official months.
    pub months: Vec<Period>,
    /// Official quarters.
    pub quarters: Vec<Period>,
    /// Official half-years and nine months.
    pub parts: Vec<Period>,
    /// Official years.
    pub years: Vec<Period>,
    /// Calendar months.
    pub civil: Vec<Period>,
}

impl Periods {
    /// As they are on a day.
    #[must_use]
    pub fn on(day: NaiveDate) -> Periods {
        let month = Period::official_month_of(day).ok();
        // An official month is named after the month it ends in, and so is what it is part of.
        let ends = month.map_or(day, |month| month.to());
        let (year, quarter, half) = (ends.year(), ends.month0() / 3 + 1, ends.month0() / 6 + 1);
        let back = |first: Option<Period>, count: usize| -> Vec<Period> {
            std::iter::successors(first, |period| period.before().ok()).take(count).collect()
        };
        let read = |label: String| Period::parse(&label).ok();
        let mut parts = back(read(format!("{year}-H{half}")), 4);
        parts.extend(back(read(format!("{year}-9M")), 2));
        Periods {
            months: back(month, 14),
            quarters: back(read(format!("{year}-Q{quarter}")), 8),
            parts,
            years: back(read(year.to_string()), 3),
            civil: back(read(format!("{}-{:02}-civil", day.year(), day.month())), 13),
        }
    }
}

/// Units in the order of their tree.
#[derive(Debug, Clone)]
pub struct Choices {
    /// The units to choose from.
    pub units: Vec<UnitChoice>,
    /// Those of the reader's units that have others below them.
    pub parents: BTreeSet<String>,
    /// Version of units, procedures and commitments.
    pub catalogue_version: i64,
}

/// A unit to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitChoice {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// How far below the first one it stands.
    pub depth: usize,
}

/// The units that a reader may choose from, with one in mind.
///
/// # Errors
/// [`AppError::Forbidden`]; the store's.
pub async fn choices(app: &App, about: Option<String>, by: Principal) -> Result<Choices, AppError> {
    by.must(Right::Read)?;
    app.read(move |_, catalogue| {
        let tree = &catalogue.units;
        let all = tree.subtree(&by.unit);
        let parents = all.iter().filter(|code| tree.has_children(code)).cloned().collect();
        let about = about.filter(|unit| by.sees(unit, tree)).unwrap_or_else(|| by.unit.clone());
        let units = if all.len() <= MOST { whole(tree, &by.unit) } else { around(tree, &by.unit, &about) };
        Ok(Choices { units, parents, catalogue_version: catalogue.version() })
    })
    .await
}

fn choice(of: &Unit, depth: usize) -> UnitChoice {
    UnitChoice { code: of.code.clone(), name: of.name.clone(), depth }
}

/// The unit and all below it, each before its own.
fn whole(tree: &UnitTree, top: &str) -> Vec<UnitChoice> {
    let mut found = Vec::new();
    let mut waiting: Vec<(&Unit, usize)> = tree.get(top).map(|unit| (unit, 0)).into_iter().collect();
    while let Some((unit, depth)) = waiting.pop() {
        found.push(choice(unit, depth));
        waiting.extend(tree.children(&unit.code).into_iter().rev().map(|below| (below, depth + 1)));
    }
    found
}

/// The way down to a unit, and those directly below it.
fn around(tree: &UnitTree, top: &str, about: &str) -> Vec<UnitChoice> {
    let mut way = tree.lineage(about);
    let above_top = way.iter().position(|unit| unit.code == top).map_or(0, |at| at + 1);
    way.truncate(above_top);
    way.reverse();
    let depth = way.len();
    let way = way.into_iter().zip(0..).map(|(unit, depth)| choice(unit, depth));
    way.chain(tree.children(about).into_iter().map(|unit| choice(unit, depth))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> UnitTree {
        let unit = |code: &str, parent: Option<&str>| Unit {
            code: code.to_owned(),
            name: format!("n {code}"),
            parent: parent.map(ToOwned::to_owned),
            valid_from: None,
            valid_to: None,
            merged_into: None,
        };
        UnitTree::new(vec![
            unit("V", None),
            unit("A", Some("V")),
            unit("B", Some("V")),
            unit("A.2", Some("A")),
            unit("A.1", Some("A")),
        ])
        .unwrap()
    }

    fn drawn(of: &[UnitChoice]) -> Vec<String> {
        of.iter().map(|of| format!("{}{}", "-".repeat(of.depth), of.code)).collect()
    }

    #[test]
    fn the_periods_of_a_day_are_those_that_it_falls_in_and_those_before() {
        let of = |all: &[Period]| all.iter().map(ToString::to_string).collect::<Vec<_>>();
        let periods = Periods::on("2026-12-20".parse().unwrap());
        assert_eq!(of(&periods.months)[..3], ["2027-01", "2026-12", "2026-11"]);
        assert_eq!(of(&periods.quarters)[..2], ["2027-Q1", "2026-Q4"]);
        assert_eq!(of(&periods.parts), ["2027-H1", "2026-H2", "2026-H1", "2025-H2", "2027-9M", "2026-9M"]);
        assert_eq!(of(&periods.years), ["2027", "2026", "2025"]);
        assert_eq!(of(&periods.civil)[..2], ["2026-12-civil", "2026-11-civil"]);
    }

    #[test]
    fn a_small_tree_is_offered_whole_and_in_order() {
        assert_eq!(drawn(&whole(&tree(), "V")), ["V", "-A", "--A.1", "--A.2", "-B"]);
        assert_eq!(drawn(&whole(&tree(), "A")), ["A", "-A.1", "-A.2"]);
    }

    #[test]
    fn of_a_large_one_the_way_and_what_is_below_it() {
        assert_eq!(drawn(&around(&tree(), "V", "A")), ["V", "-A", "--A.1", "--A.2"]);
        assert_eq!(drawn(&around(&tree(), "A", "A")), ["A", "-A.1", "-A.2"]);
        assert_eq!(drawn(&around(&tree(), "V", "B")), ["V", "-B"]);
    }
}
