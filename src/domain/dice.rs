//! Chance that comes out the same each time: what is made up by it (the sample province, a country to measure with) looks alike on every machine.

/// A small generator (SplitMix64); good enough to make data look natural, and for nothing else.
pub struct Dice(u64);

impl Dice {
    /// A generator of its own for each combination of the parts.
    pub fn of(parts: &[u64]) -> Dice {
        let mut dice = Dice(0x48656e_747261);
        for part in parts {
            dice.0 = dice.next() ^ part.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        }
        dice
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to below `end`; 0 when `end` is 0.
    pub fn below(&mut self, end: u32) -> u32 {
        u32::try_from(self.next() % u64::from(end.max(1))).unwrap_or(0)
    }

    /// From `first` to `last`, both included.
    pub fn between(&mut self, first: u32, last: u32) -> u32 {
        first + self.below(last.saturating_sub(first) + 1)
    }

    /// True so many times in a thousand.
    pub fn permille(&mut self, chance: u32) -> bool {
        self.below(1_000) < chance
    }

    /// One of these words.
    pub fn word(&mut self, of: &[&'static str]) -> &'static str {
        let at = self.below(u32::try_from(of.len()).unwrap_or(0));
        usize::try_from(at).ok().and_then(|at| of.get(at)).copied().unwrap_or_default()
    }

    /// One of these, each as likely as its weight says.
    pub fn weighted<'a, T>(&mut self, of: &'a [T], weight: impl Fn(&T) -> u32) -> Option<&'a T> {
        let mut left = self.below(of.iter().map(&weight).sum());
        of.iter().find(|one| {
            let here = left < weight(one);
            left = left.saturating_sub(weight(one));
            here
        })
    }
}

/// Weights laid out once, to draw from many times.
#[derive(Debug, Clone, Default)]
pub struct Weights {
    /// Each weight with all before it.
    sums: Vec<u32>,
}

impl Weights {
    /// So many of a kind each; what has no weight is never drawn. Sums beyond `u32` count no further.
    pub fn new(of: impl IntoIterator<Item = u32>) -> Weights {
        let sums = of
            .into_iter()
            .scan(0_u32, |sum, weight| {
                *sum = sum.saturating_add(weight);
                Some(*sum)
            })
            .collect();
        Weights { sums }
    }

    /// The place of one of them, each as likely as its weight says; 0 when there is nothing to draw.
    pub fn draw(&self, dice: &mut Dice) -> usize {
        let drawn = dice.below(self.sums.last().copied().unwrap_or(0));
        self.sums.partition_point(|sum| *sum <= drawn).min(self.sums.len().saturating_sub(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_parts_give_the_same_throws_and_others_do_not() {
        let throws = |parts: &[u64]| {
            let mut dice = Dice::of(parts);
            (0..20).map(|_| dice.below(1_000)).collect::<Vec<_>>()
        };
        assert_eq!(throws(&[1, 2]), throws(&[1, 2]));
        assert_ne!(throws(&[1, 2]), throws(&[2, 1]));
    }

    #[test]
    fn weights_are_kept_to() {
        let mut dice = Dice::of(&[7]);
        let of = [("rare", 1), ("never", 0), ("often", 9)];
        let thrown: Vec<&str> = (0..1_000).map(|_| dice.weighted(&of, |one| one.1).unwrap().0).collect();
        let often = thrown.iter().filter(|word| **word == "often").count();
        assert!((850..950).contains(&often), "{often}");
        assert!(!thrown.contains(&"never"));
    }

    #[test]
    fn laid_out_weights_are_kept_to() {
        let weights = Weights::new([1, 0, 9]);
        let mut dice = Dice::of(&[7]);
        let mut drawn = [0; 3];
        (0..1_000).for_each(|_| drawn[weights.draw(&mut dice)] += 1);
        assert_eq!(drawn[1], 0);
        assert!((850..950).contains(&drawn[2]), "{drawn:?}");
        assert_eq!(Weights::default().draw(&mut dice), 0);
    }
}
