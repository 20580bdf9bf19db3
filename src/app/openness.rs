//! What those may ask who are not signed in, and how often.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::throttle::Throttle;

/// How many dossiers an address may look up a minute where nothing else is set.
const LOOK_UPS_A_MINUTE: u32 = 30;
/// The part of an IPv6 address that a provider gives to one household.
const HOUSEHOLD: u128 = u128::MAX << 64;

/// What the settings leave open to anybody.
#[derive(Debug)]
pub struct Openness {
    rates_of: BTreeSet<String>,
    proxies: usize,
    look_ups: Mutex<Throttle<Asker>>,
}

/// Who asks without being signed in, as far as it can be told: an address of IPv4, or what one household has of IPv6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Asker(IpAddr);

impl Asker {
    /// Who asks from this address.
    pub fn at(address: IpAddr) -> Asker {
        match address.to_canonical() {
            IpAddr::V6(of) => Asker(IpAddr::V6((u128::from(of) & HOUSEHOLD).into())),
            of => Asker(of),
        }
    }
}

impl Default for Openness {
    fn default() -> Openness {
        Openness::new(Vec::new(), LOOK_UPS_A_MINUTE, 0)
    }
}

impl Openness {
    /// The rates of these units are for everybody; each address may look up so many dossiers a minute; and so many proxies stand between it and the
    /// service.
    pub fn new(rates_of: Vec<String>, look_ups_a_minute: u32, proxies: usize) -> Openness {
        let look_ups = Mutex::new(Throttle::new(look_ups_a_minute));
        Openness { rates_of: rates_of.into_iter().collect(), proxies, look_ups }
    }

    /// Whether everybody may see the unit's rates.
    pub fn shows_rates_of(&self, unit: &str) -> bool {
        self.rates_of.contains(unit)
    }

    /// How many proxies stand between those who ask and the service.
    pub fn proxies(&self) -> usize {
        self.proxies
    }

    /// Counts a look-up.
    ///
    /// # Errors
    /// How long the asker has to wait.
    pub(super) fn look_up(&self, asker: Asker, now: DateTime<Utc>) -> Result<(), TimeDelta> {
        self.look_ups.lock().unwrap_or_else(PoisonError::into_inner).ask(asker, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_household_is_one_asker_whatever_address_it_takes() {
        let at = |text: &str| Asker::at(text.parse().unwrap());
        assert_eq!(at("2001:db8:1:2::1"), at("2001:db8:1:2:ffff::9"));
        assert_ne!(at("2001:db8:1:2::1"), at("2001:db8:1:3::1"));
        assert_eq!(at("::ffff:203.0.113.7"), at("203.0.113.7"));
        assert_ne!(at("203.0.113.8"), at("203.0.113.7"));
    }
}
