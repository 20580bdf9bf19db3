//! "Due within two working days": a stretch of time from now on, by the reader's own calendar.

use chrono::{DateTime, Days, TimeDelta, Utc};

use super::access::Principal;
use super::{App, AppError, Fault};
use crate::domain::office_time;

/// How far ahead: `2wd`, `3d`, `48h`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueWithin {
    /// To the end of the n-th working day after today; 0 is today.
    WorkingDays(u32),
    /// To the end of the n-th day after today.
    Days(u32),
    /// So many hours from now.
    Hours(u32),
}

impl DueWithin {
    /// Reads `2wd`, `3d` or `48h`.
    pub fn parse(text: &str) -> Option<DueWithin> {
        let digits = text.find(|letter: char| !letter.is_ascii_digit())?;
        let (number, unit) = text.split_at_checked(digits)?;
        let n = number.parse().ok().filter(|n| *n <= 3_650)?;
        match unit {
            "wd" => Some(DueWithin::WorkingDays(n)),
            "d" => Some(DueWithin::Days(n)),
            "h" => Some(DueWithin::Hours(n)),
            _ => None,
        }
    }
}

/// From when to when (the end not taken in) a dossier is due within the stretch.
///
/// # Errors
/// [`AppError::Invalid`] when the calendar does not reach so far.
pub async fn stretch(
    app: &App,
    within: DueWithin,
    by: Principal,
) -> Result<(DateTime<Utc>, DateTime<Utc>), AppError> {
    let now = app.clock().now();
    app.read(move |_, catalogue| {
        let today = office_time::local_date(now);
        let end = match within {
            DueWithin::Hours(n) => Some(now + TimeDelta::hours(i64::from(n))),
            DueWithin::Days(n) => {
                today.checked_add_days(Days::new(u64::from(n))).map(office_time::midnight_after)
            }
            DueWithin::WorkingDays(n) => {
                catalogue.calendar(&by.unit)?.add_working_days(today, n).map(office_time::midnight_after)
            }
        };
        Ok((now, end.ok_or_else(|| AppError::invalid("due_within", Fault::BeyondCalendar))?))
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_numbers_of_known_units_are_read() {
        assert_eq!(DueWithin::parse("2wd"), Some(DueWithin::WorkingDays(2)));
        assert_eq!(DueWithin::parse("48h"), Some(DueWithin::Hours(48)));
        assert_eq!(DueWithin::parse("3d"), Some(DueWithin::Days(3)));
        for wrong in ["", "wd", "2", "-1d", "2.5d", "2w", "2 d", "99999999999d", "4000d"] {
            assert_eq!(DueWithin::parse(wrong), None, "{wrong}");
        }
    }
}
