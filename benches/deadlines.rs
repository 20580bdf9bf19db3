//! The indexed deadline engine against the obvious day-by-day loop over the same calendar, in one run; only the ratio is worth reading.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints and may fail")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use hentra::app::shipped;
use hentra::domain::calendar::{Calendar, CalendarSpec};
use hentra::domain::deadline::{Limit, deadline};

/// Questions spread over 2019–2026 with limits of 1 to 60 working days.
fn questions() -> Vec<(DateTime<Utc>, u32)> {
    let first = DateTime::parse_from_rfc3339("2019-01-02T02:00:00Z").unwrap().to_utc();
    (0..10_000_u32).map(|n| (first + TimeDelta::hours(i64::from(n) * 6), n * 7 % 60 + 1)).collect()
}

fn walked(calendar: &Calendar, from: NaiveDate, days: u32) -> NaiveDate {
    let mut day = from;
    let mut left = days;
    while left > 0 {
        day = day.checked_add_days(Days::new(1)).unwrap();
        if calendar.is_working(day) {
            left -= 1;
        }
    }
    day
}

fn best_of(rounds: u32, mut run: impl FnMut()) -> Duration {
    (0..rounds)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .min()
        .unwrap()
}

fn main() {
    let (days, announced) = shipped::national_calendar_rows().unwrap();
    let calendar = Calendar::build(&CalendarSpec::national(days, announced)).unwrap();
    let questions = questions();
    for (at, n) in &questions {
        let due = deadline(&calendar, *at, Limit::WorkingDays(*n), None).unwrap();
        assert_eq!(due.due_on, walked(&calendar, (*at + TimeDelta::hours(7)).date_naive(), *n));
    }
    let engine = best_of(20, || {
        for (at, n) in &questions {
            black_box(deadline(&calendar, *at, Limit::WorkingDays(*n), None).unwrap());
        }
    });
    let loop_of_days = best_of(20, || {
        for (at, n) in &questions {
            black_box(walked(&calendar, (*at + TimeDelta::hours(7)).date_naive(), *n));
        }
    });
    let each = |of: Duration| of.as_nanos() / u128::try_from(questions.len()).unwrap();
    println!(
        "deadline of 1–60 working days: engine {} ns, day-by-day loop {} ns",
        each(engine),
        each(loop_of_days)
    );
    println!("ratio loop/engine: {:.1}", loop_of_days.as_secs_f64() / engine.as_secs_f64());
}
