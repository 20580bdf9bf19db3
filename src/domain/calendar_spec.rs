//! What a calendar is made from: the days off and made up, and the hours, layer by layer.
//!
//! These are the plain values that data files, calendar versions and units' overlays are read into; checking them and
//! laying them over each other is [`super::calendar_build`]'s, answering questions [`super::calendar`]'s.

use super::{office_time::hh_mm, weekdays::Weekdays};
use chrono::{NaiveDate, NaiveTime, Timelike};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// Why a day is not what its weekday says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// A public holiday (BLLĐ 2019 Đ.112).
    Holiday,
    /// A day off in lieu of a holiday that fell on a weekly day off (Đ.111(3)).
    Compensatory,
    /// A working day given off in exchange for a make-up day.
    Swapped,
    /// A weekly day off on which offices work: a working day like any other.
    Makeup,
    /// A closure of one's own, such as a flooded commune's.
    Closure,
}

impl DayKind {
    /// Whether such a day is worked.
    #[must_use]
    pub const fn is_working(self) -> bool {
        matches!(self, Self::Makeup)
    }
}

/// One day that is not what its weekday says, with the decision it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DayRow {
    /// The day.
    pub date: NaiveDate,
    /// What it is.
    pub kind: DayKind,
    /// Its name in Vietnamese, as announced: "Quốc khánh", "Đi làm bù cho 31/8/2026".
    pub name: String,
    /// The decree, notice or statute it rests on.
    pub source: String,
}

/// A stretch of a day in which the counter is open, `[start, end)` by the office's clock, whole minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// When it opens.
    #[serde(with = "hh_mm")]
    #[schema(value_type = String, example = "07:30")]
    pub start: NaiveTime,
    /// When it closes; later than `start`, so no session passes midnight.
    #[serde(with = "hh_mm")]
    #[schema(value_type = String, example = "11:30")]
    pub end: NaiveTime,
    /// Dossiers are taken in, but no working time runs (Saturday morning reception).
    #[serde(default)]
    pub counter_only: bool,
}

impl Session {
    /// Its length in minutes; 0 when it is reversed.
    #[must_use]
    pub fn minutes(&self) -> u32 {
        u32::try_from((self.end - self.start).num_minutes()).unwrap_or(0)
    }

    /// Whether it begins and ends on a whole minute.
    #[must_use]
    pub fn is_in_minutes(&self) -> bool {
        [self.start, self.end].iter().all(|time| time.second() == 0 && time.nanosecond() == 0)
    }

    /// Whether a time of day lies in it; its end does not.
    #[must_use]
    pub fn contains(&self, time: NaiveTime) -> bool {
        (self.start..self.end).contains(&time)
    }
}

/// The default morning and afternoon of an office, 07:30–11:30 and 13:00–17:00.
pub const OFFICE_SESSIONS: [Session; 2] = [
    Session {
        start: NaiveTime::from_hms_opt(7, 30, 0).expect("a time of day"),
        end: NaiveTime::from_hms_opt(11, 30, 0).expect("a time of day"),
        counter_only: false,
    },
    Session {
        start: NaiveTime::from_hms_opt(13, 0, 0).expect("a time of day"),
        end: NaiveTime::from_hms_opt(17, 0, 0).expect("a time of day"),
        counter_only: false,
    },
];

/// The sessions of some days of the week, for always or for a season.
///
/// A rule gives *all* sessions of the weekdays it names; an empty list closes them. Where several rules of one layer
/// name a day, one with an end (a season) goes before an open-ended one, then the later start, then the later in the list.
/// On a day that is not worked only counter-only sessions are held; on a day off by a [`DayRow`] none. A make-up day on
/// a weekend has Friday's sessions, for it is worked like a working day of the week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SessionRule {
    /// The days of the week it is about.
    #[schema(value_type = Vec<String>, example = json!(["mon", "tue"]))]
    pub weekdays: Weekdays,
    /// First day of the season; always when absent.
    #[serde(default)]
    pub valid_from: Option<NaiveDate>,
    /// Last day of the season, included; for ever when absent.
    #[serde(default)]
    pub valid_to: Option<NaiveDate>,
    /// The sessions, in any order.
    pub sessions: Vec<Session>,
}

impl SessionRule {
    /// The default office hours, Monday to Friday, for always.
    #[must_use]
    pub fn office_hours() -> Self {
        Self {
            weekdays: Weekdays::MON_TO_FRI,
            valid_from: None,
            valid_to: None,
            sessions: OFFICE_SESSIONS.to_vec(),
        }
    }
}

/// One overlay: what the country, a province or a unit says of its days and hours.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layer {
    /// Days that are not what the layers outside say; at most one row a day.
    #[serde(default)]
    pub days: Vec<DayRow>,
    /// Its hours; weekdays without a rule keep the hours of the layers outside.
    #[serde(default)]
    pub sessions: Vec<SessionRule>,
}

/// All that a calendar is built from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CalendarSpec {
    /// The layers, the outermost (national) first; a later one overrides an earlier one day by day.
    pub layers: Vec<Layer>,
    /// The years whose days off the government has announced. Other years get the days the law lets one foresee, under
    /// all layers, and are provisional.
    pub announced: BTreeSet<i32>,
}

impl CalendarSpec {
    /// The national calendar with the default office hours.
    #[must_use]
    pub fn national(days: Vec<DayRow>, announced: BTreeSet<i32>) -> Self {
        Self { layers: vec![Layer { days, sessions: vec![SessionRule::office_hours()] }], announced }
    }

    /// The same with one more layer inside the others (a province's in the country's, a unit's in the province's).
    #[must_use]
    pub fn with_layer(mut self, layer: Layer) -> Self {
        self.layers.push(layer);
        self
    }
}

/// Why no calendar can be built. Dates are the first at which the fault shows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// One layer says two things of a day.
    #[error("a layer has more than one row for {0}")]
    DuplicateDay(NaiveDate),
    /// A row lies outside the years a calendar covers.
    #[error("{0} is outside the calendar, which covers 2000-01-01 to 2060-12-31")]
    DayOutsideHorizon(NaiveDate),
    /// A session ends before or when it begins.
    #[error("the session {start}–{end} ends before it begins")]
    SessionReversed {
        /// Its start.
        start: NaiveTime,
        /// Its end.
        end: NaiveTime,
    },
    /// A session does not begin and end on a whole minute.
    #[error("the session from {0} does not begin and end on a whole minute")]
    SessionNotInMinutes(NaiveTime),
    /// Two sessions of one rule overlap.
    #[error("two sessions overlap at {0}")]
    SessionsOverlap(NaiveTime),
    /// A season ends before it begins.
    #[error("a season of hours from {from} ends before it begins, on {to}")]
    SeasonReversed {
        /// Its first day.
        from: NaiveDate,
        /// Its last day.
        to: NaiveDate,
    },
    /// On a working day no working session is held (counter-only ones do not count).
    #[error("{0} is a working day without a working session")]
    WorkingDayWithoutSession(NaiveDate),
    /// More different sets of hours than a calendar can hold.
    #[error("too many different session rules")]
    TooManySessionRules,
}
