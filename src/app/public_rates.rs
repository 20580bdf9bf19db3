//! How often a unit kept its promises, for anybody, where the unit has it so: the rates of form II.06a/VPCP and nothing else of it.

use super::reports::tallies::tallies;
use super::reports::{RateView, Scope};
use super::view::OfficeTime;
use super::{App, AppError, Catalogue};
use crate::domain::office_time::local_date;
use crate::domain::period::{Period, PeriodError};
use crate::domain::statistics::{GroupBy, Window};
use crate::store::AnyConnection;
use chrono::{DateTime, Utc};

/// So many official months are shown, the one that runs among them.
const MONTHS: usize = 6;

/// A unit's rates, period by period.
#[derive(Debug, Clone)]
pub struct PublicRates {
    /// The unit's name.
    pub unit: String,
    /// When it was counted.
    pub as_of: OfficeTime,
    /// The official year that runs, then its months, the newest first.
    pub periods: Vec<PublicRate>,
}

/// A period's rate.
#[derive(Debug, Clone)]
pub struct PublicRate {
    /// The period.
    pub period: Period,
    /// Whether it is over; the numbers of one that is not still grow.
    pub over: bool,
    /// Early and on time, of all that was resolved or should have been.
    pub rate: RateView,
}

/// The rates of a unit and all below it.
///
/// # Errors
/// [`AppError::NotFound`] for a unit that does not show them, or that there is not; the store's.
pub async fn rates(app: &App, unit: String) -> Result<PublicRates, AppError> {
    let now = app.clock().now();
    let shows = app.openness().shows_rates_of(&unit);
    app.read_at_once(move |c, catalogue| {
        if !shows || catalogue.units.get(&unit).is_none() {
            return Err(AppError::NotFound("unit"));
        }
        let periods = periods(now).map_err(|error| AppError::Internal(error.to_string()))?;
        let periods = periods.into_iter().map(|period| counted(c, catalogue, &unit, period, now));
        Ok(PublicRates {
            unit: catalogue.unit_name(&unit).to_owned(),
            as_of: now.into(),
            periods: periods.collect::<Result<_, AppError>>()?,
        })
    })
    .await
}

/// The official year that runs, and the last official months.
fn periods(now: DateTime<Utc>) -> Result<Vec<Period>, PeriodError> {
    let month = Period::official_month_of(local_date(now))?;
    let year = month.named().map_or_else(String::new, |(_, year)| format!("{year:04}"));
    let mut all = vec![Period::parse(&year)?, month];
    while all.len() <= MONTHS {
        let before = all.last().map_or(Err(PeriodError::OutOfRange), Period::before)?;
        all.push(before);
    }
    Ok(all)
}

fn counted(
    c: &mut AnyConnection,
    catalogue: &Catalogue,
    unit: &str,
    period: Period,
    now: DateTime<Utc>,
) -> Result<PublicRate, AppError> {
    let whole = Scope::over(period, unit, catalogue.units.subtree(unit));
    let window = Window::new(&period, now.min(period.end()));
    let scope = Scope { window, now, all_units: catalogue.units.count(), ..whole };
    let rate = tallies(c, &scope, GroupBy::Unit)?.total.on_time_of_due().into();
    Ok(PublicRate { period, over: period.end() <= now, rate })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::sample::at;

    #[test]
    fn the_year_is_the_official_one() {
        let labels =
            |now: &str| periods(at(now)).unwrap().iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(
            labels("2026-11-20T08:00:00"),
            ["2026", "2026-12", "2026-11", "2026-10", "2026-09", "2026-08", "2026-07"]
        );
        assert_eq!(labels("2026-12-15T00:00:00")[..2], ["2027", "2027-01"]);
    }
}
