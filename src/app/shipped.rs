//! The data the program ships with, read from `config/` when it is compiled.
//!
//! Here the files become plain rows; what they mean is the domain's. Units and procedures of an installation are not
//! here but in its database.

use super::{AppError, transfer};
use crate::domain::calendar::{DayKind, DayRow};
use crate::domain::procedure::Procedure;
use chrono::{Datelike, NaiveDate};
use serde::Deserialize;
use std::collections::BTreeSet;

/// The national calendar files, one a year.
const CALENDARS: [(&str, &str); 8] = [
    ("vn-2019.toml", include_str!("../../config/calendar/vn-2019.toml")),
    ("vn-2020.toml", include_str!("../../config/calendar/vn-2020.toml")),
    ("vn-2021.toml", include_str!("../../config/calendar/vn-2021.toml")),
    ("vn-2022.toml", include_str!("../../config/calendar/vn-2022.toml")),
    ("vn-2023.toml", include_str!("../../config/calendar/vn-2023.toml")),
    ("vn-2024.toml", include_str!("../../config/calendar/vn-2024.toml")),
    ("vn-2025.toml", include_str!("../../config/calendar/vn-2025.toml")),
    ("vn-2026.toml", include_str!("../../config/calendar/vn-2026.toml")),
];

/// The procedures' files, by group of sectors.
const PROCEDURES: [&str; 7] = [
    include_str!("../../config/procedures/cong-an.csv"),
    include_str!("../../config/procedures/dat-dai.csv"),
    include_str!("../../config/procedures/nong-nghiep-moi-truong.csv"),
    include_str!("../../config/procedures/tai-chinh.csv"),
    include_str!("../../config/procedures/tu-phap.csv"),
    include_str!("../../config/procedures/van-hoa-xa-hoi.csv"),
    include_str!("../../config/procedures/xay-dung.csv"),
];

/// A shipped file that does not say what it should.
#[derive(Debug, thiserror::Error)]
pub enum ShippedError {
    /// It is no TOML of the expected form.
    #[error("{file}: {source}")]
    Form {
        /// The file's name.
        file: String,
        /// What the parser says.
        source: toml::de::Error,
    },
    /// A day stands in the file of another year.
    #[error("{file}: {date} is no day of {year}")]
    DayOfAnotherYear {
        /// The file's name.
        file: String,
        /// The day.
        date: NaiveDate,
        /// The file's year.
        year: i32,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct YearFile {
    year: i32,
    announced: bool,
    #[serde(default)]
    day: Vec<DayEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DayEntry {
    date: NaiveDate,
    kind: DayKind,
    name: String,
    source: String,
}

/// The rows of the national calendar as shipped, and the years they are announced for.
///
/// # Errors
/// When a file is malformed, has an unknown field or kind, or a day of another year.
pub fn national_calendar_rows() -> Result<(Vec<DayRow>, BTreeSet<i32>), ShippedError> {
    let mut rows = Vec::new();
    let mut announced = BTreeSet::new();
    for (file, text) in CALENDARS {
        let year = parse_year(file, text)?;
        rows.extend(year.day.into_iter().map(|DayEntry { date, kind, name, source }| DayRow {
            date,
            kind,
            name,
            source,
        }));
        if year.announced {
            announced.insert(year.year);
        }
    }
    Ok((rows, announced))
}

/// The procedures of a commune as shipped, with their limits and the source of each.
///
/// # Errors
/// When a file is malformed.
pub fn procedures() -> Result<Vec<Procedure>, AppError> {
    let mut all = Vec::new();
    for text in PROCEDURES {
        all.extend(transfer::procedures_from_csv(text.as_bytes())?);
    }
    Ok(all)
}

fn parse_year(file: &str, text: &str) -> Result<YearFile, ShippedError> {
    let year: YearFile =
        toml::from_str(text).map_err(|source| ShippedError::Form { file: file.to_owned(), source })?;
    match year.day.iter().find(|day| day.date.year() != year.year) {
        Some(day) => {
            Err(ShippedError::DayOfAnotherYear { file: file.to_owned(), date: day.date, year: year.year })
        }
        None => Ok(year),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        calendar::{Calendar, CalendarSpec, computed_days},
        lunar,
    };

    #[test]
    fn all_shipped_years_are_announced_and_make_a_calendar() {
        let (rows, announced) = national_calendar_rows().unwrap();
        assert_eq!(announced, (2019..=2026).collect());
        assert!(rows.iter().all(|row| !row.name.is_empty() && !row.source.is_empty()));
        Calendar::build(&CalendarSpec::national(rows, announced)).unwrap();
    }

    #[test]
    fn the_lunar_calendar_agrees_with_every_shipped_year() {
        let (rows, announced) = national_calendar_rows().unwrap();
        let named = |year: i32, name: &str| {
            let mut days = rows.iter().filter(|row| row.date.year() == year && row.kind == DayKind::Holiday);
            days.find(|row| row.name.contains(name)).map(|row| row.date)
        };
        for year in announced {
            assert_eq!(lunar::tet(year), named(year, "mùng 1"), "{year}");
            assert!(lunar::tet(year).is_some() && lunar::hung_kings_day(year).is_some());
            assert_eq!(lunar::hung_kings_day(year), named(year, "Giỗ Tổ"), "{year}");
        }
    }

    #[test]
    fn the_law_alone_foresees_what_was_announced_but_for_swaps_and_tets_choice() {
        let (rows, announced) = national_calendar_rows().unwrap();
        for year in announced {
            let tet = lunar::tet(year).unwrap();
            let elsewhere = |date: NaiveDate| date.year() == year && (date - tet).num_days().abs() > 8;
            let lawful: BTreeSet<NaiveDate> = rows
                .iter()
                .filter(|row| {
                    matches!(row.kind, DayKind::Holiday | DayKind::Compensatory) && elsewhere(row.date)
                })
                .map(|row| row.date)
                .collect();
            let computed: BTreeSet<NaiveDate> =
                computed_days(year).iter().map(|row| row.date).filter(|date| elsewhere(*date)).collect();
            assert_eq!(computed, lawful, "{year}");
        }
    }

    #[test]
    fn a_malformed_file_is_refused_and_named() {
        let refused =
            |text: &str| parse_year("vn-2027.toml", text).err().map(|error| error.to_string()).unwrap();
        let day =
            "[[day]]\ndate = \"2027-01-01\"\nkind = \"holiday\"\nname = \"Tết Dương lịch\"\nsource = \"x\"\n";
        assert!(parse_year("vn-2027.toml", &format!("year = 2027\nannounced = true\n{day}")).is_ok());
        assert!(
            refused(&format!("year = 2026\nannounced = true\n{day}"))
                .contains("2027-01-01 is no day of 2026")
        );
        assert!(refused(&format!("year = 2027\nannounced = true\n{day}extra = 1\n")).contains("extra"));
        assert!(
            refused(&format!("year = 2027\nannounced = true\n{}", day.replace("holiday", "feast")))
                .contains("vn-2027.toml")
        );
        assert!(refused("announced = true\n").contains("year"));
    }
}
