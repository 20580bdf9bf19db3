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

/// Sessions that days share, in order of time.
#[derive(Debug, Clone)]
pub(super) struct Hours {
    pub(super) sessions: Vec<Session>,
    /// Minutes of the sessions that are not counter-only.
    pub(super) working_minutes: u32,
}

/// A calendar laid out.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    pub(super) slots: Vec<Slot>,
    pub(super) rows: Vec<DayRow>,
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
            .map(|row| row.and_then(|row| rows.get(usize::from(row))).map(|row| row.kind))
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
fn lay_rows(spec: &CalendarSpec) -> Result<(Vec<DayRow>, Vec<Option<u16>>), CalendarError> {
    let years = horizon::FIRST_DAY.year()..=horizon::LAST_DAY.year();
    let foreseen: Vec<DayRow> =
        years.filter(|year| !spec.announced.contains(year)).flat_map(computed_days).collect();
    let mut winners: Vec<Option<&DayRow>> = horizon::days().map(|_| None).collect();
    for layer in std::iter::once(&foreseen).chain(spec.layers.iter().map(|layer| &layer.days)) {
        let mut seen = BTreeSet::new();
        for row in layer {
            if !seen.insert(row.date) {
                return Err(CalendarError::DuplicateDay(row.date));
            }
            let number = horizon::number_of(row.date).ok_or(CalendarError::DayOutsideHorizon(row.date))?;
            if let Some(winner) = winners.get_mut(number) {
                *winner = Some(row);
            }
        }
    }
    let mut rows = Vec::new();
    let mut row_of = Vec::with_capacity(winners.len());
    for winner in winners {
        row_of.push(match winner {
            Some(row) => {
                let number =
                    u16::try_from(rows.len()).map_err(|_| CalendarError::DayOutsideHorizon(row.date))?;
                rows.push(row.clone());
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
        let closed = Hours { sessions: Vec::new(), working_minutes: 0 };
        Self { hours: vec![closed], counter_only: vec![CLOSED] }
    }

    /// For each day the hours of the rule that holds: the innermost layer that names the day, and there the rule
    /// highest in [`precedence`].
    fn lay_rules(&mut self, layers: &[Layer], kinds: &[Option<DayKind>]) -> Result<Vec<u16>, CalendarError> {
        let mut rule_of: Vec<u16> = kinds.iter().map(|_| CLOSED).collect();
        let weekdays: Vec<Weekday> =
            horizon::days().zip(kinds).map(|(date, kind)| weekday_for_hours(date, *kind)).collect();
        let default = [SessionRule::office_hours()];
        for rules in std::iter::once(default.as_slice()).chain(layers.iter().map(|l| l.sessions.as_slice())) {
            let mut rules: Vec<&SessionRule> = rules.iter().collect();
            rules.sort_by_key(|rule| precedence(rule)); // stable: of equals the later in the list stays later
            for rule in rules {
                let hours = self.add(rule)?;
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
    fn add(&mut self, rule: &SessionRule) -> Result<u16, CalendarError> {
        let mut sessions = rule.sessions.clone();
        sessions.sort_unstable();
        check(&sessions)?;
        let counter_only: Vec<Session> = sessions.iter().filter(|s| s.counter_only).copied().collect();
        let counter_only = if counter_only.is_empty() { CLOSED } else { self.push(counter_only, CLOSED)? };
        self.push(sessions, counter_only)
    }

    fn push(&mut self, sessions: Vec<Session>, counter_only: u16) -> Result<u16, CalendarError> {
        let place = u16::try_from(self.hours.len()).map_err(|_| CalendarError::TooManySessionRules)?;
        let working_minutes = sessions.iter().filter(|s| !s.counter_only).map(Session::minutes).sum();
        self.hours.push(Hours { sessions, working_minutes });
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
