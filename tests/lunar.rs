//! The lunar calendar against a second one, made otherwise: each month from the instants of new moon and of the sun's principal terms, by other
//! series than `domain::lunar`'s and of higher precision.
//!
//! New moons are those of Meeus, *Astronomical Algorithms*, 2nd edition, chapter 49, with all terms (a few seconds), the sun's longitude is that of
//! Bretagnon and Simon as *Calendrical Calculations* gives it (a few seconds of arc), dynamical time becomes universal time by the polynomials of
//! Espenak and Meeus; all cited from memory. The dates that come out were compared once more with PyEphem 4.2.1 (VSOP87 and ELP2000), outside this
//! project: the same for every Tết and Giỗ Tổ from 1968 to 2100. The new moon that is nearest to midnight in Hà Nội is that of Giỗ Tổ 2086, seven minutes
//! before it, which is more than the turning of the earth is unsure by until then.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};
use hentra::domain::lunar::{hung_kings_day, solar_date, tet};

/// Hours by which Vietnam's clocks are before UTC, since 1968 in the North too.
const VIETNAM: f64 = 7.0;
const CHINA: f64 = 8.0;
const FIRST: i32 = 1968;
const LAST: i32 = 2100;

fn sin(degrees: f64) -> f64 {
    degrees.to_radians().sin()
}

#[expect(clippy::as_conversions, reason = "there is no other way from f64 to i64; the values are days")]
fn whole(real: f64) -> i64 {
    real.floor() as i64
}

/// A Julian date of dynamical time on clocks so many hours before UTC, as days from midnight to midnight.
fn on_clocks(dynamical: f64, zone: f64) -> f64 {
    let year = 2000.0 + (dynamical - 2_451_544.5) / 365.2425;
    dynamical - delta_t(year) / 86_400.0 + 0.5 + zone / 24.0
}

/// The date of that.
fn date(dynamical: f64, zone: f64) -> NaiveDate {
    let days_of_ce = whole(on_clocks(dynamical, zone)) - 1_721_425;
    NaiveDate::from_num_days_from_ce_opt(i32::try_from(days_of_ce).unwrap()).unwrap()
}

/// Seconds by which dynamical time is before universal time.
fn delta_t(year: f64) -> f64 {
    let power =
        |base: f64, coefficients: &[f64]| coefficients.iter().rev().fold(0.0, |sum, of| sum * base + of);
    match year {
        year if year < 1986.0 => power(year - 1975.0, &[45.45, 1.067, -1.0 / 260.0, -1.0 / 718.0]),
        year if year < 2005.0 => {
            power(year - 2000.0, &[63.86, 0.3345, -0.060_374, 0.001_727_5, 0.000_651_814, 0.000_023_735_99])
        }
        year if year < 2050.0 => power(year - 2000.0, &[62.92, 0.322_17, 0.005_589]),
        year => 32.0 * ((year - 1820.0) / 100.0).powi(2) - 20.0 - 0.5628 * (2150.0 - year),
    }
}

/// Terms of the new moon: coefficient, power of the earth's eccentricity, multiples of the sun's anomaly, the moon's, and its argument of latitude.
const MOON_TERMS: [(f64, i32, [f64; 3]); 24] = [
    (-0.407_20, 0, [0.0, 1.0, 0.0]),
    (0.172_41, 1, [1.0, 0.0, 0.0]),
    (0.016_08, 0, [0.0, 2.0, 0.0]),
    (0.010_39, 0, [0.0, 0.0, 2.0]),
    (0.007_39, 1, [-1.0, 1.0, 0.0]),
    (-0.005_14, 1, [1.0, 1.0, 0.0]),
    (0.002_08, 2, [2.0, 0.0, 0.0]),
    (-0.001_11, 0, [0.0, 1.0, -2.0]),
    (-0.000_57, 0, [0.0, 1.0, 2.0]),
    (0.000_56, 1, [1.0, 2.0, 0.0]),
    (-0.000_42, 0, [0.0, 3.0, 0.0]),
    (0.000_42, 1, [1.0, 0.0, 2.0]),
    (0.000_38, 1, [1.0, 0.0, -2.0]),
    (-0.000_24, 1, [-1.0, 2.0, 0.0]),
    (-0.000_07, 0, [2.0, 1.0, 0.0]),
    (0.000_04, 0, [0.0, 2.0, -2.0]),
    (0.000_04, 0, [3.0, 0.0, 0.0]),
    (0.000_03, 0, [1.0, 1.0, -2.0]),
    (0.000_03, 0, [0.0, 2.0, 2.0]),
    (-0.000_03, 0, [1.0, 1.0, 2.0]),
    (0.000_03, 0, [-1.0, 1.0, 2.0]),
    (-0.000_02, 0, [-1.0, 1.0, -2.0]),
    (-0.000_02, 0, [1.0, 3.0, 0.0]),
    (0.000_02, 0, [0.0, 4.0, 0.0]),
];

/// What the planets add: coefficient, angle at the new moon numbered 0, its growth from one to the next.
const PLANETS: [(f64, f64, f64); 13] = [
    (0.000_165, 251.88, 0.016_321),
    (0.000_164, 251.83, 26.651_886),
    (0.000_126, 349.42, 36.412_478),
    (0.000_110, 84.66, 18.206_239),
    (0.000_062, 141.74, 53.303_771),
    (0.000_060, 207.14, 2.453_732),
    (0.000_056, 154.84, 7.306_860),
    (0.000_047, 34.52, 27.261_239),
    (0.000_042, 207.19, 0.121_824),
    (0.000_040, 291.34, 1.844_379),
    (0.000_037, 161.72, 24.198_154),
    (0.000_035, 239.56, 25.513_099),
    (0.000_023, 331.55, 3.592_518),
];

/// The Julian date, in dynamical time, of a new moon; number 0 is that of 6 January 2000.
fn new_moon(number: i32) -> f64 {
    let k = f64::from(number);
    let t = k / 1236.85;
    let (t2, t3) = (t * t, t * t * t);
    let mean = 2_451_550.097_66 + 29.530_588_861 * k + 0.000_154_37 * t2 - 0.000_000_150 * t3;
    let eccentricity = 1.0 - 0.002_516 * t - 0.000_007_4 * t2;
    let sun = 2.553_4 + 29.105_356_70 * k - 0.000_001_4 * t2;
    let moon = 201.564_3 + 385.816_935_28 * k + 0.010_758_2 * t2 + 0.000_012_38 * t3;
    let latitude = 160.710_8 + 390.670_502_84 * k - 0.001_611_8 * t2 - 0.000_002_27 * t3;
    let node = 124.774_6 - 1.563_755_88 * k + 0.002_067_2 * t2;
    let mut correction = -0.000_17 * sin(node) + 0.000_325 * sin(299.77 + 0.107_408 * k - 0.009_173 * t2);
    for (coefficient, power, [of_sun, of_moon, of_latitude]) in MOON_TERMS {
        let angle = of_sun * sun + of_moon * moon + of_latitude * latitude;
        correction += coefficient * eccentricity.powi(power) * sin(angle);
    }
    correction +=
        PLANETS.iter().map(|(coefficient, angle, growth)| coefficient * sin(angle + growth * k)).sum::<f64>();
    mean + correction
}

/// Terms of the sun's longitude: coefficient, growth a century, angle in the year 2000.
const SUN_TERMS: [(f64, f64, f64); 49] = [
    (403_406.0, 0.928_789_2, 270.548_61),
    (195_207.0, 35_999.137_695_8, 340.191_28),
    (119_433.0, 35_999.408_966_6, 63.918_54),
    (112_392.0, 35_998.728_738_5, 331.262_20),
    (3_891.0, 71_998.202_61, 317.843),
    (2_819.0, 71_998.440_3, 86.631),
    (1_721.0, 36_000.357_26, 240.052),
    (660.0, 71_997.481_2, 310.26),
    (350.0, 32_964.467_8, 247.23),
    (334.0, -19.441_0, 260.87),
    (314.0, 445_267.111_7, 297.82),
    (268.0, 45_036.884_0, 343.14),
    (242.0, 3.100_8, 166.79),
    (234.0, 22_518.443_4, 81.53),
    (158.0, -19.973_9, 3.50),
    (132.0, 65_928.934_5, 132.75),
    (129.0, 9_038.029_3, 182.95),
    (114.0, 3_034.768_4, 162.03),
    (99.0, 33_718.148, 29.8),
    (93.0, 3_034.448, 266.4),
    (86.0, -2_280.773, 249.2),
    (78.0, 29_929.992, 157.6),
    (72.0, 31_556.493, 257.8),
    (68.0, 149.588, 185.1),
    (64.0, 9_037.750, 69.9),
    (46.0, 107_997.405, 8.0),
    (38.0, -4_444.176, 197.1),
    (37.0, 151.771, 250.4),
    (32.0, 67_555.316, 65.3),
    (29.0, 31_556.080, 162.7),
    (28.0, -4_561.540, 341.5),
    (27.0, 107_996.706, 291.6),
    (27.0, 1_221.655, 98.5),
    (25.0, 62_894.167, 146.7),
    (24.0, 31_437.369, 110.0),
    (21.0, 14_578.298, 5.2),
    (21.0, -31_931.757, 342.6),
    (20.0, 34_777.243, 230.9),
    (18.0, 1_221.999, 256.1),
    (17.0, 62_894.511, 45.3),
    (14.0, -4_442.039, 242.9),
    (13.0, 107_997.909, 115.2),
    (13.0, 119.066, 151.8),
    (13.0, 16_859.071, 285.3),
    (12.0, -4.578, 53.3),
    (10.0, 26_895.292, 126.6),
    (10.0, -39.127, 205.7),
    (10.0, 12_297.536, 85.9),
    (10.0, 90_073.778, 146.1),
];

/// The sun's apparent longitude in degrees at a Julian date of dynamical time.
fn sun(at: f64) -> f64 {
    let c = (at - 2_451_545.0) / 36_525.0;
    let series: f64 = SUN_TERMS.iter().map(|(size, growth, angle)| size * sin(angle + growth * c)).sum();
    let aberration = 0.000_097_4 * sin(267.63 + 35_999.018_48 * c) - 0.005_575;
    let nutation = -0.004_778 * sin(124.90 - 1_934.134 * c) - 0.000_366_7 * sin(201.11 + 72_001.537_7 * c);
    let longitude = 282.777_183_4 + 36_000.769_537_44 * c + 0.000_005_729_577_951 * series;
    (longitude + aberration + nutation).rem_euclid(360.0)
}

/// When the sun reaches a longitude, near a Julian date.
fn sun_reaches(longitude: f64, near: f64) -> f64 {
    (0..8)
        .fold(near, |at, _| at + ((longitude - sun(at) + 180.0).rem_euclid(360.0) - 180.0) * 365.2422 / 360.0)
}

/// The first days of the ordinary months by (lunar year, month), on clocks so many hours before UTC.
fn months(zone: f64) -> BTreeMap<(i32, u32), NaiveDate> {
    let at_year = |year: i32| 2_451_544.5 + 365.2425 * f64::from(year - 2000);
    let first_moon = -12 * 36;
    let moons: Vec<NaiveDate> = (first_moon..12 * 106).map(|number| date(new_moon(number), zone)).collect();
    let solstice = |year: i32| date(sun_reaches(270.0, at_year(year) + 355.0), zone);
    let terms: Vec<NaiveDate> = (0..12 * (LAST - FIRST + 4))
        .map(|n| {
            date(
                sun_reaches(f64::from(270 + 30 * n), at_year(FIRST - 2) + 355.0 + 30.437 * f64::from(n)),
                zone,
            )
        })
        .collect();
    let with_solstice = |year: i32| moons.iter().rposition(|moon| *moon <= solstice(year)).unwrap();
    let mut found = BTreeMap::new();
    for year in FIRST - 1..=LAST {
        let (begins, ends) = (with_solstice(year - 1), with_solstice(year));
        let mut leap_to_come = ends - begins == 13;
        let (mut lunar_year, mut month) = (year - 1, 11);
        found.insert((lunar_year, month), moons[begins]);
        for place in begins + 1..ends {
            let of_month = moons[place]..moons[place + 1];
            if leap_to_come && !terms.iter().any(|term| of_month.contains(term)) {
                leap_to_come = false;
                continue;
            }
            (lunar_year, month) = if month == 12 { (lunar_year + 1, 1) } else { (lunar_year, month + 1) };
            found.insert((lunar_year, month), moons[place]);
        }
    }
    found
}

/// The days of new moons so near to midnight in Vietnam that nobody can say today on which side of it they will be.
fn within_minutes_of_midnight(minutes: f64) -> Vec<NaiveDate> {
    let near = |moon: &f64| {
        let part_of_day = on_clocks(*moon, VIETNAM).rem_euclid(1.0);
        part_of_day.min(1.0 - part_of_day) * 1440.0 < minutes
    };
    (-12 * 36..12 * 106).map(new_moon).filter(near).map(|moon| date(moon, VIETNAM)).collect()
}

#[test]
fn every_month_begins_when_the_second_reckoning_says_so() {
    let second = months(VIETNAM);
    let unsure = within_minutes_of_midnight(3.0);
    let mut differing = Vec::new();
    for year in FIRST..LAST {
        for month in 1..=12 {
            let expected = second[&(year, month)];
            if solar_date(year, month, 1) != Some(expected) {
                differing.push((year, month));
                assert!(unsure.contains(&expected), "month {month} of {year}: {expected}");
            }
        }
    }
    // 23:58 and 23:59 in Hà Nội by the one reckoning, after midnight by the other. No holiday is in these months.
    assert_eq!(differing, [(2072, 11), (2077, 10)]);
    for year in FIRST..=LAST {
        assert_eq!(tet(year), second.get(&(year, 1)).copied(), "Tết {year}");
        assert_eq!(
            hung_kings_day(year),
            second.get(&(year, 3)).map(|first| *first + Days::new(9)),
            "Giỗ Tổ {year}"
        );
    }
}

/// Both reckonings agree on where Vietnam's calendar leaves China's, and these are all such years.
#[test]
fn tet_and_gio_to_differ_from_the_chinese_calendar_in_just_these_years() {
    let (vietnam, china) = (months(VIETNAM), months(CHINA));
    let differing = |month: u32, day: u64| -> Vec<(NaiveDate, NaiveDate)> {
        let of =
            |calendar: &BTreeMap<(i32, u32), NaiveDate>, year| calendar[&(year, month)] + Days::new(day - 1);
        let both = (FIRST..=LAST).map(|year| (of(&vietnam, year), of(&china, year)));
        both.filter(|(here, there)| here != there).collect()
    };
    let days = |pairs: &[(&str, &str)]| -> Vec<(NaiveDate, NaiveDate)> {
        pairs.iter().map(|(here, there)| (here.parse().unwrap(), there.parse().unwrap())).collect()
    };
    let new_years = days(&[
        ("1968-01-29", "1968-01-30"),
        ("1969-02-16", "1969-02-17"),
        ("1985-01-21", "1985-02-20"),
        ("2007-02-17", "2007-02-18"),
        ("2030-02-02", "2030-02-03"),
        ("2053-02-18", "2053-02-19"),
    ]);
    assert_eq!(differing(1, 1), new_years);
    let hung_kings = days(&[
        ("1975-04-20", "1975-04-21"),
        ("2009-04-04", "2009-04-05"),
        ("2037-04-24", "2037-04-25"),
        ("2038-04-13", "2038-04-14"),
        ("2085-04-03", "2085-04-04"),
        ("2086-04-22", "2086-04-23"),
        ("2095-04-13", "2095-04-14"),
        ("2100-04-18", "2100-04-19"),
    ]);
    assert_eq!(differing(3, 10), hung_kings);
    assert!(new_years.iter().all(|(here, _)| tet(here.year()) == Some(*here)));
    assert!(hung_kings.iter().all(|(here, _)| hung_kings_day(here.year()) == Some(*here)));
}
