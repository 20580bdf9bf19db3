//! Where numbers look too good: signs that results, pauses or dates are made to fit, of one officer or unit beside the others.
//!
//! A sign says "look here", never "guilty": who takes the hardest dossiers, works the last shift or writes up a colleague's work stands out too. The
//! rule is one for all signs, R. A. Fisher's exact test, one-sided ("The Design of Experiments", 1935, chapter 2): were everybody alike, how
//! probable is it that so many or more of all the dossiers with the sign fall to this one? It is exact for small numbers, and counts in how little is known
//! of the others. One that is as good as alike stands out once in a thousand times; who looks at many should expect that.

use chrono::{DateTime, TimeDelta, Utc};

use super::calendar::Calendar;
use super::office_time::local_date;
use super::statistics::Rate;

/// Less probable than this by chance alone, a count stands out.
pub const LEVEL: f64 = 0.001;
/// Of fewer dossiers, one's own or the others', nothing is said.
pub const MINIMUM_BASE: u32 = 30;
/// Fewer with the sign never stand out.
pub const MINIMUM_COUNT: u32 = 3;
/// How many minutes before the day's last session ends are its last ones, where nothing else is asked for.
pub const USUAL_MINUTES: u32 = 15;
/// The most minutes that may be asked for: longer than half a day they are not the last ones.
pub const MOST_MINUTES: u32 = 240;
/// From here on Stirling's series is exact to what a number holds.
const STIRLING_FROM: u32 = 16;

words! {
    /// Whom the lens is on.
    IntegrityBy {
        /// The officer in charge of a dossier now.
        Officer = "officer",
        /// The unit.
        Unit = "unit",
    }
}

words! {
    /// What is looked for.
    Sign {
        /// Closed on the due day in the last minutes before its last session ended, of all closed in the period.
        LastMinutes = "last_minutes",
        /// Paused or sent back in the period on the due day or after it, of all dossiers of the period.
        PausedWhenDue = "paused_when_due",
        /// The closing recorded long after it is said to have happened, of all closed in the period.
        BackdatedClosings = "backdated_closings",
        /// Appointed anew in the period, of all dossiers of the period.
        Reappointments = "reappointments",
        /// Sent back for a supplement in the period, of all dossiers of the period.
        Supplements = "supplements",
    }
}

impl Sign {
    /// Whether it is of the closed dossiers alone; else of all dossiers of the period.
    pub fn is_of_closings(self) -> bool {
        match self {
            Sign::LastMinutes | Sign::BackdatedClosings => true,
            Sign::PausedWhenDue | Sign::Reappointments | Sign::Supplements => false,
        }
    }
}

/// Whether a closing falls on the due day, within so many minutes before the end of its last session, both ends included.
pub fn in_last_minutes(
    calendar: &Calendar,
    due_at: DateTime<Utc>,
    closed_at: DateTime<Utc>,
    minutes: u32,
) -> bool {
    let day = local_date(due_at);
    calendar.closes_at(day).is_some_and(|end| {
        let from = end - TimeDelta::minutes(i64::from(minutes));
        local_date(closed_at) == day && (from..=end).contains(&closed_at)
    })
}

/// The stretches between two instants, each from its first instant on and before its last, outside of which no closing falls within the last minutes of any of
/// these calendars' days; apart from each other, and in order.
pub fn stretches_of_last_minutes(
    calendars: &[&Calendar],
    (from, before): (DateTime<Utc>, DateTime<Utc>),
    minutes: u32,
) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
    let (first, last) = (local_date(from), local_date(before));
    let ends = first.iter_days().take_while(|day| *day <= last);
    let ends = ends.flat_map(|day| calendars.iter().filter_map(move |calendar| calendar.closes_at(day)));
    let stretch = |end: DateTime<Utc>| {
        // The end is one of the last minutes; instants are kept to the microsecond.
        let after = end + TimeDelta::microseconds(1);
        ((end - TimeDelta::minutes(i64::from(minutes))).max(from), after.min(before))
    };
    let mut all: Vec<_> = ends.map(stretch).filter(|(from, before)| from < before).collect();
    all.sort_unstable();
    let mut apart: Vec<(DateTime<Utc>, DateTime<Utc>)> = Vec::with_capacity(all.len());
    for (from, before) in all {
        match apart.last_mut() {
            Some(before_it) if from <= before_it.1 => before_it.1 = before_it.1.max(before),
            _ => apart.push((from, before)),
        }
    }
    apart
}

/// One beside its peers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Beside {
    /// How probable so many or more are, were all alike; none of too few.
    pub chance: Option<f64>,
    /// Whether that is improbable enough to look; none of too few to say.
    pub stands_out: Option<bool>,
}

/// Sets one's count beside that of its peers, of which it is none.
pub fn beside(own: Rate, peers: Rate) -> Beside {
    if own.denominator < MINIMUM_BASE || peers.denominator < MINIMUM_BASE {
        return Beside { chance: None, stands_out: None };
    }
    let chance = fisher_upper(own, peers);
    Beside { chance: Some(chance), stands_out: Some(own.numerator >= MINIMUM_COUNT && chance < LEVEL) }
}

/// Fisher's exact test, one-sided: of all that have the sign, how probable it is that so many as `own` has or more fall to it, were all alike. It is the upper
/// tail of the hypergeometric distribution.
pub fn fisher_upper(own: Rate, peers: Rate) -> f64 {
    let urn = Urn::of(own, peers);
    let drawn = f64::from(own.numerator);
    if drawn <= urn.least() {
        return 1.0;
    }
    // Summed on the side away from the middle, where what is left out is nothing.
    if drawn > urn.mean() { urn.sum_up(drawn) } else { 1.0 - urn.sum_down(drawn - 1.0) }.clamp(0.0, 1.0)
}

/// All dossiers, of which some have the sign and some are drawn. Counts are far below 2^53 and exact.
struct Urn {
    all: f64,
    signed: f64,
    drawn: f64,
}

impl Urn {
    fn of(own: Rate, peers: Rate) -> Urn {
        Urn {
            all: f64::from(own.denominator) + f64::from(peers.denominator),
            signed: f64::from(own.numerator) + f64::from(peers.numerator),
            drawn: f64::from(own.denominator),
        }
    }

    fn least(&self) -> f64 {
        (self.drawn + self.signed - self.all).max(0.0)
    }

    fn most(&self) -> f64 {
        self.drawn.min(self.signed)
    }

    fn mean(&self) -> f64 {
        self.drawn * self.signed / self.all
    }

    /// How probable exactly `k` are.
    fn exactly(&self, k: f64) -> f64 {
        let ways = ln_choose(self.signed, k) + ln_choose(self.all - self.signed, self.drawn - k);
        (ways - ln_choose(self.all, self.drawn)).exp()
    }

    /// `k` or more; the terms fall from there on.
    fn sum_up(&self, mut k: f64) -> f64 {
        let (mut term, mut sum) = (self.exactly(k), 0.0);
        while k <= self.most() && term > sum * f64::EPSILON {
            sum += term;
            let rest = self.all - self.signed - self.drawn + k + 1.0;
            term *= (self.signed - k) * (self.drawn - k) / ((k + 1.0) * rest);
            k += 1.0;
        }
        sum
    }

    /// `k` or fewer; the terms fall from there on.
    fn sum_down(&self, mut k: f64) -> f64 {
        let (mut term, mut sum) = (self.exactly(k), 0.0);
        while k >= self.least() && term > sum * f64::EPSILON {
            sum += term;
            let rest = self.all - self.signed - self.drawn + k;
            term *= k * rest / ((self.signed - k + 1.0) * (self.drawn - k + 1.0));
            k -= 1.0;
        }
        sum
    }
}

fn ln_choose(n: f64, k: f64) -> f64 {
    ln_factorial(n) - ln_factorial(k) - ln_factorial(n - k)
}

/// The logarithm of n!, by the product for small numbers and by Stirling's series for others.
fn ln_factorial(n: f64) -> f64 {
    if n < f64::from(STIRLING_FROM) {
        let factors = (1..STIRLING_FROM).map(f64::from).take_while(|factor| *factor <= n);
        return factors.product::<f64>().ln();
    }
    let series = 1.0 / (12.0 * n) - 1.0 / (360.0 * n.powi(3)) + 1.0 / (1260.0 * n.powi(5));
    n * n.ln() - n + 0.5 * (std::f64::consts::TAU * n).ln() + series
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::calendar::CalendarSpec;
    use crate::domain::sample::at;

    fn rate(numerator: u32, denominator: u32) -> Rate {
        Rate { numerator, denominator }
    }

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
    }

    /// Fisher's own: eight cups of tea, four with the milk first; the lady names all four right once in 70 times, three or more 17 times.
    #[test]
    fn the_lady_tasting_tea() {
        near(fisher_upper(rate(4, 4), rate(0, 4)), 1.0 / 70.0);
        near(fisher_upper(rate(3, 4), rate(1, 4)), 17.0 / 70.0);
        near(fisher_upper(rate(0, 4), rate(4, 4)), 1.0);
    }

    /// The worked example of the test in the encyclopaedias: 9 of 12 women and 1 of 12 men study; 0.001346076 + 0.000033652.
    #[test]
    fn the_worked_example() {
        assert!((fisher_upper(rate(9, 12), rate(1, 12)) - 0.001_379_728).abs() < 1e-9);
    }

    #[test]
    fn large_numbers_are_no_matter() {
        // So many over what is expected is beyond chance; so many below it is all but sure.
        assert!(fisher_upper(rate(60_000, 1_000_000), rate(450_000, 9_000_000)) < 1e-12);
        near(fisher_upper(rate(40_000, 1_000_000), rate(450_000, 9_000_000)), 1.0);
    }

    #[test]
    fn of_too_few_nothing_is_said_and_two_never_stand_out() {
        assert_eq!(beside(rate(29, 29), rate(0, 1000)).stands_out, None);
        assert_eq!(beside(rate(30, 30), rate(0, 29)).stands_out, None);
        assert_eq!(beside(rate(30, 30), rate(0, 30)).stands_out, Some(true));
        assert_eq!(beside(rate(2, 30), rate(0, 10_000)).stands_out, Some(false));
        assert_eq!(beside(rate(3, 30), rate(0, 10_000)).stands_out, Some(true));
        assert_eq!(beside(rate(10, 100), rate(100, 1000)).stands_out, Some(false));
    }

    #[test]
    fn the_last_minutes_end_with_the_session() {
        let calendar = Calendar::build(&CalendarSpec::national(vec![], (2000..=2026).collect())).unwrap();
        let due = at("2026-11-20T10:00:00");
        for (closed, expected) in [
            ("2026-11-20T16:44:59", false),
            ("2026-11-20T16:45:00", true),
            ("2026-11-20T17:00:00", true),
            ("2026-11-20T17:00:01", false),
            ("2026-11-19T16:50:00", false),
            ("2026-11-23T16:50:00", false),
        ] {
            assert_eq!(in_last_minutes(&calendar, due, at(closed), 15), expected, "{closed}");
        }
        // Nothing ends on a day off.
        assert!(!in_last_minutes(&calendar, at("2026-11-22T17:00:00"), at("2026-11-22T16:50:00"), 15));
    }

    #[test]
    fn last_minutes_fall_within_their_stretches() {
        let calendar = Calendar::build(&CalendarSpec::national(vec![], (2000..=2026).collect())).unwrap();
        // From Thursday afternoon to Monday evening; seen from two calendars that are alike.
        let about = (at("2026-11-19T16:50:00"), at("2026-11-23T16:55:00"));
        let stretches = stretches_of_last_minutes(&[&calendar, &calendar], about, 15);
        let after = TimeDelta::microseconds(1);
        assert_eq!(
            stretches,
            [
                (at("2026-11-19T16:50:00"), at("2026-11-19T17:00:00") + after),
                (at("2026-11-20T16:45:00"), at("2026-11-20T17:00:00") + after),
                (at("2026-11-23T16:45:00"), at("2026-11-23T16:55:00")),
            ]
        );
        for minute in 0..5 * 24 * 60 {
            let closed = at("2026-11-19T00:00:00") + TimeDelta::minutes(minute);
            let due = closed;
            let inside = stretches.iter().any(|(from, before)| (*from..*before).contains(&closed));
            let looked_at = (about.0..about.1).contains(&closed);
            assert_eq!(inside, looked_at && in_last_minutes(&calendar, due, closed, 15), "{closed}");
        }
    }

    fn choose(n: u64, k: u64) -> u128 {
        if k > n { 0 } else { (0..k).fold(1, |ways, i| ways * u128::from(n - i) / u128::from(i + 1)) }
    }

    proptest! {
        /// By counting the ways: every sum is exact.
        #[test]
        fn it_is_what_counting_the_ways_says(own in 1_u32..30, signed_own in 0_u32..30, peers in 1_u32..30, signed_peers in 0_u32..30) {
            let (k, m) = (signed_own.min(own), signed_peers.min(peers));
            let (all, signed, drawn) = (u64::from(own + peers), u64::from(k + m), u64::from(own));
            let ways = |x: u64| choose(signed, x) * choose(all - signed, drawn - x);
            let many: u128 = (u64::from(k)..=drawn.min(signed)).map(ways).sum();
            let slow = many.to_string().parse::<f64>().unwrap() / choose(all, drawn).to_string().parse::<f64>().unwrap();
            let found = fisher_upper(rate(k, own), rate(m, peers));
            prop_assert!((found - slow).abs() < 1e-9, "{} is not {}", found, slow);
        }
    }
}
