//! From a report's numbers to the dossiers they count: each gets the address of the list with the same predicate.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::processing::{ProcessingReport, ProcessingRow};
use super::units_on;
use crate::app::access::Principal;
use crate::app::{AppError, Catalogue};
use crate::domain::cell::Cell;
use crate::domain::statistics::GroupBy;
use crate::store::counted::CountedBy;

/// Addresses of lists by the number's place in the row.
pub type Links = BTreeMap<&'static str, String>;

impl ProcessingReport {
    /// The report with a link for each number.
    #[must_use]
    pub fn linked(mut self) -> ProcessingReport {
        let ProcessingReport { period, as_of, unit, group_by, units_as_of, .. } = &self;
        let mut about = vec![
            ("unit", unit.clone()),
            ("subtree", "true".to_owned()),
            ("counted_from", period.from.to_string()),
            ("counted_to", period.to.to_string()),
            ("counted_as_of", as_of.to_string()),
        ];
        about.extend(units_as_of.map(|day| ("units_as_of", day.to_string())));
        let (about, group) = (written(&about), group_by.word().to_owned());
        for row in &mut self.rows {
            let of_row = written(&[("group", group.clone()), ("key", row.key.clone())]);
            row.links = Some(links(&format!("{about}&{of_row}")));
        }
        let ProcessingRow { links: of_total, .. } = &mut self.total;
        *of_total = Some(links(&about));
        self
    }
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

/// Parameters as a query string holds them. Pairs of texts can always be written.
fn written(parameters: &[(&str, String)]) -> String {
    serde_urlencoded::to_string(parameters).unwrap_or_default()
}
