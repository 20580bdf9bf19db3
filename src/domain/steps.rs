//! The steps of a trend: a stretch of time cut into weeks, months or quarters.
//!
//! Months and quarters are official or civil as the stretch is ([`Period::is_civil`]); weeks run from Monday to Sunday. A step that sticks out of the
//! stretch is cut off at its border, and says so.

use chrono::{Datelike, NaiveDate, Weekday};

use super::period::Period;

words! {
    /// How long a step is.
    StepBy {
        /// Monday to Sunday.
        Week = "week",
        /// A month.
        Month = "month",
        /// A quarter of a year.
        Quarter = "quarter",
    }
}

/// More steps than three years have weeks are not asked for at once.
pub const MOST_STEPS: usize = 160;

/// A step of a stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Its days.
    pub period: Period,
    /// Whether it is a whole week, month or quarter; else the stretch's border cuts it.
    pub whole: bool,
}

/// The steps of a stretch, in order of time: each of its days falls in exactly one.
pub fn steps(of: &Period, by: StepBy) -> Vec<Step> {
    let mut found = Vec::new();
    let mut next = Some(of.from());
    while let Some(day) = next.filter(|day| *day <= of.to()) {
        let whole = holding(day, by, of.is_civil()).filter(|it| it.from() == day && it.to() <= of.to());
        let to = holding(day, by, of.is_civil()).map_or(of.to(), |it| it.to().min(of.to()));
        let Some(period) = whole.or_else(|| Period::between(day, to).ok()) else { break };
        found.push(Step { period, whole: whole.is_some() });
        next = period.to().succ_opt();
    }
    found
}

/// The week, month or quarter in which a day falls; `None` beyond the years a report can be about.
fn holding(day: NaiveDate, by: StepBy, civil: bool) -> Option<Period> {
    match by {
        StepBy::Week => {
            let week = day.week(Weekday::Mon);
            let (monday, sunday) = (week.checked_first_day()?, week.checked_last_day()?);
            Period::between(monday, sunday).or_else(|_| Period::between(day, sunday)).ok()
        }
        StepBy::Month if civil => Period::parse(&format!("{:04}-{:02}-civil", day.year(), day.month())).ok(),
        StepBy::Month => Period::official_month_of(day).ok(),
        StepBy::Quarter if civil => Period::parse(&format!("{:04}-Q{}-civil", day.year(), quarter(day))).ok(),
        StepBy::Quarter => {
            // An official month is named after the month it ends in.
            let ends = Period::official_month_of(day).ok()?.to();
            Period::parse(&format!("{:04}-Q{}", ends.year(), quarter(ends))).ok()
        }
    }
}

fn quarter(day: NaiveDate) -> u32 {
    day.month0() / 3 + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(of: &Period, by: StepBy) -> Vec<String> {
        steps(of, by)
            .iter()
            .map(|step| format!("{}{}", step.period, if step.whole { "" } else { " cut" }))
            .collect()
    }

    fn period(label: &str) -> Period {
        Period::parse(label).unwrap()
    }

    fn between(from: &str, to: &str) -> Period {
        Period::between(from.parse().unwrap(), to.parse().unwrap()).unwrap()
    }

    #[test]
    fn official_stretches_have_official_steps_and_civil_ones_civil() {
        assert_eq!(labels(&period("2026-Q3"), StepBy::Month), ["2026-07", "2026-08", "2026-09"]);
        assert_eq!(labels(&period("2026-9M"), StepBy::Quarter), ["2026-Q1", "2026-Q2", "2026-Q3"]);
        assert_eq!(labels(&period("2026-H2-civil"), StepBy::Quarter), ["2026-Q3-civil", "2026-Q4-civil"]);
        assert_eq!(labels(&period("2026"), StepBy::Month).len(), 12);
    }

    #[test]
    fn the_border_cuts_a_step_that_sticks_out() {
        assert_eq!(
            labels(&between("2026-08-20", "2026-10-03"), StepBy::Month),
            ["2026-08-20..2026-08-31 cut", "2026-09-civil", "2026-10-01..2026-10-03 cut"]
        );
        // 20/11/2026 is a Friday.
        assert_eq!(
            labels(&between("2026-11-20", "2026-11-30"), StepBy::Week),
            ["2026-11-20..2026-11-22 cut", "2026-11-23..2026-11-29", "2026-11-30..2026-11-30 cut"]
        );
        assert_eq!(labels(&period("2026-09"), StepBy::Quarter), ["2026-08-15..2026-09-14 cut"]);
    }

    #[test]
    fn steps_tile_every_stretch_also_at_the_ends_of_time() {
        for of in [
            period("2026"),
            period("2026-civil"),
            period("2026-02-civil"),
            between("2000-01-01", "2000-03-05"),
            between("2100-10-03", "2100-12-31"),
            between("2024-02-29", "2024-02-29"),
        ] {
            for by in StepBy::ALL {
                let mut next = of.from();
                for step in steps(&of, *by) {
                    assert_eq!(step.period.from(), next, "{of} by {by}");
                    next = step.period.to().succ_opt().unwrap();
                }
                assert_eq!(next, of.to().succ_opt().unwrap(), "{of} by {by}");
            }
        }
    }

    #[test]
    fn three_years_have_as_many_weeks_as_may_be_asked_for() {
        assert!(steps(&between("2024-01-01", "2026-12-31"), StepBy::Week).len() <= MOST_STEPS);
    }
}
