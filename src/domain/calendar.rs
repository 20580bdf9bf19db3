//! The working calendar of one office: which days are worked, when the counter is open, and counting over both.
//!
//! A [`Calendar`] is immutable and answers from an index laid when it is built, so it is shared (`Arc`) and asked as
//! often as one likes. Every counting question takes the same time however long the stretch is. It covers 2000-01-01 to
//! 2060-12-31; outside, days are unknown (`None`) and not worked. It does not know limits or late receipts: those
//! are [`super::deadline`]'s. What it is made from stands in `domain::calendar_spec`.

use super::{
    calendar_build::{Layout, Slot},
    horizon,
    office_time::{instant, local_date, local_time, whole_seconds},
};
pub use super::{
    calendar_spec::{
        CalendarError, CalendarSpec, DayKind, DayRow, Layer, OFFICE_SESSIONS, Session, SessionRule,
    },
    computed_days::computed_days,
    horizon::{FIRST_DAY, LAST_DAY},
    weekdays::Weekdays,
};
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use std::collections::BTreeSet;

/// The calendar of one office; see the module.
#[derive(Debug, Clone)]
pub struct Calendar {
    layout: Layout,
    announced: BTreeSet<i32>,
}

/// What the calendar says of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day<'a> {
    /// The day.
    pub date: NaiveDate,
    /// Whether it counts as a working day.
    pub working: bool,
    /// What makes it other than its weekday, if anything does.
    pub kind: Option<DayKind>,
    /// The name of that ("Quốc khánh").
    pub name: Option<&'a str>,
    /// The decree or statute of that.
    pub source: Option<&'a str>,
    /// The layer that says that, or that holds the sessions of a day that is not worked; the outermost (national) is 0. `None` for an ordinary day.
    pub layer: Option<usize>,
    /// The year's days off have not been announced.
    pub provisional: bool,
    /// When the counter is open, in order of time, counter-only sessions too; empty when it stays closed.
    pub sessions: &'a [Session],
}

impl Calendar {
    /// Lays the layers over each other and builds the index.
    ///
    /// # Errors
    /// When rows repeat a day or lie outside the horizon, sessions overlap or are reversed, or a working day would have
    /// no working session.
    pub fn build(spec: &CalendarSpec) -> Result<Self, CalendarError> {
        Ok(Self { layout: Layout::new(spec)?, announced: spec.announced.clone() })
    }

    fn slot(&self, date: NaiveDate) -> Option<Slot> {
        self.layout.slots.get(horizon::number_of(date)?).copied()
    }

    /// The sessions of a day, of every kind.
    fn sessions(&self, date: NaiveDate) -> &[Session] {
        self.slot(date)
            .and_then(|slot| self.layout.hours.get(usize::from(slot.hours)))
            .map_or(&[], |hours| hours.sessions.as_slice())
    }

    /// What is known of a day; `None` outside the horizon.
    #[must_use]
    pub fn day(&self, date: NaiveDate) -> Option<Day<'_>> {
        let slot = self.slot(date)?;
        let laid = slot.row.and_then(|row| self.layout.rows.get(usize::from(row)));
        let row = laid.map(|laid| &laid.row);
        let hours = self.layout.hours.get(usize::from(slot.hours));
        let reception = hours.filter(|hours| !slot.working && !hours.sessions.is_empty());
        Some(Day {
            date,
            working: slot.working,
            kind: row.map(|row| row.kind),
            name: row.map(|row| row.name.as_str()),
            source: row.map(|row| row.source.as_str()),
            layer: laid.map(|laid| laid.layer).or(reception.map(|hours| hours.layer)),
            provisional: !self.announced.contains(&date.year()),
            sessions: self.sessions(date),
        })
    }

    /// Whether the day counts as a working day.
    #[must_use]
    pub fn is_working(&self, date: NaiveDate) -> bool {
        self.slot(date).is_some_and(|slot| slot.working)
    }

    /// Whether the counter is open at some time of the day, be it for reception only.
    #[must_use]
    pub fn is_open(&self, date: NaiveDate) -> bool {
        !self.sessions(date).is_empty()
    }

    /// When the first session of the day begins, of any kind; `None` when the counter stays closed.
    #[must_use]
    pub fn opens_at(&self, date: NaiveDate) -> Option<DateTime<Utc>> {
        self.sessions(date).first().map(|session| instant(date, session.start))
    }

    /// When the last session of the day ends, of any kind; `None` when the counter stays closed.
    #[must_use]
    pub fn closes_at(&self, date: NaiveDate) -> Option<DateTime<Utc>> {
        self.sessions(date).last().map(|session| instant(date, session.end))
    }

    /// Working days up to a day, itself included; days before the horizon have 0, after it all.
    fn rank_through(&self, date: NaiveDate) -> usize {
        match horizon::number_of(date) {
            Some(number) => self.layout.index.rank(number + 1),
            None if date < FIRST_DAY => 0,
            None => self.layout.index.rank(usize::MAX),
        }
    }

    fn select(&self, rank: usize) -> Option<NaiveDate> {
        horizon::date_of(self.layout.index.select(rank)?)
    }

    /// The first working day strictly after a day.
    #[must_use]
    pub fn next_working_day(&self, date: NaiveDate) -> Option<NaiveDate> {
        self.add_working_days(date, 1)
    }

    /// The day itself when it is worked, else the next working day.
    #[must_use]
    pub fn working_day_on_or_after(&self, date: NaiveDate) -> Option<NaiveDate> {
        if self.is_working(date) { Some(date) } else { self.next_working_day(date) }
    }

    /// The day itself when it is worked, else the last working day before it.
    #[must_use]
    pub fn working_day_on_or_before(&self, date: NaiveDate) -> Option<NaiveDate> {
        horizon::number_of(date)?;
        self.select(self.rank_through(date).checked_sub(1)?)
    }

    /// The n-th working day strictly after a day; the day itself for 0. `None` when either lies outside the horizon.
    #[must_use]
    pub fn add_working_days(&self, date: NaiveDate, n: u32) -> Option<NaiveDate> {
        horizon::number_of(date)?;
        let Some(steps) = n.checked_sub(1) else { return Some(date) };
        self.select(self.rank_through(date).checked_add(usize::try_from(steps).ok()?)?)
    }

    /// The n-th working day strictly before a day; the day itself for 0. `None` when either lies outside the horizon.
    #[must_use]
    pub fn subtract_working_days(&self, date: NaiveDate, n: u32) -> Option<NaiveDate> {
        let number = horizon::number_of(date)?;
        if n == 0 {
            return Some(date);
        }
        self.select(self.layout.index.rank(number).checked_sub(usize::try_from(n).ok()?)?)
    }

    /// How many working days lie in `(after, through]`; 0 when `through` is not later.
    #[must_use]
    pub fn working_days_between(&self, after: NaiveDate, through: NaiveDate) -> u32 {
        let count = self.rank_through(through).saturating_sub(self.rank_through(after));
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// Seconds of working sessions from the calendar's beginning to an instant.
    fn session_seconds_before(&self, at: DateTime<Utc>) -> i64 {
        let date = local_date(at);
        let Some(number) = horizon::number_of(date) else {
            let days = if date < FIRST_DAY { 0 } else { usize::MAX };
            return i64::from(self.layout.index.minutes_before(days)) * 60;
        };
        let before = i64::from(self.layout.index.minutes_before(number)) * 60;
        if !self.is_working(date) {
            return before;
        }
        let time = local_time(whole_seconds(at));
        let elapsed =
            |session: &Session| (time.min(session.end) - session.start).max(TimeDelta::zero()).num_seconds();
        before + self.sessions(date).iter().filter(|s| !s.counter_only).map(elapsed).sum::<i64>()
    }

    /// The instant at which so many minutes of working sessions have run since `from` (counter-only sessions do not
    /// run). The seconds of `from` are kept, fractions of them dropped; a sum that is full when a session ends is full at
    /// that end, not at the next beginning. 0 minutes end at `from`. `None` outside the horizon.
    #[must_use]
    pub fn add_session_minutes(&self, from: DateTime<Utc>, minutes: u32) -> Option<DateTime<Utc>> {
        horizon::number_of(local_date(from))?;
        if minutes == 0 {
            return Some(whole_seconds(from));
        }
        let target = self.session_seconds_before(from) + i64::from(minutes) * 60;
        let (number, mut left) = self.layout.index.day_reaching(target)?;
        let date = horizon::date_of(number)?;
        for session in self.sessions(date).iter().filter(|session| !session.counter_only) {
            let length = i64::from(session.minutes()) * 60;
            if left <= length {
                return Some(instant(date, session.start) + TimeDelta::seconds(left));
            }
            left -= length;
        }
        None
    }

    /// Whole minutes of working sessions from one instant to another, the inverse of
    /// [`Self::add_session_minutes`]; negative when `to` is earlier.
    #[must_use]
    pub fn session_minutes_between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> i64 {
        (self.session_seconds_before(to) - self.session_seconds_before(from)) / 60
    }

    /// When a dossier handed in at an instant counts as received: the instant itself inside a session; before opening
    /// or at lunch the start of the day's next session; from the day's last closing on, or on a day when the counter is
    /// closed, the start of the next working day. Counter-only sessions receive like others, but a dossier handed in
    /// outside every session never waits for one on a day that is not worked. `None` outside the horizon.
    #[must_use]
    pub fn effective_receipt(&self, received_at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let date = local_date(received_at);
        horizon::number_of(date)?;
        let time = local_time(received_at);
        match self.sessions(date).iter().find(|session| time < session.end) {
            Some(session) if session.start <= time => Some(received_at),
            Some(session) => Some(instant(date, session.start)),
            None => self.opens_at(self.next_working_day(date)?),
        }
    }

    /// The session, of any kind, in which the instant lies; its end does not lie in it.
    #[must_use]
    pub fn session_at(&self, at: DateTime<Utc>) -> Option<Session> {
        let time: NaiveTime = local_time(at);
        self.sessions(local_date(at)).iter().find(|session| session.contains(time)).copied()
    }

    /// Whether a day is worked and no later day of its ISO week is.
    #[must_use]
    pub fn is_last_working_day_of_week(&self, date: NaiveDate) -> bool {
        self.last_working_day_of_week(date) == Some(date)
    }

    /// Whether a day is worked and no earlier day of its ISO week is.
    #[must_use]
    pub fn is_first_working_day_of_week(&self, date: NaiveDate) -> bool {
        self.first_working_day_of_week(date) == Some(date)
    }

    /// The first working day of the ISO week (Monday to Sunday) of a day; `None` when none of it is worked.
    #[must_use]
    pub fn first_working_day_of_week(&self, date: NaiveDate) -> Option<NaiveDate> {
        let week = date.week(Weekday::Mon);
        let (monday, sunday) = (week.checked_first_day()?, week.checked_last_day()?);
        self.working_day_on_or_after(monday.max(FIRST_DAY)).filter(|day| *day <= sunday)
    }

    /// The last working day of the ISO week (Monday to Sunday) of a day; `None` when none of it is worked.
    #[must_use]
    pub fn last_working_day_of_week(&self, date: NaiveDate) -> Option<NaiveDate> {
        let week = date.week(Weekday::Mon);
        let (monday, sunday) = (week.checked_first_day()?, week.checked_last_day()?);
        self.working_day_on_or_before(sunday.min(LAST_DAY)).filter(|day| *day >= monday)
    }

    /// When the last session of any kind in the ISO week of a day ends; `None` when the counter is closed all week.
    #[must_use]
    pub fn week_closes_at(&self, date: NaiveDate) -> Option<DateTime<Utc>> {
        let sunday = date.week(Weekday::Mon).checked_last_day()?;
        (0..7).filter_map(|back| sunday.checked_sub_days(Days::new(back))).find_map(|day| self.closes_at(day))
    }

    /// Whether the days off of some year from `from` to `to` have not been announced.
    #[must_use]
    pub fn provisional_between(&self, from: NaiveDate, to: NaiveDate) -> bool {
        self.unannounced_years(from, to).next().is_some()
    }

    /// The years from `from` to `to` whose days off have not been announced.
    pub fn unannounced_years(&self, from: NaiveDate, to: NaiveDate) -> impl Iterator<Item = i32> {
        (from.year()..=to.year()).filter(|year| !self.announced.contains(year))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn at(text: &str) -> DateTime<Utc> {
        format!("{text}+07:00").parse().unwrap()
    }

    /// An office with reception on Saturday mornings and on Wednesday evenings, 2027 not announced.
    fn office() -> Calendar {
        let counter = |start, end| Session {
            start: NaiveTime::from_hms_opt(start, 0, 0).unwrap(),
            end: NaiveTime::from_hms_opt(end, 0, 0).unwrap(),
            counter_only: true,
        };
        let rule = |day, sessions| SessionRule {
            weekdays: Weekdays::only(day),
            valid_from: None,
            valid_to: None,
            sessions,
        };
        let wednesday = OFFICE_SESSIONS.into_iter().chain([counter(18, 20)]).collect();
        let unit = Layer {
            days: Vec::new(),
            sessions: vec![rule(Weekday::Sat, vec![counter(8, 11)]), rule(Weekday::Wed, wednesday)],
        };
        let announced = (2000..=2060).filter(|year| *year != 2027).collect();
        Calendar::build(&CalendarSpec::national(Vec::new(), announced).with_layer(unit)).unwrap()
    }

    #[test]
    fn receipt_counts_from_the_session_or_the_next_one() {
        let office = office();
        let received = |text| office.effective_receipt(at(text)).unwrap();
        // 2026-03-06 is a Friday.
        assert_eq!(received("2026-03-06T07:29:59"), at("2026-03-06T07:30:00"));
        assert_eq!(received("2026-03-06T11:29:59"), at("2026-03-06T11:29:59"));
        assert_eq!(received("2026-03-06T11:30:00"), at("2026-03-06T13:00:00"));
        assert_eq!(received("2026-03-06T16:59:59"), at("2026-03-06T16:59:59"));
        // Closed for the day: the next working day, not Saturday's reception.
        assert_eq!(received("2026-03-06T17:00:00"), at("2026-03-09T07:30:00"));
        assert_eq!(received("2026-03-07T00:00:00"), at("2026-03-07T08:00:00"));
        assert_eq!(received("2026-03-07T09:15:01"), at("2026-03-07T09:15:01"));
        assert_eq!(received("2026-03-07T11:00:00"), at("2026-03-09T07:30:00"));
        assert_eq!(received("2026-03-08T09:00:00"), at("2026-03-09T07:30:00"));
        assert_eq!(received("2026-03-11T17:30:00"), at("2026-03-11T18:00:00"));
    }

    #[test]
    fn hours_do_not_run_in_reception_sessions() {
        let office = office();
        let hour_after = |text| office.add_session_minutes(at(text), 60).unwrap();
        assert_eq!(hour_after("2026-03-07T09:00:00"), at("2026-03-09T08:30:00"));
        assert_eq!(hour_after("2026-03-11T16:30:00"), at("2026-03-12T08:00:00"));
        assert_eq!(office.session_minutes_between(at("2026-03-11T16:00:00"), at("2026-03-11T23:00:00")), 60);
        assert!(office.session_at(at("2026-03-11T19:59:59")).unwrap().counter_only);
        assert_eq!(office.session_at(at("2026-03-11T20:00:00")), None);
    }

    #[test]
    fn session_time_keeps_seconds_and_drops_fractions() {
        let office = office();
        let add = |text, minutes| office.add_session_minutes(at(text), minutes).unwrap();
        assert_eq!(add("2026-03-06T11:29:30.750", 1), at("2026-03-06T13:00:30"));
        assert_eq!(add("2026-03-06T11:29:00", 1), at("2026-03-06T11:30:00"));
        assert_eq!(add("2026-03-06T12:00:00", 0), at("2026-03-06T12:00:00"));
        assert_eq!(add("2026-03-08T00:00:00", 480), at("2026-03-09T17:00:00"));
    }

    #[test]
    fn weeks_close_with_the_last_reception_and_end_with_the_last_working_day() {
        let office = office();
        let friday = date("2026-03-06");
        assert!(office.is_last_working_day_of_week(friday));
        assert_eq!(office.last_working_day_of_week(date("2026-03-08")), Some(friday));
        let monday = date("2026-03-02");
        assert!(office.is_first_working_day_of_week(monday) && !office.is_first_working_day_of_week(friday));
        assert_eq!(office.first_working_day_of_week(date("2026-03-08")), Some(monday));
        assert_eq!(office.week_closes_at(friday), Some(at("2026-03-07T11:00:00")));
    }

    #[test]
    fn days_of_an_unannounced_year_are_provisional() {
        let office = office();
        let tet = office.day(date("2027-02-06")).unwrap();
        assert!(tet.provisional && !tet.working && tet.kind == Some(DayKind::Holiday));
        assert!(!office.day(date("2026-12-31")).unwrap().provisional);
        assert!(office.provisional_between(date("2026-12-31"), date("2027-01-01")));
        assert!(office.provisional_between(date("2026-12-31"), date("2028-01-01")));
        assert!(!office.provisional_between(date("2028-01-01"), date("2028-12-31")));
    }

    #[test]
    fn a_row_goes_before_a_foreseen_day() {
        let rows = vec![DayRow {
            date: date("2027-02-05"),
            kind: DayKind::Makeup,
            name: "Làm việc".into(),
            source: "QĐ".into(),
        }];
        let calendar = Calendar::build(&CalendarSpec::national(rows, BTreeSet::new())).unwrap();
        assert!(calendar.is_working(date("2027-02-05")) && !calendar.is_working(date("2027-02-08")));
    }

    #[test]
    fn outside_the_horizon_nothing_is_known() {
        let office = office();
        let (before, after) = (date("1999-12-31"), date("2061-01-01"));
        for day in [before, after] {
            assert!(office.day(day).is_none() && !office.is_working(day) && !office.is_open(day));
            assert_eq!(office.add_working_days(day, 1), None);
            assert_eq!(office.effective_receipt(instant(day, NaiveTime::MIN)), None);
            assert_eq!(office.add_session_minutes(instant(day, NaiveTime::MIN), 1), None);
        }
        assert_eq!(office.next_working_day(LAST_DAY), None);
        assert_eq!(office.subtract_working_days(date("2000-01-03"), 1), None);
        assert_eq!(office.working_day_on_or_before(FIRST_DAY), None);
        // 2060-12-31 is a Friday, so its week runs out of the horizon.
        assert!(office.is_last_working_day_of_week(LAST_DAY));
        // 2000-01-01 is a Saturday: of its week, the horizon holds no working day.
        assert_eq!(office.first_working_day_of_week(FIRST_DAY), None);
        assert_eq!(office.week_closes_at(LAST_DAY), office.closes_at(LAST_DAY));
        let all = office.working_days_between(before, after);
        assert_eq!(office.add_working_days(FIRST_DAY, all), Some(LAST_DAY));
        let (first, last) = (instant(before, NaiveTime::MIN), instant(after, NaiveTime::MIN));
        assert_eq!(office.session_minutes_between(first, last), i64::from(all) * 480);
    }
}
