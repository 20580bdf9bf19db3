//! Who is written to while somebody is away.

use std::collections::{BTreeSet, HashMap};

/// So many delegates are asked for one after another, should each of them be away, too.
const STEPS: usize = 5;

/// To whom somebody has delegated, and what becomes of the own copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delegated {
    /// The delegate's key.
    pub to: i64,
    /// Whether the one who is away is written to as well.
    pub keep: bool,
}

/// Who is sent a user's messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StandIn {
    /// The delegate who is there.
    pub delegate: i64,
    /// Whether the user is written to as well.
    pub keep: bool,
}

/// Who stands in for a user, where `away` holds everybody who is away on the day. A delegate who is away, too, is followed to the next one; where that
/// leads in a circle, or on for too long, nobody stands in and the user is written to.
#[must_use]
pub fn stand_in(user: i64, away: &HashMap<i64, Delegated>) -> Option<StandIn> {
    let keep = away.get(&user)?.keep;
    let mut met = BTreeSet::from([user]);
    let mut now = user;
    for _ in 0..STEPS {
        match away.get(&now) {
            None => break,
            Some(delegated) => now = delegated.to,
        }
        if !met.insert(now) {
            return None;
        }
    }
    (!away.contains_key(&now)).then_some(StandIn { delegate: now, keep })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to(pairs: &[(i64, i64)]) -> HashMap<i64, Delegated> {
        pairs.iter().map(|(user, to)| (*user, Delegated { to: *to, keep: *user == 1 })).collect()
    }

    #[test]
    fn whoever_is_there_stands_in_and_circles_lead_nowhere() {
        let reached = |pairs: &[(i64, i64)]| stand_in(1, &to(pairs)).map(|of| of.delegate);
        assert_eq!(reached(&[]), None);
        assert_eq!(reached(&[(2, 3)]), None, "somebody else's");
        assert_eq!(reached(&[(1, 2)]), Some(2));
        assert_eq!(reached(&[(1, 2), (2, 3), (3, 4)]), Some(4));
        assert_eq!(reached(&[(1, 2), (2, 1)]), None);
        assert_eq!(reached(&[(1, 1)]), None);
        assert_eq!(reached(&[(1, 2), (2, 3), (3, 2)]), None);
        let chain: Vec<(i64, i64)> = (1..=5).map(|of| (of, of + 1)).collect();
        assert_eq!(reached(&chain), Some(6));
        let longer: Vec<(i64, i64)> = (1..=6).map(|of| (of, of + 1)).collect();
        assert_eq!(reached(&longer), None);
    }

    #[test]
    fn the_own_copy_is_the_matter_of_who_is_away_first() {
        assert_eq!(stand_in(1, &to(&[(1, 2), (2, 3)])), Some(StandIn { delegate: 3, keep: true }));
        assert_eq!(stand_in(2, &to(&[(1, 2), (2, 3)])), Some(StandIn { delegate: 3, keep: false }));
    }
}
