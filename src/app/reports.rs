//! Reports: what a stretch of time came to, for a unit and all below it.
//!
//! Here is what every report is asked for and how the answer names it; each report has a room of its own. What the numbers mean is said in
//! [`crate::domain::statistics`]; [`tallies`] counts them.

pub mod choices;
pub mod columns;
pub mod commitments;
pub mod delays;
pub mod differences;
pub mod findings;
pub mod form;
pub mod heading;
pub mod integrity;
pub mod known;
pub mod links;
pub mod points;
pub mod processing;
pub mod ranking;
pub mod restatement;
pub mod sealed_views;
pub mod seals;
pub mod tables;
pub mod tallies;
pub mod trend;
pub mod workbook;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::access::{Principal, Right};
use super::{AppError, Catalogue, Fault};
use crate::domain::office_time;
use crate::domain::period::{Period, PeriodError};
use crate::domain::statistics::{Rate, Window};
use crate::store::reports::About;
use crate::text::Lang;
use known::Known;

/// Of when and whom a report is asked for.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The period's label (`2026-09`, `2026-Q3-civil`); `None` for the official month that runs now, or the days below.
    pub period: Option<String>,
    /// First day of any two.
    pub from: Option<NaiveDate>,
    /// Last day of any two, included.
    pub to: Option<NaiveDate>,
    /// The instant to look from; `None` for now or the period's end, whichever is earlier.
    pub as_of: Option<DateTime<Utc>>,
    /// Top of the units it is about; `None` for the reader's own.
    pub unit: Option<String>,
    /// The day by whose tree of units it goes; `None` for today's, each unit's dossiers under the code they were taken with.
    pub units_as_of: Option<NaiveDate>,
    /// The language of the few words that are no data.
    pub lang: Lang,
}

/// What a report is about, once what was asked for is known to make sense and to be the reader's to see.
#[derive(Debug, Clone)]
pub struct Scope {
    /// The stretch of time.
    pub period: Period,
    /// The same, and the instant it is seen from.
    pub window: Window,
    /// Top of the units.
    pub unit: String,
    /// It and all below it.
    pub units: Arc<Vec<String>>,
    /// What was read of these units' counters.
    pub known: Known,
    /// How many units there are in all.
    pub all_units: usize,
    /// The instant at which it is asked.
    pub now: DateTime<Utc>,
    /// By whom each unit's dossiers are answered for, where that is another: the unit that had taken its place on the day whose tree was asked for.
    pub answered_by: BTreeMap<String, String>,
    /// The one sector whose dossiers are counted; `None` for all.
    pub sector: Option<String>,
}

impl Scope {
    /// What a period that is over came to, for a unit and all below it.
    pub fn over(period: Period, unit: &str, units: Vec<String>) -> Scope {
        Scope {
            window: Window::new(&period, period.end()),
            period,
            unit: unit.to_owned(),
            units: Arc::new(units),
            known: Known::default(),
            all_units: usize::MAX,
            now: period.end(),
            answered_by: BTreeMap::new(),
            sector: None,
        }
    }

    /// The same units over another stretch of time, seen from another instant.
    pub fn with_period(&self, period: Period, as_of: DateTime<Utc>) -> Scope {
        Scope { window: Window::new(&period, as_of), period, ..self.clone() }
    }

    /// The same units over the first days of a period, through `last`: as if it had ended then.
    ///
    /// # Errors
    /// [`PeriodError`] when that day is before the period.
    pub fn with_days_of(&self, period: Period, last: NaiveDate) -> Result<Scope, PeriodError> {
        let days = Period::between(period.from(), last)?;
        Ok(Scope { window: Window::new(&days, days.end()), period, ..self.clone() })
    }

    /// The same of another unit and all below it.
    pub fn with_units(&self, unit: &str, units: Vec<String>) -> Scope {
        let unit = unit.to_owned();
        Scope { unit, units: Arc::new(units), known: Known::default(), ..self.clone() }
    }

    /// Whether it is seen from an instant to come: what will be if nothing is received and nothing closed until then.
    pub fn is_forecast(&self) -> bool {
        self.window.as_of() > self.now
    }

    /// Whether it is seen from now, as lists are.
    pub fn is_seen_from_now(&self) -> bool {
        self.window.as_of() == self.now
    }

    /// The unit that answers for the dossiers of another: itself, or who had taken its place on the day whose tree was asked for.
    pub fn answering<'a>(&'a self, unit: &'a str) -> &'a str {
        self.answered_by.get(unit).map_or(unit, String::as_str)
    }

    /// Whose dossiers to ask the store for.
    pub fn about(&self) -> About<'_> {
        About { units: self.narrowed(), sector: self.sector.as_deref() }
    }

    /// Whether dossiers of a sector are counted.
    pub fn has_sector(&self, sector: &str) -> bool {
        self.sector.as_deref().is_none_or(|of| of == sector)
    }

    /// The units to ask the store for; none to name where all are meant.
    pub fn narrowed(&self) -> Option<&[String]> {
        Some(self.units.as_slice()).filter(|units| units.len() < self.all_units)
    }
}

impl Asked {
    /// What the report is about.
    ///
    /// # Errors
    /// [`AppError::Invalid`] naming `period`, `from`, `to`, `units_as_of` for a day on which the unit had others below it that the reader does not see, or
    /// `unit` for one that the reader does not see; [`AppError::Forbidden`].
    pub fn scope(
        &self,
        catalogue: &Catalogue,
        by: &Principal,
        now: DateTime<Utc>,
    ) -> Result<Scope, AppError> {
        let period = self.period(now)?;
        let as_of = self.as_of.unwrap_or(now).min(period.end());
        let unit = self.unit(catalogue, by)?;
        let (units, answered_by) = match self.units_as_of {
            None => (catalogue.units.subtree(&unit), BTreeMap::new()),
            Some(day) => units_on(catalogue, by, &unit, day)?,
        };
        let all_units = catalogue.units.count();
        let window = Window::new(&period, as_of);
        let (units, known) = (Arc::new(units), Known::default());
        Ok(Scope { window, period, unit, units, known, all_units, now, answered_by, sector: None })
    }

    fn period(&self, now: DateTime<Utc>) -> Result<Period, AppError> {
        let read = match (&self.period, self.from, self.to) {
            (Some(_), Some(_), _) | (Some(_), _, Some(_)) => {
                return Err(AppError::invalid("period", Fault::Conflicting));
            }
            (None, Some(_), None) => return Err(AppError::invalid("to", Fault::Required)),
            (None, None, Some(_)) => return Err(AppError::invalid("from", Fault::Required)),
            (Some(label), None, None) => Period::parse(label).map_err(|error| (error, "period")),
            (None, Some(from), Some(to)) => Period::between(from, to).map_err(|error| (error, "to")),
            (None, None, None) => {
                Period::official_month_of(office_time::local_date(now)).map_err(|error| (error, "period"))
            }
        };
        read.map_err(|(error, name)| match error {
            PeriodError::Malformed => AppError::invalid(name, Fault::Malformed),
            PeriodError::OutOfRange | PeriodError::Reversed => AppError::invalid(name, Fault::OutOfRange),
        })
    }

    fn unit(&self, catalogue: &Catalogue, by: &Principal) -> Result<String, AppError> {
        by.must(Right::Read)?;
        let unit = self.unit.as_ref().unwrap_or(&by.unit);
        let known = catalogue.units.get(unit).is_some() && by.sees(unit, &catalogue.units);
        // As lists do: whoever may not read of a unit does not learn whether there is one.
        if known { Ok(unit.clone()) } else { Err(AppError::invalid("unit", Fault::UnknownReference)) }
    }
}

/// The units that stood below one on a day, and who had taken the place of those that were no more.
fn units_on(
    catalogue: &Catalogue,
    by: &Principal,
    unit: &str,
    day: NaiveDate,
) -> Result<(Vec<String>, BTreeMap<String, String>), AppError> {
    let tree = catalogue.register.on(day).map_err(|_| AppError::invalid("units_as_of", Fault::OutOfRange))?;
    let units = tree.subtree(unit);
    // Whose numbers the reader may not see cannot be told apart in a sum.
    if units.iter().any(|unit| !by.sees(unit, &catalogue.units)) {
        return Err(AppError::invalid("units_as_of", Fault::OutOfRange));
    }
    let answered = units.iter().filter_map(|unit| {
        let successor = tree.successors(unit, day).last().map(|of| of.code.clone())?;
        Some((unit.clone(), successor))
    });
    let answered = answered.collect();
    Ok((units, answered))
}

/// A period.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PeriodView {
    /// As it is asked for.
    #[schema(example = "2026-09")]
    pub label: String,
    /// First day.
    pub from: NaiveDate,
    /// Last day, included.
    pub to: NaiveDate,
}

impl PeriodView {
    /// The period itself; `None` for one whose label no program wrote.
    #[must_use]
    pub fn read(&self) -> Option<Period> {
        Period::parse(&self.label).or_else(|_| Period::between(self.from, self.to)).ok()
    }
}

impl From<&Period> for PeriodView {
    fn from(of: &Period) -> Self {
        PeriodView { label: of.to_string(), from: of.from(), to: of.to() }
    }
}

/// A share.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct RateView {
    /// How many.
    pub numerator: u32,
    /// Of how many.
    pub denominator: u32,
    /// The ratio, 0 to 1; null when the denominator is 0.
    pub value: Option<f64>,
}

impl From<RateView> for Rate {
    fn from(of: RateView) -> Self {
        Rate { numerator: of.numerator, denominator: of.denominator }
    }
}

impl From<Rate> for RateView {
    fn from(of: Rate) -> Self {
        RateView { numerator: of.numerator, denominator: of.denominator, value: of.value() }
    }
}
