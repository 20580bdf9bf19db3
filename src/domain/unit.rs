//! Units (*đơn vị*): the authorities that take dossiers, in a tree.

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

/// All units, with the ways up and down.
#[derive(Debug, Clone, Default)]
pub struct UnitTree {
    units: BTreeMap<String, Unit>,
    children: BTreeMap<String, Vec<String>>,
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
    /// A unit that is above itself.
    #[error("unit {0} is its own ancestor")]
    Cycle(String),
}

impl UnitTree {
    /// Builds the tree.
    ///
    /// # Errors
    /// An unknown parent, or a cycle.
    pub fn new(units: Vec<Unit>) -> Result<UnitTree, UnitTreeError> {
        let mut tree = UnitTree::default();
        for unit in units {
            if let Some(parent) = &unit.parent {
                tree.children.entry(parent.clone()).or_default().push(unit.code.clone());
            }
            tree.units.insert(unit.code.clone(), unit);
        }
        for unit in tree.units.values() {
            if let Some(parent) = unit.parent.as_ref().filter(|parent| !tree.units.contains_key(*parent)) {
                return Err(UnitTreeError::UnknownParent { unit: unit.code.clone(), parent: parent.clone() });
            }
        }
        match tree.units.keys().find(|code| tree.climbs_to_itself(code)) {
            Some(code) => Err(UnitTreeError::Cycle(code.clone())),
            None => Ok(tree),
        }
    }

    /// The unit with this code.
    pub fn get(&self, code: &str) -> Option<&Unit> {
        self.units.get(code)
    }

    /// Every unit, by code.
    pub fn iter(&self) -> impl Iterator<Item = &Unit> {
        self.units.values()
    }

    /// The unit itself, then its parent, and so on to the top; empty for an unknown code.
    pub fn lineage<'a>(&'a self, code: &str) -> Vec<&'a Unit> {
        std::iter::successors(self.units.get(code), |unit| {
            unit.parent.as_ref().and_then(|parent| self.units.get(parent))
        })
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
            waiting.extend(self.children.get(code).into_iter().flatten().map(String::as_str));
        }
        found.sort();
        found
    }

    fn climbs_to_itself(&self, start: &str) -> bool {
        let mut seen = BTreeSet::new();
        let mut code = start;
        while let Some(parent) = self.units.get(code).and_then(|unit| unit.parent.as_deref()) {
            if !seen.insert(parent) {
                return true;
            }
            code = parent;
        }
        false
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
}
