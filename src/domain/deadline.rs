//! When a limit set by law runs out (Bộ luật Dân sự 2015 Đ.147–148), over a working calendar.
//!
//! It knows limits and late receipts, not where they come from (procedures, acts) nor what was promised beside the law
//! (commitments). The reckoning is told day by day in [`super::deadline_steps`].

use super::{
    calendar::Calendar,
    office_time::{hh_mm, local_date, local_time, midnight_after},
};
use chrono::{DateTime, Days, Months, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

words! {
    /// What a limit is counted in.
    LimitUnit {
        /// Days that are worked.
        WorkingDay = "working_day",
        /// Days whether worked or not.
        CalendarDay = "calendar_day",
        /// Months by date.
        Month = "month",
        /// Hours of working sessions.
        WorkingHour = "working_hour",
        /// The day of receipt itself; has no value.
        SameDay = "same_day",
    }
}

impl LimitUnit {
    /// The greatest value of a limit in this unit.
    #[must_use]
    pub const fn max(self) -> u32 {
        match self {
            Self::WorkingHour => 10_000,
            _ => 3_650,
        }
    }
}

/// A limit for handling a dossier. In JSON `{"value":3,"unit":"working_day"}`, `{"unit":"same_day"}`.
///
/// [`Limit::new`] and serde refuse values of 0 and out of reach; a limit put together from a variant is taken as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "LimitForm", into = "LimitForm")]
pub enum Limit {
    /// The n-th working day after the day of receipt, which never counts (Đ.147(2)).
    WorkingDays(u32),
    /// n days after the day of receipt; an end on a day off moves to the next working day (Đ.148(5)).
    CalendarDays(u32),
    /// The same date n months on, or that month's last day (Đ.148(3)); a day off as for days.
    Months(u32),
    /// n hours of working sessions from the effective receipt (Đ.147(1)).
    WorkingHours(u32),
    /// The day of the effective receipt.
    SameDay,
}

/// Why a limit makes no sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LimitError {
    /// Every unit but `same_day` needs a value.
    #[error("a limit in {0:?} needs a value")]
    ValueMissing(LimitUnit),
    /// `same_day` has none.
    #[error("a same-day limit has no value")]
    ValueWithSameDay,
    /// The value is 0 or beyond [`LimitUnit::max`].
    #[error("a limit in {unit:?} is from 1 to {max}, not {value}")]
    OutOfRange {
        /// The unit.
        unit: LimitUnit,
        /// What was given.
        value: u32,
        /// The greatest allowed.
        max: u32,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitForm {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<u32>,
    unit: LimitUnit,
}

impl TryFrom<LimitForm> for Limit {
    type Error = LimitError;

    fn try_from(form: LimitForm) -> Result<Self, LimitError> {
        Self::new(form.unit, form.value)
    }
}

impl From<Limit> for LimitForm {
    fn from(limit: Limit) -> Self {
        Self { value: limit.value(), unit: limit.unit() }
    }
}

impl Limit {
    /// A limit of so many units.
    ///
    /// # Errors
    /// When the value is missing, out of range, or given for `same_day`.
    pub fn new(unit: LimitUnit, value: Option<u32>) -> Result<Self, LimitError> {
        let value = match (unit, value) {
            (LimitUnit::SameDay, None) => return Ok(Self::SameDay),
            (LimitUnit::SameDay, Some(_)) => return Err(LimitError::ValueWithSameDay),
            (_, None) => return Err(LimitError::ValueMissing(unit)),
            (_, Some(value)) => value,
        };
        let max = unit.max();
        if !(1..=max).contains(&value) {
            return Err(LimitError::OutOfRange { unit, value, max });
        }
        Ok(match unit {
            LimitUnit::WorkingDay => Self::WorkingDays(value),
            LimitUnit::CalendarDay => Self::CalendarDays(value),
            LimitUnit::Month => Self::Months(value),
            LimitUnit::WorkingHour => Self::WorkingHours(value),
            LimitUnit::SameDay => Self::SameDay,
        })
    }

    /// What it is counted in.
    #[must_use]
    pub const fn unit(self) -> LimitUnit {
        match self {
            Self::WorkingDays(_) => LimitUnit::WorkingDay,
            Self::CalendarDays(_) => LimitUnit::CalendarDay,
            Self::Months(_) => LimitUnit::Month,
            Self::WorkingHours(_) => LimitUnit::WorkingHour,
            Self::SameDay => LimitUnit::SameDay,
        }
    }

    /// How many of them; `None` for the same day.
    #[must_use]
    pub const fn value(self) -> Option<u32> {
        match self {
            Self::WorkingDays(n) | Self::CalendarDays(n) | Self::Months(n) | Self::WorkingHours(n) => Some(n),
            Self::SameDay => None,
        }
    }
}

words! {
    /// What a receipt after the hour an act names ("nhận hồ sơ sau 15 giờ") means; acts differ.
    LateEffect {
        /// A same-day result may be given on the next working day (Luật Hộ tịch 2014 Đ.5(3), NĐ 23/2015 Đ.7). Other
        /// limits are not touched.
        ResultNextWorkingDay = "result_next_working_day",
        /// The next working day stands in for the day of receipt (NĐ 63/2024 Đ.7).
        ClockStartsNextWorkingDay = "clock_starts_next_working_day",
    }
}

/// A procedure's rule for late receipts. In JSON `{"after":"15:00","effect":"result_next_working_day"}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LateReceipt {
    /// The hour, by the office's clock; exactly this hour is not yet late.
    #[serde(with = "hh_mm")]
    pub after: NaiveTime,
    /// What follows.
    pub effect: LateEffect,
}

/// When a dossier is due, and what it was reckoned from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline {
    /// When it was handed in.
    pub received_at: DateTime<Utc>,
    /// When that counts as received ([`Calendar::effective_receipt`]); the late-receipt rule does not move it.
    pub effective_receipt: DateTime<Utc>,
    /// The end of the due day's last session, or the minute itself for hours: what the receipt shows.
    pub due_at: DateTime<Utc>,
    /// The office's date of `due_at`.
    pub due_on: NaiveDate,
    /// From this instant on it is late: 24:00 of the due day (Đ.148(6)), or `due_at` itself for hours.
    pub lapses_at: DateTime<Utc>,
    /// It rests on days of a year that has not been announced.
    pub provisional: bool,
}

/// Why a limit has no end in a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DeadlineError {
    /// The receipt lies before or after the years the calendar covers.
    #[error("{0} is outside the calendar, which covers 2000 to 2060")]
    ReceivedOutsideCalendar(DateTime<Utc>),
    /// The limit ends after the calendar's last year.
    #[error("the limit ends after 2060, the calendar's last year")]
    EndsAfterCalendar,
}

/// When a dossier handed in at `received_at` is due.
///
/// Limits in days and months count from the date it was handed in, whatever the hour and be it a day off
/// (Đ.147(2)); hours and the same day go from the effective receipt. The late-receipt rule is about a receipt on a
/// working day after its hour and before the day's last closing; a later one is the next working day's already.
///
/// Under one limit a later receipt is never due earlier, with two exceptions. Where the clock starts on the next working day after a late receipt,
/// a limit in days or months ends earlier for one handed in from that day's closing on and before that next working day, for it is not late (Friday
/// 16:00 is due a working day after Friday 17:15 is). And a same-day dossier taken in by a counter-only session on a day off is due that day, while one
/// that came before it, late or outside every session, is due on the next working day (Friday 17:15 on Monday, Saturday 8:00 on Saturday).
/// Hours have no exception: no working session lies between such receipts.
///
/// # Errors
/// When the receipt or the end lies outside the calendar.
pub fn deadline(
    calendar: &Calendar,
    received_at: DateTime<Utc>,
    limit: Limit,
    late: Option<LateReceipt>,
) -> Result<Deadline, DeadlineError> {
    let effective_receipt =
        calendar.effective_receipt(received_at).ok_or(DeadlineError::ReceivedOutsideCalendar(received_at))?;
    let received = Received { received_at, effective_receipt, late: is_late(calendar, received_at, late) };
    let end = received.end(calendar, limit).ok_or(DeadlineError::EndsAfterCalendar)?;
    let (due_at, due_on, lapses_at) = match end {
        End::Minute(minute) => (minute, local_date(minute), minute),
        End::Day(day) => {
            let closes = calendar.closes_at(day).ok_or(DeadlineError::EndsAfterCalendar)?;
            (closes, day, midnight_after(day))
        }
    };
    let provisional = calendar.provisional_between(local_date(received_at), due_on);
    Ok(Deadline { received_at, effective_receipt, due_at, due_on, lapses_at, provisional })
}

/// What the late-receipt rule does to a receipt; `None` when it is not late by it.
pub(super) fn is_late(
    calendar: &Calendar,
    received_at: DateTime<Utc>,
    late: Option<LateReceipt>,
) -> Option<LateEffect> {
    let late = late?;
    let date = local_date(received_at);
    let before_closing = calendar.closes_at(date).is_some_and(|closes| received_at < closes);
    let after_hour = local_time(received_at) > late.after;
    (calendar.is_working(date) && after_hour && before_closing).then_some(late.effect)
}

/// The day that stands as day 0 of a limit in days or months.
pub(super) fn day_zero(
    calendar: &Calendar,
    received_on: NaiveDate,
    late: Option<LateEffect>,
) -> Option<NaiveDate> {
    match late {
        Some(LateEffect::ClockStartsNextWorkingDay) => calendar.next_working_day(received_on),
        Some(LateEffect::ResultNextWorkingDay) | None => Some(received_on),
    }
}

/// The date on which a limit in months ends before days off are looked at; the last day of a shorter month (Đ.148(3)).
pub(super) fn months_on(day_zero: NaiveDate, months: u32) -> Option<NaiveDate> {
    day_zero.checked_add_months(Months::new(months))
}

/// From when a limit in hours runs.
pub(super) fn hours_begin(
    calendar: &Calendar,
    effective_receipt: DateTime<Utc>,
    late: Option<LateEffect>,
) -> Option<DateTime<Utc>> {
    match late {
        Some(LateEffect::ClockStartsNextWorkingDay) => {
            calendar.opens_at(calendar.next_working_day(local_date(effective_receipt))?)
        }
        Some(LateEffect::ResultNextWorkingDay) | None => Some(effective_receipt),
    }
}

struct Received {
    received_at: DateTime<Utc>,
    effective_receipt: DateTime<Utc>,
    late: Option<LateEffect>,
}

enum End {
    Day(NaiveDate),
    Minute(DateTime<Utc>),
}

impl Received {
    fn end(&self, calendar: &Calendar, limit: Limit) -> Option<End> {
        let received_on = local_date(self.received_at);
        let day_zero = || day_zero(calendar, received_on, self.late);
        let day = match limit {
            Limit::WorkingDays(n) => calendar.add_working_days(day_zero()?, n)?,
            Limit::CalendarDays(n) => {
                calendar.working_day_on_or_after(day_zero()?.checked_add_days(Days::new(u64::from(n)))?)?
            }
            Limit::Months(n) => calendar.working_day_on_or_after(months_on(day_zero()?, n)?)?,
            Limit::WorkingHours(n) => {
                let begin = hours_begin(calendar, self.effective_receipt, self.late)?;
                return calendar.add_session_minutes(begin, n.checked_mul(60)?).map(End::Minute);
            }
            // Both kinds of late receipt put off a same-day result alike.
            Limit::SameDay if self.late.is_some() => calendar.next_working_day(received_on)?,
            Limit::SameDay => local_date(self.effective_receipt),
        };
        Some(End::Day(day))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::CalendarSpec;

    fn calendar() -> Calendar {
        Calendar::build(&CalendarSpec::national(Vec::new(), (2000..=2060).collect())).unwrap()
    }

    fn at(text: &str) -> DateTime<Utc> {
        format!("{text}+07:00").parse().unwrap()
    }

    fn due(received_at: &str, limit: Limit, late: Option<LateEffect>) -> DateTime<Utc> {
        let after = NaiveTime::from_hms_opt(15, 0, 0).unwrap();
        let late = late.map(|effect| LateReceipt { after, effect });
        deadline(&calendar(), at(received_at), limit, late).unwrap().due_at
    }

    #[test]
    fn limits_go_through_json_and_refuse_what_is_no_limit() {
        let limit: Limit = serde_json::from_str(r#"{"value":3,"unit":"working_day"}"#).unwrap();
        assert_eq!(limit, Limit::WorkingDays(3));
        assert_eq!(serde_json::to_string(&limit).unwrap(), r#"{"value":3,"unit":"working_day"}"#);
        assert_eq!(serde_json::to_string(&Limit::SameDay).unwrap(), r#"{"unit":"same_day"}"#);
        for wrong in [
            r#"{"value":0,"unit":"working_day"}"#,
            r#"{"value":3651,"unit":"calendar_day"}"#,
            r#"{"value":10001,"unit":"working_hour"}"#,
            r#"{"value":-1,"unit":"month"}"#,
            r#"{"value":1.5,"unit":"month"}"#,
            r#"{"value":1,"unit":"same_day"}"#,
            r#"{"unit":"working_day"}"#,
            r#"{"value":1,"unit":"week"}"#,
            r#"{"value":1,"unit":"month","days":2}"#,
        ] {
            assert!(serde_json::from_str::<Limit>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn late_receipts_go_through_json() {
        let text = r#"{"after":"15:00","effect":"clock_starts_next_working_day"}"#;
        let late: LateReceipt = serde_json::from_str(text).unwrap();
        assert_eq!(late.effect, LateEffect::ClockStartsNextWorkingDay);
        assert_eq!(serde_json::to_string(&late).unwrap(), text);
        assert!(serde_json::from_str::<LateReceipt>(&text.replace("15:00", "25:00")).is_err());
    }

    #[test]
    fn fifteen_hours_sharp_is_not_late_but_a_second_more_is() {
        let effect = Some(LateEffect::ResultNextWorkingDay);
        assert_eq!(due("2026-03-06T15:00:00", Limit::SameDay, effect), at("2026-03-06T17:00:00"));
        assert_eq!(due("2026-03-06T15:00:01", Limit::SameDay, effect), at("2026-03-09T17:00:00"));
        // After closing the dossier is Monday's in any case, and Monday morning is not late.
        assert_eq!(due("2026-03-06T17:00:00", Limit::SameDay, effect), at("2026-03-09T17:00:00"));
        // 2026-03-07 is a Saturday.
        assert_eq!(due("2026-03-07T15:30:00", Limit::SameDay, effect), at("2026-03-09T17:00:00"));
    }

    #[test]
    fn a_clock_that_starts_next_working_day_moves_every_unit() {
        let effect = Some(LateEffect::ClockStartsNextWorkingDay);
        let friday = "2026-03-06T15:30:00";
        assert_eq!(due(friday, Limit::WorkingDays(1), effect), at("2026-03-10T17:00:00"));
        assert_eq!(due(friday, Limit::CalendarDays(1), effect), at("2026-03-10T17:00:00"));
        assert_eq!(due(friday, Limit::Months(1), effect), at("2026-04-09T17:00:00"));
        assert_eq!(due(friday, Limit::SameDay, effect), at("2026-03-09T17:00:00"));
        assert_eq!(due(friday, Limit::WorkingHours(1), effect), at("2026-03-09T08:30:00"));
    }

    #[test]
    fn a_result_given_next_working_day_moves_the_same_day_only() {
        let effect = Some(LateEffect::ResultNextWorkingDay);
        let friday = "2026-03-06T15:30:00";
        for limit in [Limit::WorkingDays(1), Limit::CalendarDays(4), Limit::Months(1), Limit::WorkingHours(2)]
        {
            assert_eq!(due(friday, limit, effect), due(friday, limit, None));
        }
    }

    #[test]
    fn months_end_on_the_last_day_of_a_shorter_month() {
        // 2026-02-28 is a Saturday; 2028-02-29 a Tuesday.
        assert_eq!(due("2026-01-31T09:00:00", Limit::Months(1), None), at("2026-03-02T17:00:00"));
        assert_eq!(due("2028-01-31T09:00:00", Limit::Months(1), None), at("2028-02-29T17:00:00"));
    }

    #[test]
    fn hours_keep_the_second_and_end_at_a_sessions_end() {
        assert_eq!(due("2026-03-06T08:59:30", Limit::WorkingHours(1), None), at("2026-03-06T09:59:30"));
        assert_eq!(due("2026-03-06T08:59:30", Limit::WorkingHours(8), None), at("2026-03-09T08:59:30"));
        assert_eq!(due("2026-03-06T07:30:00", Limit::WorkingHours(8), None), at("2026-03-06T17:00:00"));
        assert_eq!(due("2026-03-06T11:30:00", Limit::WorkingHours(1), None), at("2026-03-06T14:00:00"));
        assert_eq!(due("2026-03-06T17:00:00", Limit::WorkingHours(4), None), at("2026-03-09T11:30:00"));
    }

    #[test]
    fn the_day_of_receipt_turns_at_the_offices_midnight() {
        assert_eq!(due("2026-03-05T23:59:59", Limit::WorkingDays(1), None), at("2026-03-06T17:00:00"));
        assert_eq!(due("2026-03-06T00:00:00", Limit::WorkingDays(1), None), at("2026-03-09T17:00:00"));
    }

    #[test]
    fn days_lapse_at_midnight_and_hours_at_the_minute() {
        let of = |limit| deadline(&calendar(), at("2026-03-06T08:00:00"), limit, None).unwrap().lapses_at;
        assert_eq!(of(Limit::SameDay), at("2026-03-07T00:00:00"));
        assert_eq!(of(Limit::WorkingHours(1)), at("2026-03-06T09:00:00"));
    }

    #[test]
    fn outside_the_calendar_there_is_no_deadline() {
        let of = |received_at, limit| deadline(&calendar(), at(received_at), limit, None);
        let before = "1999-12-31T23:59:59";
        assert_eq!(of(before, Limit::SameDay), Err(DeadlineError::ReceivedOutsideCalendar(at(before))));
        for limit in [Limit::WorkingDays(1), Limit::CalendarDays(1), Limit::Months(1), Limit::WorkingHours(9)]
        {
            assert_eq!(of("2060-12-31T09:00:00", limit), Err(DeadlineError::EndsAfterCalendar), "{limit:?}");
        }
        assert_eq!(of("2026-01-05T09:00:00", Limit::Months(3650)), Err(DeadlineError::EndsAfterCalendar));
        assert!(of("2060-12-31T09:00:00", Limit::SameDay).is_ok());
    }
}
