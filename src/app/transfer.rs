//! Reading units, procedures and their limits from CSV: the files that are shipped, and those that a province brings.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime};
use serde::Deserialize;

use super::error::{AppError, Fault, Invalid};
use crate::domain::deadline::{LateEffect, LateReceipt, Limit, LimitUnit};
use crate::domain::dossier::Channel;
use crate::domain::procedure::{Procedure, ProcedureLimit};
use crate::domain::unit::Unit;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct UnitLine {
    code: String,
    name: String,
    #[serde(default)]
    parent: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProcedureLine {
    code: String,
    name: String,
    sector: String,
    #[serde(default)]
    limit_value: Option<String>,
    limit_unit: String,
    #[serde(default)]
    late_after: Option<String>,
    #[serde(default)]
    late_effect: Option<String>,
    #[serde(default)]
    channel: Option<String>,
    #[serde(default)]
    valid_from: Option<String>,
    #[serde(default)]
    source: Option<String>,
}

/// Units from CSV with the columns `code,name,parent`.
///
/// # Errors
/// [`AppError::Invalid`] naming each line and column (`line 3: name`).
pub fn units_from_csv(csv: &[u8]) -> Result<Vec<Unit>, AppError> {
    let mut faults = Vec::new();
    let mut units = Vec::new();
    for (line, row) in lines::<UnitLine>(csv)? {
        for (name, value) in [("code", &row.code), ("name", &row.name)] {
            if value.is_empty() {
                faults.push(Invalid::new(format!("line {line}: {name}"), Fault::Empty));
            }
        }
        units.push(Unit {
            code: row.code,
            name: row.name,
            parent: row.parent,
            valid_from: None,
            valid_to: None,
            merged_into: None,
        });
    }
    if faults.is_empty() { Ok(units) } else { Err(AppError::Invalid(faults)) }
}

/// Procedures from CSV with the columns `code,name,sector,limit_value,limit_unit,late_after,late_effect,channel,valid_from,source`;
/// several lines of one code are several limits of one procedure.
///
/// # Errors
/// [`AppError::Invalid`] naming each line and column.
pub fn procedures_from_csv(csv: &[u8]) -> Result<Vec<Procedure>, AppError> {
    let mut faults = Vec::new();
    let mut found: BTreeMap<String, Procedure> = BTreeMap::new();
    for (line, row) in lines::<ProcedureLine>(csv)? {
        let limit = read_limit(&row).unwrap_or_else(|mut wrong| {
            faults.append(
                &mut wrong
                    .iter_mut()
                    .map(|of| Invalid::new(format!("line {line}: {}", of.name), of.fault))
                    .collect(),
            );
            None
        });
        for (name, value) in [("code", &row.code), ("name", &row.name), ("sector", &row.sector)] {
            if value.is_empty() {
                faults.push(Invalid::new(format!("line {line}: {name}"), Fault::Empty));
            }
        }
        let procedure = found.entry(row.code.clone()).or_insert_with(|| Procedure {
            code: row.code,
            name: row.name,
            sector: row.sector,
            limits: Vec::new(),
        });
        procedure.limits.extend(limit);
    }
    if faults.is_empty() { Ok(found.into_values().collect()) } else { Err(AppError::Invalid(faults)) }
}

fn read_limit(row: &ProcedureLine) -> Result<Option<ProcedureLimit>, Vec<Invalid>> {
    let mut faults = Vec::new();
    let mut wrong = |name: &str, fault| faults.push(Invalid::new(name, fault));
    let unit = LimitUnit::from_word(&row.limit_unit);
    if unit.is_none() {
        wrong("limit_unit", Fault::NotAllowed);
    }
    let value = match given(&row.limit_value).map(str::parse::<u32>) {
        Some(Err(_)) => {
            wrong("limit_value", Fault::Malformed);
            None
        }
        Some(Ok(value)) => Some(value),
        None => None,
    };
    let limit = unit
        .and_then(|unit| Limit::new(unit, value).map_err(|_| wrong("limit_value", Fault::OutOfRange)).ok());
    let after = given(&row.late_after).map(|text| NaiveTime::parse_from_str(text, "%H:%M"));
    let effect = given(&row.late_effect).map(LateEffect::from_word);
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
    let channel = given(&row.channel).and_then(|text| {
        let channel = Channel::from_word(text);
        if channel.is_none() {
            wrong("channel", Fault::NotAllowed);
        }
        channel
    });
    let valid_from = given(&row.valid_from)
        .and_then(|text| text.parse::<NaiveDate>().map_err(|_| wrong("valid_from", Fault::Malformed)).ok());
    if !faults.is_empty() {
        return Err(faults);
    }
    let source = row.source.clone().unwrap_or_default();
    Ok(limit.map(|limit| ProcedureLimit { channel, case: None, limit, late_receipt, valid_from, source }))
}

fn given(text: &Option<String>) -> Option<&str> {
    text.as_deref().map(str::trim).filter(|text| !text.is_empty())
}

/// The lines of a CSV file with their numbers, blanks trimmed; a byte-order mark is passed over, as spreadsheets write one.
pub(super) fn lines<T: serde::de::DeserializeOwned>(csv: &[u8]) -> Result<Vec<(u64, T)>, AppError> {
    let csv = csv.strip_prefix(b"\xef\xbb\xbf").unwrap_or(csv);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(csv);
    let headers = reader.headers().map_err(|_| AppError::invalid("line 1", Fault::Malformed))?.clone();
    let mut rows = Vec::new();
    let mut faults = Vec::new();
    for record in reader.records() {
        let read = record.and_then(|record| {
            let line = record.position().map_or(0, csv::Position::line);
            record.deserialize(Some(&headers)).map(|row| (line, row))
        });
        match read {
            Ok(row) => rows.push(row),
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                faults.push(Invalid::new(format!("line {line}: {error}"), Fault::Malformed));
            }
        }
    }
    if faults.is_empty() { Ok(rows) } else { Err(AppError::Invalid(faults)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str =
        "code,name,sector,limit_value,limit_unit,late_after,late_effect,channel,valid_from,source\n";

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
