//! Reports as tables that a spreadsheet opens.

use super::form::{COUNTS, FormRow, FormTable};
use super::processing::{ProcessingReport, ProcessingRow};
use crate::app::AppError;
use crate::text::{Lang, reports as text};

/// Tells Excel that what follows is UTF-8; without it every Vietnamese letter is broken.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A report that is also a table.
pub trait Tabular {
    /// The name of the table's file, without its ending: plain ASCII.
    fn file_name(&self) -> String;

    /// The headings, then the rows, the sums (where there are any) last.
    fn records(&self, lang: Lang) -> Vec<Vec<String>>;
}

/// A report as CSV.
///
/// # Errors
/// [`AppError::Internal`] when the table cannot be written, which memory alone could cause.
pub fn csv(report: &impl Tabular, lang: Lang) -> Result<String, AppError> {
    let broken = |error: String| AppError::Internal(error);
    let mut csv = csv::Writer::from_writer(Vec::new());
    for record in report.records(lang) {
        csv.write_record(record).map_err(|error| broken(error.to_string()))?;
    }
    let bytes = csv.into_inner().map_err(|error| broken(error.to_string()))?;
    let table = String::from_utf8(bytes).map_err(|error| broken(error.to_string()))?;
    Ok(format!("{BYTE_ORDER_MARK}{table}"))
}

impl Tabular for ProcessingReport {
    fn file_name(&self) -> String {
        format!("II.06a-VPCP-{}", self.period.label)
    }

    fn records(&self, lang: Lang) -> Vec<Vec<String>> {
        FormTable::from(self).records(lang)
    }
}

impl Tabular for FormTable {
    fn file_name(&self) -> String {
        format!("II.06a-VPCP-{}", self.period.label)
    }

    fn records(&self, lang: Lang) -> Vec<Vec<String>> {
        let mut all = vec![headings(self, lang)];
        for (number, row) in (1_u32..).zip(&self.rows) {
            all.push(cells(number.to_string(), inert(&row.title()), row));
        }
        all.push(cells(String::new(), text::total(lang).to_owned(), &self.total));
        all
    }
}

/// How a row is called in a table.
pub(super) fn title(key: &str, name: &str) -> String {
    inert(&titled(key, name))
}

/// A row's name, and its code where that is another.
pub(super) fn titled(key: &str, name: &str) -> String {
    if key.is_empty() || key == name { name.to_owned() } else { format!("{name} ({key})") }
}

/// A ratio with six decimals; a dash where there is none.
pub(super) fn ratio(value: Option<f64>) -> String {
    value.map_or_else(|| "—".to_owned(), |value| format!("{value:.6}"))
}

fn headings(report: &FormTable, lang: Lang) -> Vec<String> {
    let first = [text::number_heading(lang), text::row_heading(lang, report.group_by)];
    let all = first.into_iter().chain(text::processing_headings(lang));
    (1_u32..).zip(all).map(|(number, heading)| format!("({number}) {heading}")).collect()
}

fn cells(number: String, name: String, row: &FormRow) -> Vec<String> {
    let mut cells = vec![number, name];
    cells.extend(row.counts().map(|count| count.to_string()));
    cells
}

/// Columns (3) to (13) of the form.
pub(super) fn counts(row: &ProcessingRow) -> [u32; COUNTS] {
    FormRow::from(row).counts()
}

/// A name that a spreadsheet would run as a formula is kept as text: officers' names come from outside.
fn inert(name: &str) -> String {
    if name.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{name}") } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::inert;

    #[test]
    fn a_name_is_never_a_formula() {
        assert_eq!(inert("=HYPERLINK(\"x\")"), "'=HYPERLINK(\"x\")");
        assert_eq!(inert("Chứng thực"), "Chứng thực");
    }
}
