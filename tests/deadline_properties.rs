//! The deadline engine against a slow and obvious one, over random calendars: the country's, overlaid by a province's, a commune's and a village's.
//!
//! [`Slow`] knows nothing of indices: it looks each day up in the layers, walks day by day and session by session. What
//! the two disagree on is wrong in one of them. `republishing` holds what is published through the app against it, too.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use hentra::domain::{
    calendar::{
        Calendar, CalendarSpec, DayKind, DayRow, Layer, Session, SessionRule, Weekdays, computed_days,
    },
    deadline::{Deadline, LateEffect, LateReceipt, Limit, deadline},
    deadline_steps::{Why, steps},
    office_time::{instant, local_date, local_time},
};
use proptest::{collection::vec, option, prelude::*, sample::select};
use std::collections::{BTreeMap, BTreeSet};

/// The slow engine.
pub(crate) struct Slow<'a> {
    spec: &'a CalendarSpec,
    foreseen: BTreeMap<NaiveDate, DayKind>,
}

impl<'a> Slow<'a> {
    pub(crate) fn new(spec: &'a CalendarSpec) -> Self {
        let years = (2018..=2038).filter(|year| !spec.announced.contains(year));
        let foreseen = years.flat_map(computed_days).map(|row| (row.date, row.kind)).collect();
        Self { spec, foreseen }
    }

    fn kind(&self, date: NaiveDate) -> Option<DayKind> {
        for layer in self.spec.layers.iter().rev() {
            for row in &layer.days {
                if row.date == date {
                    return Some(row.kind);
                }
            }
        }
        self.foreseen.get(&date).copied()
    }

    fn works(&self, date: NaiveDate) -> bool {
        match self.kind(date) {
            Some(DayKind::Makeup) => true,
            Some(_) => false,
            None => date.weekday().number_from_monday() <= 5,
        }
    }

    fn sessions(&self, date: NaiveDate) -> Vec<Session> {
        let works = self.works(date);
        if !works && self.kind(date).is_some() {
            return Vec::new();
        }
        let weekend = date.weekday().number_from_monday() > 5;
        let weekday = if works && weekend { Weekday::Fri } else { date.weekday() };
        let mut sessions = self.ruled(date, weekday);
        sessions.retain(|session| works || session.counter_only);
        sessions.sort_by_key(|session| session.start);
        sessions
    }

    fn ruled(&self, date: NaiveDate, weekday: Weekday) -> Vec<Session> {
        for layer in self.spec.layers.iter().rev() {
            let mut best: Option<&SessionRule> = None;
            for rule in &layer.sessions {
                let begun = rule.valid_from.is_none_or(|from| from <= date);
                let over = rule.valid_to.is_some_and(|to| to < date);
                if !rule.weekdays.contains(weekday) || !begun || over {
                    continue;
                }
                best = Some(match best {
                    Some(best) if best.valid_to.is_some() && rule.valid_to.is_none() => best,
                    Some(best) if best.valid_to.is_some() == rule.valid_to.is_some() => {
                        if best.valid_from > rule.valid_from { best } else { rule }
                    }
                    _ => rule,
                });
            }
            if let Some(rule) = best {
                return rule.sessions.clone();
            }
        }
        if weekday.number_from_monday() > 5 {
            return Vec::new();
        }
        let office = |from: (u32, u32), to: (u32, u32)| Session {
            start: NaiveTime::from_hms_opt(from.0, from.1, 0).unwrap(),
            end: NaiveTime::from_hms_opt(to.0, to.1, 0).unwrap(),
            counter_only: false,
        };
        vec![office((7, 30), (11, 30)), office((13, 0), (17, 0))]
    }

    fn next(&self, date: NaiveDate) -> NaiveDate {
        let mut day = date.succ_opt().unwrap();
        while !self.works(day) {
            day = day.succ_opt().unwrap();
        }
        day
    }

    fn nth(&self, date: NaiveDate, n: u32) -> NaiveDate {
        (0..n).fold(date, |day, _| self.next(day))
    }

    fn on_or_after(&self, date: NaiveDate) -> NaiveDate {
        if self.works(date) { date } else { self.next(date) }
    }

    fn closes(&self, date: NaiveDate) -> Option<DateTime<Utc>> {
        self.sessions(date).last().map(|session| instant(date, session.end))
    }

    fn effective(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        let (date, time) = (local_date(at), local_time(at));
        for session in self.sessions(date) {
            if time < session.start {
                return instant(date, session.start);
            }
            if time < session.end {
                return at;
            }
        }
        let next = self.next(date);
        instant(next, self.sessions(next)[0].start)
    }

    fn working_sessions(&self, date: NaiveDate) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
        let sessions = if self.works(date) { self.sessions(date) } else { Vec::new() };
        let running = sessions.into_iter().filter(|session| !session.counter_only);
        running.map(|session| (instant(date, session.start), instant(date, session.end))).collect()
    }

    fn add_minutes(&self, from: DateTime<Utc>, minutes: u32) -> DateTime<Utc> {
        let mut left = TimeDelta::minutes(minutes.into());
        let mut date = local_date(from);
        loop {
            for (start, end) in self.working_sessions(date) {
                let start = start.max(from);
                if start < end && left <= end - start {
                    return start + left;
                }
                left -= (end - start).max(TimeDelta::zero());
            }
            date = date.succ_opt().unwrap();
        }
    }

    fn seconds_between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> i64 {
        let mut seconds = 0;
        let mut date = local_date(from);
        while date <= local_date(to) {
            for (start, end) in self.working_sessions(date) {
                seconds += (end.min(to) - start.max(from)).num_seconds().max(0);
            }
            date = date.succ_opt().unwrap();
        }
        seconds
    }

    fn is_late(&self, at: DateTime<Utc>, late: Option<LateReceipt>) -> Option<LateEffect> {
        let late = late?;
        let date = local_date(at);
        let applies = self.works(date) && at > instant(date, late.after) && at < self.closes(date).unwrap();
        applies.then_some(late.effect)
    }

    pub(crate) fn deadline(&self, at: DateTime<Utc>, limit: Limit, late: Option<LateReceipt>) -> Deadline {
        let received_on = local_date(at);
        let late = self.is_late(at, late);
        let starts_next = late == Some(LateEffect::ClockStartsNextWorkingDay);
        let zero = if starts_next { self.next(received_on) } else { received_on };
        let effective_receipt = self.effective(at);
        let due_on = match limit {
            Limit::WorkingDays(n) => self.nth(zero, n),
            Limit::CalendarDays(n) => self.on_or_after((0..n).fold(zero, |day, _| day.succ_opt().unwrap())),
            Limit::Months(n) => self.on_or_after(months_on(zero, n)),
            Limit::WorkingHours(n) => {
                let begins =
                    if starts_next { instant(zero, self.sessions(zero)[0].start) } else { effective_receipt };
                let due_at = self.add_minutes(begins, n * 60);
                return self.answer(at, (effective_receipt, due_at, due_at));
            }
            Limit::SameDay if late.is_some() => self.next(received_on),
            Limit::SameDay => local_date(effective_receipt),
        };
        let midnight = instant(due_on.succ_opt().unwrap(), NaiveTime::MIN);
        self.answer(at, (effective_receipt, self.closes(due_on).unwrap(), midnight))
    }

    fn answer(
        &self,
        received_at: DateTime<Utc>,
        times: (DateTime<Utc>, DateTime<Utc>, DateTime<Utc>),
    ) -> Deadline {
        let (effective_receipt, due_at, lapses_at) = times;
        let due_on = local_date(due_at);
        let mut provisional = false;
        for year in local_date(received_at).year()..=due_on.year() {
            provisional |= !self.spec.announced.contains(&year);
        }
        Deadline { received_at, effective_receipt, due_at, due_on, lapses_at, provisional }
    }
}

fn months_on(date: NaiveDate, months: u32) -> NaiveDate {
    let (mut year, mut month) = (date.year(), date.month());
    for _ in 0..months {
        (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    }
    (1..=date.day()).rev().find_map(|day| NaiveDate::from_ymd_opt(year, month, day)).unwrap()
}

// --- random calendars ---------------------------------------------------------------------------------------------

fn pivot() -> impl Strategy<Value = NaiveDate> {
    let first = NaiveDate::from_ymd_opt(2019, 1, 25).unwrap();
    // To the end of 2034, so that most limits end in 2035.
    (0_u64..16 * 365 - 30).prop_map(move |days| first + Days::new(days))
}

fn near(pivot: NaiveDate, days: std::ops::Range<i64>) -> impl Strategy<Value = NaiveDate> {
    days.prop_map(move |offset| pivot + TimeDelta::days(offset))
}

fn kind() -> impl Strategy<Value = DayKind> {
    use DayKind::{Closure, Compensatory, Holiday, Makeup, Swapped};
    select(vec![Holiday, Holiday, Compensatory, Swapped, Closure, Makeup, Makeup, Makeup])
}

fn rows(pivot: NaiveDate, most: usize) -> impl Strategy<Value = Vec<DayRow>> {
    let single = (near(pivot, -30..200), kind());
    // A long closure or Tết: several days in a row, so that whole weeks are off.
    let run = (near(pivot, -10..60), 0_u64..16);
    (vec(single, 0..most), option::weighted(0.3, run)).prop_map(|(single, run)| {
        let mut days: BTreeMap<NaiveDate, DayKind> = single.into_iter().collect();
        if let Some((first, length)) = run {
            days.extend((0..length).map(|day| (first + Days::new(day), DayKind::Closure)));
        }
        let row =
            |(date, kind)| DayRow { date, kind, name: format!("{kind:?} {date}"), source: "QĐ".into() };
        days.into_iter().map(row).collect()
    })
}

fn minute(minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(minute / 60, minute % 60, 0).unwrap()
}

/// Up to five sessions anywhere in the day, some touching each other, in any order of the list. When `worked` the
/// earliest is a working one of half an hour or more: with less a day the longest limit in hours would end after 2060.
fn sessions(worked: bool) -> impl Strategy<Value = Vec<Session>> {
    let later = vec((prop_oneof![Just(0_u32), 1_u32..300], 1_u32..240, any::<bool>()), 0..5);
    let first = (0_u32..900, 30_u32..240).prop_map(|(start, length)| (start, length, false));
    (option::of(first.clone()), first, later, any::<bool>()).prop_map(
        move |(sometimes, first, later, turned)| {
            let first = if worked { Some(first) } else { sometimes };
            let mut sessions = Vec::new();
            let mut now = 0;
            for (gap, length, counter_only) in first.into_iter().chain(later) {
                let (start, end) = (now + gap, now + gap + length);
                if end >= 1440 {
                    break;
                }
                sessions.push(Session { start: minute(start), end: minute(end), counter_only });
                now = end;
            }
            if turned {
                sessions.reverse();
            }
            sessions
        },
    )
}

fn season(pivot: NaiveDate) -> impl Strategy<Value = (Option<NaiveDate>, Option<NaiveDate>)> {
    (option::of(near(pivot, -40..40)), option::of(0_u64..120)).prop_map(move |(from, length)| {
        let to = length.map(|days| from.unwrap_or(pivot - Days::new(40)) + Days::new(days));
        (from, to)
    })
}

fn rule(pivot: NaiveDate) -> impl Strategy<Value = SessionRule> {
    let sets = vec![
        Weekdays::MON_TO_FRI,
        Weekdays::ALL,
        Weekdays::only(Weekday::Fri),
        Weekdays::only(Weekday::Wed),
        Weekdays::only(Weekday::Sat),
        [Weekday::Sat, Weekday::Sun].into_iter().collect(),
    ];
    (select(sets), season(pivot)).prop_flat_map(|(weekdays, (valid_from, valid_to))| {
        let worked = weekdays.iter().any(|day| day.number_from_monday() <= 5);
        sessions(worked).prop_map(move |sessions| SessionRule { weekdays, valid_from, valid_to, sessions })
    })
}

fn saturday_reception() -> SessionRule {
    let morning = Session { start: minute(450), end: minute(690), counter_only: true };
    SessionRule {
        weekdays: Weekdays::only(Weekday::Sat),
        valid_from: None,
        valid_to: None,
        sessions: vec![morning],
    }
}

pub(crate) fn layer(pivot: NaiveDate, most: usize) -> impl Strategy<Value = Layer> {
    let reception = proptest::bool::weighted(0.3);
    (rows(pivot, most), vec(rule(pivot), 0..4), reception).prop_map(|(days, mut sessions, reception)| {
        if reception {
            sessions.push(saturday_reception());
        }
        Layer { days, sessions }
    })
}

fn calendar() -> impl Strategy<Value = (NaiveDate, CalendarSpec)> {
    pivot().prop_flat_map(|pivot| {
        let national = (rows(pivot, 60), any::<bool>()).prop_map(|(days, hours)| Layer {
            days,
            sessions: if hours { vec![SessionRule::office_hours()] } else { Vec::new() },
        });
        let inner = vec(layer(pivot, 12), 0..4);
        let announced = option::of(2019_i32..2036);
        (Just(pivot), national, inner, announced).prop_map(|(pivot, national, inner, last)| {
            let announced = (2000..=last.unwrap_or(2060)).collect::<BTreeSet<i32>>();
            let layers = std::iter::once(national).chain(inner).collect();
            (pivot, CalendarSpec { layers, announced })
        })
    })
}

/// An instant: so many seconds from the pivot, or a second before, at or after an edge of one of that day's sessions.
#[derive(Debug, Clone)]
struct Moment {
    seconds: i64,
    edge: Option<(usize, i64)>,
}

fn moment() -> impl Strategy<Value = Moment> {
    let edge = option::of((0_usize..12, -1_i64..=1));
    (-20 * 86_400_i64..20 * 86_400, edge).prop_map(|(seconds, edge)| Moment { seconds, edge })
}

impl Moment {
    fn at(&self, pivot: NaiveDate, slow: &Slow<'_>) -> DateTime<Utc> {
        let plain = instant(pivot, NaiveTime::MIN) + TimeDelta::seconds(self.seconds);
        let date = local_date(plain);
        let edges: Vec<NaiveTime> = slow.sessions(date).iter().flat_map(|s| [s.start, s.end]).collect();
        match self.edge {
            Some((place, second)) if !edges.is_empty() => {
                instant(date, edges[place % edges.len()]) + TimeDelta::seconds(second)
            }
            // Midnight, where the date turns, when there is no session to be at the edge of.
            Some((_, second)) => instant(date, NaiveTime::MIN) + TimeDelta::seconds(second),
            None => plain,
        }
    }
}

pub(crate) fn limit() -> impl Strategy<Value = Limit> {
    prop_oneof![
        4 => (1_u32..=40).prop_map(Limit::WorkingDays),
        1 => (41_u32..=150).prop_map(Limit::WorkingDays),
        3 => (1_u32..=150).prop_map(Limit::CalendarDays),
        3 => (1_u32..=14).prop_map(Limit::Months),
        4 => (1_u32..=200).prop_map(Limit::WorkingHours),
        4 => Just(Limit::SameDay),
    ]
}

pub(crate) fn late() -> impl Strategy<Value = Option<LateReceipt>> {
    let after = prop_oneof![Just(900_u32), Just(690), 0_u32..1440].prop_map(minute);
    let effect = select(vec![LateEffect::ResultNextWorkingDay, LateEffect::ClockStartsNextWorkingDay]);
    option::weighted(0.7, (after, effect).prop_map(|(after, effect)| LateReceipt { after, effect }))
}

fn config() -> ProptestConfig {
    ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() }
}

// --- the properties -----------------------------------------------------------------------------------------------

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_engine_gives_the_slow_engines_deadlines(
        (pivot, spec) in calendar(),
        dossiers in vec((moment(), limit(), late()), 12),
    ) {
        let calendar = Calendar::build(&spec).unwrap();
        let slow = Slow::new(&spec);
        for (moment, limit, late) in dossiers {
            let at = moment.at(pivot, &slow);
            let quick = deadline(&calendar, at, limit, late);
            prop_assert_eq!(quick, Ok(slow.deadline(at, limit, late)), "{} {:?} {:?}", at, limit, late);
        }
    }

    #[test]
    fn days_and_weeks_are_what_the_layers_say(
        (pivot, spec) in calendar(),
        spans in vec((-30_i64..200, 0_i64..120), 12),
    ) {
        let calendar = Calendar::build(&spec).unwrap();
        let slow = Slow::new(&spec);
        for (start, length) in spans {
            let date = pivot + TimeDelta::days(start);
            let day = calendar.day(date).unwrap();
            prop_assert_eq!((day.working, day.kind), (slow.works(date), slow.kind(date)), "{}", date);
            prop_assert_eq!(day.sessions.to_vec(), slow.sessions(date), "{}", date);
            prop_assert_eq!(day.provisional, !spec.announced.contains(&date.year()));
            prop_assert_eq!(calendar.closes_at(date), slow.closes(date));
            prop_assert_eq!(calendar.next_working_day(date), Some(slow.next(date)));
            prop_assert_eq!(calendar.working_day_on_or_after(date), Some(slow.on_or_after(date)));

            let through = date + TimeDelta::days(length);
            let between = date.iter_days().skip(1).take_while(|day| *day <= through);
            let worked: Vec<NaiveDate> = between.filter(|day| slow.works(*day)).collect();
            let count = u32::try_from(worked.len()).unwrap();
            prop_assert_eq!(calendar.working_days_between(date, through), count);
            prop_assert_eq!(calendar.working_days_between(through, date), 0);
            if let Some(last) = worked.last() {
                prop_assert_eq!(calendar.add_working_days(date, count), Some(*last));
                prop_assert_eq!(calendar.working_day_on_or_before(through), Some(*last));
                prop_assert_eq!(calendar.subtract_working_days(*last, count - 1), worked.first().copied());
            }

            let monday = date - Days::new(date.weekday().num_days_from_monday().into());
            let week: Vec<NaiveDate> = monday.iter_days().take(7).collect();
            let last = week.iter().rev().copied().find(|day| slow.works(*day));
            prop_assert_eq!(calendar.last_working_day_of_week(date), last);
            prop_assert_eq!(calendar.is_last_working_day_of_week(date), last == Some(date));
            prop_assert_eq!(calendar.week_closes_at(date), week.iter().filter_map(|day| slow.closes(*day)).max());
        }
    }

    #[test]
    fn session_time_runs_as_the_slow_engine_lets_it(
        (pivot, spec) in calendar(),
        stretches in vec((moment(), moment(), 1_u32..6000), 12),
    ) {
        let calendar = Calendar::build(&spec).unwrap();
        let slow = Slow::new(&spec);
        for (one, other, minutes) in stretches {
            let (one, other) = (one.at(pivot, &slow), other.at(pivot, &slow));
            let (from, to) = (one.min(other), one.max(other));
            prop_assert_eq!(calendar.session_minutes_between(from, to), slow.seconds_between(from, to) / 60);
            prop_assert_eq!(calendar.session_minutes_between(to, from), -slow.seconds_between(from, to) / 60);
            let later = calendar.add_session_minutes(from, minutes).unwrap();
            prop_assert_eq!(later, slow.add_minutes(from, minutes), "{} + {} min", from, minutes);
            prop_assert_eq!(calendar.session_minutes_between(from, later), i64::from(minutes));
            prop_assert_eq!(calendar.effective_receipt(from), Some(slow.effective(from)));
            let time = local_time(from);
            let session = slow.sessions(local_date(from)).into_iter().find(|s| s.start <= time && time < s.end);
            prop_assert_eq!(calendar.session_at(from), session);
        }
    }

    /// The telling and the reckoning are two pieces of code; they must count the same.
    #[test]
    fn the_steps_count_to_the_limit_and_end_on_the_due_day(
        (pivot, spec) in calendar(),
        dossiers in vec((moment(), limit(), late()), 6),
    ) {
        let calendar = Calendar::build(&spec).unwrap();
        let slow = Slow::new(&spec);
        for (moment, limit, late) in dossiers {
            let at = moment.at(pivot, &slow);
            let due = deadline(&calendar, at, limit, late).unwrap();
            let told = steps(&calendar, &due, limit, late);
            let counts: Vec<u32> = told.iter().map(|step| step.counts).collect();
            prop_assert_eq!(counts.iter().max().copied(), limit.value().or(Some(1)), "{:#?}", told);
            prop_assert_eq!(told.first().map(|step| step.date), Some(local_date(at)), "{:#?}", told);
            prop_assert_eq!(told.last().map(|step| step.date), Some(due.due_on), "{:#?}", told);
            prop_assert!(told.is_sorted_by_key(|step| step.date), "{:#?}", told);
            let provisional = told.iter().any(|step| matches!(step.why, Why::Provisional { .. }));
            prop_assert_eq!(provisional, due.provisional);
            if matches!(limit, Limit::WorkingDays(_) | Limit::WorkingHours(_)) {
                prop_assert!(told.iter().all(|step| step.counts == 0 || slow.works(step.date)), "{:#?}", told);
            }
        }
    }

    /// Of two receipts under one limit the later is never due earlier, except where [`Exception`] says so, and there it is.
    #[test]
    fn a_later_receipt_is_never_due_earlier_but_where_it_is_said(
        (pivot, spec) in calendar(),
        pairs in vec((moment(), -4 * 86_400_i64..=4 * 86_400, option::of((0_usize..12, -1_i64..=1)), limit(), late()), 12),
    ) {
        let calendar = Calendar::build(&spec).unwrap();
        let slow = Slow::new(&spec);
        for (moment, seconds, edge, limit, late) in pairs {
            let other = Moment { seconds: moment.seconds + seconds, edge };
            let (one, other) = (moment.at(pivot, &slow), other.at(pivot, &slow));
            let (earlier, later) = (one.min(other), one.max(other));
            let first = deadline(&calendar, earlier, limit, late).unwrap();
            let second = deadline(&calendar, later, limit, late).unwrap();
            let about = format!("{earlier} {later} {limit:?} {late:?}\n{first:?}\n{second:?}");
            match exception(&slow, (earlier, later), limit, late) {
                None => {
                    prop_assert!(first.due_at <= second.due_at && first.lapses_at <= second.lapses_at, "{}", about);
                }
                Some(Exception::ClockStartsNextWorkingDay) => {
                    prop_assert!(second.due_on <= first.due_on, "{}", about);
                    if matches!(limit, Limit::WorkingDays(_)) {
                        prop_assert_eq!(slow.next(second.due_on), first.due_on, "{}", about);
                    }
                }
                Some(Exception::CounterOnly) => {
                    prop_assert_eq!(second.due_on, local_date(later), "{}", about);
                    prop_assert_eq!(first.due_on, slow.next(local_date(earlier)), "{}", about);
                    prop_assert!(second.due_on < first.due_on, "{}", about);
                }
            }
        }
    }
}

/// Where, of two receipts under the same limit, the later may be due earlier. There are no others: the office's clock has no summer time, and
/// hours run only in working sessions, of which there are none between the two.
#[derive(Debug, PartialEq)]
enum Exception {
    /// A limit in days or months whose clock starts on the next working day for a receipt late in the day: the earlier receipt is late, and the
    /// later one, from that day's last closing on and before the next working day, is not. A limit in working days then ends one working day
    /// earlier, others earlier or on the same day.
    ClockStartsNextWorkingDay,
    /// A same-day limit: the earlier receipt was late, or handed in outside every session, and so is due on the next working day; the later one is
    /// taken in before that, on a day that is not worked, in time for its counter-only sessions, and is due that very day.
    CounterOnly,
}

fn exception(
    slow: &Slow<'_>,
    (earlier, later): (DateTime<Utc>, DateTime<Utc>),
    limit: Limit,
    late: Option<LateReceipt>,
) -> Option<Exception> {
    let (on, later_on) = (local_date(earlier), local_date(later));
    if later_on >= slow.next(on) {
        return None;
    }
    let is_late = slow.is_late(earlier, late);
    match limit {
        Limit::WorkingDays(_) | Limit::CalendarDays(_) | Limit::Months(_) => {
            let starts_next = is_late == Some(LateEffect::ClockStartsNextWorkingDay);
            let closed = slow.closes(on).is_some_and(|closes| later >= closes);
            (starts_next && closed).then_some(Exception::ClockStartsNextWorkingDay)
        }
        Limit::WorkingHours(_) => None,
        Limit::SameDay => {
            let goes_on = is_late.is_some() || slow.closes(on).is_none_or(|closes| earlier >= closes);
            let taken_in = slow.closes(later_on).is_some_and(|closes| later < closes);
            (goes_on && later_on > on && taken_in).then_some(Exception::CounterOnly)
        }
    }
}

/// Both exceptions, at a counter that takes dossiers in on Saturday mornings; 2026-03-06 is a Friday.
#[test]
fn where_a_later_receipt_is_due_earlier() {
    let spec = CalendarSpec::national(Vec::new(), (2000..=2060).collect())
        .with_layer(Layer { days: Vec::new(), sessions: vec![saturday_reception()] });
    let calendar = Calendar::build(&spec).unwrap();
    let at = |text: &str| -> DateTime<Utc> { format!("2026-03-{text}:00+07:00").parse().unwrap() };
    let clock = LateReceipt { after: minute(900), effect: LateEffect::ClockStartsNextWorkingDay };
    let result = LateReceipt { effect: LateEffect::ResultNextWorkingDay, ..clock };
    for (earlier, later, limit, late, due) in [
        ("06T16:00", "06T17:00", Limit::WorkingDays(2), Some(clock), ["11", "10"]),
        ("06T16:00", "08T23:59", Limit::WorkingDays(2), Some(clock), ["11", "10"]),
        ("06T16:00", "07T08:00", Limit::CalendarDays(3), Some(clock), ["12", "10"]),
        ("06T16:00", "07T08:00", Limit::WorkingDays(2), Some(result), ["10", "10"]),
        ("06T16:00", "09T07:30", Limit::WorkingDays(2), Some(clock), ["11", "11"]),
        ("06T17:00", "07T08:00", Limit::SameDay, None, ["09", "07"]),
        ("06T16:00", "07T07:00", Limit::SameDay, Some(result), ["09", "07"]),
        ("07T11:30", "07T11:31", Limit::SameDay, None, ["09", "09"]),
        ("06T17:00", "07T08:00", Limit::WorkingHours(4), None, ["09", "09"]),
    ] {
        let due_on = |received_at| deadline(&calendar, at(received_at), limit, late).unwrap().due_on;
        let days = [earlier, later].map(|received_at| due_on(received_at).format("%d").to_string());
        assert_eq!(days, due, "{earlier} {later} {limit:?} {late:?}");
        let expected = days[1] < days[0];
        let said = exception(&Slow::new(&spec), (at(earlier), at(later)), limit, late).is_some();
        assert_eq!(said, expected, "{earlier} {later} {limit:?} {late:?}");
    }
}
