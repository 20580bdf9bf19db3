//! Reading units, procedures and their limits from CSV: the files that are shipped, and those that a province brings.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime};

use super::catalogue::units::UnitRow;
use super::csv_lines::{Cells, Columns, lines};
use super::error::{AppError, Fault, Invalid};
use crate::domain::deadline::{LateEffect, LateReceipt, Limit, LimitUnit};
use crate::domain::dossier::Channel;
use crate::domain::procedure::{Procedure, ProcedureLimit};
use crate::domain::unit::Unit;

const UNIT_COLUMNS: Columns<'_> = Columns {
    all: &["code", "name", "parent", "valid_from", "valid_to", "merged_into", "holds_from"],
    required: 2,
};
/// The columns about a unit's beginning and end.
const DAYS: [&str; 3] = ["valid_from", "valid_to", "merged_into"];
const PROCEDURE_COLUMNS: Columns<'_> = Columns {
    all: &[
        "code",
        "name",
        "sector",
        "limit_unit",
        "limit_value",
        "late_after",
        "late_effect",
        "channel",
        "valid_from",
        "source",
        "case",
    ],
    required: 4,
};

/// Units from CSV with the columns `code,name,parent` and, where they are to be said, `valid_from,valid_to,merged_into,holds_from`; days that the file
/// has no columns for stay as they are kept.
///
/// # Errors
/// [`AppError::Invalid`] naming each line and column (`line 3: name`).
pub fn units_from_csv(csv: &[u8]) -> Result<Vec<UnitRow>, AppError> {
    let mut faults = Vec::new();
    let mut units = Vec::new();
    for (line, row) in lines(csv, UNIT_COLUMNS)? {
        faults.extend(empty(line, &row, &["code", "name"]));
        let mut day = |column: &str| {
            let read = row.given(column).map(str::parse::<NaiveDate>).transpose();
            read.unwrap_or_else(|_| {
                faults.push(Invalid::new(format!("line {line}: {column}"), Fault::Malformed));
                None
            })
        };
        let (valid_from, valid_to, holds_from) = (day("valid_from"), day("valid_to"), day("holds_from"));
        let given = |column: &str| row.given(column).map(ToOwned::to_owned);
        units.push(UnitRow {
            place: format!("line {line}: "),
            unit: Unit {
                code: row.get("code").to_owned(),
                name: row.get("name").to_owned(),
                parent: given("parent"),
                valid_from,
                valid_to,
                merged_into: given("merged_into"),
            },
            holds_from,
            keeps_days: !DAYS.iter().any(|column| row.has(column)),
        });
    }
    if faults.is_empty() { Ok(units) } else { Err(AppError::Invalid(faults)) }
}

/// Units as a table that [`units_from_csv`] reads again: as they stand, without what they were.
///
/// # Errors
/// [`AppError::Internal`] when the table cannot be written, which memory alone could cause.
pub fn units_to_csv<'a>(units: impl Iterator<Item = &'a Unit>) -> Result<String, AppError> {
    let broken = |error: String| AppError::Internal(error);
    let mut csv = csv::Writer::from_writer(Vec::new());
    let columns = UNIT_COLUMNS.all.iter().filter(|column| **column != "holds_from");
    csv.write_record(columns).map_err(|error| broken(error.to_string()))?;
    for of in units {
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        let (from, to) = (day(of.valid_from), day(of.valid_to));
        let text = |text: &'a Option<String>| text.as_deref().unwrap_or_default();
        let row = [&of.code, &of.name, text(&of.parent), &from, &to, text(&of.merged_into)];
        csv.write_record(row).map_err(|error| broken(error.to_string()))?;
    }
    let bytes = csv.into_inner().map_err(|error| broken(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| broken(error.to_string()))
}

/// Procedures from CSV with the columns `code,name,sector,limit_value,limit_unit,late_after,late_effect,channel,valid_from,source` and `case`;
/// several lines of one code are several limits of one procedure.
///
/// # Errors
/// [`AppError::Invalid`] naming each line and column.
pub fn procedures_from_csv(csv: &[u8]) -> Result<Vec<Procedure>, AppError> {
    Ok(procedure_rows(csv)?.into_iter().map(|(_, procedure)| procedure).collect())
}

/// The same, each with the first line it stands on, as faults name it (`line 3: `).
///
/// # Errors
/// Those of [`procedures_from_csv`].
pub fn procedure_rows(csv: &[u8]) -> Result<Vec<(String, Procedure)>, AppError> {
    let mut faults = Vec::new();
    let mut found: BTreeMap<String, (String, Procedure)> = BTreeMap::new();
    for (line, row) in lines(csv, PROCEDURE_COLUMNS)? {
        let limit = read_limit(&row).unwrap_or_else(|wrong| {
            faults.extend(
                wrong.into_iter().map(|of| Invalid { name: format!("line {line}: {}", of.name), ..of }),
            );
            None
        });
        faults.extend(empty(line, &row, &["code", "name", "sector"]));
        let procedure = || Procedure {
            code: row.get("code").to_owned(),
            name: row.get("name").to_owned(),
            sector: row.get("sector").to_owned(),
            limits: Vec::new(),
        };
        let first = || (format!("line {line}: "), procedure());
        let (_, procedure) = found.entry(row.get("code").to_owned()).or_insert_with(first);
        procedure.limits.extend(limit);
    }
    if faults.is_empty() { Ok(found.into_values().collect()) } else { Err(AppError::Invalid(faults)) }
}

/// Procedures as a table that [`procedures_from_csv`] reads again: a line for each of their limits.
///
/// # Errors
/// As [`units_to_csv`].
pub fn procedures_to_csv<'a>(procedures: impl Iterator<Item = &'a Procedure>) -> Result<String, AppError> {
    let broken = |error: String| AppError::Internal(error);
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(PROCEDURE_COLUMNS.all).map_err(|error| broken(error.to_string()))?;
    for of in procedures {
        for limit in &of.limits {
            csv.write_record(limit_cells(of, limit)).map_err(|error| broken(error.to_string()))?;
        }
    }
    let bytes = csv.into_inner().map_err(|error| broken(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| broken(error.to_string()))
}

/// A limit in the order of the columns.
fn limit_cells(of: &Procedure, limit: &ProcedureLimit) -> [String; 11] {
    let late = limit.late_receipt;
    [
        of.code.clone(),
        of.name.clone(),
        of.sector.clone(),
        limit.limit.unit().word().to_owned(),
        limit.limit.value().map(|value| value.to_string()).unwrap_or_default(),
        late.map(|late| late.after.format("%H:%M").to_string()).unwrap_or_default(),
        late.map(|late| late.effect.word().to_owned()).unwrap_or_default(),
        limit.channel.map(|of| of.word().to_owned()).unwrap_or_default(),
        limit.valid_from.map(|day| day.to_string()).unwrap_or_default(),
        limit.source.clone(),
        limit.case.clone().unwrap_or_default(),
    ]
}

/// The columns of the line in which something must stand and nothing does.
fn empty(line: u64, row: &Cells, columns: &[&str]) -> Vec<Invalid> {
    let empty = columns.iter().filter(|column| row.given(column).is_none());
    empty.map(|column| Invalid::new(format!("line {line}: {column}"), Fault::Empty)).collect()
}

fn read_limit(row: &Cells) -> Result<Option<ProcedureLimit>, Vec<Invalid>> {
    let mut faults = Vec::new();
    let mut wrong = |name: &str, fault| faults.push(Invalid::new(name, fault));
    let unit = LimitUnit::from_word(row.get("limit_unit"));
    if unit.is_none() {
        wrong("limit_unit", Fault::NotAllowed);
    }
    let value = match row.given("limit_value").map(str::parse::<u32>) {
        Some(Err(_)) => {
            wrong("limit_value", Fault::Malformed);
            None
        }
        Some(Ok(value)) => Some(value),
        None => None,
    };
    let limit = unit
        .and_then(|unit| Limit::new(unit, value).map_err(|_| wrong("limit_value", Fault::OutOfRange)).ok());
    let after = row.given("late_after").map(|text| NaiveTime::parse_from_str(text, "%H:%M"));
    let effect = row.given("late_effect").map(LateEffect::from_word);
    let late_receipt = match (after, effect) {
        (None, None) => None,
        (Some(Ok(after)), Some(Some(effect))) => Some(LateReceipt { after, effect }),
        (Some(Err(_)), _) | (None, Some(_)) => {
            wrong("late_after", Fault::Malformed);
            None
        }
        (Some(Ok(_)), _) => {
            wrong("late_effect", Fault::NotAllowed);
            None
        }
    };
    let channel = row.given("channel").and_then(|text| {
        let channel = Channel::from_word(text);
        if channel.is_none() {
            wrong("channel", Fault::NotAllowed);
        }
        channel
    });
    let valid_from = row
        .given("valid_from")
        .and_then(|text| text.parse::<NaiveDate>().map_err(|_| wrong("valid_from", Fault::Malformed)).ok());
    if !faults.is_empty() {
        return Err(faults);
    }
    let source = row.get("source").to_owned();
    let case = row.given("case").map(ToOwned::to_owned);
    Ok(limit.map(|limit| ProcedureLimit { channel, case, limit, late_receipt, valid_from, source }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str =
        "code,name,sector,limit_value,limit_unit,late_after,late_effect,channel,valid_from,source\n";

    #[test]
    fn units_are_written_as_they_are_read() {
        let csv = "code,name,parent,valid_from,valid_to,merged_into\nA,Tỉnh A,,,,\nA.1,\"Phường \"\"B\"\", C\",A,2025-07-01,2026-12-31,A\n";
        let units: Vec<Unit> =
            units_from_csv(csv.as_bytes()).unwrap().into_iter().map(|row| row.unit).collect();
        assert_eq!(units_to_csv(units.iter()).unwrap(), csv);
    }

    #[test]
    fn procedures_are_written_as_they_are_read() {
        let csv = "code,name,sector,limit_unit,limit_value,late_after,late_effect,channel,valid_from,source,case\n1.1,\"Thủ tục \"\"A\"\", B\",S,working_day,3,15:00,clock_starts_next_working_day,,,x,\n1.1,\"Thủ tục \"\"A\"\", B\",S,same_day,,,,online,2026-01-01,y,xác minh\n";
        let read = procedures_from_csv(csv.as_bytes()).unwrap();
        assert_eq!(procedures_to_csv(read.iter()).unwrap(), csv);
    }

    #[test]
    fn several_lines_of_one_code_are_several_limits() {
        let csv = format!(
            "\u{feff}{HEAD}1.1,A,B,3,working_day,15:00,clock_starts_next_working_day,,,x\n1.1,A,B,,same_day,,,online,2026-01-01,y\n"
        );
        let read = procedures_from_csv(csv.as_bytes()).unwrap();
        assert_eq!(read.len(), 1);
        assert_eq!(read[0].limits.len(), 2);
        assert_eq!(read[0].limits[1].channel, Some(Channel::Online));
    }

    #[test]
    fn a_bad_line_is_named_with_its_column() {
        let csv = format!("{HEAD}1.1,A,B,3,fortnight,,,,,x\n1.2,,B,0,working_day,25:00,,,,x\n");
        let Err(AppError::Invalid(faults)) = procedures_from_csv(csv.as_bytes()) else {
            panic!("must be refused")
        };
        let names: Vec<&str> = faults.iter().map(|of| of.name.as_str()).collect();
        assert_eq!(
            names,
            ["line 2: limit_unit", "line 3: limit_value", "line 3: late_after", "line 3: name"]
        );
    }
}
