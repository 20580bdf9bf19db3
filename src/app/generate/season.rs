//! When dossiers come in: on which days, and at which hours of them.

use chrono::{DateTime, Datelike as _, NaiveDate, TimeDelta, Utc, Weekday};

use crate::domain::calendar::Calendar;
use crate::domain::dice::{Dice, Weights};
use crate::domain::office_time::instant;

/// A day and how many dossiers come in on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Day {
    pub(super) date: NaiveDate,
    pub(super) dossiers: u32,
}

/// The days from `first` to `last` on which the counter works, and `dossiers` spread over them: most on Mondays, more after a holiday, and a tenth more
/// each year.
pub(super) fn days(calendar: &Calendar, first: NaiveDate, last: NaiveDate, dossiers: u32) -> Vec<Day> {
    let working =
        first.iter_days().take_while(|date| *date <= last).filter(|date| calendar.is_working(*date));
    let weighted: Vec<(NaiveDate, u64)> = working.map(|date| (date, weight(calendar, first, date))).collect();
    let whole: u64 = weighted.iter().map(|(_, weight)| weight).sum();
    let mut before = 0_u64;
    let share = |weight: u64| {
        u32::try_from(u128::from(weight) * u128::from(dossiers) / u128::from(whole.max(1)))
            .unwrap_or(u32::MAX)
    };
    weighted
        .into_iter()
        .map(|(date, weight)| {
            // What is lost by rounding on one day comes in on the next.
            let come = share(before + weight) - share(before);
            before += weight;
            Day { date, dossiers: come }
        })
        .collect()
}

fn weight(calendar: &Calendar, first: NaiveDate, date: NaiveDate) -> u64 {
    let of_weekday = match date.weekday() {
        Weekday::Mon => 130,
        Weekday::Tue => 108,
        Weekday::Wed => 100,
        Weekday::Thu => 96,
        Weekday::Fri => 88,
        // Days made up for.
        Weekday::Sat | Weekday::Sun => 45,
    };
    let closed_before = calendar
        .subtract_working_days(date, 1)
        .map_or(0, |before| date.signed_duration_since(before).num_days() - 1);
    let after_holiday = if closed_before >= 3 { 130 } else { 100 };
    let days = u64::try_from(date.signed_duration_since(first).num_days()).unwrap_or(0);
    of_weekday * after_holiday * (3_650 + days)
}

/// When the dossiers of a day come in, the first one first: within its sessions, and more early in each than late.
pub(super) fn receipts(calendar: &Calendar, day: Day, dice: &mut Dice) -> Vec<DateTime<Utc>> {
    let sessions: Vec<_> = calendar.day(day.date).map(|of| of.sessions.to_vec()).unwrap_or_default();
    // Of two mornings' worth of dossiers, one and a half come in the morning.
    let weights = Weights::new((0_u32..).zip(&sessions).map(|(place, of)| of.minutes() * 3 / (place + 3)));
    let mut all: Vec<DateTime<Utc>> = (0..day.dossiers)
        .filter_map(|_| {
            let session = sessions.get(weights.draw(dice))?;
            let seconds = session.minutes() * 60;
            let into = dice.below(seconds).min(dice.below(seconds + seconds / 2));
            Some(instant(day.date, session.start) + TimeDelta::seconds(i64::from(into)))
        })
        .collect();
    all.sort_unstable();
    all
}
