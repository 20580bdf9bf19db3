//! Publishing a calendar: days off and made up, hours, for the country or for one unit, as a new version.
//!
//! A new calendar would move the due dates of open dossiers. Telling which, and moving them with an event in each one's
//! history, is not built yet; until it is, a calendar is published only where no dossier is open, and refused elsewhere.

use std::collections::BTreeSet;

use chrono::Datelike;
use serde::Deserialize;

use super::catalogue::{LayerContent, NATIONAL};
use super::error::{AppError, Fault, Invalid};
use super::{App, Catalogue};
use crate::domain::calendar::{DayRow, SessionRule};
use crate::store::AnyConnection;
use crate::store::catalogue::{self as store, CalendarVersionRow};
use crate::store::listing::{DossierFilter, dossiers_count};

/// A file of days and hours. Its days replace all that the scope had said of their years.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarFile {
    /// The year a national file is about.
    #[serde(default)]
    pub year: Option<i32>,
    /// Whether the government has announced that year.
    #[serde(default)]
    pub announced: bool,
    /// Days off and make-up days.
    #[serde(default)]
    pub day: Vec<DayRow>,
    /// Hours; when given, they replace those the scope had.
    #[serde(default)]
    pub session: Vec<SessionRule>,
}

/// What publishing came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The new version's number; `None` in a dry run.
    pub version: Option<i64>,
    /// Days the scope's calendar now says something of.
    pub days: usize,
}

/// Why a calendar is not published.
#[derive(Debug, thiserror::Error)]
pub enum CalendarRefusal {
    /// Open dossiers would have to be given other dates.
    #[error(
        "{0} dossiers are open there, and giving them new dates is not possible yet: publish before dossiers are logged, or when all are closed"
    )]
    OpenDossiers(i64),
    /// The days and hours contradict each other.
    #[error("the calendar contradicts itself: {0}")]
    Contradiction(String),
    /// Anything else.
    #[error(transparent)]
    Other(#[from] AppError),
}

impl From<crate::store::StoreError> for CalendarRefusal {
    fn from(error: crate::store::StoreError) -> Self {
        CalendarRefusal::Other(error.into())
    }
}

/// Reads a file: TOML as `config/calendar/` has it, or CSV with the columns `date,kind,name,source`, whose years count as announced.
///
/// # Errors
/// [`AppError::Invalid`] naming the line, or the day that is of another year than the file says.
pub fn calendar_from(file: &[u8], csv: bool) -> Result<CalendarFile, AppError> {
    if csv {
        let day = super::transfer::lines::<DayRow>(file)?.into_iter().map(|(_, row)| row).collect();
        return Ok(CalendarFile { announced: true, day, ..CalendarFile::default() });
    }
    let text = std::str::from_utf8(file).map_err(|_| AppError::invalid("file", Fault::BadCharacters))?;
    let read: CalendarFile = toml::from_str(text)
        .map_err(|error| AppError::invalid(format!("file: {}", error.message()), Fault::Malformed))?;
    let strays: Vec<Invalid> = read
        .day
        .iter()
        .filter(|row| read.year.is_some_and(|year| year != row.date.year()))
        .map(|row| Invalid::new(format!("day {}", row.date), Fault::OutOfRange))
        .collect();
    if strays.is_empty() { Ok(read) } else { Err(AppError::Invalid(strays)) }
}

/// Publishes a file as the next version of a scope (`national`, or a unit's code); in a dry run only says whether it could be.
///
/// # Errors
/// [`CalendarRefusal`].
pub async fn publish(
    app: &App,
    scope: String,
    file: CalendarFile,
    source: String,
    dry_run: bool,
) -> Result<Published, CalendarRefusal> {
    let now = app.clock().now();
    let (send, told) = std::sync::mpsc::channel();
    let written = app
        .write_job("calendar", move |c, catalogue| {
            let content = match allowed(c, catalogue, &scope, file) {
                Ok(content) => content,
                Err(refusal) => {
                    // The job's own error has no room for the reason, so it goes beside it.
                    let _ = send.send(refusal);
                    return Ok(None);
                }
            };
            let days = content.days.len();
            if dry_run {
                return Ok(Some(Published { version: None, days }));
            }
            let content =
                serde_json::to_string(&content).map_err(|error| AppError::Internal(error.to_string()))?;
            let row = CalendarVersionRow {
                version: 0,
                scope,
                content,
                source,
                published_at: now.into(),
                published_by: None,
            };
            let version = store::calendar_insert(c, row)?;
            store::catalogue_touch(c)?;
            Ok(Some(Published { version: Some(version), days }))
        })
        .await?;
    match written {
        Some(published) => Ok(published),
        None => Err(told.try_recv().unwrap_or_else(|_| AppError::Internal("no reason".to_owned()).into())),
    }
}

fn allowed(
    c: &mut AnyConnection,
    catalogue: &Catalogue,
    scope: &str,
    file: CalendarFile,
) -> Result<LayerContent, CalendarRefusal> {
    let units = match scope {
        NATIONAL => None,
        unit if catalogue.units.get(unit).is_none() => {
            return Err(AppError::invalid("unit", Fault::UnknownReference).into());
        }
        unit => Some(catalogue.units.subtree(unit)),
    };
    let open = DossierFilter { units, open: Some(true), ..DossierFilter::default() };
    // Whether a dossier is open is no matter of the hour.
    let open = dossiers_count(c, &open, chrono::DateTime::UNIX_EPOCH.into())?;
    if open > 0 {
        return Err(CalendarRefusal::OpenDossiers(open));
    }
    let content = laid_over(catalogue.layer(scope), file, scope == NATIONAL);
    catalogue.check_layer(scope, &content).map_err(CalendarRefusal::Contradiction)?;
    Ok(content)
}

/// What the scope says from now on: the file's years as the file has them, the others as they were.
fn laid_over(kept: Option<&LayerContent>, file: CalendarFile, national: bool) -> LayerContent {
    let mut content = kept.cloned().unwrap_or_default();
    let years: BTreeSet<i32> = file.day.iter().map(|row| row.date.year()).chain(file.year).collect();
    content.days.retain(|row| !years.contains(&row.date.year()));
    content.days.extend(file.day);
    content.days.sort_by_key(|row| row.date);
    if !file.session.is_empty() {
        content.sessions = file.session;
    }
    if national {
        for year in years {
            if file.announced {
                content.announced.insert(year);
            } else {
                content.announced.remove(&year);
            }
        }
    }
    content
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dates(content: &LayerContent) -> Vec<String> {
        content.days.iter().map(|row| row.date.to_string()).collect()
    }

    #[test]
    fn a_files_years_take_the_place_of_what_was_said_of_them() {
        let old =
            calendar_from(b"date,kind,name,source\n2026-12-01,closure,a,b\n2027-01-01,holiday,a,b\n", true)
                .unwrap();
        let kept = laid_over(None, old, true);
        assert_eq!(kept.announced, BTreeSet::from([2026, 2027]));
        let new = calendar_from(
            b"year = 2027\nannounced = false\n[[day]]\ndate = \"2027-02-05\"\nkind = \"holiday\"\nname = \"a\"\nsource = \"b\"\n",
            false,
        )
        .unwrap();
        let laid = laid_over(Some(&kept), new, true);
        assert_eq!(dates(&laid), ["2026-12-01", "2027-02-05"]);
        assert_eq!(laid.announced, BTreeSet::from([2026]));
    }

    #[test]
    fn a_day_of_another_year_or_kind_is_refused() {
        let day = |date: &str, kind: &str| {
            format!(
                "year = 2027\n[[day]]\ndate = \"{date}\"\nkind = \"{kind}\"\nname = \"a\"\nsource = \"b\"\n"
            )
        };
        assert!(calendar_from(day("2027-01-01", "holiday").as_bytes(), false).is_ok());
        assert!(calendar_from(day("2026-01-01", "holiday").as_bytes(), false).is_err());
        assert!(calendar_from(day("2027-01-01", "feast").as_bytes(), false).is_err());
    }
}
