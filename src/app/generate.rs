//! A country to measure with: units, procedures and years of dossiers, the same for the same seed on every machine and engine.
//!
//! Each dossier is received and acted on by the very rules of the service, so its row is as sound as a real one. It has no person's data and no
//! entries in the ledger, which would weigh more than all else: such a database is for measuring, and never goes into service. What the country
//! looks like is `country`'s, when dossiers come in is `season`'s, what becomes of one is `life`'s.

mod country;
mod life;
mod season;

use std::time::Duration;

use chrono::{DateTime, Months, NaiveDate, NaiveTime, Utc};
use tokio::sync::mpsc;

use super::catalogue::{NATIONAL, templates::switch_on, units_put};
use super::intake::{self, Judging};
use super::{App, AppError, Catalogue, counters};
use crate::domain::act::Refusal;
use crate::domain::calendar::Calendar;
use crate::domain::decision::{File, Office};
use crate::domain::dice::Dice;
use crate::domain::dossier::Dossier;
use crate::domain::office_time::{instant, local_date};
use crate::store::bulk::{Beside, dossiers_analyze, dossiers_bare, dossiers_beside};
use crate::store::dossiers::dossiers_last_id;
use crate::store::files::files_insert;
use country::Country;
use life::Life;

/// Dossiers in one transaction, and the most that wait to be written beside it.
const SLICE: usize = 20_000;
/// Of a thousand receipts that a commitment binds, so many promise later than it allows.
const BEYOND: u32 = 30;
/// How long filling goes on between two words about it.
const SILENCE: Duration = Duration::from_secs(5);

/// What is to be made.
#[derive(Debug, Clone)]
pub struct Plan {
    /// How many dossiers.
    pub dossiers: u32,
    /// How many units take them; the provinces and the top stand above these.
    pub units: u32,
    /// How many procedures are asked for.
    pub procedures: usize,
    /// Over how many years dossiers come in.
    pub years: u32,
    /// What chance begins with.
    pub seed: u64,
    /// The first day; `None` for so many years ago.
    pub from: Option<NaiveDate>,
    /// Whether all units have committed themselves for the last year: "giải quyết trong ngày" what is asked for most, and "thứ Sáu không hẹn qua tuần".
    pub committed: bool,
}

/// How far it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// So many dossiers are written.
    Written(u32),
    /// This index, key or reference is made next.
    Making(String),
}

/// Why nothing was made, or not all.
#[derive(Debug, thiserror::Error)]
pub enum GenerateError {
    /// The database is in use.
    #[error("the database holds dossiers already: a country is made in an empty one alone")]
    NotEmpty,
    /// The last day lies in the future.
    #[error("the last day would be {0}, which is to come: begin earlier or take fewer years")]
    ToCome(NaiveDate),
    /// The calendar does not reach so far back.
    #[error("the first day would be {0}, which the calendar does not reach")]
    TooEarly(NaiveDate),
    /// There are fewer procedures with a limit for every channel.
    #[error("the catalogue has only {0} procedures with a limit for every channel")]
    TooFewProcedures(usize),
    /// A verb was not carried out.
    #[error(transparent)]
    App(#[from] AppError),
}

impl From<Refusal> for GenerateError {
    fn from(refusal: Refusal) -> Self {
        GenerateError::App(refusal.into())
    }
}

/// Makes the country and its dossiers in an empty database; `told` hears how far it has come. A run that is broken off leaves a database to be thrown
/// away: its indexes are missing.
///
/// # Errors
/// [`GenerateError`].
pub async fn generate(app: &App, plan: &Plan, mut told: impl FnMut(Progress)) -> Result<u32, GenerateError> {
    let stretch = Stretch::of(plan, app.clock().now())?;
    if app.read(|c, _| Ok(dossiers_last_id(c)?)).await? > 0 {
        return Err(GenerateError::NotEmpty);
    }
    let country = app.read({
        let plan = plan.clone();
        move |_, catalogue| Ok(Country::new(&plan, stretch.first, catalogue))
    });
    let country = country.await??;
    units_put(app, country.all_units()).await?;
    if plan.committed {
        for (template, with) in country.commitments(stretch.last_year) {
            switch_on(app, template, with, None, false).await?;
        }
    }
    let beside = app.write_job("bare", |c, _| Ok(dossiers_bare(c)?)).await?;
    let written = fill(app, country, stretch, plan.clone(), &mut told).await?;
    lay_beside(app, beside, &mut told).await?;
    told(Progress::Making("counters".to_owned()));
    counters::rebuild(app).await?;
    Ok(written)
}

/// From when to when.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    first: NaiveDate,
    last: NaiveDate,
    /// The day on which its last year begins.
    last_year: NaiveDate,
    /// What would happen at this instant or later has not happened.
    until: DateTime<Utc>,
}

impl Stretch {
    fn of(plan: &Plan, now: DateTime<Utc>) -> Result<Stretch, GenerateError> {
        let today = local_date(now);
        let length = Months::new(plan.years.saturating_mul(12));
        let first = match plan.from {
            Some(from) => from,
            None => today.checked_sub_months(length).ok_or(GenerateError::TooEarly(NaiveDate::MIN))?,
        };
        let end = first.checked_add_months(length).ok_or(GenerateError::ToCome(NaiveDate::MAX))?;
        let last = end.pred_opt().unwrap_or(end);
        if first < EARLIEST {
            return Err(GenerateError::TooEarly(first));
        }
        if end > today {
            return Err(GenerateError::ToCome(last));
        }
        let last_year = end.checked_sub_months(Months::new(12)).unwrap_or(first).max(first);
        Ok(Stretch { first, last, last_year, until: instant(end, NaiveTime::MIN) })
    }
}

/// The first day with announced days off.
const EARLIEST: NaiveDate = match NaiveDate::from_ymd_opt(2019, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MAX,
};

/// Dossiers are made on one thread while those before them are written on another; what waits between the two is bounded.
async fn fill(
    app: &App,
    country: Country,
    stretch: Stretch,
    plan: Plan,
    told: &mut impl FnMut(Progress),
) -> Result<u32, GenerateError> {
    let (send, mut made) = mpsc::channel(1);
    let measures = app.measures();
    let making = app.read(move |_, catalogue| {
        let calendar = catalogue.calendar(NATIONAL)?;
        let maker = Maker { catalogue, calendar: &calendar, country: &country, stretch, measures };
        Ok(maker.make(&plan, &send))
    });
    let writing = async {
        let (mut written, mut said) = (0_u32, std::time::Instant::now());
        while let Some(slice) = made.recv().await {
            let slice: Vec<File> = slice;
            written += u32::try_from(slice.len()).unwrap_or(u32::MAX);
            app.write_job("fill", move |c, _| Ok(files_insert(c, &slice.iter().collect::<Vec<_>>())?))
                .await?;
            if said.elapsed() >= SILENCE {
                said = std::time::Instant::now();
                told(Progress::Written(written));
            }
        }
        told(Progress::Written(written));
        // Nothing more can be sent to it: the maker stops where it is if this ends early.
        drop(made);
        Ok::<u32, AppError>(written)
    };
    let (making, writing) = tokio::join!(making, writing);
    let written = writing?;
    making??;
    Ok(written)
}

/// Makes again what stood beside the rows.
async fn lay_beside(
    app: &App,
    beside: Vec<Beside>,
    told: &mut impl FnMut(Progress),
) -> Result<(), GenerateError> {
    for one in beside {
        told(Progress::Making(one.name.clone()));
        app.write_job("beside", move |c, _| Ok(dossiers_beside(c, &one)?)).await?;
    }
    Ok(app.write_job("analyze", |c, _| Ok(dossiers_analyze(c)?)).await?)
}

/// Makes dossiers, day by day in the order in which they come in.
struct Maker<'a> {
    catalogue: &'a Catalogue,
    calendar: &'a Calendar,
    country: &'a Country,
    stretch: Stretch,
    measures: crate::domain::conduct::Measures,
}

impl Maker<'_> {
    fn make(&self, plan: &Plan, send: &mpsc::Sender<Vec<File>>) -> Result<(), GenerateError> {
        let days = season::days(self.calendar, self.stretch.first, self.stretch.last, plan.dossiers);
        let whole = u32::try_from(days.len()).unwrap_or(u32::MAX).max(1);
        let (mut slice, mut id) = (Vec::with_capacity(SLICE), 0_i64);
        for (day, number) in (0_u32..).zip(&days) {
            let mut dice = Dice::of(&[plan.seed, u64::from(day)]);
            let elapsed = day.saturating_mul(1_000) / whole;
            for (serial, at) in (1_u32..).zip(season::receipts(self.calendar, *number, &mut dice)) {
                id += 1;
                let mut file = self.file(at, elapsed, serial, &mut dice)?;
                file.dossier.id = id;
                slice.push(file);
                if slice.len() == SLICE {
                    let full = std::mem::replace(&mut slice, Vec::with_capacity(SLICE));
                    if send.blocking_send(full).is_err() {
                        return Ok(());
                    }
                }
            }
        }
        // When nobody takes it, writing has failed and says so itself.
        let _ = send.blocking_send(slice);
        Ok(())
    }

    /// One that is received at `at`, after so many thousandths of the whole stretch, and what becomes of it.
    fn file(
        &self,
        at: DateTime<Utc>,
        elapsed: u32,
        serial: u32,
        dice: &mut Dice,
    ) -> Result<File, GenerateError> {
        let (mut new, habits) = self.country.registration(at, elapsed, serial, dice);
        let judging = Judging { catalogue: self.catalogue, measures: self.measures, now: at };
        let mut file = intake::assemble(judging, &new, None)?;
        if !file.bounds.is_empty() && dice.permille(BEYOND) {
            new.due_at = self.beyond(&file.dossier);
            file = intake::assemble(judging, &new, None)?;
        }
        let procedure = super::acting::known_procedure(self.catalogue, &file.dossier)?;
        let rules = self.catalogue.rules(self.calendar);
        let office = Office { rules, procedure, measures: self.measures };
        Ok(Life { file, office: &office, until: self.stretch.until, dice, habits }.live()?)
    }

    /// A working day later than a commitment allows: what an officer promises out of habit.
    fn beyond(&self, of: &Dossier) -> Option<DateTime<Utc>> {
        let next = self.calendar.add_working_days(local_date(of.due_at), 1)?;
        self.calendar.closes_at(next)
    }
}
