//! The Vietnamese lunar calendar, reckoned at UTC+7.
//!
//! It serves one purpose: to foresee Tết and Giỗ Tổ in years the government has not announced yet
//! (`domain::computed_days`). It is *not* the Chinese calendar: new moons are dated at UTC+7, so Tết 1985, 2007, 2030
//! and 2053 fall on another day than in Beijing. The method is Hồ Ngọc Đức's ("Thuật toán tính âm lịch", after Meeus,
//! *Astronomical Algorithms*): a month begins on the day of the new moon, the eleventh month holds the winter solstice,
//! and the first month after it without a principal term is the leap month. Good for 1800–2199.

use chrono::{Days, NaiveDate};
use std::f64::consts::PI;

/// The Julian day number of the day before 0001-01-01, from which chrono counts days.
const JULIAN_DAY_OF_CE: i64 = 1_721_425;
/// Mean length of a month from new moon to new moon, in days.
const MONTH: f64 = 29.530_588_853;
/// The Julian date of the new moon numbered 0, in January 1900.
const FIRST_NEW_MOON: f64 = 2_415_021.076_998_695;
/// The office's offset from UTC as a part of a day.
const ZONE: f64 = 7.0 / 24.0;

/// The first day of the lunar new year (mùng 1 Tết) that falls in the given solar year.
#[must_use]
pub fn tet(year: i32) -> Option<NaiveDate> {
    solar_date(year, 1, 1)
}

/// Giỗ Tổ Hùng Vương, the tenth of the third lunar month, in the given solar year.
#[must_use]
pub fn hung_kings_day(year: i32) -> Option<NaiveDate> {
    solar_date(year, 3, 10)
}

/// The solar date of a day (1–30) of an ordinary, not leap, lunar month (1–12) of the lunar year that begins in the
/// given solar year. `None` for months that do not exist and for years out of chrono's reach.
#[must_use]
pub fn solar_date(lunar_year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    if !(1..=12).contains(&month) || !(1..=30).contains(&day) {
        return None;
    }
    let begins = if month < 11 { lunar_year.checked_sub(1)? } else { lunar_year };
    let eleventh = eleventh_month(begins)?;
    let next_eleventh = eleventh_month(begins.checked_add(1)?)?;
    let mut months_on = (i64::from(month) + 1) % 12;
    if next_eleventh - eleventh > 365 && months_on >= leap_month_offset(eleventh) {
        months_on += 1;
    }
    let first_of_month = new_moon_day(moon_number(eleventh) + months_on);
    date_of(first_of_month)?.checked_add_days(Days::new(u64::from(day) - 1))
}

/// The Julian day on which the eleventh month, the one of the winter solstice, begins in a solar year.
fn eleventh_month(year: i32) -> Option<i64> {
    let year_end = julian_day(NaiveDate::from_ymd_opt(year, 12, 31)?);
    let moon = floor((real(year_end) - 2_415_021.0) / MONTH);
    let begins = new_moon_day(moon);
    // The sun in the ninth twelfth of its course is past the solstice: that month is already the twelfth.
    Some(if sun_twelfth(begins) >= 9 { new_moon_day(moon - 1) } else { begins })
}

/// How many months after the eleventh the leap month comes: the first one in which the sun enters no new twelfth.
fn leap_month_offset(eleventh: i64) -> i64 {
    let first = moon_number(eleventh);
    let twelfth = |month: i64| sun_twelfth(new_moon_day(first + month));
    (1..14).find(|month| twelfth(*month) == twelfth(month + 1)).unwrap_or(13)
}

/// The number of the new moon with which the month beginning on this Julian day begins.
fn moon_number(first_of_month: i64) -> i64 {
    floor(0.5 + (real(first_of_month) - FIRST_NEW_MOON) / MONTH)
}

/// The Julian day, at UTC+7, on which a new moon falls.
fn new_moon_day(moon: i64) -> i64 {
    floor(new_moon(real(moon)) + 0.5 + ZONE)
}

/// The Julian date of the new moon numbered `k` (Meeus, chapter 49).
fn new_moon(k: f64) -> f64 {
    let t = k / 1236.85;
    let (t2, t3) = (t * t, t * t * t);
    let mean = 2_415_020.759_33 + 29.530_588_68 * k + 0.000_117_8 * t2 - 0.000_000_155 * t3
        + 0.000_33 * sin(166.56 + 132.87 * t - 0.009_173 * t2);
    let sun = 359.224_2 + 29.105_356_08 * k - 0.000_033_3 * t2 - 0.000_003_47 * t3;
    let moon = 306.025_3 + 385.816_918_06 * k + 0.010_730_6 * t2 + 0.000_012_36 * t3;
    let node = 21.296_4 + 390.670_506_46 * k - 0.001_652_8 * t2 - 0.000_002_39 * t3;
    let correction = (0.173_4 - 0.000_393 * t) * sin(sun) + 0.002_1 * sin(2.0 * sun) - 0.406_8 * sin(moon)
        + 0.016_1 * sin(2.0 * moon)
        - 0.000_4 * sin(3.0 * moon)
        + 0.010_4 * sin(2.0 * node)
        - 0.005_1 * sin(sun + moon)
        - 0.007_4 * sin(sun - moon)
        + 0.000_4 * sin(2.0 * node + sun)
        - 0.000_4 * sin(2.0 * node - sun)
        - 0.000_6 * sin(2.0 * node + moon)
        + 0.001_0 * sin(2.0 * node - moon)
        + 0.000_5 * sin(2.0 * moon + sun);
    // The slowing of the earth's turning since 1900.
    let delta = -0.000_278 + 0.000_265 * t + 0.000_262 * t2;
    mean + correction - delta
}

/// In which twelfth of its yearly course (0–11, from the March equinox) the sun is at the start of a day at UTC+7.
fn sun_twelfth(julian_day: i64) -> i64 {
    let t = (real(julian_day) - 0.5 - ZONE - 2_451_545.0) / 36_525.0;
    let t2 = t * t;
    let anomaly = 357.529_10 + 35_999.050_30 * t - 0.000_155_9 * t2 - 0.000_000_48 * t * t2;
    let mean_longitude = 280.466_45 + 36_000.769_83 * t + 0.000_303_2 * t2;
    let centre = (1.914_600 - 0.004_817 * t - 0.000_014 * t2) * sin(anomaly)
        + (0.019_993 - 0.000_101 * t) * sin(2.0 * anomaly)
        + 0.000_290 * sin(3.0 * anomaly);
    floor((mean_longitude + centre).rem_euclid(360.0) / 30.0)
}

/// The sine of an angle in degrees.
fn sin(degrees: f64) -> f64 {
    (degrees * PI / 180.0).sin()
}

fn julian_day(date: NaiveDate) -> i64 {
    i64::from(chrono::Datelike::num_days_from_ce(&date)) + JULIAN_DAY_OF_CE
}

fn date_of(julian_day: i64) -> Option<NaiveDate> {
    let days = i32::try_from(julian_day - JULIAN_DAY_OF_CE).ok()?;
    NaiveDate::from_num_days_from_ce_opt(days)
}

#[expect(
    clippy::as_conversions,
    reason = "there is no other way from i64 to f64; day and moon numbers are far below 2^53"
)]
fn real(whole: i64) -> f64 {
    whole as f64
}

#[expect(
    clippy::as_conversions,
    reason = "there is no other way from f64 to i64; `as` saturates and the values are dates"
)]
fn floor(real: f64) -> i64 {
    real.floor() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn tet_is_vietnams_where_china_keeps_another_day() {
        // In Beijing: 1985-02-20, 2007-02-18, 2030-02-03, 2053-02-19.
        for tet_day in ["1985-01-21", "2007-02-17", "2030-02-02", "2053-02-18"] {
            let tet_day = date(tet_day);
            assert_eq!(tet(chrono::Datelike::year(&tet_day)), Some(tet_day));
        }
    }

    #[test]
    fn tet_of_other_years() {
        for tet_day in
            ["1968-01-29", "2000-02-05", "2018-02-16", "2027-02-06", "2028-01-26", "2033-01-31", "2034-02-19"]
        {
            let tet_day = date(tet_day);
            assert_eq!(tet(chrono::Datelike::year(&tet_day)), Some(tet_day));
        }
    }

    #[test]
    fn hung_kings_day_before_and_after_leap_months() {
        // 2023 had a leap second month, which puts the third month a month later.
        for day in ["2007-04-26", "2009-04-04", "2018-04-25", "2023-04-29", "2027-04-16"] {
            let day = date(day);
            assert_eq!(hung_kings_day(chrono::Datelike::year(&day)), Some(day));
        }
    }

    #[test]
    fn months_and_days_that_do_not_exist_have_no_date() {
        assert_eq!(solar_date(2026, 0, 1), None);
        assert_eq!(solar_date(2026, 13, 1), None);
        assert_eq!(solar_date(2026, 1, 31), None);
    }

    #[test]
    fn the_new_year_follows_a_twelfth_month_of_29_or_30_days() {
        for year in 1900..2100 {
            let new_year = tet(year).unwrap();
            let length = (new_year - solar_date(year - 1, 12, 1).unwrap()).num_days();
            assert!(length == 29 || length == 30, "{year}: {length}");
        }
    }
}
