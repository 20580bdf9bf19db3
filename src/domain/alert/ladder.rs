//! The ladder (*báo vượt cấp*): who is told, step by step, of a dossier that is late and stays so: the officer in charge, the head of the unit, the
//! chairman. The next step is told only after the one below was told and had a full working day to act on it.
//!
//! Everything is judged from what was told and when; nothing here knows persons, mails or tables. A telling counts while the dossier, by the dates it
//! has today, was late already when it was told: one that was re-dated and is no longer late begins anew, one that is still late goes on.

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::calendar::Calendar;
use crate::domain::office_time;

/// The highest number of working days late that a step may wait for.
pub const LONGEST_WAIT: u32 = 30;
/// The service looks every few seconds: a telling some moments after its slot must not cost the next step a whole day.
const LEEWAY: TimeDelta = TimeDelta::minutes(5);

words! {
    /// A step of the ladder, the lowest first.
    Step {
        /// The officer in charge of the dossier.
        Officer = "officer",
        /// The leaders of the dossier's unit.
        Head = "head",
        /// The leaders of the nearest unit above it that has any; the unit's own where there are none above.
        Chairman = "chairman",
    }
}

/// How many working days late each step is told: one to three numbers, none smaller than the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ladder(Vec<(Step, u32)>);

impl Ladder {
    /// The ladder of these days; `None` when they make none.
    #[must_use]
    pub fn new(days: &[u32]) -> Option<Ladder> {
        let some = !days.is_empty() && days.len() <= Step::ALL.len();
        let allowed = days.iter().all(|day| (1..=LONGEST_WAIT).contains(day));
        (some && allowed && days.is_sorted())
            .then(|| Ladder(Step::ALL.iter().copied().zip(days.iter().copied()).collect()))
    }
}

impl Ladder {
    /// Whether it goes up to a step.
    #[must_use]
    pub fn reaches(&self, step: Step) -> bool {
        self.0.iter().any(|(of, _)| *of == step)
    }
}

/// A step that was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rung {
    /// Which.
    pub step: Step,
    /// When.
    pub told_at: DateTime<Utc>,
    /// Whether anybody was told; a step that nobody stands on is passed at once.
    pub anyone: bool,
}

impl Rung {
    /// Whether it still counts for a dossier that lapses then: by its dates of today it was late when this was told.
    #[must_use]
    pub fn counts(&self, lapses_at: DateTime<Utc>) -> bool {
        lapses_at <= self.told_at
    }
}

/// The steps to be taken now, the lowest first: some that nobody stands on, then at most one that is told.
///
/// `taken` are those that count, the lowest first; `days_late` is in working days after the due day; `anyone` says whether somebody can be told on a
/// step.
#[must_use]
pub fn climb(
    ladder: &Ladder,
    days_late: u32,
    taken: &[Rung],
    anyone: impl Fn(Step) -> bool,
    (now, calendar): (DateTime<Utc>, &Calendar),
) -> Vec<Rung> {
    let last_told = taken.iter().filter(|rung| rung.anyone).map(|rung| rung.told_at).max();
    if last_told.is_some_and(|at| !had_a_full_working_day(at, now, calendar)) {
        return Vec::new();
    }
    let mut steps = Vec::new();
    for (step, days) in &ladder.0 {
        if taken.iter().any(|rung| rung.step == *step) {
            continue;
        }
        if days_late < *days {
            break;
        }
        let rung = Rung { step: *step, told_at: now, anyone: anyone(*step) };
        steps.push(rung);
        if rung.anyone {
            break;
        }
    }
    steps
}

/// Whether who was told at `at` has had a full working day since: by the same time of the next working day. Who was told on a day off was told as that day
/// began which is worked next.
#[must_use]
pub fn had_a_full_working_day(at: DateTime<Utc>, now: DateTime<Utc>, calendar: &Calendar) -> bool {
    let day = office_time::local_date(at);
    let (first, time) = if calendar.is_working(day) {
        (Some(day), office_time::local_time(at))
    } else {
        (calendar.next_working_day(day), chrono::NaiveTime::MIN)
    };
    let next = first.and_then(|first| calendar.next_working_day(first));
    next.is_some_and(|next| office_time::instant(next, time) - LEEWAY <= now)
}
