//! Lays the layers of a calendar over each other and checks them, day by day, once.
//!
//! The outcome is one slot a day and the [`DayIndex`] over them; [`super::calendar`] only reads these.

use super::{
    calendar_spec::{CalendarError, CalendarSpec, DayKind, DayRow, Layer, Session, SessionRule},
    computed_days::computed_days,
    day_index::DayIndex,
    horizon,
};
use chrono::{Datelike, NaiveDate, Timelike, Weekday};
use std::collections::BTreeSet;

/// What holds on one day: the row that makes it special, its hours, whether it is worked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    pub(super) row: Option<u16>,
    pub(super) hours: u16,
    pub(super) working: bool,
}

/// A row that holds.
#[derive(Debug, Clone)]
pub(super) struct Laid {
    pub(super) row: DayRow,
    /// The layer that says so, the outermost 0.
    pub(super) layer: usize,
}

/// Sessions that days share, in order of time.
#[derive(Debug, Clone)]
pub(super) struct Hours {
    pub(super) sessions: Vec<Session>,
    /// The layer that says so, the outermost 0.
    pub(super) layer: usize,
    /// Minutes of the sessions that are not counter-only.
    pub(super) working_minutes: u32,
}

/// A calendar laid out.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    pub(super) slots: Vec<Slot>,
    pub(super) rows: Vec<Laid>,
    pub(super) hours: Vec<Hours>,
    pub(super) index: DayIndex,
}

/// The hours of a day on which nothing is open, always the first in the list.
const CLOSED: u16 = 0;

impl Layout {
    pub(super) fn new(spec: &CalendarSpec) -> Result<Self, CalendarError> {
        let (rows, row_of) = lay_rows(spec)?;
        let kinds: Vec<Option<DayKind>> = row_of
            .iter()
            .map(|row| row.and_then(|row| rows.get(usize::from(row))).map(|laid| laid.row.kind))
            .collect();
        let mut table = HoursTable::new();
        let rule_of = table.lay_rules(&spec.layers, &kinds)?;
        let mut slots = Vec::with_capacity(row_of.len());
        for (((date, row), kind), rule) in horizon::days().zip(row_of).zip(kinds).zip(rule_of) {
            let working = kind.map_or_else(|| !is_weekend(date), DayKind::is_working);
            let hours = table.hours_on(rule, working, kind.is_some());
            if working && table.working_minutes(hours) == 0 {
                return Err(CalendarError::WorkingDayWithoutSession(date));
            }
            slots.push(Slot { row, hours, working });
        }
        let minutes = slots.iter().map(|slot| slot.working.then(|| table.working_minutes(slot.hours)));
        // A day's number and count fit: the horizon has 22 281 days.
        let index =
            DayIndex::build(minutes).map_err(|_| CalendarError::DayOutsideHorizon(horizon::LAST_DAY))?;
        Ok(Self { slots, rows, hours: table.hours, index })
    }
}

fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

/// The rows that hold in the end, and for each day which of them.
fn lay_rows(spec: &CalendarSpec) -> Result<(Vec<Laid>, Vec<Option<u16>>), CalendarError> {
    let years = horizon::FIRST_DAY.year()..=horizon::LAST_DAY.year();
    let foreseen: Vec<DayRow> =
        years.filter(|year| !spec.announced.contains(year)).flat_map(computed_days).collect();
    let mut winners: Vec<Option<(usize, &DayRow)>> = horizon::days().map(|_| None).collect();
    // What is foreseen is the country's.
    let layers = spec.layers.iter().map(|layer| &layer.days).enumerate();
    for (layer, days) in std::iter::once((0, &foreseen)).chain(layers) {
        let mut seen = BTreeSet::new();
        for row in days {
            if !seen.insert(row.date) {
                return Err(CalendarError::DuplicateDay(row.date));
            }
            let number = horizon::number_of(row.date).ok_or(CalendarError::DayOutsideHorizon(row.date))?;
            if let Some(winner) = winners.get_mut(number) {
                *winner = Some((layer, row));
            }
        }
    }
    let mut rows = Vec::new();
    let mut row_of = Vec::with_capacity(winners.len());
    for winner in winners {
        row_of.push(match winner {
            Some((layer, row)) => {
                let number =
                    u16::try_from(rows.len()).map_err(|_| CalendarError::DayOutsideHorizon(row.date))?;
                rows.push(Laid { row: row.clone(), layer });
                Some(number)
            }
            None => None,
        });
    }
    Ok((rows, row_of))
}

/// The different hours in use. For every rule there are two: all its sessions, and the counter-only ones alone, for
/// days that are not worked.
struct HoursTable {
    hours: Vec<Hours>,
    /// For hours of a rule, where their counter-only part stands.
    counter_only: Vec<u16>,
}

impl HoursTable {
    fn new() -> Self {
        let closed = Hours { sessions: Vec::new(), layer: 0, working_minutes: 0 };
        Self { hours: vec![closed], counter_only: vec![CLOSED] }
    }

    /// For each day the hours of the rule that holds: the innermost layer that names the day, and there the rule
    /// highest in [`precedence`].
    fn lay_rules(&mut self, layers: &[Layer], kinds: &[Option<DayKind>]) -> Result<Vec<u16>, CalendarError> {
        let mut rule_of: Vec<u16> = kinds.iter().map(|_| CLOSED).collect();
        let weekdays: Vec<Weekday> =
            horizon::days().zip(kinds).map(|(date, kind)| weekday_for_hours(date, *kind)).collect();
        let default = [SessionRule::office_hours()];
        let layers = layers.iter().map(|layer| layer.sessions.as_slice()).enumerate();
        for (layer, rules) in std::iter::once((0, default.as_slice())).chain(layers) {
            let mut rules: Vec<&SessionRule> = rules.iter().collect();
            rules.sort_by_key(|rule| precedence(rule)); // stable: of equals the later in the list stays later
            for rule in rules {
                let hours = self.add(rule, layer)?;
                let days = season(rule)?;
                for (weekday, holds) in weekdays.iter().zip(&mut rule_of).take(days.end).skip(days.start) {
                    if rule.weekdays.contains(*weekday) {
                        *holds = hours;
                    }
                }
            }
        }
        Ok(rule_of)
    }

    /// Checks a rule's sessions and enters them; answers where they stand.
    fn add(&mut self, rule: &SessionRule, layer: usize) -> Result<u16, CalendarError> {
        let mut sessions = rule.sessions.clone();
        sessions.sort_unstable();
        check(&sessions)?;
        let counter_only: Vec<Session> = sessions.iter().filter(|s| s.counter_only).copied().collect();
        let counter_only =
            if counter_only.is_empty() { CLOSED } else { self.push((counter_only, layer), CLOSED)? };
        self.push((sessions, layer), counter_only)
    }

    fn push(
        &mut self,
        (sessions, layer): (Vec<Session>, usize),
        counter_only: u16,
    ) -> Result<u16, CalendarError> {
        let place = u16::try_from(self.hours.len()).map_err(|_| CalendarError::TooManySessionRules)?;
        let working_minutes = sessions.iter().filter(|s| !s.counter_only).map(Session::minutes).sum();
        self.hours.push(Hours { sessions, layer, working_minutes });
        self.counter_only.push(counter_only);
        Ok(place)
    }

    /// The hours of a day: all on a working day, none on a day off by a row, else the counter-only ones.
    fn hours_on(&self, rule: u16, working: bool, has_row: bool) -> u16 {
        match (working, has_row) {
            (true, _) => rule,
            (false, true) => CLOSED,
            (false, false) => self.counter_only.get(usize::from(rule)).copied().unwrap_or(CLOSED),
        }
    }

    fn working_minutes(&self, hours: u16) -> u32 {
        self.hours.get(usize::from(hours)).map_or(0, |hours| hours.working_minutes)
    }
}

/// A make-up day on a weekend is worked like the Friday before it; the weekend's own rule (Saturday reception, most
/// often) is not meant for it.
fn weekday_for_hours(date: NaiveDate, kind: Option<DayKind>) -> Weekday {
    if kind == Some(DayKind::Makeup) && is_weekend(date) { Weekday::Fri } else { date.weekday() }
}

/// What a rule is sorted by, lowest first: seasons after open-ended rules, then by start.
fn precedence(rule: &SessionRule) -> (bool, Option<NaiveDate>) {
    (rule.valid_to.is_some(), rule.valid_from)
}

/// The numbers of the days a rule is valid on.
fn season(rule: &SessionRule) -> Result<std::ops::Range<usize>, CalendarError> {
    let from = rule.valid_from.unwrap_or(horizon::FIRST_DAY);
    let to = rule.valid_to.unwrap_or(horizon::LAST_DAY);
    if let (Some(from), Some(to)) = (rule.valid_from, rule.valid_to)
        && to < from
    {
        return Err(CalendarError::SeasonReversed { from, to });
    }
    let start = horizon::number_of(from.max(horizon::FIRST_DAY));
    let last = horizon::number_of(to.min(horizon::LAST_DAY));
    Ok(match (start, last) {
        (Some(start), Some(last)) => start..last + 1,
        _ => 0..0, // wholly before or after the horizon
    })
}

/// Sessions in order of time must each be a stretch of whole minutes and not overlap; they may touch.
fn check(sessions: &[Session]) -> Result<(), CalendarError> {
    for session in sessions {
        let Session { start, end, .. } = *session;
        if end <= start {
            return Err(CalendarError::SessionReversed { start, end });
        }
        if [start, end].iter().any(|time| time.second() != 0 || time.nanosecond() != 0) {
            return Err(CalendarError::SessionNotInMinutes(start));
        }
    }
    for (earlier, later) in sessions.iter().zip(sessions.iter().skip(1)) {
        if later.start < earlier.end {
            return Err(CalendarError::SessionsOverlap(later.start));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{calendar::Calendar, weekdays::Weekdays};
    use chrono::NaiveTime;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn session(start: &str, end: &str, counter_only: bool) -> Session {
        let time = |text: &str| NaiveTime::parse_from_str(text, "%H:%M:%S").unwrap();
        Session { start: time(start), end: time(end), counter_only }
    }

    fn row(day: &str, kind: DayKind) -> DayRow {
        DayRow { date: date(day), kind, name: format!("{kind:?}"), source: "QĐ".into() }
    }

    fn rule(weekdays: Weekdays, sessions: Vec<Session>) -> SessionRule {
        SessionRule { weekdays, valid_from: None, valid_to: None, sessions }
    }

    fn built(layers: Vec<Layer>) -> Result<Calendar, CalendarError> {
        Calendar::build(&CalendarSpec { layers, announced: (2000..=2060).collect() })
    }

    fn days(rows: Vec<DayRow>) -> Layer {
        Layer { days: rows, sessions: Vec::new() }
    }

    fn hours(sessions: Vec<SessionRule>) -> Layer {
        Layer { days: Vec::new(), sessions }
    }

    #[test]
    fn a_make_up_saturday_has_fridays_hours_and_not_saturdays_reception() {
        let reception = session("07:30:00", "11:30:00", true);
        let friday = vec![session("08:00:00", "11:00:00", false), session("18:00:00", "19:00:00", true)];
        let unit = Layer {
            days: vec![row("2026-08-22", DayKind::Makeup)],
            sessions: vec![
                rule(Weekdays::only(Weekday::Sat), vec![reception]),
                rule(Weekdays::only(Weekday::Fri), friday.clone()),
            ],
        };
        let calendar = built(vec![unit]).unwrap();
        assert_eq!(calendar.day(date("2026-08-22")).unwrap().sessions, friday);
        assert_eq!(calendar.day(date("2026-08-29")).unwrap().sessions, [reception]);
        assert!(calendar.is_open(date("2026-08-29")) && !calendar.is_working(date("2026-08-29")));
    }

    #[test]
    fn the_innermost_row_of_a_day_wins() {
        let national = days(vec![row("2026-08-22", DayKind::Makeup), row("2026-09-02", DayKind::Holiday)]);
        let unit = days(vec![row("2026-08-22", DayKind::Closure), row("2026-09-02", DayKind::Makeup)]);
        let calendar = built(vec![national, days(Vec::new()), unit]).unwrap();
        assert!(!calendar.is_working(date("2026-08-22")) && !calendar.is_open(date("2026-08-22")));
        // A Wednesday worked by the unit though the country is off: Wednesday's own hours.
        assert_eq!(calendar.day(date("2026-09-02")).unwrap().sessions.len(), 2);
        assert!(calendar.is_working(date("2026-09-02")));
    }

    #[test]
    fn no_session_is_held_on_a_day_off_even_where_saturdays_receive() {
        let reception = rule(Weekdays::only(Weekday::Sat), vec![session("07:30:00", "11:30:00", true)]);
        let unit = Layer { days: vec![row("2026-05-02", DayKind::Closure)], sessions: vec![reception] };
        let calendar = built(vec![unit]).unwrap();
        assert!(!calendar.is_open(date("2026-05-02")) && calendar.is_open(date("2026-05-09")));
    }

    #[test]
    fn ordinary_hours_of_a_weekend_rule_do_not_open_a_weekend() {
        let calendar = built(vec![hours(vec![rule(Weekdays::ALL, OFFICE.to_vec())])]).unwrap();
        assert!(!calendar.is_open(date("2026-05-09")));
    }

    const OFFICE: [Session; 2] = crate::domain::calendar_spec::OFFICE_SESSIONS;

    #[test]
    fn a_season_goes_before_always_and_an_inner_layer_before_both() {
        let season = |start: &str, from: &str, to: Option<&str>| SessionRule {
            valid_from: Some(date(from)),
            valid_to: to.map(date),
            ..rule(Weekdays::MON_TO_FRI, vec![session(start, "12:00:00", false)])
        };
        let outer = hours(vec![
            season("06:30:00", "2026-06-01", Some("2026-08-31")),
            season("07:00:00", "2026-07-01", None),
            SessionRule::office_hours(),
        ]);
        let inner =
            hours(vec![rule(Weekdays::only(Weekday::Fri), vec![session("09:00:00", "10:00:00", false)])]);
        let calendar = built(vec![outer, inner]).unwrap();
        let opens = |day: &str| calendar.day(date(day)).unwrap().sessions[0].start.to_string();
        assert_eq!(opens("2026-05-28"), "07:30:00");
        assert_eq!(opens("2026-06-01"), "06:30:00");
        assert_eq!(opens("2026-08-31"), "06:30:00");
        assert_eq!(opens("2026-09-01"), "07:00:00");
        assert_eq!(opens("2026-08-28"), "09:00:00");
    }

    #[test]
    fn a_working_day_must_have_a_working_session() {
        let counter_only = rule(Weekdays::only(Weekday::Mon), vec![session("08:00:00", "09:00:00", true)]);
        let error = built(vec![hours(vec![counter_only])]).unwrap_err();
        assert_eq!(error, CalendarError::WorkingDayWithoutSession(date("2000-01-03")));
        let no_fridays = SessionRule {
            valid_from: Some(date("2026-08-21")),
            valid_to: Some(date("2026-08-23")),
            ..rule(Weekdays::only(Weekday::Fri), Vec::new())
        };
        // Off on the Friday, but the Saturday is made up with Friday's hours: there are none.
        let unit = Layer {
            days: vec![row("2026-08-21", DayKind::Closure), row("2026-08-22", DayKind::Makeup)],
            sessions: vec![no_fridays],
        };
        assert_eq!(
            built(vec![unit]).unwrap_err(),
            CalendarError::WorkingDayWithoutSession(date("2026-08-22"))
        );
    }

    #[test]
    fn faulty_sessions_and_seasons_are_refused() {
        let refused = |sessions| built(vec![hours(vec![rule(Weekdays::MON_TO_FRI, sessions)])]).unwrap_err();
        let (morning, nine) =
            (session("07:30:00", "11:30:00", false), NaiveTime::from_hms_opt(9, 0, 0).unwrap());
        assert_eq!(
            refused(vec![session("09:00:00", "12:00:00", true), morning]),
            CalendarError::SessionsOverlap(nine)
        );
        let empty = CalendarError::SessionReversed { start: nine, end: nine };
        assert_eq!(refused(vec![session("09:00:00", "09:00:00", false)]), empty);
        let reversed = refused(vec![session("22:00:00", "06:00:00", false)]);
        assert!(matches!(reversed, CalendarError::SessionReversed { .. }));
        assert_eq!(
            refused(vec![session("09:00:00", "12:00:01", false)]),
            CalendarError::SessionNotInMinutes(nine)
        );
        let (from, to) = (date("2026-09-01"), date("2026-08-31"));
        let backwards =
            SessionRule { valid_from: Some(from), valid_to: Some(to), ..SessionRule::office_hours() };
        assert_eq!(
            built(vec![hours(vec![backwards])]).unwrap_err(),
            CalendarError::SeasonReversed { from, to }
        );
    }

    #[test]
    fn a_day_said_twice_or_out_of_reach_is_refused() {
        let twice = vec![row("2026-05-01", DayKind::Holiday), row("2026-05-01", DayKind::Closure)];
        assert_eq!(built(vec![days(twice)]).unwrap_err(), CalendarError::DuplicateDay(date("2026-05-01")));
        let typo = vec![row("0226-05-01", DayKind::Holiday)];
        assert_eq!(
            built(vec![days(typo)]).unwrap_err(),
            CalendarError::DayOutsideHorizon(date("0226-05-01"))
        );
    }

    #[test]
    fn seasons_beyond_the_horizon_are_cut_to_it() {
        let season = |from: &str, to: &str| SessionRule {
            valid_from: Some(date(from)),
            valid_to: Some(date(to)),
            ..rule(Weekdays::MON_TO_FRI, vec![session("09:00:00", "10:00:00", false)])
        };
        let calendar =
            built(vec![hours(vec![season("1990-01-01", "2000-01-03"), season("2060-12-31", "2070-01-01")])])
                .unwrap();
        let count = |day: &str| calendar.day(date(day)).unwrap().sessions.len();
        assert_eq!((count("2000-01-03"), count("2000-01-04")), (1, 2));
        assert_eq!((count("2060-12-30"), count("2060-12-31")), (2, 1));
        let outside = season("2061-01-01", "2061-12-31");
        assert!(built(vec![hours(vec![outside, season("1998-01-01", "1999-01-01")])]).is_ok());
    }
}
