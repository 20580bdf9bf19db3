//! What the settings say to the storeys that they are for, in those storeys' own types.

use std::time::Duration;

use chrono::TimeDelta;

use super::Settings;
use crate::app::access::AccessSettings;
use crate::app::openness::Openness;
use crate::domain::account::Lockout;
use crate::domain::conduct::Measures;
use crate::store::StoreSettings;

impl Settings {
    /// What the office has set of the rules.
    pub fn measures(&self) -> Measures {
        Measures {
            apology_lead_working_days: self.apology_lead_working_days,
            backdated_after_working_days: self.backdated_after_working_days,
        }
    }

    /// How the database is reached.
    pub fn store(&self) -> StoreSettings {
        StoreSettings {
            url: self.database_url.reveal().to_owned(),
            readers: self.database_readers,
            patience: Duration::from_secs(self.database_patience_seconds),
        }
    }

    /// How long sessions last and when accounts are locked.
    pub fn access(&self) -> AccessSettings {
        let minutes = |number: u32| TimeDelta::minutes(number.into());
        AccessSettings {
            session_idle: minutes(self.session_idle_minutes),
            session_longest: TimeDelta::hours(self.session_hours.into()),
            lockout: Lockout {
                attempts: self.sign_in_attempts,
                first: minutes(self.lock_minutes),
                longest: minutes(self.lock_minutes_most),
            },
        }
    }

    /// What those may ask who are not signed in.
    pub fn openness(&self) -> Openness {
        let proxies = usize::try_from(self.proxies).unwrap_or(usize::MAX);
        Openness::new(self.public_rates.clone(), self.status_look_ups_a_minute, proxies)
    }
}
