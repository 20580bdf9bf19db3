//! Units (*đơn vị*): the authorities that take dossiers, in a tree that changes with the days: units are renamed, moved and merged (districts went
//! and provinces were joined on 1/7/2025), and dossiers keep the code of the unit that took them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

/// A unit, with the days between which it exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Opaque code, as the national portal writes it (`H19.15`).
    pub code: String,
    /// Its name on paper.
    pub name: String,
    /// The unit above it; `None` at the top.
    pub parent: Option<String>,
    /// First day of its existence, if known.
    pub valid_from: Option<NaiveDate>,
    /// Last day of its existence, if it is over.
    pub valid_to: Option<NaiveDate>,
    /// The unit that took its place.
    pub merged_into: Option<String>,
}

/// What a unit was called, and where it stood, until a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormerUnit {
    /// The unit's code.
    pub code: String,
    /// The last day it was so.
    pub until: NaiveDate,
    /// Its name then.
    pub name: String,
    /// The unit above it then.
    pub parent: Option<String>,
}

/// A stretch of a unit's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitVersion {
    /// First day; `None` where nothing is known before.
    pub from: Option<NaiveDate>,
    /// Last day; `None` while it lasts.
    pub until: Option<NaiveDate>,
    /// Its name.
    pub name: String,
    /// The unit above it.
    pub parent: Option<String>,
}

/// All units as they stand on one day, with the ways up and down.
#[derive(Debug, Clone, Default)]
pub struct UnitTree {
    units: BTreeMap<String, Unit>,
    above: BTreeMap<String, String>,
    below: BTreeMap<String, Vec<String>>,
}

/// Why a set of units is no tree.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnitTreeError {
    /// A parent that does not exist.
    #[error("unit {unit} names the unknown parent {parent}")]
    UnknownParent {
        /// The unit.
        unit: String,
        /// Its parent.
        parent: String,
    },
    /// A successor that does not exist.
    #[error("unit {unit} is merged into the unknown unit {successor}")]
    UnknownSuccessor {
        /// The unit.
        unit: String,
        /// Its successor.
        successor: String,
    },
    /// Units that are above themselves.
    #[error("units that stand above themselves: {}", .0.join(", "))]
    Cycle(Vec<String>),
}

impl Unit {
    /// Whether it is over on this day.
    pub fn has_ended(&self, on: NaiveDate) -> bool {
        self.valid_to.is_some_and(|last| last < on)
    }

    /// Whether it does not exist yet on this day.
    pub fn is_to_come(&self, on: NaiveDate) -> bool {
        self.valid_from.is_some_and(|first| on < first)
    }

    /// Where it hangs on a day: under its successor once it has been merged, so that whoever took its place sees and answers for its dossiers.
    fn above_on(&self, on: NaiveDate) -> Option<&str> {
        let successor = self.merged_into.as_deref().filter(|_| self.has_ended(on));
        successor.or(self.parent.as_deref())
    }
}

impl UnitTree {
    /// Builds the tree of units none of which has ended.
    ///
    /// # Errors
    /// An unknown parent or successor, or a cycle.
    pub fn new(units: Vec<Unit>) -> Result<UnitTree, UnitTreeError> {
        UnitTree::on(units, NaiveDate::MIN)
    }

    fn on(units: Vec<Unit>, day: NaiveDate) -> Result<UnitTree, UnitTreeError> {
        let mut tree = UnitTree::default();
        for unit in units {
            if let Some(above) = unit.above_on(day) {
                tree.above.insert(unit.code.clone(), above.to_owned());
                tree.below.entry(above.to_owned()).or_default().push(unit.code.clone());
            }
            tree.units.insert(unit.code.clone(), unit);
        }
        tree.units.values().try_for_each(|unit| tree.known(unit))?;
        match tree.units.keys().find_map(|code| tree.circle(code)) {
            Some(circle) => Err(UnitTreeError::Cycle(circle)),
            None => Ok(tree),
        }
    }

    fn known(&self, of: &Unit) -> Result<(), UnitTreeError> {
        let unit = || of.code.clone();
        let missing = |named: &Option<String>| named.clone().filter(|code| !self.units.contains_key(code));
        if let Some(parent) = missing(&of.parent) {
            return Err(UnitTreeError::UnknownParent { unit: unit(), parent });
        }
        match missing(&of.merged_into) {
            Some(successor) => Err(UnitTreeError::UnknownSuccessor { unit: unit(), successor }),
            None => Ok(()),
        }
    }

    /// The unit with this code.
    pub fn get(&self, code: &str) -> Option<&Unit> {
        self.units.get(code)
    }

    /// Whether there is such a unit and none above it.
    pub fn is_topmost(&self, code: &str) -> bool {
        self.get(code).is_some_and(|unit| unit.parent.is_none())
    }

    /// How many units there are.
    pub fn count(&self) -> usize {
        self.units.len()
    }

    /// Every unit, by code.
    pub fn iter(&self) -> impl Iterator<Item = &Unit> {
        self.units.values()
    }

    /// The unit itself, then the one above it, and so on to the top; empty for an unknown code.
    pub fn lineage<'a>(&'a self, code: &str) -> Vec<&'a Unit> {
        std::iter::successors(self.units.get(code), |unit| self.units.get(self.above.get(&unit.code)?))
            .collect()
    }

    /// Whether `code` is `root` or stands below it.
    pub fn is_within(&self, code: &str, root: &str) -> bool {
        self.lineage(code).iter().any(|unit| unit.code == root)
    }

    /// The unit and all below it; empty for an unknown code.
    pub fn subtree(&self, root: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut waiting: Vec<&str> =
            self.units.get(root).map(|unit| unit.code.as_str()).into_iter().collect();
        while let Some(code) = waiting.pop() {
            found.push(code.to_owned());
            waiting.extend(self.below.get(code).into_iter().flatten().map(String::as_str));
        }
        found.sort();
        found
    }

    /// Whether there are units below it.
    pub fn has_children(&self, of: &str) -> bool {
        self.below.get(of).is_some_and(|below| !below.is_empty())
    }

    /// The units directly below it, by code.
    pub fn children(&self, of: &str) -> Vec<&Unit> {
        let mut found: Vec<&Unit> =
            self.below.get(of).into_iter().flatten().filter_map(|code| self.units.get(code)).collect();
        found.sort_by(|a, b| a.code.cmp(&b.code));
        found
    }

    /// The units that have taken the unit's place by a day, the nearest first; empty when it has not ended or nobody has.
    pub fn successors(&self, code: &str, on: NaiveDate) -> Vec<&Unit> {
        let next = |unit: &&Unit| {
            let over = unit.merged_into.as_ref().filter(|_| unit.has_ended(on))?;
            self.units.get(over)
        };
        let first = self.units.get(code).and_then(|unit| next(&unit));
        std::iter::successors(first, next).take(self.units.len()).collect()
    }

    /// The way up from a unit, if it leads back to it.
    fn circle(&self, start: &str) -> Option<Vec<String>> {
        let mut way = vec![start.to_owned()];
        let mut seen = BTreeSet::new();
        let mut code = start;
        while let Some(above) = self.above.get(code) {
            if above == start {
                return Some(way);
            }
            if !seen.insert(above) {
                return None;
            }
            way.push(above.clone());
            code = above;
        }
        None
    }
}

/// All units with their history.
#[derive(Debug, Clone, Default)]
pub struct UnitRegister {
    newest: BTreeMap<String, Unit>,
    former: BTreeMap<String, Vec<FormerUnit>>,
}

impl UnitRegister {
    /// The units as they were last written down, and what they were before, the oldest first.
    pub fn new(newest: Vec<Unit>, former: Vec<FormerUnit>) -> UnitRegister {
        let mut register = UnitRegister::default();
        for unit in newest {
            register.newest.insert(unit.code.clone(), unit);
        }
        for of in former {
            register.former.entry(of.code.clone()).or_default().push(of);
        }
        for all in register.former.values_mut() {
            all.sort_by_key(|of| of.until);
        }
        register
    }

    /// The unit as it was last written down.
    pub fn get(&self, code: &str) -> Option<&Unit> {
        self.newest.get(code)
    }

    /// Since when the unit has been what it was last written down to be; `None` when always.
    pub fn newest_since(&self, code: &str) -> Option<NaiveDate> {
        let begun = self.newest.get(code).and_then(|unit| unit.valid_from);
        self.former.get(code).and_then(|all| all.last()?.until.succ_opt()).or(begun)
    }

    /// Writes a unit down; what it was is kept as what it was until the day before `from`, if that is given.
    pub fn put(&mut self, unit: Unit, from: Option<NaiveDate>) -> Option<FormerUnit> {
        let before = self.newest.insert(unit.code.clone(), unit)?;
        let until = from?.pred_opt()?;
        let former =
            FormerUnit { code: before.code.clone(), until, name: before.name, parent: before.parent };
        self.former.entry(before.code).or_default().push(former.clone());
        Some(former)
    }

    /// The unit's names and places, the oldest first; empty for an unknown code.
    pub fn history(&self, code: &str) -> Vec<UnitVersion> {
        let Some(newest) = self.newest.get(code) else { return Vec::new() };
        let mut from = newest.valid_from;
        let mut all = Vec::new();
        for of in self.former.get(code).into_iter().flatten() {
            let (name, parent) = (of.name.clone(), of.parent.clone());
            all.push(UnitVersion { from, until: Some(of.until), name, parent });
            from = of.until.succ_opt();
        }
        let (name, parent) = (newest.name.clone(), newest.parent.clone());
        all.push(UnitVersion { from, until: newest.valid_to, name, parent });
        all
    }

    /// The tree as it stands on a day.
    ///
    /// # Errors
    /// Those of [`UnitTree::new`], on that day.
    pub fn on(&self, day: NaiveDate) -> Result<UnitTree, UnitTreeError> {
        let then = |unit: &Unit| {
            let former = self.former.get(&unit.code).and_then(|all| all.iter().find(|of| day <= of.until));
            former.map_or_else(
                || unit.clone(),
                |of| Unit { name: of.name.clone(), parent: of.parent.clone(), ..unit.clone() },
            )
        };
        UnitTree::on(self.newest.values().map(then).collect(), day)
    }

    /// Whether there is a tree on every day.
    ///
    /// # Errors
    /// Those of [`UnitTree::new`], on the first day on which there is none.
    pub fn check(&self) -> Result<(), UnitTreeError> {
        let renamed = self.former.values().flatten().map(|of| of.until);
        let merged = self.newest.values().filter(|unit| unit.merged_into.is_some());
        let changes = renamed.chain(merged.filter_map(|unit| unit.valid_to));
        let mut days: BTreeSet<NaiveDate> = changes.filter_map(|last| last.succ_opt()).collect();
        days.insert(NaiveDate::MIN);
        days.into_iter().try_for_each(|day| self.on(day).map(drop))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(code: &str, parent: Option<&str>) -> Unit {
        Unit {
            code: code.into(),
            name: code.into(),
            parent: parent.map(Into::into),
            valid_from: None,
            valid_to: None,
            merged_into: None,
        }
    }

    #[test]
    fn the_ways_up_and_down() {
        let tree =
            UnitTree::new(vec![unit("H19", None), unit("H19.15", Some("H19")), unit("H19.16", Some("H19"))])
                .unwrap();
        assert_eq!(tree.subtree("H19"), ["H19", "H19.15", "H19.16"]);
        assert_eq!(tree.subtree("H20"), Vec::<String>::new());
        assert!(tree.is_within("H19.15", "H19"));
        assert!(!tree.is_within("H19", "H19.15"));
    }

    #[test]
    fn a_cycle_and_a_missing_parent_are_refused() {
        let cycle = UnitTree::new(vec![unit("A", Some("B")), unit("B", Some("A"))]);
        assert!(matches!(cycle, Err(UnitTreeError::Cycle(_))));
        let lost = UnitTree::new(vec![unit("A", Some("B"))]);
        assert!(matches!(lost, Err(UnitTreeError::UnknownParent { .. })));
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_rename_and_a_move_hold_from_their_day() {
        let mut register = UnitRegister::new(
            vec![unit("H09", None), unit("H19", None), unit("H19.15", Some("H09"))],
            Vec::new(),
        );
        let moved = Unit { name: "Phường mới".into(), ..unit("H19.15", Some("H19")) };
        let former = register.put(moved.clone(), Some(day("2025-07-01"))).unwrap();
        assert_eq!((former.until, former.name.as_str()), (day("2025-06-30"), "H19.15"));
        let on = |text: &str| {
            let tree = register.on(day(text)).unwrap();
            let found = tree.get("H19.15").unwrap();
            (found.name.clone(), found.parent.clone(), tree.is_within("H19.15", "H19"))
        };
        assert_eq!(on("2025-06-30"), ("H19.15".into(), Some("H09".into()), false));
        assert_eq!(on("2025-07-01"), ("Phường mới".into(), Some("H19".into()), true));
        assert_eq!(register.newest_since("H19.15"), Some(day("2025-07-01")));
        let spans: Vec<_> = register.history("H19.15").into_iter().map(|of| (of.from, of.until)).collect();
        assert_eq!(spans, [(None, Some(day("2025-06-30"))), (Some(day("2025-07-01")), None)]);
        // Without a day it is a correction of what stands.
        assert_eq!(register.put(unit("H19.15", Some("H19")), None), None);
        assert_eq!(register.history("H19.15").len(), 2);
    }

    #[test]
    fn a_merged_unit_hangs_under_its_successor_once_it_has_ended() {
        let ended = |code: &str, into: &str, last: &str| Unit {
            valid_to: Some(day(last)),
            merged_into: Some(into.into()),
            ..unit(code, Some("H19"))
        };
        let register = UnitRegister::new(
            vec![
                unit("H19", None),
                ended("H19.1", "H19.2", "2025-06-30"),
                ended("H19.2", "H19.3", "2026-06-30"),
                unit("H19.3", Some("H19")),
            ],
            Vec::new(),
        );
        register.check().unwrap();
        let within = |on: &str, root| register.on(day(on)).unwrap().subtree(root);
        assert_eq!(within("2025-06-30", "H19.2"), ["H19.2"]);
        assert_eq!(within("2025-07-01", "H19.2"), ["H19.1", "H19.2"]);
        assert_eq!(within("2026-07-01", "H19.3"), ["H19.1", "H19.2", "H19.3"]);
        let last = |on: &str| {
            let tree = register.on(day(on)).unwrap();
            tree.successors("H19.1", day(on)).last().map(|unit| unit.code.clone())
        };
        assert_eq!(last("2025-06-30"), None);
        assert_eq!(last("2025-07-01"), Some("H19.2".into()));
        assert_eq!(last("2026-07-01"), Some("H19.3".into()));
    }

    #[test]
    fn a_circle_that_comes_about_by_a_merger_is_found_on_its_day() {
        let merged =
            Unit { valid_to: Some(day("2026-06-30")), merged_into: Some("B".into()), ..unit("A", None) };
        let register = UnitRegister::new(vec![merged, unit("B", Some("A"))], Vec::new());
        assert!(register.on(day("2026-06-30")).is_ok());
        assert_eq!(register.check(), Err(UnitTreeError::Cycle(vec!["A".into(), "B".into()])));
        let lost = Unit { merged_into: Some("X".into()), ..unit("A", None) };
        let lost = UnitRegister::new(vec![lost], Vec::new()).check();
        assert!(matches!(lost, Err(UnitTreeError::UnknownSuccessor { .. })));
    }
}
