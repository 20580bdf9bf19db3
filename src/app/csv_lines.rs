//! Reading small CSV files line by line, each fault named by its line and column.
//!
//! It knows no file's meaning: whose columns they are, and what may stand in them, is [`super::transfer`]'s and its neighbours'.

use std::collections::BTreeMap;

use super::error::{AppError, Fault, Invalid};

/// The columns of a file; the first `required` of them must be there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns<'a> {
    /// Every column that means something.
    pub(super) all: &'a [&'a str],
    /// How many of them must be there.
    pub(super) required: usize,
}

/// The cells of one line by column, blanks trimmed.
pub(super) struct Cells(BTreeMap<String, String>);

impl Cells {
    /// What stands in the column; empty where the file has no such column.
    pub(super) fn get(&self, column: &str) -> &str {
        self.0.get(column).map_or("", String::as_str)
    }

    /// Whether the file has the column.
    pub(super) fn has(&self, column: &str) -> bool {
        self.0.contains_key(column)
    }

    /// What stands in the column, unless it is empty.
    pub(super) fn given(&self, column: &str) -> Option<&str> {
        Some(self.get(column)).filter(|text| !text.is_empty())
    }
}

/// The lines of a CSV file with their numbers; a byte-order mark is passed over, as spreadsheets write one.
///
/// # Errors
/// [`AppError::Invalid`] naming each line and column (`line 3: name`); a file without lines is named as empty.
pub(super) fn lines(csv: &[u8], columns: Columns<'_>) -> Result<Vec<(u64, Cells)>, AppError> {
    let csv = csv.strip_prefix(b"\xef\xbb\xbf").unwrap_or(csv);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(csv);
    let head = reader.headers().map_err(|_| AppError::invalid("line 1", Fault::BadCharacters))?.clone();
    check_head(&head, columns)?;
    let mut rows = Vec::new();
    let mut faults = Vec::new();
    for record in reader.records() {
        match record {
            Ok(record) => {
                let line = record.position().map_or(0, |place| line_of(csv, place));
                let cells =
                    head.iter().zip(&record).map(|(column, cell)| (column.to_owned(), cell.to_owned()));
                rows.push((line, Cells(cells.collect())));
            }
            Err(error) => faults.push(bad_line(&error, &head)),
        }
    }
    match (faults.is_empty(), rows.is_empty()) {
        (false, _) => Err(AppError::Invalid(faults)),
        (true, true) => Err(AppError::invalid("file", Fault::Empty)),
        (true, false) => Ok(rows),
    }
}

/// The line a record begins on: its place is where the one before ended, and empty lines may lie between.
fn line_of(csv: &[u8], place: &csv::Position) -> u64 {
    let rest = usize::try_from(place.byte()).ok().and_then(|at| csv.get(at..)).unwrap_or_default();
    let blank = rest.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).filter(|byte| **byte == b'\n');
    place.line() + u64::try_from(blank.count()).unwrap_or(0)
}

/// Whether every column of the head means something, stands once, and none that is needed is missing.
///
/// # Errors
/// [`AppError::Invalid`] naming each column.
pub(super) fn check_head(head: &csv::StringRecord, columns: Columns<'_>) -> Result<(), AppError> {
    let mut faults = Vec::new();
    for (at, column) in head.iter().enumerate() {
        if !columns.all.contains(&column) {
            faults.push(Invalid::new(format!("line 1: {column}"), Fault::UnknownField));
        } else if head.iter().take(at).any(|before| before == column) {
            faults.push(Invalid::new(format!("line 1: {column}"), Fault::Duplicate));
        }
    }
    let needed = columns.all.iter().take(columns.required);
    for column in needed.filter(|column| !head.iter().any(|of| of == **column)) {
        faults.push(Invalid::new(format!("line 1: {column}"), Fault::Required));
    }
    if faults.is_empty() { Ok(()) } else { Err(AppError::Invalid(faults)) }
}

/// A line with too few cells lacks its first missing column; one with too many has them after the last.
fn bad_line(error: &csv::Error, head: &csv::StringRecord) -> Invalid {
    let line = error.position().map_or(0, csv::Position::line);
    let csv::ErrorKind::UnequalLengths { len, .. } = error.kind() else {
        return Invalid::new(format!("line {line}"), Fault::BadCharacters);
    };
    match usize::try_from(*len).ok().and_then(|at| head.get(at)) {
        Some(missing) => Invalid::new(format!("line {line}: {missing}"), Fault::Required),
        None => {
            let last = head.iter().next_back().unwrap_or_default();
            Invalid::new(format!("line {line}: after {last}"), Fault::Malformed)
        }
    }
}
