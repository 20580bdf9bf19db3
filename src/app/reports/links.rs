//! From a report's numbers to the dossiers they count: each gets the address of the list with the same predicate.

use std::collections::BTreeMap;

use super::processing::{ProcessingReport, ProcessingRow};
use crate::domain::cell::Cell;

/// Addresses of lists by the number's place in the row.
pub type Links = BTreeMap<&'static str, String>;

impl ProcessingReport {
    /// The report with a link for each number.
    #[must_use]
    pub fn linked(mut self) -> ProcessingReport {
        let ProcessingReport { period, as_of, unit, group_by, .. } = &self;
        let about = [
            ("unit", unit.clone()),
            ("subtree", "true".to_owned()),
            ("counted_from", period.from.to_string()),
            ("counted_to", period.to.to_string()),
            ("counted_as_of", as_of.to_string()),
        ];
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

fn links(about: &str) -> Links {
    let link = |cell: &Cell| (cell.word(), format!("/api/v1/dossiers?cell={cell}&{about}"));
    Cell::ALL.iter().map(link).collect()
}

/// Parameters as a query string holds them. Pairs of texts can always be written.
fn written(parameters: &[(&str, String)]) -> String {
    serde_urlencoded::to_string(parameters).unwrap_or_default()
}
