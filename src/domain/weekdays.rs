//! A set of days of the week, as session rules and commitments name them ("thứ Hai đến thứ Sáu").

use chrono::Weekday;
use serde::{Deserialize, Serialize};

/// A set of days of the week. In JSON a list of lower-case English abbreviations in the week's order:
/// `["mon","tue"]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct Weekdays(u8);

const WEEK: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

const fn bit(day: Weekday) -> u8 {
    1 << day.num_days_from_monday()
}

impl Weekdays {
    /// No day at all.
    pub const NONE: Self = Self(0);
    /// Monday to Friday, the ordinary working week (Saturday and Sunday are the weekly days off of offices).
    pub const MON_TO_FRI: Self = Self(0b001_1111);
    /// All seven.
    pub const ALL: Self = Self(0b111_1111);

    /// The set of one day.
    #[must_use]
    pub const fn only(day: Weekday) -> Self {
        Self(bit(day))
    }

    /// Whether the day is in the set.
    #[must_use]
    pub const fn contains(self, day: Weekday) -> bool {
        self.0 & bit(day) != 0
    }

    /// Whether no day is in the set.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The days in the set, Monday first.
    pub fn iter(self) -> impl Iterator<Item = Weekday> {
        WEEK.into_iter().filter(move |day| self.contains(*day))
    }
}

impl FromIterator<Weekday> for Weekdays {
    fn from_iter<I: IntoIterator<Item = Weekday>>(days: I) -> Self {
        Self(days.into_iter().fold(0, |set, day| set | bit(day)))
    }
}

impl From<Weekdays> for Vec<String> {
    fn from(days: Weekdays) -> Self {
        days.iter().map(|day| day.to_string().to_lowercase()).collect()
    }
}

impl TryFrom<Vec<String>> for Weekdays {
    type Error = String;

    fn try_from(names: Vec<String>) -> Result<Self, Self::Error> {
        names
            .iter()
            .map(|name| name.parse::<Weekday>().map_err(|_| format!("`{name}` is no day of the week")))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_goes_through_json_in_the_weeks_order() {
        let days: Weekdays = [Weekday::Sat, Weekday::Mon].into_iter().collect();
        assert_eq!(serde_json::to_string(&days).unwrap(), r#"["mon","sat"]"#);
        assert_eq!(serde_json::from_str::<Weekdays>(r#"["sat","mon","sat"]"#).unwrap(), days);
        assert!(serde_json::from_str::<Weekdays>(r#"["t7"]"#).is_err());
    }

    #[test]
    fn the_named_sets_hold_what_they_say() {
        assert_eq!(WEEK.into_iter().take(5).collect::<Weekdays>(), Weekdays::MON_TO_FRI);
        assert_eq!(WEEK.into_iter().collect::<Weekdays>(), Weekdays::ALL);
        assert!(Weekdays::NONE.is_empty() && !Weekdays::only(Weekday::Sun).is_empty());
    }
}
