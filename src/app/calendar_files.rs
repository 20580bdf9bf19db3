//! Reading a calendar from a file: TOML as `config/calendar/` has it, or CSV. What is wrong is named as the file would name it.

use serde::{Deserialize, Serialize};

use super::csv_lines::{Cells, Columns, lines};
use super::error::{AppError, Fault, Invalid};
use crate::domain::calendar::{DayKind, DayRow, SessionRule};
use crate::domain::calendar_draft::{Draft, Flaw, Flawed, Place};

const COLUMNS: Columns<'_> = Columns { all: &["date", "kind", "name", "source"], required: 4 };

/// A file of days and hours. Its days replace all that the scope had said of their years.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarFile {
    /// The year a national file is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<i32>,
    /// Whether the government has announced that year.
    #[serde(default)]
    pub announced: bool,
    /// Days off and make-up days.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub day: Vec<DayRow>,
    /// Hours; when given, they replace those the scope had.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub session: Vec<SessionRule>,
}

impl From<CalendarFile> for Draft {
    fn from(file: CalendarFile) -> Draft {
        let CalendarFile { year, announced, day, session } = file;
        let sessions = (!session.is_empty()).then_some(session);
        Draft { year, announced: Some(announced), days: day, sessions }
    }
}

/// In which form a draft came, and so how its rows are named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// The body of a request: `days[3].date`.
    Json,
    /// A file of days, as `config/calendar/` has them: `day[3].date`.
    Toml,
    /// A table; on which line each day stands: `line 5: date`.
    Csv(Vec<u64>),
}

impl Form {
    fn name(&self, place: Place) -> String {
        let (days, hours) = match self {
            Form::Json => ("days", "sessions"),
            Form::Toml => ("day", "session"),
            Form::Csv(_) => ("file", "sessions"),
        };
        match (self, place) {
            (Form::Csv(lines), Place::Day(at, field)) => {
                format!("line {}: {field}", lines.get(at).copied().unwrap_or_default())
            }
            (_, Place::Day(at, field)) => format!("{days}[{at}].{field}"),
            (_, Place::Rule(at, field)) => format!("{hours}[{at}].{field}"),
            (_, Place::Session(rule, at)) => format!("{hours}[{rule}].sessions[{at}]"),
            (_, Place::Days) => days.to_owned(),
            (_, Place::Hours) => hours.to_owned(),
        }
    }

    /// The flaw as the one who sent the draft can find it.
    pub(super) fn invalid(&self, (place, flaw): Flawed) -> Invalid {
        let (fault, named) = match flaw {
            Flaw::Empty => (Fault::Empty, None),
            Flaw::TooLong => (Fault::TooLong, None),
            Flaw::BadCharacters => (Fault::BadCharacters, None),
            Flaw::Duplicate => (Fault::Duplicate, None),
            Flaw::OutsideHorizon => (Fault::BeyondCalendar, None),
            Flaw::OtherYear => (Fault::OtherYear, None),
            Flaw::AlreadyWorking => (Fault::AlreadyWorking, None),
            Flaw::Reversed => (Fault::Reversed, None),
            Flaw::NotInMinutes => (Fault::Malformed, None),
            Flaw::Overlapping => (Fault::Overlapping, None),
            Flaw::TooMany => (Fault::TooMany, None),
            Flaw::NoSession(date) => (Fault::NoSession, Some(date.to_string())),
            Flaw::NoWorkingDay(year) => (Fault::NoWorkingDay, Some(year.to_string())),
        };
        Invalid { name: self.name(place), fault, allowed: named.into_iter().collect() }
    }
}

/// Reads a file: TOML as `config/calendar/` has it, or CSV with the columns `date,kind,name,source`, whose years count as announced.
///
/// # Errors
/// [`AppError::Invalid`] naming the line.
pub fn draft_from(file: &[u8], csv: bool) -> Result<(Draft, Form), AppError> {
    if csv {
        let (lines, days) = days_from_csv(file)?.into_iter().unzip();
        return Ok((Draft { announced: Some(true), days, ..Draft::default() }, Form::Csv(lines)));
    }
    let text = std::str::from_utf8(file).map_err(|_| AppError::invalid("file", Fault::BadCharacters))?;
    let read: CalendarFile = toml::from_str(text).map_err(|error| toml_fault(text, &error))?;
    Ok((read.into(), Form::Toml))
}

/// The days of a table, each with its line.
fn days_from_csv(file: &[u8]) -> Result<Vec<(u64, DayRow)>, AppError> {
    let mut days = Vec::new();
    let mut faults = Vec::new();
    for (line, row) in lines(file, COLUMNS)? {
        match day_from(&row) {
            Ok(day) => days.push((line, day)),
            Err(wrong) => faults.extend(
                wrong.into_iter().map(|of| Invalid { name: format!("line {line}: {}", of.name), ..of }),
            ),
        }
    }
    if faults.is_empty() { Ok(days) } else { Err(AppError::Invalid(faults)) }
}

fn day_from(row: &Cells) -> Result<DayRow, Vec<Invalid>> {
    let date = row.get("date").parse().map_err(|_| Invalid::new("date", Fault::Malformed));
    let kind = serde_json::from_value::<DayKind>(row.get("kind").into())
        .map_err(|error| not_one_of("kind".to_owned(), &error.to_string()));
    match (date, kind) {
        (Ok(date), Ok(kind)) => {
            Ok(DayRow { date, kind, name: row.get("name").to_owned(), source: row.get("source").to_owned() })
        }
        (date, kind) => Err(date.err().into_iter().chain(kind.err()).collect()),
    }
}

/// The parser names the words that would do between its quotes, after the one that does not.
fn not_one_of(name: String, said: &str) -> Invalid {
    let allowed: Vec<&str> = said.split('`').skip(3).step_by(2).collect();
    Invalid::not_allowed(name, &allowed)
}

/// What the parser found, by the line and the key that stands there.
fn toml_fault(text: &str, error: &toml::de::Error) -> AppError {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count();
    let key = text.lines().nth(line).and_then(|line| line.split_once('=')).map(|(key, _)| key.trim());
    let place = format!("line {}", line + 1);
    let name = key.map_or_else(|| place.clone(), |key| format!("{place}: {key}"));
    let said = error.message();
    let fault = if said.starts_with("unknown variant") {
        not_one_of(name, said)
    } else if said.starts_with("unknown field") {
        Invalid::new(name, Fault::UnknownField)
    } else if said.starts_with("missing field") {
        Invalid::new(format!("{place}: {}", said.split('`').nth(1).unwrap_or_default()), Fault::Required)
    } else {
        Invalid::new(name, Fault::Malformed)
    };
    AppError::Invalid(vec![fault])
}

/// Days as a table that [`draft_from`] reads again.
///
/// # Errors
/// [`AppError::Internal`] when the table cannot be written, which memory alone could cause.
pub fn days_to_csv(days: &[DayRow]) -> Result<String, AppError> {
    let broken = |error: String| AppError::Internal(error);
    let mut csv = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
    csv.write_record(COLUMNS.all).map_err(|error| broken(error.to_string()))?;
    for row in days {
        csv.serialize(row).map_err(|error| broken(error.to_string()))?;
    }
    let bytes = csv.into_inner().map_err(|error| broken(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| broken(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_in_either_form_and_its_rows_are_named_in_it() {
        let csv = b"date,kind,name,source\n\n2027-01-01,holiday,a,b\n2027-02-05,holiday,\"a, b\",c\n";
        let (draft, form) = draft_from(csv, true).unwrap();
        assert_eq!((draft.days.len(), draft.announced, &form), (2, Some(true), &Form::Csv(vec![3, 4])));
        assert_eq!(form.name(Place::Day(1, "date")), "line 4: date");
        let toml =
            "year = 2027\n[[day]]\ndate = \"2027-01-01\"\nkind = \"holiday\"\nname = \"a\"\nsource = \"b\"\n";
        let (draft, form) = draft_from(toml.as_bytes(), false).unwrap();
        assert_eq!((draft.year, draft.announced, draft.sessions), (Some(2027), Some(false), None));
        assert_eq!(form.name(Place::Day(0, "date")), "day[0].date");
        assert_eq!(Form::Json.name(Place::Session(1, 2)), "sessions[1].sessions[2]");
        assert!(draft_from(toml.replace("holiday", "feast").as_bytes(), false).is_err());
        assert!(draft_from(b"\xff", false).is_err());
    }

    #[test]
    fn a_table_is_written_as_it_is_read() {
        let csv = "date,kind,name,source\n2027-02-05,makeup,\"a, b\",\"c \"\"d\"\"\"\n";
        let (draft, _) = draft_from(csv.as_bytes(), true).unwrap();
        assert_eq!(days_to_csv(&draft.days).unwrap(), csv);
        assert_eq!(days_to_csv(&[]).unwrap(), "date,kind,name,source\n");
    }
}
