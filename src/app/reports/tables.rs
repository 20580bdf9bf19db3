//! Reports as tables that a spreadsheet opens.

use super::form::{FormRow, FormTable};
use crate::app::AppError;
use crate::text::{Lang, reports as text};

/// Tells Excel that what follows is UTF-8; without it every Vietnamese letter is broken.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The thirteen numbered columns of form II.06a/VPCP as CSV, the sums in the last row.
///
/// # Errors
/// [`AppError::Internal`] when the table cannot be written, which memory alone could cause.
pub fn processing_csv(report: &FormTable, lang: Lang) -> Result<String, AppError> {
    let broken = |error: String| AppError::Internal(error);
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(headings(report, lang)).map_err(|error| broken(error.to_string()))?;
    for (number, row) in (1_u32..).zip(&report.rows) {
        csv.write_record(cells(number.to_string(), &row.title(), row))
            .map_err(|error| broken(error.to_string()))?;
    }
    let total = cells(String::new(), text::total(lang), &report.total);
    csv.write_record(total).map_err(|error| broken(error.to_string()))?;
    let bytes = csv.into_inner().map_err(|error| broken(error.to_string()))?;
    let table = String::from_utf8(bytes).map_err(|error| broken(error.to_string()))?;
    Ok(format!("{BYTE_ORDER_MARK}{table}"))
}

fn headings(report: &FormTable, lang: Lang) -> Vec<String> {
    let first = [text::number_heading(lang), text::row_heading(lang, report.group_by)];
    let all = first.into_iter().chain(text::processing_headings(lang));
    (1_u32..).zip(all).map(|(number, heading)| format!("({number}) {heading}")).collect()
}

fn cells(number: String, name: &str, row: &FormRow) -> Vec<String> {
    let mut cells = vec![number, inert(name)];
    cells.extend(row.counts().map(|count| count.to_string()));
    cells
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
