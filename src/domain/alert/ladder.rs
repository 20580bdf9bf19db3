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
/// `taken` are those that count, the lowest first; a step below one of them is not taken again, even where it was told under an earlier due date that no
/// longer makes it count: who stands above has been told since. `days_late` is in working days after the due day; `anyone` says whether somebody can be told on a
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
        if taken.iter().any(|rung| rung.step >= *step) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::{CalendarSpec, DayKind, DayRow};
    use chrono::{Days, NaiveDate, NaiveTime};
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    /// Monday.
    fn monday() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, 2).unwrap()
    }

    fn day(n: u64) -> NaiveDate {
        monday().checked_add_days(Days::new(n)).unwrap()
    }

    fn at(n: u64, hour: u32, minute: u32, second: u32) -> DateTime<Utc> {
        office_time::instant(day(n), NaiveTime::from_hms_opt(hour, minute, second).unwrap())
    }

    fn calendar(off: &BTreeSet<u64>) -> Calendar {
        let row = |n: &u64| DayRow {
            date: day(*n),
            kind: DayKind::Holiday,
            name: "nghỉ".into(),
            source: "QĐ".into(),
        };
        let spec = CalendarSpec::national(off.iter().map(row).collect(), BTreeSet::new());
        Calendar::build(&spec).unwrap()
    }

    fn plain() -> Calendar {
        calendar(&BTreeSet::new())
    }

    fn words(rungs: &[Rung]) -> Vec<(&'static str, bool)> {
        rungs.iter().map(|rung| (rung.step.word(), rung.anyone)).collect()
    }

    fn told(step: Step, told_at: DateTime<Utc>) -> Rung {
        Rung { step, told_at, anyone: true }
    }

    #[test]
    fn a_ladder_has_one_to_three_steps_that_do_not_go_down() {
        for good in [&[1][..], &[1, 2, 3], &[1, 1, 2], &[2, 30]] {
            assert!(Ladder::new(good).is_some(), "{good:?}");
        }
        for bad in [&[][..], &[0, 1], &[2, 1], &[1, 2, 3, 4], &[31]] {
            assert!(Ladder::new(bad).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn each_step_waits_for_a_full_working_day_of_the_one_below() {
        let (ladder, office) = (Ladder::new(&[1, 2, 3]).unwrap(), plain());
        let all = |_| true;
        let climb = |late, taken: &[Rung], now| words(&climb(&ladder, late, taken, all, (now, &office)));
        assert_eq!(climb(0, &[], at(1, 7, 40, 0)), []);
        assert_eq!(climb(1, &[], at(1, 7, 40, 0)), [("officer", true)]);
        // A dossier found late by five days begins at the bottom all the same.
        assert_eq!(climb(5, &[], at(1, 7, 40, 0)), [("officer", true)]);
        let officer = told(Step::Officer, at(1, 7, 40, 20));
        assert_eq!(climb(5, &[officer], at(1, 16, 0, 0)), []);
        assert_eq!(climb(5, &[officer], at(2, 7, 40, 0)), [("head", true)]);
        // Told late in the morning after an interruption, the officer has had no full day by the next slot.
        let late = told(Step::Officer, at(1, 9, 30, 0));
        assert_eq!(climb(5, &[late], at(2, 7, 40, 0)), []);
        assert_eq!(climb(5, &[late], at(3, 7, 40, 0)), [("head", true)]);
        // Friday to Monday is one working day.
        assert_eq!(climb(5, &[told(Step::Officer, at(4, 7, 40, 0))], at(6, 7, 40, 0)), []);
        assert_eq!(climb(5, &[told(Step::Officer, at(4, 7, 40, 0))], at(7, 7, 40, 0)), [("head", true)]);
        // Told on a Sunday is told as Monday begins.
        assert_eq!(climb(5, &[told(Step::Officer, at(6, 20, 0, 0))], at(7, 20, 0, 0)), []);
        assert_eq!(climb(5, &[told(Step::Officer, at(6, 20, 0, 0))], at(8, 7, 40, 0)), [("head", true)]);
    }

    #[test]
    fn a_step_that_nobody_stands_on_is_passed_at_once() {
        let (ladder, office) = (Ladder::new(&[1, 2, 3]).unwrap(), plain());
        let only = |stands: Step| move |step| step == stands;
        let now = (at(1, 7, 40, 0), &office);
        assert_eq!(words(&climb(&ladder, 1, &[], only(Step::Head), now)), [("officer", false)]);
        assert_eq!(
            words(&climb(&ladder, 2, &[], only(Step::Head), now)),
            [("officer", false), ("head", true)]
        );
        assert_eq!(
            words(&climb(&ladder, 3, &[], |_| false, now)),
            [("officer", false), ("head", false), ("chairman", false)]
        );
        // Who was passed over is not waited for, who was told below still is.
        let below = [
            told(Step::Officer, at(1, 7, 40, 0)),
            Rung { step: Step::Head, told_at: at(2, 7, 40, 0), anyone: false },
        ];
        assert_eq!(
            words(&climb(&ladder, 3, &below, |_| true, (at(2, 7, 40, 0), &office))),
            [("chairman", true)]
        );
    }

    #[test]
    fn it_goes_on_above_the_highest_step_that_counts() {
        // The due date was moved to between the two tellings, so the officer's no longer counts.
        let (ladder, office) = (Ladder::new(&[1, 1, 1]).unwrap(), plain());
        let head = told(Step::Head, at(2, 7, 40, 0));
        assert_eq!(words(&climb(&ladder, 1, &[head], |_| true, (at(2, 16, 0, 0), &office))), []);
        assert_eq!(
            words(&climb(&ladder, 1, &[head], |_| true, (at(3, 7, 40, 0), &office))),
            [("chairman", true)]
        );
    }

    #[test]
    fn a_telling_counts_while_the_dossier_was_late_by_the_dates_of_today() {
        let rung = told(Step::Officer, at(2, 7, 40, 0));
        assert!(rung.counts(at(1, 0, 0, 0)) && rung.counts(at(2, 7, 40, 0)));
        assert!(!rung.counts(at(3, 0, 0, 0)));
    }

    /// What is told on a day, judged from the whole history by counting the minutes that each who was told has had.
    fn slowly(
        days: &[u32],
        late: u32,
        (history, lapses_at): (&[(Rung, DateTime<Utc>)], DateTime<Utc>),
        stands: [bool; 3],
        (now, office): (DateTime<Utc>, &Calendar),
    ) -> Vec<(Step, bool)> {
        let void = |rung: &Rung| rung.told_at < lapses_at;
        let mut found = Vec::new();
        for (n, step) in Step::ALL.iter().enumerate().take(days.len()) {
            if history.iter().any(|(rung, _)| rung.step >= *step && !void(rung)) {
                continue;
            }
            let waited = history
                .iter()
                .filter(|(rung, _)| rung.anyone && !void(rung))
                .all(|(rung, _)| office.session_minutes_between(rung.told_at, now) >= 475);
            if !waited || late < days[n] {
                break;
            }
            found.push((*step, stands[n]));
            if stands[n] {
                break;
            }
        }
        found
    }

    proptest! {
        #[test]
        fn the_ladder_climbs_as_the_slow_one_does(
            days in prop::collection::vec(1_u32..5, 1..=3),
            off in prop::collection::btree_set(0_u64..25, 0..6),
            rounds in prop::collection::vec((any::<[bool; 3]>(), 0_u32..4, 0_u32..12, any::<bool>()), 25),
        ) {
            let mut days = days;
            days.sort_unstable();
            let ladder = Ladder::new(&days).unwrap();
            let office = calendar(&off);
            let mut due = monday();
            let mut history: Vec<(Rung, DateTime<Utc>)> = Vec::new();
            for (n, (stands, when, redated, away)) in (0_u64..).zip(rounds) {
                if redated == 0 {
                    due = day(n + u64::from(when));
                } else if redated == 1 {
                    due = day(n.saturating_sub(u64::from(when) + 1));
                }
                if !office.is_working(day(n)) || away {
                    continue;
                }
                let now = match when {
                    0 => at(n, 9, 0, 15),
                    1 => at(n, 18, 0, 0),
                    _ => at(n, 7, 40, when * 10),
                };
                let lapses_at = office_time::midnight_after(due);
                if lapses_at > now {
                    continue;
                }
                let late = office.working_days_between(due, day(n));
                let counted: Vec<Rung> = history.iter().map(|(rung, _)| *rung).filter(|rung| rung.counts(lapses_at)).collect();
                let place = |step: Step| Step::ALL.iter().position(|of| *of == step).unwrap();
                let climbed = climb(&ladder, late, &counted, |step| stands[place(step)], (now, &office));
                let expected = slowly(&days, late, (&history, lapses_at), stands, (now, &office));
                let got: Vec<(Step, bool)> = climbed.iter().map(|rung| (rung.step, rung.anyone)).collect();
                prop_assert_eq!(&got, &expected, "day {}, late {}, history {:?}", n, late, &history);
                for rung in climbed {
                    // Not twice in one lateness, none before its day, and none before the one below had a full working day.
                    prop_assert!(!counted.iter().any(|of| of.step == rung.step));
                    prop_assert!(late >= days[place(rung.step)]);
                    for below in counted.iter().filter(|of| of.anyone) {
                        prop_assert!(below.step < rung.step);
                        prop_assert!(office.session_minutes_between(below.told_at, now) >= 475);
                    }
                    history.push((rung, lapses_at));
                }
            }
        }

        #[test]
        fn who_can_be_told_is_told_in_the_end(
            days in prop::collection::vec(1_u32..5, 1..=3),
            stands in any::<[bool; 3]>(),
            off in prop::collection::btree_set(0_u64..30, 0..6),
        ) {
            let mut days = days;
            days.sort_unstable();
            let (ladder, office) = (Ladder::new(&days).unwrap(), calendar(&off));
            let mut taken: Vec<Rung> = Vec::new();
            for n in (1..40).filter(|n| office.is_working(day(*n))) {
                let late = office.working_days_between(monday(), day(n));
                let place = |step: Step| Step::ALL.iter().position(|of| *of == step).unwrap();
                let now = (at(n, 7, 40, 0), &office);
                let more = climb(&ladder, late, &taken, |step| stands[place(step)], now);
                taken.extend(more);
            }
            let told: Vec<(Step, bool)> = taken.iter().map(|rung| (rung.step, rung.anyone)).collect();
            let all: Vec<(Step, bool)> = Step::ALL.iter().copied().zip(stands).take(days.len()).collect();
            prop_assert_eq!(told, all);
        }
    }
}
