//! Days and hours that are to be published, and every flaw that keeps them from it, each with the row it is in.
//!
//! What a scope says of a year is replaced as a whole, so a draft speaks for whole years. Flaws of the finished calendar, which several layers may
//! have a part in, are found by building it ([`super::calendar`]); [`of_build`] says in which row of the draft such a one shows. Days off on a day
//! that is not worked anyway are no flaw: holidays fall on weekends, and a flood that closes a commune from Friday to Monday closes its Saturday
//! reception too.

use super::calendar::{Calendar, CalendarError, DayKind, DayRow, Session, SessionRule};
use super::letters::on_a_line;
use chrono::{Datelike, NaiveDate};
use std::collections::BTreeSet;

/// The longest name or source of a day, in characters.
const LONGEST: usize = 1_000;
/// Rules of hours in one calendar: more would be no timetable that anybody could tell.
const MOST_RULES: usize = 200;
/// Sessions of one day.
const MOST_SESSIONS: usize = 20;

/// What a scope is to say from now on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Draft {
    /// A year it speaks for though no day of it may be named; when given, no day is of another year.
    pub year: Option<i32>,
    /// Whether the government has announced the draft's years; as it stands when nothing is said. Only the country's calendar says so.
    pub announced: Option<bool>,
    /// The days off and made up of the draft's years, all of them.
    pub days: Vec<DayRow>,
    /// All hours of the scope; as they stand when nothing is said, and those of the layers outside when none are left.
    pub sessions: Option<Vec<SessionRule>>,
}

/// Where a flaw is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A field of a day, counted from 0.
    Day(usize, &'static str),
    /// A field of a rule of hours, counted from 0.
    Rule(usize, &'static str),
    /// A session of a rule, both counted from 0.
    Session(usize, usize),
    /// The days together.
    Days,
    /// The hours together.
    Hours,
}

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// A text is empty.
    Empty,
    /// A text is too long.
    TooLong,
    /// A text holds characters that cannot be kept on a line.
    BadCharacters,
    /// The day stands twice.
    Duplicate,
    /// The day is outside the years a calendar covers (2000 to 2060).
    OutsideHorizon,
    /// The day is of another year than the draft's.
    OtherYear,
    /// A make-up day that would be worked without being made up.
    AlreadyWorking,
    /// It ends before or when it begins.
    Reversed,
    /// It does not begin and end on a whole minute.
    NotInMinutes,
    /// It overlaps another session of the day.
    Overlapping,
    /// There are too many of them.
    TooMany,
    /// This working day has no session to work in.
    NoSession(NaiveDate),
    /// This year has no working day.
    NoWorkingDay(i32),
}

/// A flaw, and where it is.
pub type Flawed = (Place, Flaw);

impl Draft {
    /// The years it speaks for: what stood of them is replaced.
    #[must_use]
    pub fn years(&self) -> BTreeSet<i32> {
        self.days.iter().map(|row| row.date.year()).chain(self.year).collect()
    }
}

/// The flaws of the rows by themselves, and of make-up days on what holds without them: `around` is the calendar of the layers outside.
#[must_use]
pub fn flaws(draft: &Draft, around: &Calendar) -> Vec<Flawed> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for (at, row) in draft.days.iter().enumerate() {
        found.extend(of_day(draft, row, around).map(|flaw| (Place::Day(at, "date"), flaw)));
        if !seen.insert(row.date) {
            found.push((Place::Day(at, "date"), Flaw::Duplicate));
        }
        found.extend(of_text(&row.name).map(|flaw| (Place::Day(at, "name"), flaw)));
        found.extend(of_text(&row.source).map(|flaw| (Place::Day(at, "source"), flaw)));
    }
    let rules = draft.sessions.as_deref().unwrap_or_default();
    if rules.len() > MOST_RULES {
        found.push((Place::Hours, Flaw::TooMany));
        return found;
    }
    for (at, rule) in rules.iter().enumerate() {
        found.extend(of_rule(at, rule));
    }
    found
}

fn of_day(draft: &Draft, row: &DayRow, around: &Calendar) -> Option<Flaw> {
    if draft.year.is_some_and(|year| year != row.date.year()) {
        Some(Flaw::OtherYear)
    } else if around.day(row.date).is_none() {
        Some(Flaw::OutsideHorizon)
    } else if row.kind == DayKind::Makeup && around.is_working(row.date) {
        Some(Flaw::AlreadyWorking)
    } else {
        None
    }
}

/// The flaw of a text that must be given and fit on a line.
#[must_use]
pub fn of_text(text: &str) -> Option<Flaw> {
    if text.trim().is_empty() {
        Some(Flaw::Empty)
    } else if text.chars().count() > LONGEST {
        Some(Flaw::TooLong)
    } else if !text.chars().all(on_a_line) {
        Some(Flaw::BadCharacters)
    } else {
        None
    }
}

fn of_rule(at: usize, rule: &SessionRule) -> Vec<Flawed> {
    let mut found = Vec::new();
    if rule.valid_from.zip(rule.valid_to).is_some_and(|(from, to)| to < from) {
        found.push((Place::Rule(at, "valid_to"), Flaw::Reversed));
    }
    if rule.sessions.len() > MOST_SESSIONS {
        found.push((Place::Rule(at, "sessions"), Flaw::TooMany));
        return found;
    }
    let mut in_order: Vec<(usize, &Session)> = rule.sessions.iter().enumerate().collect();
    in_order.sort_by_key(|(_, session)| **session);
    let mut before: Option<&Session> = None;
    for (place, session) in in_order {
        let overlaps = before.is_some_and(|before| session.start < before.end);
        let flaw = match session {
            of if of.end <= of.start => Some(Flaw::Reversed),
            of if !of.is_in_minutes() => Some(Flaw::NotInMinutes),
            _ if overlaps => Some(Flaw::Overlapping),
            _ => None,
        };
        found.extend(flaw.map(|flaw| (Place::Session(at, place), flaw)));
        before = Some(session);
    }
    found
}

/// The years of the draft that the finished calendar leaves without a working day.
#[must_use]
pub fn of_years(draft: &Draft, finished: &Calendar) -> Vec<Flawed> {
    let idle = |year: &i32| {
        let (first, last) = (NaiveDate::from_ymd_opt(*year, 1, 1), NaiveDate::from_ymd_opt(*year, 12, 31));
        let known = first.zip(last).filter(|(first, _)| finished.day(*first).is_some());
        known.is_some_and(|(first, last)| {
            !finished.is_working(first) && finished.working_days_between(first, last) == 0
        })
    };
    draft
        .years()
        .iter()
        .filter(|year| idle(year))
        .map(|year| (Place::Days, Flaw::NoWorkingDay(*year)))
        .collect()
}

/// Why no calendar can be built with the draft, and in which of its rows that shows.
#[must_use]
pub fn of_build(draft: &Draft, error: &CalendarError) -> Flawed {
    let row = |date: &NaiveDate| draft.days.iter().position(|row| row.date == *date);
    let at_day = |date: &NaiveDate, elsewhere| row(date).map_or(elsewhere, |at| Place::Day(at, "date"));
    match error {
        CalendarError::DuplicateDay(date) => (at_day(date, Place::Days), Flaw::Duplicate),
        CalendarError::DayOutsideHorizon(date) => (at_day(date, Place::Days), Flaw::OutsideHorizon),
        CalendarError::WorkingDayWithoutSession(date) => (at_day(date, Place::Hours), Flaw::NoSession(*date)),
        CalendarError::SessionReversed { .. } | CalendarError::SeasonReversed { .. } => {
            (Place::Hours, Flaw::Reversed)
        }
        CalendarError::SessionNotInMinutes(_) => (Place::Hours, Flaw::NotInMinutes),
        CalendarError::SessionsOverlap(_) => (Place::Hours, Flaw::Overlapping),
        CalendarError::TooManySessionRules => (Place::Hours, Flaw::TooMany),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::{CalendarSpec, Layer, OFFICE_SESSIONS, Weekdays};
    use chrono::NaiveTime;

    fn row(date: &str, kind: DayKind) -> DayRow {
        DayRow { date: date.parse().unwrap(), kind, name: "Nghỉ".into(), source: "QĐ 1".into() }
    }

    /// Every year announced; off on Wednesday 2/9/2026.
    fn around() -> Calendar {
        let days = vec![row("2026-09-02", DayKind::Holiday)];
        Calendar::build(&CalendarSpec::national(days, (2000..=2060).collect())).unwrap()
    }

    fn of_days(days: Vec<DayRow>) -> Vec<Flawed> {
        flaws(&Draft { days, ..Draft::default() }, &around())
    }

    fn at(text: &str) -> NaiveTime {
        text.parse().unwrap()
    }

    fn session(start: &str, end: &str) -> Session {
        Session { start: at(start), end: at(end), counter_only: false }
    }

    fn rule(sessions: Vec<Session>) -> SessionRule {
        SessionRule { weekdays: Weekdays::MON_TO_FRI, valid_from: None, valid_to: None, sessions }
    }

    #[test]
    fn work_is_made_up_only_on_days_that_are_off_and_days_off_may_fall_anywhere() {
        let friday = (Place::Day(0, "date"), Flaw::AlreadyWorking);
        assert_eq!(of_days(vec![row("2026-11-20", DayKind::Makeup)]), [friday]);
        for (date, kind) in [
            ("2026-11-21", DayKind::Makeup),
            ("2026-09-02", DayKind::Makeup),
            ("2026-11-21", DayKind::Holiday),
            ("2026-11-22", DayKind::Closure),
            ("2026-09-02", DayKind::Closure),
        ] {
            assert_eq!(of_days(vec![row(date, kind)]), [], "{date} {kind:?}");
        }
    }

    #[test]
    fn each_row_is_named_with_what_is_wrong_with_it() {
        let mut nameless = row("2026-11-23", DayKind::Closure);
        nameless.name = " ".into();
        nameless.source = "QĐ\n1".into();
        let days = vec![
            row("2026-11-23", DayKind::Closure),
            nameless,
            row("1999-12-31", DayKind::Closure),
            row("2061-01-01", DayKind::Closure),
        ];
        let expected = [
            (Place::Day(1, "date"), Flaw::Duplicate),
            (Place::Day(1, "name"), Flaw::Empty),
            (Place::Day(1, "source"), Flaw::BadCharacters),
            (Place::Day(2, "date"), Flaw::OutsideHorizon),
            (Place::Day(3, "date"), Flaw::OutsideHorizon),
        ];
        assert_eq!(of_days(days), expected);
        let other =
            Draft { year: Some(2027), days: vec![row("2026-11-23", DayKind::Closure)], ..Draft::default() };
        assert_eq!(flaws(&other, &around()), [(Place::Day(0, "date"), Flaw::OtherYear)]);
    }

    #[test]
    fn sessions_are_named_by_their_place_in_the_draft_whatever_their_order() {
        let afternoon = session("13:00:00", "17:00:00");
        let sessions = vec![
            rule(vec![afternoon, session("11:00:00", "13:30:00"), session("10:00:00", "09:00:00")]),
            SessionRule {
                valid_from: "2026-09-01".parse().ok(),
                valid_to: "2026-08-31".parse().ok(),
                ..rule(OFFICE_SESSIONS.to_vec())
            },
        ];
        let draft = Draft { sessions: Some(sessions), ..Draft::default() };
        let expected = [
            (Place::Session(0, 2), Flaw::Reversed),
            (Place::Session(0, 0), Flaw::Overlapping),
            (Place::Rule(1, "valid_to"), Flaw::Reversed),
        ];
        assert_eq!(flaws(&draft, &around()), expected);
    }

    #[test]
    fn a_year_without_a_working_day_is_named() {
        let first: NaiveDate = "2027-01-01".parse().unwrap();
        let days: Vec<DayRow> =
            first.iter_days().take(365).map(|day| row(&day.to_string(), DayKind::Closure)).collect();
        let finished = |days: &[DayRow]| {
            let layer = Layer { days: days.to_vec(), sessions: Vec::new() };
            let spec = CalendarSpec::national(Vec::new(), (2000..=2060).collect()).with_layer(layer);
            Calendar::build(&spec).unwrap()
        };
        let mut draft = Draft { days, ..Draft::default() };
        let idle = [(Place::Days, Flaw::NoWorkingDay(2027))];
        assert_eq!(of_years(&draft, &finished(&draft.days)), idle);
        // 1/1/2027 is a Friday.
        draft.days.remove(0);
        assert_eq!(of_years(&draft, &finished(&draft.days)), []);
    }

    #[test]
    fn what_keeps_a_calendar_from_being_built_is_told_by_the_drafts_row_if_it_has_one() {
        let draft = Draft { days: vec![row("2026-11-21", DayKind::Makeup)], ..Draft::default() };
        let date = draft.days[0].date;
        let error = CalendarError::WorkingDayWithoutSession(date);
        assert_eq!(of_build(&draft, &error), (Place::Day(0, "date"), Flaw::NoSession(date)));
        assert_eq!(of_build(&Draft::default(), &error), (Place::Hours, Flaw::NoSession(date)));
    }
}
