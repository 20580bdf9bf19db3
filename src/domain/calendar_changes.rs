//! What a new calendar changes, day by day, against the one that stands: shown before anything is published.

use super::calendar::{Calendar, DayKind, FIRST_DAY, LAST_DAY};
use chrono::NaiveDate;

/// What a calendar says of a day beyond its weekday.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// What the day is.
    pub kind: DayKind,
    /// Its name.
    pub name: String,
    /// The decision it rests on.
    pub source: String,
}

/// A day of which something else is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedDay {
    /// The day.
    pub date: NaiveDate,
    /// What stands; `None` when it is what its weekday says.
    pub from: Option<Said>,
    /// What is to stand.
    pub to: Option<Said>,
    /// Whether it is worked as it stands.
    pub worked: bool,
    /// Whether it is to be worked.
    pub works: bool,
}

/// The days, in their order, of which the two calendars do not say the same; which hours a working day has is not compared.
#[must_use]
pub fn changed_days(before: &Calendar, after: &Calendar) -> Vec<ChangedDay> {
    let days = FIRST_DAY.iter_days().take_while(|date| *date <= LAST_DAY);
    days.filter_map(|date| {
        let (was, is) = (before.day(date)?, after.day(date)?);
        let same =
            was.working == is.working && (was.kind, was.name, was.source) == (is.kind, is.name, is.source);
        (!same).then(|| ChangedDay {
            date,
            from: said(was.kind, was.name, was.source),
            to: said(is.kind, is.name, is.source),
            worked: was.working,
            works: is.working,
        })
    })
    .collect()
}

fn said(kind: Option<DayKind>, name: Option<&str>, source: Option<&str>) -> Option<Said> {
    let text = |of: Option<&str>| of.unwrap_or_default().to_owned();
    kind.map(|kind| Said { kind, name: text(name), source: text(source) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::{CalendarSpec, DayRow};

    fn calendar(rows: &[(&str, DayKind, &str)]) -> Calendar {
        let row = |(date, kind, name): &(&str, DayKind, &str)| DayRow {
            date: date.parse().unwrap(),
            kind: *kind,
            name: (*name).into(),
            source: "TB".into(),
        };
        let days = rows.iter().map(row).collect();
        Calendar::build(&CalendarSpec::national(days, (2000..=2060).collect())).unwrap()
    }

    #[test]
    fn days_that_came_went_or_are_called_otherwise_are_told_in_their_order() {
        let before = calendar(&[
            ("2026-09-01", DayKind::Holiday, "Quốc khánh"),
            ("2026-09-02", DayKind::Holiday, "Quốc khánh"),
            ("2026-09-04", DayKind::Holiday, "Nghỉ"),
        ]);
        let after = calendar(&[
            ("2026-08-22", DayKind::Makeup, "Làm bù"),
            ("2026-09-01", DayKind::Swapped, "Quốc khánh"),
            ("2026-09-02", DayKind::Holiday, "Quốc khánh"),
        ]);
        let told: Vec<(String, bool, bool, bool, bool)> = changed_days(&before, &after)
            .iter()
            .map(|of| (of.date.to_string(), of.from.is_some(), of.to.is_some(), of.worked, of.works))
            .collect();
        let expected = [
            ("2026-08-22".into(), false, true, false, true),
            ("2026-09-01".into(), true, true, false, false),
            ("2026-09-04".into(), true, false, false, true),
        ];
        assert_eq!(told, expected);
        assert_eq!(changed_days(&after, &after), []);
    }

    #[test]
    fn a_year_that_is_announced_loses_the_days_that_were_foreseen() {
        let announced = |years: std::ops::RangeInclusive<i32>| {
            Calendar::build(&CalendarSpec::national(Vec::new(), years.collect())).unwrap()
        };
        let changed = changed_days(&announced(2000..=2026), &announced(2000..=2027));
        assert!(changed.iter().all(|of| of.to.is_none() && of.date.to_string().starts_with("2027")));
        assert!(changed.iter().any(|of| of.date.to_string() == "2027-01-01" && of.works && !of.worked));
    }
}
