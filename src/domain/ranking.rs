//! A ranking that is fair to small units and to those with harder work.
//!
//! A share of few dossiers says little, so units are ranked by what their share is at least: the lower end of Wilson's interval (E. B. Wilson,
//! "Probable inference, the law of succession, and statistical inference", Journal of the American Statistical Association 22, 1927, p. 209–212; method 3 of
//! R. G. Newcombe, Statistics in Medicine 17, 1998, p. 857–872). And a unit whose work is mostly procedures on which everybody is late is not worse for
//! it: [`mix_fair`] sets what it achieved beside what the group would have achieved with the same mix of procedures. That is indirect
//! standardisation. The direct way, each unit's rates on the group's mix, would need a rate of each unit for each procedure, and small units
//! have none for many.

use std::collections::BTreeMap;

use super::statistics::Rate;

/// The normal quantile of an interval of 95 %, 2.5 % on either side.
const Z_95: f64 = 1.959_963_984_540_054;
/// Scores nearer to each other than this are the same: sums of fractions differ in their last digits by the order in which they are added.
const SCORE_STEPS: f64 = 1e9;
/// Under so many dossiers come due a unit is not ranked, where nothing else is asked for: the rule of thumb for shares.
pub const USUAL_MINIMUM: u32 = 30;

words! {
    /// By what units are ranked.
    RankBy {
        /// By the lower bound of their own share.
        Wilson = "wilson",
        /// By the lower bound of their share, adjusted for their mix of procedures.
        MixFair = "mix_fair",
    }
}

/// The lower end of Wilson's 95 % interval of a share; none of nothing.
pub fn wilson_lower(of: Rate) -> Option<f64> {
    let share = of.value()?;
    let (n, squared) = (f64::from(of.denominator), Z_95 * Z_95);
    let centre = share + squared / (2.0 * n);
    let half = Z_95 * (share * (1.0 - share) / n + squared / (4.0 * n * n)).sqrt();
    // Of none at all the bound is nothing, which rounding may miss on either side.
    Some(((centre - half) / (1.0 + squared / n)).clamp(0.0, share))
}

/// What a unit achieved beside what the group would have achieved with its mix of procedures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MixFair {
    /// How many would have been in time at the group's own rate for each procedure.
    pub expected: f64,
    /// Observed over expected; 1 is what the group does with such a mix. None where nothing was to be expected.
    pub ratio: Option<f64>,
    /// The ratio times the group's rate over all procedures: the unit's rate, were its mix the group's. It is an index: above the group's best it may
    /// exceed 1.
    pub adjusted: Option<f64>,
    /// The same of [`wilson_lower`] instead of the observed share.
    pub adjusted_lower: Option<f64>,
}

/// Indirect standardisation: `own` and `group` are rates by procedure, and the group includes the unit. None where the unit had nothing due.
pub fn mix_fair(own: &BTreeMap<String, Rate>, group: &BTreeMap<String, Rate>) -> Option<MixFair> {
    let observed = together(own.values());
    let lower = wilson_lower(observed)?;
    let overall = together(group.values()).value()?;
    let expected: f64 = own
        .iter()
        .filter_map(|(procedure, rate)| {
            Some(f64::from(rate.denominator) * group.get(procedure).copied()?.value()?)
        })
        .sum();
    let some = (expected > 0.0).then_some(expected);
    let ratio = some.map(|expected| f64::from(observed.numerator) / expected);
    let ratio_lower = some.map(|expected| lower * f64::from(observed.denominator) / expected);
    Some(MixFair {
        expected,
        ratio,
        adjusted: ratio.map(|ratio| ratio * overall),
        adjusted_lower: ratio_lower.map(|ratio| ratio * overall),
    })
}

/// Shares of parts as the share of the whole.
pub fn together<'a>(rates: impl IntoIterator<Item = &'a Rate>) -> Rate {
    rates.into_iter().fold(Rate { numerator: 0, denominator: 0 }, |sum, rate| Rate {
        numerator: sum.numerator + rate.numerator,
        denominator: sum.denominator + rate.denominator,
    })
}

/// The rank of each score, the highest first: one more than there are better ones, so that equals share a rank and the next one is passed over. Who has
/// no score has no rank.
pub fn ranks(scores: &[Option<f64>]) -> Vec<Option<u32>> {
    let stepped = |score: &f64| (score * SCORE_STEPS).round();
    let mut sorted: Vec<f64> = scores.iter().flatten().map(stepped).collect();
    sorted.sort_by(|a, b| b.total_cmp(a));
    let rank = |score: &f64| {
        let better = sorted.partition_point(|other| other.total_cmp(&stepped(score)).is_gt());
        u32::try_from(better + 1).ok()
    };
    scores.iter().map(|score| score.as_ref().and_then(rank)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rate(numerator: u32, denominator: u32) -> Rate {
        Rate { numerator, denominator }
    }

    fn near(found: Option<f64>, expected: f64) {
        let found = found.unwrap();
        assert!((found - expected).abs() < 5e-5, "{found} is not {expected}");
    }

    /// The four examples of Newcombe 1998, table I, method 3.
    #[test]
    fn the_lower_bound_is_that_of_the_published_examples() {
        for (of, lower) in
            [(rate(81, 263), 0.2553), (rate(15, 148), 0.0624), (rate(0, 20), 0.0), (rate(1, 29), 0.0061)]
        {
            near(wilson_lower(of), lower);
        }
        // The mirror image of its 0 of 20: 1 - 0.1611.
        near(wilson_lower(rate(20, 20)), 0.8389);
        assert_eq!(wilson_lower(rate(0, 0)), None);
    }

    #[test]
    fn a_small_unit_is_not_first_by_luck() {
        // 20 of 20 is less sure than 950 of 1 000.
        assert!(wilson_lower(rate(20, 20)) < wilson_lower(rate(950, 1000)));
    }

    /// Charig and others, British Medical Journal 292, 1986, p. 879–882: open surgery succeeds less often over all (273 of 350 against 289 of 350) though
    /// more often with small stones and with large ones, for it is given the harder cases.
    #[test]
    fn who_has_the_harder_work_is_not_worse_for_it() {
        let of = |small: Rate, large: Rate| {
            BTreeMap::from([("small".to_owned(), small), ("large".to_owned(), large)])
        };
        let (open, closed) = (of(rate(81, 87), rate(192, 263)), of(rate(234, 270), rate(55, 80)));
        let group = of(rate(315, 357), rate(247, 343));
        let (open, closed) = (mix_fair(&open, &group).unwrap(), mix_fair(&closed, &group).unwrap());
        // 87 × 315/357 + 263 × 247/343, and 270 × 315/357 + 80 × 247/343.
        near(Some(open.expected), 266.155_4);
        near(Some(closed.expected), 295.844_6);
        near(open.ratio, 273.0 / 266.155_4);
        near(closed.ratio, 289.0 / 295.844_6);
        near(open.adjusted, 273.0 / 266.155_4 * 562.0 / 700.0);
        assert!(open.adjusted_lower > closed.adjusted_lower && open.adjusted_lower < open.adjusted);
    }

    #[test]
    fn nothing_due_or_nothing_to_expect_is_no_ratio() {
        let of = |rate| BTreeMap::from([("A".to_owned(), rate)]);
        assert_eq!(mix_fair(&of(rate(0, 0)), &of(rate(5, 10))), None);
        let hopeless = mix_fair(&of(rate(0, 5)), &of(rate(0, 10))).unwrap();
        assert_eq!((hopeless.expected, hopeless.ratio, hopeless.adjusted), (0.0, None, None));
    }

    #[test]
    fn equals_share_a_rank_and_the_next_is_passed_over() {
        let scores = [Some(0.5), None, Some(0.9), Some(0.1 + 0.4), Some(0.2)];
        assert_eq!(ranks(&scores), [Some(2), None, Some(1), Some(2), Some(4)]);
        assert_eq!(ranks(&[]), []);
    }

    proptest! {
        #[test]
        fn a_rank_is_one_more_than_there_are_better(scores in proptest::collection::vec(proptest::option::of(0_u32..20), 0..30)) {
            let given: Vec<Option<f64>> = scores.iter().map(|of| of.map(|of| f64::from(of) / 7.0)).collect();
            let slow: Vec<Option<u32>> = scores
                .iter()
                .map(|of| of.map(|own| 1 + u32::try_from(scores.iter().flatten().filter(|other| **other > own).count()).unwrap()))
                .collect();
            prop_assert_eq!(ranks(&given), slow);
        }

        #[test]
        fn a_lower_bound_lies_below_its_share_and_above_nothing(denominator in 1_u32..5_000, part in 0.0_f64..1.0) {
            // A whole number of the denominator.
            let numerator = (0..=denominator).find(|n| f64::from(*n) >= part * f64::from(denominator)).unwrap();
            let lower = wilson_lower(rate(numerator, denominator)).unwrap();
            prop_assert!(lower >= 0.0 && lower <= rate(numerator, denominator).value().unwrap());
        }

        #[test]
        fn the_group_itself_does_what_is_expected(rates in proptest::collection::btree_map("[A-D]", (0_u32..50, 1_u32..50), 1..4)) {
            let group: BTreeMap<String, Rate> = rates.into_iter().map(|(key, (n, more))| (key, rate(n, n + more))).collect();
            let whole = mix_fair(&group, &group).unwrap();
            prop_assert!(whole.ratio.is_none_or(|ratio| (ratio - 1.0).abs() < 1e-9));
        }
    }
}
