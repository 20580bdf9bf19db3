//! Publishing a calendar: days off and made up, hours, for the country or for one unit, as a new version.
//!
//! A new calendar may move the dates of open dossiers: which, and how each one's history tells it, is [`super::redating`]'s.

use std::collections::BTreeSet;
use std::future::Future;

use chrono::Datelike;
use serde::Deserialize;

use super::catalogue::{LayerContent, NATIONAL};
use super::csv_lines::{Cells, Columns, lines};
use super::error::{AppError, Fault, Invalid};
use super::redating::{self, Change, Redating};
use super::{App, Catalogue, redating_slices};
use crate::domain::calendar::{DayKind, DayRow, SessionRule};
use crate::store::catalogue::{self as store, CalendarVersionRow};
use crate::store::{AnyConnection, Moment};

const COLUMNS: Columns<'_> = Columns { all: &["date", "kind", "name", "source"], required: 4 };

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
    /// What it does to open dossiers.
    pub redating: Redating,
}

/// Why a calendar is not published.
#[derive(Debug, thiserror::Error)]
pub enum CalendarRefusal {
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
        return Ok(CalendarFile { announced: true, day: days_from_csv(file)?, ..CalendarFile::default() });
    }
    let text = std::str::from_utf8(file).map_err(|_| AppError::invalid("file", Fault::BadCharacters))?;
    let read: CalendarFile = toml::from_str(text).map_err(|error| toml_fault(text, &error))?;
    let strays: Vec<Invalid> = read
        .day
        .iter()
        .filter(|row| read.year.is_some_and(|year| year != row.date.year()))
        .map(|row| Invalid::new(format!("day {}", row.date), Fault::OutOfRange))
        .collect();
    if strays.is_empty() { Ok(read) } else { Err(AppError::Invalid(strays)) }
}

fn days_from_csv(file: &[u8]) -> Result<Vec<DayRow>, AppError> {
    let mut days = Vec::new();
    let mut faults = Vec::new();
    for (line, row) in lines(file, COLUMNS)? {
        match day_from(&row) {
            Ok(day) => days.push(day),
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

/// Publishes a file as the next version of a scope (`national`, or a unit's code), and re-dates the open dossiers it moves in the same transaction,
/// with an act in each one's history; closed ones are never touched. In a dry run only says what would be.
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
    let (now, measures) = (Moment::from(app.clock().now()), app.measures());
    // All are looked at before anything is written, and without keeping the counters from writing.
    let (tried, of) = (file.clone(), scope.clone());
    let foreseen = told(|refuse| {
        app.read(move |c, catalogue| {
            let Some(plan) = refuse(planned(catalogue, &of, tried)) else { return Ok(None) };
            let change = Change { after: &plan.after, measures, now: now.utc() };
            let redating = c.snapshot(|c| redating::foreseen(c, plan.units.as_deref(), &change))?;
            Ok(Some(Published { version: None, days: plan.content.days.len(), redating }))
        })
    })
    .await?;
    if dry_run {
        return Ok(foreseen);
    }
    let (version, days, (mut redating, finished)) = told(|refuse| {
        app.write_job("calendar", move |c, catalogue| {
            let Some(mut plan) = refuse(planned(catalogue, &scope, file)) else { return Ok(None) };
            let days = plan.content.days.len();
            let version = insert(c, scope, source, &plan.content, now)?;
            plan.after.calendar_version = version;
            Ok(Some((version, days, redating_slices::begin(c, &plan.after, (measures, now), version)?)))
        })
    })
    .await?;
    if !finished {
        redating.add(redating_slices::finish(app, version).await?);
    }
    Ok(Published { version: Some(version), days, redating })
}

/// Runs a job whose own error has no room for a refusal's reason: `refuse` keeps it beside.
async fn told<T, F: Future<Output = Result<Option<T>, AppError>>>(
    run: impl FnOnce(Refuse) -> F,
) -> Result<T, CalendarRefusal> {
    let (send, told) = std::sync::mpsc::channel();
    let refuse = move |planned: Result<Plan, CalendarRefusal>| planned.map_err(|why| send.send(why)).ok();
    match run(Box::new(refuse)).await? {
        Some(done) => Ok(done),
        None => Err(told.try_recv().unwrap_or_else(|_| AppError::Internal("no reason".to_owned()).into())),
    }
}

type Refuse = Box<dyn FnOnce(Result<Plan, CalendarRefusal>) -> Option<Plan> + Send>;

fn insert(
    c: &mut AnyConnection,
    scope: String,
    source: String,
    content: &LayerContent,
    now: Moment,
) -> Result<i64, AppError> {
    let content = serde_json::to_string(content).map_err(|error| AppError::Internal(error.to_string()))?;
    let row =
        CalendarVersionRow { version: 0, scope, content, source, published_at: now, published_by: None };
    let version = store::calendar_insert(c, row)?;
    store::catalogue_touch(c)?;
    Ok(version)
}

/// What a scope would say, the catalogue with it, and the units it holds for; `None` for all.
struct Plan {
    content: LayerContent,
    after: Catalogue,
    units: Option<Vec<String>>,
}

fn planned(catalogue: &Catalogue, scope: &str, file: CalendarFile) -> Result<Plan, CalendarRefusal> {
    let units = match scope {
        NATIONAL => None,
        unit if catalogue.units.get(unit).is_none() => {
            return Err(AppError::invalid("unit", Fault::UnknownReference).into());
        }
        unit => Some(catalogue.units.subtree(unit)),
    };
    let content = laid_over(catalogue.layer(scope), file, scope == NATIONAL);
    let after = catalogue.with_layer(scope, &content).map_err(CalendarRefusal::Contradiction)?;
    Ok(Plan { content, after, units })
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
