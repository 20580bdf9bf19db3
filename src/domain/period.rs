//! Reporting periods: the official ones, civil ones, and any two days.
//!
//! An official period runs from the 15th of the month before its first month to the 14th of its last month (NĐ 09/2019/NĐ-CP Đ.12), so that a
//! report can be ready at the month's end. Pure dates: which dossiers a period counts is said in [`super::statistics`].

use std::fmt;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, Utc};

use super::office_time;

/// The years a period may lie in: nothing was received before 2000.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2100;
/// Official periods begin on this day of the month before their first month, and end the day before it in their last.
const OFFICIAL_FIRST_DAY: u32 = 15;

/// A reporting period: whole days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    kind: Kind,
    from: NaiveDate,
    to: NaiveDate,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Months { year: i32, span: Span, civil: bool },
    Days,
}

/// Which months of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// One, 1–12.
    Month(u32),
    /// Three, 1–4.
    Quarter(u32),
    /// Six, 1 or 2.
    Half(u32),
    /// The first nine.
    NineMonths,
    /// All.
    Year,
}

/// Why a period is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// Not one of the forms.
    #[error(
        "a period is written 2026-09, 2026-Q3, 2026-H1, 2026-9M or 2026, each with -civil for calendar months"
    )]
    Malformed,
    /// A year no report can be about.
    #[error("a period lies between 2000 and 2100")]
    OutOfRange,
    /// The last day lies before the first.
    #[error("the last day lies before the first")]
    Reversed,
}

impl Span {
    /// First and last month, 1–12.
    fn months(self) -> (u32, u32) {
        match self {
            Span::Month(month) => (month, month),
            Span::Quarter(quarter) => (quarter * 3 - 2, quarter * 3),
            Span::Half(half) => (half * 6 - 5, half * 6),
            Span::NineMonths => (1, 9),
            Span::Year => (1, 12),
        }
    }

    fn read(text: &str) -> Option<Span> {
        let numbered = |prefix: char, highest: u32| {
            let digit = text.strip_prefix(prefix).filter(|rest| rest.len() == 1)?;
            digit.parse().ok().filter(|n| (1..=highest).contains(n))
        };
        if text == "9M" {
            return Some(Span::NineMonths);
        }
        if let Some(quarter) = numbered('Q', 4) {
            return Some(Span::Quarter(quarter));
        }
        if let Some(half) = numbered('H', 2) {
            return Some(Span::Half(half));
        }
        let two_digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        let month = text.parse().ok().filter(|month| two_digits && (1..=12).contains(month))?;
        Some(Span::Month(month))
    }

    /// The span of the same length before it, and by how many years it lies further back.
    fn before(self) -> (Span, i32) {
        match self {
            Span::Month(1) => (Span::Month(12), 1),
            Span::Month(month) => (Span::Month(month - 1), 0),
            Span::Quarter(1) => (Span::Quarter(4), 1),
            Span::Quarter(quarter) => (Span::Quarter(quarter - 1), 0),
            Span::Half(1) => (Span::Half(2), 1),
            Span::Half(half) => (Span::Half(half - 1), 0),
            Span::NineMonths | Span::Year => (self, 1),
        }
    }
}

impl Period {
    /// Reads `2026-09`, `2026-Q3`, `2026-H1`, `2026-9M` or `2026`; with `-civil` behind it, the calendar months instead of the official ones.
    ///
    /// # Errors
    /// [`PeriodError`] when it is none of these, or of a year no report can be about.
    pub fn parse(text: &str) -> Result<Period, PeriodError> {
        let (text, civil) = match text.strip_suffix("-civil") {
            Some(text) => (text, true),
            None => (text, false),
        };
        let (year, span) = match text.split_once('-') {
            None => (text, Some(Span::Year)),
            Some((year, rest)) => (year, Span::read(rest)),
        };
        let four_digits = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
        let year: i32 = year.parse().ok().filter(|_| four_digits).ok_or(PeriodError::Malformed)?;
        Period::of_months(year, span.ok_or(PeriodError::Malformed)?, civil)
    }

    /// Any two days, both included.
    ///
    /// # Errors
    /// [`PeriodError`] when `to` lies before `from`, or one of them outside the years a report can be about.
    pub fn between(from: NaiveDate, to: NaiveDate) -> Result<Period, PeriodError> {
        if !YEARS.contains(&from.year()) || !YEARS.contains(&to.year()) {
            return Err(PeriodError::OutOfRange);
        }
        if to < from {
            return Err(PeriodError::Reversed);
        }
        Ok(Period { kind: Kind::Days, from, to })
    }

    /// The official month that `day` falls in: from the 15th on it is the next one's.
    ///
    /// # Errors
    /// [`PeriodError::OutOfRange`] for a year no report can be about.
    pub fn official_month_of(day: NaiveDate) -> Result<Period, PeriodError> {
        let months_on = if day.day() >= OFFICIAL_FIRST_DAY { 1 } else { 0 };
        let in_month = day.checked_add_months(Months::new(months_on)).ok_or(PeriodError::OutOfRange)?;
        Period::of_months(in_month.year(), Span::Month(in_month.month()), false)
    }

    fn of_months(year: i32, span: Span, civil: bool) -> Result<Period, PeriodError> {
        if !YEARS.contains(&year) {
            return Err(PeriodError::OutOfRange);
        }
        let (first, last) = span.months();
        let bounds = if civil {
            let last = NaiveDate::from_ymd_opt(year, last, 1);
            let to = last.and_then(|day| day.checked_add_months(Months::new(1))?.pred_opt());
            NaiveDate::from_ymd_opt(year, first, 1).zip(to)
        } else {
            let first = NaiveDate::from_ymd_opt(year, first, OFFICIAL_FIRST_DAY);
            let from = first.and_then(|day| day.checked_sub_months(Months::new(1)));
            from.zip(NaiveDate::from_ymd_opt(year, last, OFFICIAL_FIRST_DAY - 1))
        };
        let (from, to) = bounds.ok_or(PeriodError::OutOfRange)?;
        Ok(Period { kind: Kind::Months { year, span, civil }, from, to })
    }

    /// The months and the year it is named after; `None` for any two days.
    pub fn named(&self) -> Option<(Span, i32)> {
        match self.kind {
            Kind::Months { year, span, .. } => Some((span, year)),
            Kind::Days => None,
        }
    }

    /// First day.
    pub fn from(&self) -> NaiveDate {
        self.from
    }

    /// Last day, included.
    pub fn to(&self) -> NaiveDate {
        self.to
    }

    /// Whether it is made of calendar months rather than of official ones; of any two days it is.
    pub fn is_civil(&self) -> bool {
        match self.kind {
            Kind::Months { civil, .. } => civil,
            Kind::Days => true,
        }
    }

    /// The instant it begins: 00:00 of the first day at the office.
    pub fn start(&self) -> DateTime<Utc> {
        office_time::instant(self.from, NaiveTime::MIN)
    }

    /// The instant it is over: 24:00 of the last day at the office; itself no longer of the period.
    pub fn end(&self) -> DateTime<Utc> {
        office_time::midnight_after(self.to)
    }

    /// The period before it: the month before a month, the quarter before a quarter, as many days before a number of days. Nine months and
    /// years are only ever set against those of the year before.
    ///
    /// # Errors
    /// [`PeriodError::OutOfRange`] at the beginning of time.
    pub fn before(&self) -> Result<Period, PeriodError> {
        match self.kind {
            Kind::Months { year, span, civil } => {
                let (span, years_back) = span.before();
                Period::of_months(year - years_back, span, civil)
            }
            Kind::Days => {
                let days = u64::try_from((self.to - self.from).num_days()).unwrap_or(0);
                let to = self.from.pred_opt().ok_or(PeriodError::OutOfRange)?;
                let from = to.checked_sub_days(Days::new(days)).ok_or(PeriodError::OutOfRange)?;
                Period::between(from, to)
            }
        }
    }

    /// The same period a year before; of 29 February, the 28th.
    ///
    /// # Errors
    /// [`PeriodError::OutOfRange`] at the beginning of time.
    pub fn year_before(&self) -> Result<Period, PeriodError> {
        match self.kind {
            Kind::Months { year, span, civil } => Period::of_months(year - 1, span, civil),
            Kind::Days => {
                let back = |day: NaiveDate| day.checked_sub_months(Months::new(12));
                let (from, to) = back(self.from).zip(back(self.to)).ok_or(PeriodError::OutOfRange)?;
                Period::between(from, to)
            }
        }
    }
}

/// The label: what [`Period::parse`] reads, or `2026-08-01..2026-08-31` for two days.
impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Kind::Months { year, span, civil } = self.kind else {
            return write!(f, "{}..{}", self.from, self.to);
        };
        match span {
            Span::Month(month) => write!(f, "{year}-{month:02}")?,
            Span::Quarter(quarter) => write!(f, "{year}-Q{quarter}")?,
            Span::Half(half) => write!(f, "{year}-H{half}")?,
            Span::NineMonths => write!(f, "{year}-9M")?,
            Span::Year => write!(f, "{year}")?,
        }
        if civil { f.write_str("-civil") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn period(text: &str) -> Period {
        Period::parse(text).unwrap()
    }

    fn days(text: &str) -> (String, String) {
        (period(text).from().to_string(), period(text).to().to_string())
    }

    fn between(from: &str, to: &str) -> Period {
        Period::between(day(from), day(to)).unwrap()
    }

    #[test]
    fn official_periods_as_article_12_has_them() {
        let expected = [
            ("2026-09", "2026-08-15", "2026-09-14"),
            ("2026-01", "2025-12-15", "2026-01-14"),
            ("2026-12", "2026-11-15", "2026-12-14"),
            ("2026-Q1", "2025-12-15", "2026-03-14"),
            ("2026-Q2", "2026-03-15", "2026-06-14"),
            ("2026-Q3", "2026-06-15", "2026-09-14"),
            ("2026-Q4", "2026-09-15", "2026-12-14"),
            ("2026-H1", "2025-12-15", "2026-06-14"),
            ("2026-H2", "2026-06-15", "2026-12-14"),
            ("2026-9M", "2025-12-15", "2026-09-14"),
            ("2026", "2025-12-15", "2026-12-14"),
        ];
        for (label, from, to) in expected {
            assert_eq!(days(label), (from.to_owned(), to.to_owned()), "{label}");
            assert_eq!(period(label).to_string(), label);
        }
    }

    #[test]
    fn civil_periods_are_calendar_months() {
        let expected = [
            ("2026-09-civil", "2026-09-01", "2026-09-30"),
            ("2028-02-civil", "2028-02-01", "2028-02-29"),
            ("2026-12-civil", "2026-12-01", "2026-12-31"),
            ("2026-Q1-civil", "2026-01-01", "2026-03-31"),
            ("2026-H2-civil", "2026-07-01", "2026-12-31"),
            ("2026-9M-civil", "2026-01-01", "2026-09-30"),
            ("2026-civil", "2026-01-01", "2026-12-31"),
        ];
        for (label, from, to) in expected {
            assert_eq!(days(label), (from.to_owned(), to.to_owned()), "{label}");
            assert_eq!(period(label).to_string(), label);
        }
    }

    #[test]
    fn whatever_else_is_no_period() {
        for text in [
            "",
            "2026-",
            "2026-9",
            "2026-00",
            "2026-13",
            "2026-Q0",
            "2026-Q5",
            "2026-H3",
            "2026-q1",
            "26-09",
            "2026-09-",
            "2026-+9",
            "2026-Q+1",
            "+026",
            "2026-009",
            "2026-09-civil-civil",
            "civil",
            "-civil",
            "2026 ",
            "2026-9m",
            "2026-09-15",
        ] {
            assert_eq!(Period::parse(text), Err(PeriodError::Malformed), "{text}");
        }
        assert_eq!(Period::parse("1999-12"), Err(PeriodError::OutOfRange));
        assert_eq!(Period::between(day("2026-09-02"), day("2026-09-01")), Err(PeriodError::Reversed));
        assert_eq!(Period::between(day("1990-01-01"), day("2026-09-01")), Err(PeriodError::OutOfRange));
    }

    #[test]
    fn a_period_is_instants_of_the_office() {
        let month = period("2026-09");
        assert_eq!(month.start().to_rfc3339(), "2026-08-14T17:00:00+00:00");
        assert_eq!(month.end().to_rfc3339(), "2026-09-14T17:00:00+00:00");
        let one_day = between("2026-09-01", "2026-09-01");
        assert_eq!((one_day.end() - one_day.start()).num_hours(), 24);
        assert_eq!(one_day.to_string(), "2026-09-01..2026-09-01");
    }

    #[test]
    fn months_quarters_and_halves_tile_the_years_without_gap_or_overlap() {
        for suffix in ["", "-civil"] {
            let tilings: [Vec<&str>; 3] = [
                vec!["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"],
                vec!["Q1", "Q2", "Q3", "Q4"],
                vec!["H1", "H2"],
            ];
            for tiles in tilings {
                let mut next = period(&format!("2024{suffix}")).from();
                for year in 2024..=2028 {
                    for tile in &tiles {
                        let tile = period(&format!("{year}-{tile}{suffix}"));
                        assert_eq!(tile.from(), next, "{tile}");
                        next = tile.to().succ_opt().unwrap();
                    }
                    assert_eq!(period(&format!("{year}{suffix}")).to().succ_opt().unwrap(), next);
                }
            }
        }
    }

    #[test]
    fn every_day_falls_in_the_official_month_that_holds_it() {
        let mut today = day("2023-11-01");
        while today < day("2025-03-01") {
            let month = Period::official_month_of(today).unwrap();
            assert!((month.from()..=month.to()).contains(&today), "{today} in {month}");
            today = today.succ_opt().unwrap();
        }
        assert_eq!(Period::official_month_of(day("2026-12-15")).unwrap().to_string(), "2027-01");
        assert_eq!(Period::official_month_of(day("2026-12-14")).unwrap().to_string(), "2026-12");
    }

    #[test]
    fn the_one_before_and_the_one_a_year_before() {
        for (label, before, year_before) in [
            ("2026-09", "2026-08", "2025-09"),
            ("2026-01", "2025-12", "2025-01"),
            ("2026-Q1", "2025-Q4", "2025-Q1"),
            ("2026-H1", "2025-H2", "2025-H1"),
            ("2026-9M", "2025-9M", "2025-9M"),
            ("2026", "2025", "2025"),
            ("2026-03-civil", "2026-02-civil", "2025-03-civil"),
        ] {
            assert_eq!(period(label).before().unwrap().to_string(), before);
            assert_eq!(period(label).year_before().unwrap().to_string(), year_before);
        }
        assert_eq!(
            between("2026-09-01", "2026-09-10").before().unwrap(),
            between("2026-08-22", "2026-08-31")
        );
        assert_eq!(
            between("2028-02-29", "2028-03-01").year_before().unwrap(),
            between("2027-02-28", "2027-03-01")
        );
        assert_eq!(period("2000-01").before(), Err(PeriodError::OutOfRange));
    }
}
