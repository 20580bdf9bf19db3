//! How the on-time rate went: the reports' trend over the last weeks or months, each number with its list.

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

use crate::app::reports::Scope;
use crate::app::reports::links::cell_link;
use crate::app::reports::trend::{self, StepView, TrendReport};
use crate::app::view::OfficeTime;
use crate::app::{AppError, Catalogue};
use crate::domain::cell::Cell;
use crate::domain::office_time::local_date;
use crate::domain::period::Period;
use crate::domain::steps::StepBy;
use crate::store::AnyConnection;

/// A quarter of a year has so many weeks, a year so many months.
const STEPS: u32 = 12;

/// How the rate went.
#[derive(Debug, Clone)]
pub struct GoingView {
    /// The report.
    pub report: TrendReport,
    /// The lists behind each step.
    pub links: Vec<StepLinks>,
}

/// The lists behind a step's numbers.
#[derive(Debug, Clone)]
pub struct StepLinks {
    /// Closed before the due day.
    pub early: String,
    /// Closed on time.
    pub on_time: String,
    /// Closed late.
    pub late: String,
    /// Open and overdue at the end.
    pub overdue: String,
}

pub(super) fn read(
    c: &mut AnyConnection,
    catalogue: &Catalogue,
    scope: &Scope,
    by: StepBy,
) -> Result<GoingView, AppError> {
    let outside = |error: crate::domain::period::PeriodError| AppError::Internal(error.to_string());
    let (from, to) = ends(local_date(scope.now), by)
        .ok_or_else(|| AppError::Internal("the days of a trend are beyond all calendars".to_owned()))?;
    let period = Period::between(from, to).map_err(outside)?;
    let report = trend::evaluated(c, catalogue, &scope.with_period(period, scope.now), by)?;
    let links = report.steps.iter().map(|step| links(&scope.unit, step, report.heading.as_of)).collect();
    Ok(GoingView { report, links })
}

/// The first and the last day of the last steps, of which the last still runs.
fn ends(today: NaiveDate, by: StepBy) -> Option<(NaiveDate, NaiveDate)> {
    match by {
        StepBy::Week => {
            let week = today.week(Weekday::Mon);
            let back = Days::new(u64::from(7 * (STEPS - 1)));
            Some((week.checked_first_day()?.checked_sub_days(back)?, week.checked_last_day()?))
        }
        StepBy::Month | StepBy::Quarter => {
            let first = today.with_day(1)?;
            let last = first.checked_add_months(Months::new(1))?.pred_opt()?;
            Some((first.checked_sub_months(Months::new(STEPS - 1))?, last))
        }
    }
}

/// A step that is over is seen from its own end, as the report sees it.
fn links(unit: &str, of: &StepView, as_of: OfficeTime) -> StepLinks {
    let as_of = (!of.over).then_some(as_of);
    let link = |cell| cell_link(cell, unit, &of.period, (as_of, None));
    StepLinks {
        early: link(Cell::Early),
        on_time: link(Cell::OnTime),
        late: link(Cell::Late),
        overdue: link(Cell::Overdue),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_step_is_the_one_that_runs() {
        let of = |today: &str, by| {
            let (from, to) = ends(today.parse().unwrap(), by).unwrap();
            (from.to_string(), to.to_string())
        };
        let days = |from: &str, to: &str| (from.to_owned(), to.to_owned());
        assert_eq!(of("2026-11-22", StepBy::Week), days("2026-08-31", "2026-11-22"));
        assert_eq!(of("2026-11-16", StepBy::Week), days("2026-08-31", "2026-11-22"));
        assert_eq!(of("2026-01-31", StepBy::Month), days("2025-02-01", "2026-01-31"));
    }
}
