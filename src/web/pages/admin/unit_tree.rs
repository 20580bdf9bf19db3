//! The rows of the tree of units.

use crate::app::Catalogue;
use crate::app::view::in_path;
use crate::domain::unit::Unit;
use crate::text::pages::{unit_words, units_below};
use crate::text::{Lang, date};

/// A unit in the tree.
pub(super) struct Row {
    pub(super) depth: usize,
    pub(super) path: String,
    pub(super) code: String,
    pub(super) name: String,
    pub(super) state: String,
    /// Leads to the units below, where they are not shown, and says how many.
    pub(super) below: Option<(String, String)>,
}

/// Adds a unit and those below it; of a long tree a level at a time.
pub(super) fn branch(
    lang: Lang,
    catalogue: &Catalogue,
    code: &str,
    (depth, is_long): (usize, bool),
    rows: &mut Vec<Row>,
) {
    let Some(unit) = catalogue.units.get(code) else { return };
    let children = catalogue.units.children(code);
    let is_cut = is_long && depth > 0 && !children.is_empty();
    let below = || (format!("/admin/units?below={}", in_path(code)), units_below(lang, children.len()));
    rows.push(Row {
        depth: depth.min(3),
        path: format!("/admin/units/of/{}", in_path(code)),
        code: unit.code.clone(),
        name: unit.name.clone(),
        state: state(lang, catalogue, unit),
        below: is_cut.then(below),
    });
    if !is_cut {
        for child in children {
            branch(lang, catalogue, &child.code, (depth + 1, is_long), rows);
        }
    }
}

/// Whether it is there, is to come or has ended, in words.
pub(super) fn state(lang: Lang, catalogue: &Catalogue, of: &Unit) -> String {
    let w = unit_words(lang);
    let mut said = match (of.valid_to, of.valid_from.filter(|_| of.is_to_come(catalogue.day))) {
        (Some(last), _) => format!("{} {}", w.ended, date(lang, last)),
        (None, Some(first)) => format!("{} {}", w.to_come, date(lang, first)),
        (None, None) => w.active.to_owned(),
    };
    if let Some(successor) = &of.merged_into {
        said = format!("{said}, {} {}", w.merged, catalogue.unit_name(successor));
    }
    said
}
