//! Why a deadline falls where it does: what each day from receipt to the due day did to the limit.
//!
//! The reasons are plain values here; `crate::text::steps` puts them into sentences. Unlike the reckoning itself this
//! walks the days, since it lists them. A stretch of more than [`LISTED_DAYS`] is told in short: ordinary working days and
//! weekends are passed over; the first and the last day and what is out of the ordinary are told.

pub use super::dossier_steps::Since;
use super::{
    calendar::{Calendar, Day, DayKind},
    commitment::{CommittedDue, Effect},
    deadline::{Deadline, LateEffect, LateReceipt, Limit, day_zero, hours_begin, is_late, months_on},
    office_time::{local_date, midnight_after},
};
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc};

/// The longest stretch, in days, of which every day is listed.
pub const LISTED_DAYS: i64 = 100;

const RECEIPT_DAY: &str = "BLDS 2015 Đ.147(2)";
const FROM_THE_MINUTE: &str = "BLDS 2015 Đ.147(1)";
const MONTHS: &str = "BLDS 2015 Đ.148(3)";
const ROLLED: &str = "BLDS 2015 Đ.148(5)";
const WEEKLY_REST: &str = "BLLĐ 2019 Đ.111";
const HOLIDAYS: &str = "BLLĐ 2019 Đ.112";
const RESULT_NEXT_DAY: &str = "Luật Hộ tịch 2014 Đ.5(3); NĐ 23/2015/NĐ-CP Đ.7";
const CLOCK_NEXT_DAY: &str = "NĐ 63/2024/NĐ-CP Đ.7";

/// What one day did to the limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The day.
    pub date: NaiveDate,
    /// The running count at its end, in the limit's own unit (a begun hour counts as one; a same-day limit has a single
    /// day, 1); 0 for a day that does not count.
    pub counts: u32,
    /// Why.
    pub why: Why,
    /// The statute, or the decree of the day's row; `None` for an ordinary day, which needs none.
    pub source: Option<String>,
    /// Whose calendar or commitment says so; `None` for the law and for ordinary days.
    pub said_by: Option<SaidBy>,
}

/// Who says that a day is off, or what else there is to keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SaidBy {
    /// The layer of the calendar, the outermost (national) 0.
    Layer(usize),
    /// The unit whose commitment it is.
    Unit(String),
}

/// Why a day counted, or did not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The day of receipt never counts.
    ReceiptDayNeverCounts,
    /// The day that stands in for the day of receipt after a late receipt does not count either.
    DayZero,
    /// An ordinary working day, the n-th.
    Counted {
        /// The running count.
        n: u32,
    },
    /// A make-up day counts as a working day.
    Makeup {
        /// The row's name, "Đi làm bù cho 31/8/2026".
        name: String,
    },
    /// The n-th day of a limit in calendar days.
    CalendarDay {
        /// The running count.
        n: u32,
        /// It is a day off, and counts all the same.
        day_off: bool,
    },
    /// The date so many months on.
    MonthsEnd {
        /// The limit.
        months: u32,
        /// The month has no such day, so its last one stands for it.
        shortened: bool,
    },
    /// Saturday or Sunday, the weekly days off.
    Weekend,
    /// A weekly day off on which the counter takes dossiers in, but which is no working day.
    CounterOnly,
    /// A day off by a row of the calendar.
    DayOff {
        /// What it is.
        kind: DayKind,
        /// The row's name, "Quốc khánh".
        name: String,
    },
    /// Handed in after the hour the procedure's act names, which has this effect.
    LateReceipt {
        /// The hour.
        after: NaiveTime,
        /// The effect.
        effect: LateEffect,
        /// The next working day.
        next: NaiveDate,
    },
    /// Handed in after that hour, but the effect is on same-day results only.
    LateReceiptNoEffect {
        /// The hour.
        after: NaiveTime,
    },
    /// Handed in when no session was held; counts as received from this instant.
    OutsideSessions {
        /// The effective receipt.
        begins: DateTime<Utc>,
    },
    /// Handed in when no session was held, which does not touch a limit in days or months: the day counts, not the hour.
    OutsideSessionsNoEffect,
    /// The limit ended on a day off and moves to this, the next working day.
    RolledToNextWorkingDay,
    /// Session time of a limit in hours.
    SessionHours {
        /// Minutes that ran this day.
        minutes: u32,
        /// Minutes run by its end.
        total: u32,
    },
    /// A working day whose working sessions were over at receipt.
    NoSessionLeft,
    /// Handled on the day of receipt.
    SameDay,
    /// The result of a late same-day receipt is given this day.
    ResultThisDay,
    /// The unit has committed itself; the step's day is what it demands.
    Committed {
        /// To what.
        effect: Effect,
    },
    /// What became of the dossier since its receipt.
    Since(Since),
    /// The days off of these years are not announced yet, so the due day is provisional.
    Provisional {
        /// The years.
        years: Vec<i32>,
    },
}

/// What a commitment demands, as a step on the day that it demands; `unit` is the one that committed itself.
#[must_use]
pub fn committed(of: &CommittedDue, unit: &str) -> Step {
    Step {
        date: local_date(of.due_at),
        counts: 0,
        why: Why::Committed { effect: of.effect },
        source: Some(of.decision.clone()),
        said_by: Some(SaidBy::Unit(unit.to_owned())),
    }
}

/// The steps from receipt to the due day of a deadline, in order of date, for the limit and late-receipt rule it was
/// reckoned with. When it is provisional the last step says so.
#[must_use]
pub fn steps(calendar: &Calendar, deadline: &Deadline, limit: Limit, late: Option<LateReceipt>) -> Vec<Step> {
    let late = late.filter(|rule| is_late(calendar, deadline.received_at, Some(*rule)).is_some());
    let received_on = local_date(deadline.received_at);
    let in_full = (deadline.due_on - received_on).num_days() <= LISTED_DAYS;
    let mut telling = Telling { calendar, deadline, late, received_on, in_full, steps: Vec::new() };
    match limit {
        Limit::WorkingDays(_) => telling.working_days(),
        Limit::CalendarDays(n) => telling.calendar_days(n),
        Limit::Months(n) => telling.months(n),
        Limit::WorkingHours(_) => telling.working_hours(),
        Limit::SameDay => telling.same_day(),
    }
    telling.provisional();
    telling.steps
}

struct Telling<'a> {
    calendar: &'a Calendar,
    deadline: &'a Deadline,
    /// The rule, when the receipt was late by it.
    late: Option<LateReceipt>,
    received_on: NaiveDate,
    in_full: bool,
    steps: Vec<Step>,
}

impl Telling<'_> {
    fn step(&mut self, date: NaiveDate, counts: u32, why: Why, source: Option<&str>) {
        self.steps.push(Step { date, counts, why, source: source.map(str::to_owned), said_by: None });
    }

    /// As [`Self::step`], of a day that some layer of the calendar makes what it is.
    fn step_of(&mut self, day: &Day<'_>, counts: u32, why: Why, source: Option<&str>) {
        self.step(day.date, counts, why, source);
        if let Some(step) = self.steps.last_mut() {
            step.said_by = day.layer.map(SaidBy::Layer);
        }
    }

    fn effect(&self) -> Option<LateEffect> {
        self.late.map(|rule| rule.effect)
    }

    /// Tells the day of receipt of a limit in days or months and answers its day 0.
    fn receipt(&mut self) -> NaiveDate {
        let zero = day_zero(self.calendar, self.received_on, self.effect()).unwrap_or(self.received_on);
        match self.late {
            Some(LateReceipt { effect: LateEffect::ClockStartsNextWorkingDay, .. }) => {
                self.put_off();
                self.step(zero, 0, Why::DayZero, Some(RECEIPT_DAY));
            }
            _ => {
                self.step(self.received_on, 0, Why::ReceiptDayNeverCounts, Some(RECEIPT_DAY));
                self.late_without_effect();
                if self.deadline.effective_receipt != self.deadline.received_at {
                    self.step(self.received_on, 0, Why::OutsideSessionsNoEffect, Some(RECEIPT_DAY));
                }
            }
        }
        zero
    }

    /// Tells that a late receipt goes on to the next working day, and the days off before it.
    fn put_off(&mut self) {
        let Some(LateReceipt { after, effect }) = self.late else { return };
        let Some(next) = self.calendar.next_working_day(self.received_on) else { return };
        let source = match effect {
            LateEffect::ResultNextWorkingDay => RESULT_NEXT_DAY,
            LateEffect::ClockStartsNextWorkingDay => CLOCK_NEXT_DAY,
        };
        self.step(self.received_on, 0, Why::LateReceipt { after, effect, next }, Some(source));
        self.days_off_between(self.received_on, next);
    }

    fn late_without_effect(&mut self) {
        if let Some(LateReceipt { after, effect: LateEffect::ResultNextWorkingDay }) = self.late {
            let why = Why::LateReceiptNoEffect { after };
            self.step(self.received_on, 0, why, Some(RESULT_NEXT_DAY));
        }
    }

    fn working_days(&mut self) {
        let zero = self.receipt();
        let mut n = 0;
        for day in days(self.calendar, zero, self.deadline.due_on) {
            if !day.working {
                self.day_off(&day);
                continue;
            }
            n += 1;
            if let Some(name) = day.name.filter(|_| day.kind == Some(DayKind::Makeup)) {
                self.step_of(&day, n, Why::Makeup { name: name.to_owned() }, day.source);
            } else if self.in_full || day.date == self.deadline.due_on {
                self.step(day.date, n, Why::Counted { n }, None);
            }
        }
    }

    fn calendar_days(&mut self, limit: u32) {
        let zero = self.receipt();
        let Some(end) = zero.checked_add_days(Days::new(u64::from(limit))) else { return };
        let mut n = 0;
        for day in days(self.calendar, zero, end) {
            n += 1;
            if self.in_full || day.date == end {
                self.step(day.date, n, Why::CalendarDay { n, day_off: !day.working }, None);
            }
        }
        self.roll(end);
    }

    fn months(&mut self, limit: u32) {
        let zero = self.receipt();
        let Some(end) = months_on(zero, limit) else { return };
        let shortened = end.day() != zero.day();
        self.step(end, limit, Why::MonthsEnd { months: limit, shortened }, Some(MONTHS));
        self.roll(end);
    }

    /// Tells how an end on a day off moves to the due day.
    fn roll(&mut self, end: NaiveDate) {
        if end == self.deadline.due_on {
            return;
        }
        if let Some(day) = self.calendar.day(end) {
            self.tell_day_off(&day);
        }
        self.days_off_between(end, self.deadline.due_on);
        self.step(self.deadline.due_on, 0, Why::RolledToNextWorkingDay, Some(ROLLED));
    }

    fn working_hours(&mut self) {
        let effect = self.effect();
        let begins = hours_begin(self.calendar, self.deadline.effective_receipt, effect)
            .unwrap_or(self.deadline.effective_receipt);
        if effect == Some(LateEffect::ClockStartsNextWorkingDay) {
            self.put_off();
        } else {
            self.late_without_effect();
            self.waiting(begins, Some(FROM_THE_MINUTE));
        }
        let first = local_date(begins);
        let mut before = 0;
        for day in first.pred_opt().into_iter().flat_map(|eve| days(self.calendar, eve, self.deadline.due_on))
        {
            if !day.working {
                self.day_off(&day);
                continue;
            }
            let until = self.deadline.due_at.min(midnight_after(day.date));
            let run = self.calendar.session_minutes_between(begins, until);
            let total = u32::try_from(run).unwrap_or(0);
            let minutes = total.saturating_sub(before);
            before = total;
            self.hours_of(&day, minutes, total);
        }
    }

    fn hours_of(&mut self, day: &Day<'_>, minutes: u32, total: u32) {
        let (first, last) = (minutes == total, day.date == self.deadline.due_on);
        if minutes == 0 && !last {
            self.step(day.date, 0, Why::NoSessionLeft, None);
        } else if self.in_full || first || last || day.kind.is_some() {
            let why = Why::SessionHours { minutes, total };
            self.step_of(day, total.div_ceil(60), why, day.source.or(last.then_some(FROM_THE_MINUTE)));
        }
    }

    /// Tells of a receipt outside every session until the instant it counts from, when that is not at once.
    fn waiting(&mut self, begins: DateTime<Utc>, source: Option<&str>) {
        if begins == self.deadline.received_at {
            return;
        }
        let until = local_date(begins);
        if let Some(day) = self.calendar.day(self.received_on)
            && !day.working
        {
            self.tell_day_off(&day);
        }
        self.step(self.received_on, 0, Why::OutsideSessions { begins }, source);
        self.days_off_between(self.received_on, until);
    }

    fn same_day(&mut self) {
        let due_on = self.deadline.due_on;
        if let Some(effect) = self.effect() {
            self.put_off();
            let (why, source) = match effect {
                LateEffect::ResultNextWorkingDay => (Why::ResultThisDay, RESULT_NEXT_DAY),
                LateEffect::ClockStartsNextWorkingDay => (Why::SameDay, CLOCK_NEXT_DAY),
            };
            self.step(due_on, 1, why, Some(source));
            return;
        }
        self.waiting(self.deadline.effective_receipt, None);
        self.step(due_on, 1, Why::SameDay, None);
    }

    fn provisional(&mut self) {
        let due_on = self.deadline.due_on;
        let years: Vec<i32> = self.calendar.unannounced_years(self.received_on, due_on).collect();
        if !years.is_empty() {
            self.step(due_on, 0, Why::Provisional { years }, Some(HOLIDAYS));
        }
    }

    /// Tells the days off strictly between two days.
    fn days_off_between(&mut self, after: NaiveDate, before: NaiveDate) {
        let Some(last) = before.pred_opt() else { return };
        for day in days(self.calendar, after, last).filter(|day| !day.working) {
            self.day_off(&day);
        }
    }

    /// Tells a day off, in a short telling only the day of receipt and those in the calendar's rows.
    fn day_off(&mut self, day: &Day<'_>) {
        if self.in_full || day.kind.is_some() || day.date == self.received_on {
            self.tell_day_off(day);
        }
    }

    fn tell_day_off(&mut self, day: &Day<'_>) {
        let (why, source) = match (day.kind, day.name) {
            (Some(kind), Some(name)) => (Why::DayOff { kind, name: name.to_owned() }, day.source),
            _ if day.sessions.is_empty() => (Why::Weekend, Some(WEEKLY_REST)),
            _ => (Why::CounterOnly, Some(WEEKLY_REST)),
        };
        self.step_of(day, 0, why, source);
    }
}

/// The days in `(after, through]`.
fn days(calendar: &Calendar, after: NaiveDate, through: NaiveDate) -> impl Iterator<Item = Day<'_>> {
    let dates = after.iter_days().skip(1).take_while(move |date| *date <= through);
    dates.map_while(|date| calendar.day(date))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        calendar::{CalendarSpec, DayRow},
        deadline::deadline,
    };

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn told(received_at: &str, limit: Limit, effect: Option<LateEffect>) -> Vec<(String, u32, Why)> {
        let row = |day: &str, kind, name: &str| DayRow {
            date: date(day),
            kind,
            name: name.into(),
            source: "TB 9441/TB-BNV".into(),
        };
        let rows = vec![
            row("2026-08-22", DayKind::Makeup, "Đi làm bù cho 31/8/2026"),
            row("2026-08-31", DayKind::Swapped, "Nghỉ hoán đổi (làm bù 22/8/2026)"),
            row("2026-09-01", DayKind::Holiday, "Quốc khánh (ngày liền kề trước)"),
            row("2026-09-02", DayKind::Holiday, "Quốc khánh"),
        ];
        let calendar = Calendar::build(&CalendarSpec::national(rows, [2026].into())).unwrap();
        let late =
            effect.map(|effect| LateReceipt { after: NaiveTime::from_hms_opt(15, 0, 0).unwrap(), effect });
        let received_at = format!("{received_at}+07:00").parse().unwrap();
        let due = deadline(&calendar, received_at, limit, late).unwrap();
        let steps = steps(&calendar, &due, limit, late);
        steps.into_iter().map(|step| (step.date.format("%d/%m").to_string(), step.counts, step.why)).collect()
    }

    fn short(steps: &[(String, u32, Why)]) -> Vec<(&str, u32)> {
        steps.iter().map(|(date, counts, _)| (date.as_str(), *counts)).collect()
    }

    #[test]
    fn calendar_days_count_days_off_and_roll_to_a_working_day() {
        let steps = told("2026-08-28T10:00:00", Limit::CalendarDays(3), None);
        let expected = [
            ("28/08", 0),
            ("29/08", 1),
            ("30/08", 2),
            ("31/08", 3),
            ("31/08", 0),
            ("01/09", 0),
            ("02/09", 0),
            ("03/09", 0),
        ];
        assert_eq!(short(&steps), expected);
        assert_eq!(steps[3].2, Why::CalendarDay { n: 3, day_off: true });
        assert!(matches!(&steps[4].2, Why::DayOff { kind: DayKind::Swapped, .. }));
        assert_eq!(steps[7].2, Why::RolledToNextWorkingDay);
    }

    #[test]
    fn months_tell_a_missing_day() {
        let steps = told("2026-03-31T10:00:00", Limit::Months(1), None);
        assert_eq!(short(&steps), [("31/03", 0), ("30/04", 1)]);
        assert_eq!(steps[1].2, Why::MonthsEnd { months: 1, shortened: true });
    }

    #[test]
    fn a_late_receipt_tells_what_it_does_to_this_limit() {
        let friday = "2026-11-20T15:01:00";
        let starts = told(friday, Limit::WorkingDays(1), Some(LateEffect::ClockStartsNextWorkingDay));
        assert_eq!(short(&starts), [("20/11", 0), ("21/11", 0), ("22/11", 0), ("23/11", 0), ("24/11", 1)]);
        assert_eq!(starts[3].2, Why::DayZero);
        let result = told(friday, Limit::SameDay, Some(LateEffect::ResultNextWorkingDay));
        assert_eq!(short(&result), [("20/11", 0), ("21/11", 0), ("22/11", 0), ("23/11", 1)]);
        assert_eq!(result[3].2, Why::ResultThisDay);
        let untouched = told(friday, Limit::WorkingDays(1), Some(LateEffect::ResultNextWorkingDay));
        assert!(matches!(untouched[1].2, Why::LateReceiptNoEffect { .. }));
        let in_time = told("2026-11-20T15:00:00", Limit::SameDay, Some(LateEffect::ResultNextWorkingDay));
        assert_eq!(in_time, [("20/11".to_owned(), 1, Why::SameDay)]);
    }

    #[test]
    fn hours_tell_how_much_ran_each_day() {
        let steps = told("2026-03-06T16:30:00", Limit::WorkingHours(2), None);
        assert_eq!(short(&steps), [("06/03", 1), ("07/03", 0), ("08/03", 0), ("09/03", 2)]);
        assert_eq!(steps[0].2, Why::SessionHours { minutes: 30, total: 30 });
        assert_eq!(steps[3].2, Why::SessionHours { minutes: 90, total: 120 });
        let sunday = told("2026-03-08T16:30:00", Limit::WorkingHours(2), None);
        assert_eq!(short(&sunday), [("08/03", 0), ("08/03", 0), ("09/03", 2)]);
        assert!(matches!(sunday[1].2, Why::OutsideSessions { .. }));
    }

    #[test]
    fn a_long_stretch_is_told_in_short() {
        let steps = told("2026-06-01T10:00:00", Limit::WorkingDays(100), None);
        let expected =
            [("01/06", 0), ("22/08", 60), ("31/08", 0), ("01/09", 0), ("02/09", 0), ("21/10", 100)];
        assert_eq!(short(&steps), expected);
        let hours = told("2026-06-01T07:30:00", Limit::WorkingHours(800), None);
        let expected =
            [("01/06", 8), ("22/08", 488), ("31/08", 0), ("01/09", 0), ("02/09", 0), ("20/10", 800)];
        assert_eq!(short(&hours), expected);
    }

    #[test]
    fn a_provisional_deadline_says_of_which_year() {
        let steps = told("2026-12-31T10:00:00", Limit::WorkingDays(1), None);
        assert_eq!(steps.last().map(|step| &step.2), Some(&Why::Provisional { years: vec![2027] }));
    }
}
