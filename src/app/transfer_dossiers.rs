//! Reading a unit's past from CSV or NDJSON: the fields of a registration, and how each dossier ended.
//!
//! A bad row is named by its line and never stops the others. Whether a row may be logged is decided where every dossier's
//! is, in [`super::dossiers`].

use chrono::{DateTime, NaiveDateTime, Utc};
use serde::Deserialize;

use super::csv_lines::{Columns, check_head};
use super::error::{AppError, Fault, Invalid};
use super::writer::{Applicant, Closing, Registration};
use crate::domain::dossier::{Channel, ClosedAs};
use crate::domain::office_time;

/// The columns of a CSV file, those that must be there first.
pub const COLUMNS: [&str; 17] = [
    "unit",
    "procedure",
    "applicant_name",
    "code",
    "channel",
    "received_at",
    "due_at",
    "officer",
    "applicant_phone",
    "applicant_email",
    "applicant_address",
    "note",
    "reason",
    "closed_at",
    "closed_as",
    "returned_at",
    "case",
];
const REQUIRED: usize = 3;

/// A row of the file: the line it begins on, and the dossier in it or what is wrong with it.
pub type Row = (u64, Result<Registration, AppError>);

/// One dossier as a line of NDJSON; a line of CSV is brought to the same.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    unit: String,
    procedure: String,
    applicant: Applicant,
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    channel: Option<String>,
    #[serde(default)]
    case: Option<String>,
    #[serde(default)]
    received_at: Option<String>,
    #[serde(default)]
    due_at: Option<String>,
    #[serde(default)]
    officer: Option<String>,
    #[serde(default)]
    note: Option<String>,
    #[serde(default)]
    reason: Option<String>,
    #[serde(default)]
    closed_at: Option<String>,
    #[serde(default)]
    closed_as: Option<String>,
    #[serde(default)]
    returned_at: Option<String>,
}

/// The rows of a file, CSV with a head line or one JSON object a line, told apart by the first character.
///
/// # Errors
/// [`AppError::Invalid`] when the file is no UTF-8 or has no rows, or a CSV's head names an unknown column or lacks a needed one.
pub fn dossiers_from(file: &[u8]) -> Result<Vec<Row>, AppError> {
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    let text = std::str::from_utf8(file).map_err(|_| AppError::invalid("file", Fault::BadCharacters))?;
    let rows = if is_ndjson(file) { from_ndjson(text) } else { from_csv(text)? };
    if rows.is_empty() { Err(AppError::invalid("file", Fault::Empty)) } else { Ok(rows) }
}

/// Whether the file is NDJSON; CSV otherwise.
pub fn is_ndjson(file: &[u8]) -> bool {
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    file.trim_ascii_start().starts_with(b"{")
}

/// A refusal of a row of CSV, its fields by the names of the columns they stand in (`applicant_name`).
pub fn by_column(error: AppError) -> AppError {
    match error {
        AppError::Invalid(faults) => AppError::Invalid(
            faults
                .into_iter()
                .map(|of| Invalid { name: of.name.replace("applicant.", "applicant_"), ..of })
                .collect(),
        ),
        other => other,
    }
}

fn from_ndjson(text: &str) -> Vec<Row> {
    (1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(number, line)| (number, read_json(line).and_then(registration)))
        .collect()
}

fn read_json(line: &str) -> Result<Line, AppError> {
    let mut reader = serde_json::Deserializer::from_str(line);
    let read = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        if !error.inner().is_data() {
            // No JSON at all: no field is to blame.
            return AppError::invalid("line", Fault::Malformed);
        }
        let inner = error.inner().to_string();
        // serde's own words carry the field where the path cannot: an unknown one, a missing one.
        let field = inner.split('`').nth(1).unwrap_or_default();
        let path = error.path().to_string();
        match (inner.starts_with("unknown field"), inner.starts_with("missing field"), path.as_str()) {
            (true, ..) => AppError::invalid(path, Fault::UnknownField),
            (_, true, ".") => AppError::invalid(field, Fault::Required),
            (_, true, path) => AppError::invalid(format!("{path}.{field}"), Fault::Required),
            (_, _, ".") => AppError::invalid("line", Fault::Malformed),
            (_, _, path) => AppError::invalid(path, Fault::Malformed),
        }
    })?;
    match reader.end() {
        Ok(()) => Ok(read),
        Err(_) => Err(AppError::invalid("line", Fault::Malformed)),
    }
}

fn from_csv(text: &str) -> Result<Vec<Row>, AppError> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let head = reader.headers().map_err(|_| AppError::invalid("line 1", Fault::Malformed))?.clone();
    check_head(&head, Columns { all: &COLUMNS, required: REQUIRED })?;
    let rows = reader.records().map(|record| match record {
        Ok(record) => {
            let line = record.position().map_or(0, csv::Position::line);
            (line, registration(line_of(&head, &record)))
        }
        Err(error) => {
            let line = error.position().map_or(0, csv::Position::line);
            (line, Err(AppError::invalid("line", Fault::Malformed)))
        }
    });
    Ok(rows.collect())
}

fn line_of(head: &csv::StringRecord, record: &csv::StringRecord) -> Line {
    let cell = |column: &str| {
        let at = head.iter().position(|of| of == column)?;
        record.get(at).filter(|text| !text.is_empty()).map(ToOwned::to_owned)
    };
    Line {
        unit: cell("unit").unwrap_or_default(),
        procedure: cell("procedure").unwrap_or_default(),
        applicant: Applicant {
            name: cell("applicant_name").unwrap_or_default(),
            phone: cell("applicant_phone"),
            email: cell("applicant_email"),
            address: cell("applicant_address"),
        },
        code: cell("code"),
        channel: cell("channel"),
        case: cell("case"),
        received_at: cell("received_at"),
        due_at: cell("due_at"),
        officer: cell("officer"),
        note: cell("note"),
        reason: cell("reason"),
        closed_at: cell("closed_at"),
        closed_as: cell("closed_as"),
        returned_at: cell("returned_at"),
    }
}

/// Every fault of a line at once; the applicant's name, like all texts, is looked at where dossiers are logged.
fn registration(line: Line) -> Result<Registration, AppError> {
    let mut faults = Vec::new();
    for (name, value) in [("unit", &line.unit), ("procedure", &line.procedure)] {
        if value.is_empty() {
            faults.push(Invalid::new(name, Fault::Required));
        }
    }
    let received_at = instant("received_at", line.received_at.as_deref(), &mut faults);
    let due_at = instant("due_at", line.due_at.as_deref(), &mut faults);
    let closed_at = instant("closed_at", line.closed_at.as_deref(), &mut faults);
    let returned_at = instant("returned_at", line.returned_at.as_deref(), &mut faults);
    let channel = word("channel", line.channel.as_deref(), Channel::from_word, &mut faults);
    let closed_as = word("closed_as", line.closed_as.as_deref(), ClosedAs::from_word, &mut faults);
    let closed = match (closed_at, closed_as) {
        (Some(at), closed_as) => {
            if returned_at.is_some_and(|returned| returned < at) {
                faults.push(Invalid::new("returned_at", Fault::OutOfRange));
            }
            Some(Closing { at, closed_as: closed_as.unwrap_or(ClosedAs::Resolved), returned_at })
        }
        (None, None) if returned_at.is_none() => None,
        (None, _) if line.closed_at.is_some() => None,
        (None, _) => {
            faults.push(Invalid::new("closed_at", Fault::Required));
            None
        }
    };
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    Ok(Registration {
        code: line.code,
        unit: line.unit,
        procedure: line.procedure,
        channel: channel.unwrap_or(Channel::InPerson),
        case: line.case,
        received_at,
        due_at,
        officer: line.officer,
        applicant: line.applicant,
        note: line.note,
        reason: line.reason,
        closed,
        idempotency: None,
    })
}

fn instant(name: &str, text: Option<&str>, faults: &mut Vec<Invalid>) -> Option<DateTime<Utc>> {
    let text = text?;
    let read = read_instant(text);
    if read.is_none() {
        faults.push(Invalid::new(name, Fault::Malformed));
    }
    read
}

/// An instant as RFC 3339, or as the office's clock shows it without an offset: `2026-11-20T15:01` or `2026-11-20 15:01:30`.
pub fn read_instant(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some(at.to_utc());
    }
    ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
        .map(|local| office_time::instant(local.date(), local.time()))
}

fn word<T>(
    name: &str,
    text: Option<&str>,
    read: impl Fn(&str) -> Option<T>,
    faults: &mut Vec<Invalid>,
) -> Option<T> {
    let text = text?;
    let found = read(text);
    if found.is_none() {
        faults.push(Invalid::new(name, Fault::NotAllowed));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(row: &Row) -> String {
        match &row.1 {
            Err(AppError::Invalid(found)) => {
                found.iter().map(|of| format!("{}:{:?}", of.name, of.fault)).collect::<Vec<_>>().join(" ")
            }
            Err(other) => other.to_string(),
            Ok(_) => "good".to_owned(),
        }
    }

    #[test]
    fn csv_rows_are_good_or_bad_each_on_its_own() {
        let csv = "\u{feff}unit,procedure,applicant_name,received_at,closed_at,closed_as\n\
                   H19.15,2.000815,\"Nguyễn Thị\nHòa\",2026-11-20 15:01,,\n\
                   H19.15,,A,tomorrow,,gone\n\
                   H19.15,2.000815,B,2026-11-20T08:00:00+07:00,,resolved\n\
                   H19.15,2.000815\n";
        let rows = dossiers_from(csv.as_bytes()).unwrap();
        let told: Vec<(u64, String)> = rows.iter().map(|row| (row.0, faults(row))).collect();
        assert_eq!(
            told,
            [
                (2, "good".into()),
                (4, "procedure:Required received_at:Malformed closed_as:NotAllowed".into()),
                (5, "closed_at:Required".into()),
                (6, "line:Malformed".into()),
            ]
        );
        let first = rows[0].1.as_ref().unwrap();
        assert_eq!(first.received_at, read_instant("2026-11-20T08:01:00Z"));
        assert_eq!(first.applicant.name, "Nguyễn Thị\nHòa");
    }

    #[test]
    fn a_head_with_a_column_that_means_nothing_is_refused_whole() {
        let Err(AppError::Invalid(found)) = dossiers_from(b"unit,procedure,aplicant_name,unit\n") else {
            panic!("must be refused")
        };
        let names: Vec<String> = found.iter().map(|of| format!("{}:{:?}", of.name, of.fault)).collect();
        assert_eq!(
            names,
            [
                "line 1: aplicant_name:UnknownField",
                "line 1: unit:Duplicate",
                "line 1: applicant_name:Required"
            ]
        );
    }

    #[test]
    fn ndjson_rows_name_the_field_that_is_wrong() {
        let good = r#"{"unit":"H19.15","procedure":"2.000815","applicant":{"name":"A"},"closed_at":"2026-11-20T09:00:00+07:00"}"#;
        let text = format!(
            "{good}\n\n{}\n{}\n{}\n{}\n{}\n",
            good.replace("\"name\"", "\"nam\""),
            good.replace("\"unit\"", "\"unti\""),
            good.replace("\"unit\":\"H19.15\",", ""),
            good.replace("\"A\"", "5"),
            good.trim_end_matches('}'),
        );
        let rows = dossiers_from(text.as_bytes()).unwrap();
        let told: Vec<String> = rows.iter().map(|row| format!("{} {}", row.0, faults(row))).collect();
        assert_eq!(
            told,
            [
                "1 good",
                "3 applicant.nam:UnknownField",
                "4 unti:UnknownField",
                "5 unit:Required",
                "6 applicant.name:Malformed",
                "7 line:Malformed"
            ]
        );
        let closing = rows[0].1.as_ref().unwrap().closed.unwrap();
        assert_eq!((closing.closed_as, closing.returned_at), (ClosedAs::Resolved, None));
    }
}
