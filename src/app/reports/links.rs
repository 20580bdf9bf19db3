//! From a report's numbers to the dossiers they count: each gets the address of the list with the same predicate.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::NaiveDate;

use super::PeriodView;
use super::heading::{list, query};
use super::processing::{ProcessingReport, ProcessingRow};
use super::units_on;
use crate::app::access::Principal;
use crate::app::view::OfficeTime;
use crate::app::{AppError, Catalogue};
use crate::domain::cell::Cell;
use crate::domain::statistics::GroupBy;
use crate::store::counted::CountedBy;

/// Addresses of lists by the number's place in the row.
pub type Links = BTreeMap<&'static str, String>;

impl ProcessingReport {
    /// The report with a link for each number.
    #[must_use]
    pub fn linked(self) -> ProcessingReport {
        let all = 0..self.rows.len();
        self.linked_within(all)
    }

    /// The report with a link for each number of the totals and of some rows: thousands of others may be of no matter.
    #[must_use]
    pub fn linked_within(mut self, rows: Range<usize>) -> ProcessingReport {
        let ProcessingReport { period, as_of, unit, group_by, units_as_of, sector, .. } = &self;
        let (from, to, as_of) = (period.from.to_string(), period.to.to_string(), as_of.to_string());
        let day = units_as_of.map(|day| day.to_string());
        let mut about = vec![
            ("unit", unit.as_str()),
            ("subtree", "true"),
            ("counted_from", &from),
            ("counted_to", &to),
            ("counted_as_of", &as_of),
        ];
        about.extend(day.as_deref().map(|day| ("units_as_of", day)));
        about.extend(sector.as_deref().map(|sector| ("sector", sector)));
        let (about, group) = (query(&about), group_by.word());
        for row in self.rows.get_mut(rows).into_iter().flatten() {
            let of_row = query(&[("group", group), ("key", &row.key)]);
            row.links = Some(links(&format!("{about}&{of_row}")));
        }
        let ProcessingRow { links: of_total, .. } = &mut self.total;
        *of_total = Some(links(&about));
        self
    }
}

/// The address of the list of exactly the dossiers of a unit and all below it that a number counts, over some days seen from an instant; without
/// one from their end, or from whenever the list is looked at.
pub(in crate::app) fn cell_link(
    cell: Cell,
    unit: &str,
    of: &PeriodView,
    (as_of, row): (Option<OfficeTime>, Option<(GroupBy, &str)>),
) -> String {
    let (from, to, as_of) = (of.from.to_string(), of.to.to_string(), as_of.map(|at| at.to_string()));
    let mut asked = vec![("cell", cell.word()), ("unit", unit), ("counted_from", &from), ("counted_to", &to)];
    asked.extend(as_of.as_deref().map(|at| ("counted_as_of", at)));
    asked.extend(row.iter().flat_map(|(group, key)| [("group", group.word()), ("key", key)]));
    list("dossiers", &asked)
}

/// The units of a number that goes by the tree of another day; those of its row, where rows are units.
///
/// # Errors
/// [`AppError::Invalid`] naming `units_as_of`.
pub(in crate::app) fn units_of(
    by: &mut CountedBy,
    unit: &str,
    catalogue: &Catalogue,
    (reader, day): (&Principal, NaiveDate),
) -> Result<Vec<String>, AppError> {
    let (mut units, answered_by) = units_on(catalogue, reader, unit, day)?;
    if let Some((GroupBy::Unit, key)) = &by.row {
        units.retain(|unit| answered_by.get(unit).unwrap_or(unit) == key);
        by.row = None;
    }
    Ok(units)
}

fn links(about: &str) -> Links {
    let link = |cell: &Cell| (cell.word(), format!("/api/v1/dossiers?cell={cell}&{about}"));
    Cell::ALL.iter().map(link).collect()
}
