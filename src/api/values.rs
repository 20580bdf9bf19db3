//! Values as clients write them: instants, days, limits. Each is parsed once, here, into the domain's own.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, SubsecRound, Timelike, Utc};
use serde::de::{Error as _, IntoDeserializer};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::fields::{EMPTY, OUT_OF_RANGE};
use crate::app::{AppError, Fault};
use crate::domain::deadline::{LateEffect, LateReceipt, Limit, LimitUnit};
pub(super) use crate::domain::letters::shown;
use crate::domain::office_time;
use crate::store::listing::Bounds;

/// An instant with its offset (RFC 3339).
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, format = DateTime, example = "2026-11-20T15:01:00+07:00")]
pub struct When(pub DateTime<Utc>);

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_instant(&String::deserialize(deserializer)?).map(When).map_err(D::Error::custom)
    }
}

/// An instant with its offset (RFC 3339), in a query parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WhenAsked(pub DateTime<Utc>);

impl<'de> Deserialize<'de> for WhenAsked {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_asked(&String::deserialize(deserializer)?).map(WhenAsked).map_err(D::Error::custom)
    }
}

/// Whole microseconds, as they are kept; leap seconds, which no counter knows, are refused, and years that no counter sees.
fn read_instant(text: &str) -> Result<DateTime<Utc>, &'static str> {
    let at = DateTime::parse_from_rfc3339(text).map_err(|_| "no instant")?;
    if at.nanosecond() >= 1_000_000_000 {
        return Err("a leap second");
    }
    let at = at.to_utc().trunc_subsecs(6);
    if seen_by_us(at) { Ok(at) } else { Err(OUT_OF_RANGE) }
}

/// A plus sign that was not percent-encoded arrives as a blank.
fn read_asked(text: &str) -> Result<DateTime<Utc>, &'static str> {
    if DateTime::parse_from_rfc3339(text).is_ok() {
        read_instant(text)
    } else {
        read_instant(&text.replace(' ', "+"))
    }
}

/// Whether the instant lies within the years 2000–2100 at the office.
pub(super) fn seen_by_us(at: DateTime<Utc>) -> bool {
    office_time::is_of_our_time(office_time::local_date(at))
}

/// A text of which something can be seen, without the blanks around it.
#[derive(Debug, Clone, PartialEq, Eq, ToSchema)]
#[schema(value_type = String)]
pub struct Shown(pub String);

impl<'de> Deserialize<'de> for Shown {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let shown = shown(&text);
        if shown.is_empty() { Err(D::Error::custom(EMPTY)) } else { Ok(Shown(shown.to_owned())) }
    }
}

/// An instant or a whole day, in a query parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhenOrDay {
    /// An instant.
    When(DateTime<Utc>),
    /// A day at the office.
    Day(NaiveDate),
}

impl<'de> Deserialize<'de> for WhenOrDay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if let Ok(day) = text.parse::<NaiveDate>() {
            let written = (1..=9999).contains(&day.year());
            return if written { Ok(WhenOrDay::Day(day)) } else { Err(D::Error::custom("no such year")) };
        }
        read_asked(&text).map(WhenOrDay::When).map_err(D::Error::custom)
    }
}

impl WhenOrDay {
    /// The instant itself, or the day's first.
    pub fn start(self) -> DateTime<Utc> {
        match self {
            WhenOrDay::When(at) => at,
            WhenOrDay::Day(day) => office_time::instant(day, NaiveTime::MIN),
        }
    }

    /// The instant after which it is over: a whole day takes its last moment in.
    pub fn end(self) -> DateTime<Utc> {
        match self {
            WhenOrDay::When(at) => at + chrono::TimeDelta::microseconds(1),
            WhenOrDay::Day(day) => office_time::midnight_after(day),
        }
    }
}

/// The four suffixes of a parameter about an instant.
#[derive(Debug, Clone, Copy, Default)]
pub struct Suffixes {
    /// `__lt`
    pub lt: Option<WhenOrDay>,
    /// `__lte`
    pub lte: Option<WhenOrDay>,
    /// `__gt`
    pub gt: Option<WhenOrDay>,
    /// `__gte`
    pub gte: Option<WhenOrDay>,
}

impl From<Suffixes> for Bounds {
    fn from(of: Suffixes) -> Bounds {
        let earliest = |a: Option<DateTime<Utc>>, b: Option<DateTime<Utc>>| a.into_iter().chain(b).min();
        let latest = |a: Option<DateTime<Utc>>, b: Option<DateTime<Utc>>| a.into_iter().chain(b).max();
        Bounds {
            lt: earliest(of.lt.map(WhenOrDay::start), of.lte.map(WhenOrDay::end)).map(Into::into),
            lte: None,
            gt: None,
            gte: latest(of.gte.map(WhenOrDay::start), of.gt.map(WhenOrDay::end)).map(Into::into),
        }
    }
}

/// Several words in one parameter, with commas between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed<T>(pub Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Listed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        let all: Vec<T> = parts
            .map(|part| T::deserialize(part.to_owned().into_deserializer()))
            .collect::<Result<_, _>>()?;
        // A list of nothing finds nothing: the client has lost its words on the way.
        if all.is_empty() { Err(D::Error::custom(EMPTY)) } else { Ok(Listed(all)) }
    }
}

/// A limit: `{"value":3,"unit":"working_day"}`, `{"unit":"same_day"}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Limit)]
pub struct LimitBody {
    /// How many; none with `same_day`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<u32>,
    /// Of what.
    pub unit: LimitUnit,
}

impl LimitBody {
    /// The limit; `name` is the field's.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when the value is missing, out of range, or given with `same_day`.
    pub fn parsed(self, name: &str) -> Result<Limit, AppError> {
        use crate::domain::deadline::LimitError;
        Limit::new(self.unit, self.value).map_err(|error| {
            let fault = match error {
                LimitError::ValueMissing(_) => Fault::Required,
                LimitError::ValueWithSameDay => Fault::Conflicting,
                LimitError::OutOfRange { .. } => Fault::OutOfRange,
            };
            AppError::invalid(format!("{name}.value"), fault)
        })
    }
}

impl From<Limit> for LimitBody {
    fn from(of: Limit) -> Self {
        LimitBody { value: of.value(), unit: of.unit() }
    }
}

/// A time of day, `HH:MM`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, example = "15:00")]
pub struct HourMinute(pub NaiveTime);

impl<'de> Deserialize<'de> for HourMinute {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        NaiveTime::parse_from_str(&text, "%H:%M")
            .map(HourMinute)
            .map_err(|_| D::Error::custom("no time of day"))
    }
}

impl Serialize for HourMinute {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0.format("%H:%M"))
    }
}

/// What a receipt late in the day means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LateReceipt)]
pub struct LateReceiptBody {
    /// Later than this; the minute itself is not late.
    pub after: HourMinute,
    /// What then holds.
    pub effect: LateEffect,
}

impl From<LateReceiptBody> for LateReceipt {
    fn from(of: LateReceiptBody) -> Self {
        LateReceipt { after: of.after.0, effect: of.effect }
    }
}

impl From<LateReceipt> for LateReceiptBody {
    fn from(of: LateReceipt) -> Self {
        LateReceiptBody { after: HourMinute(of.after), effect: of.effect }
    }
}
