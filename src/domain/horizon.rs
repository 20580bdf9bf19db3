//! The days every calendar covers, and their numbers.

use chrono::{Days, NaiveDate};

/// The first day a calendar knows; no dossier is older.
pub const FIRST_DAY: NaiveDate = NaiveDate::from_ymd_opt(2000, 1, 1).expect("a date");
/// The last day a calendar knows.
pub const LAST_DAY: NaiveDate = NaiveDate::from_ymd_opt(2060, 12, 31).expect("a date");

/// The number of a day, 0 for the first; `None` outside.
pub(super) fn number_of(date: NaiveDate) -> Option<usize> {
    if date > LAST_DAY {
        return None;
    }
    usize::try_from((date - FIRST_DAY).num_days()).ok()
}

/// The day of a number; `None` past the last.
pub(super) fn date_of(number: usize) -> Option<NaiveDate> {
    let days = Days::new(u64::try_from(number).ok()?);
    FIRST_DAY.checked_add_days(days).filter(|date| *date <= LAST_DAY)
}

/// All days in order.
pub(super) fn days() -> impl Iterator<Item = NaiveDate> {
    FIRST_DAY.iter_days().take_while(|date| *date <= LAST_DAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_days_are_inverse_within_the_horizon_only() {
        assert_eq!(days().count(), 22_281);
        assert!(days().enumerate().all(|(number, date)| number_of(date) == Some(number)));
        assert!(days().enumerate().all(|(number, date)| date_of(number) == Some(date)));
        assert_eq!((date_of(22_281), number_of(FIRST_DAY - Days::new(1))), (None, None));
        assert_eq!(number_of(LAST_DAY + Days::new(1)), None);
    }
}
