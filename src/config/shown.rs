//! The settings as `hentra config show` prints them, passwords masked.

use std::collections::BTreeMap;

use super::{ConfigError, KEYS, Settings};

impl Settings {
    /// The timetable as a file would write it.
    ///
    /// # Errors
    /// [`ConfigError::Value`] when it cannot be written.
    pub fn shown_rules(&self) -> Result<String, ConfigError> {
        let rules = BTreeMap::from([("alert_rule", &self.alert_rule)]);
        toml::to_string(&rules).map_err(|error| self.wrong("alert_rule", &error.to_string()))
    }

    /// The office's own points as a file would write them; `None` where there are none.
    ///
    /// # Errors
    /// [`ConfigError::Value`] when they cannot be written.
    pub fn shown_schemes(&self) -> Result<Option<String>, ConfigError> {
        let schemes = BTreeMap::from([("report_scheme", &self.report_scheme)]);
        let written =
            toml::to_string(&schemes).map_err(|error| self.wrong("report_scheme", &error.to_string()))?;
        Ok((!self.report_scheme.is_empty()).then_some(written))
    }

    /// Each setting as (key, value as TOML, where it comes from), passwords masked.
    pub fn shown(&self) -> Vec<(&'static str, Option<String>, String)> {
        let quoted = |text: &str| Some(toml::Value::String(text.to_owned()).to_string());
        let value = |key: &str| match key {
            "profile" => quoted(self.profile.word()),
            "database_url" => quoted(&self.database_url.to_string()),
            "database_readers" => Some(self.database_readers.to_string()),
            "database_patience_seconds" => Some(self.database_patience_seconds.to_string()),
            "bind" => quoted(&self.bind.to_string()),
            "public_url" => self.public_url.as_deref().and_then(quoted),
            "mail_url" => quoted(&self.mail_url.to_string()),
            "mail_from" => quoted(&self.mail_from),
            "mail_reply_to" => self.mail_reply_to.as_deref().and_then(quoted),
            "session_idle_minutes" => Some(self.session_idle_minutes.to_string()),
            "session_hours" => Some(self.session_hours.to_string()),
            "sign_in_attempts" => Some(self.sign_in_attempts.to_string()),
            "lock_minutes" => Some(self.lock_minutes.to_string()),
            "lock_minutes_most" => Some(self.lock_minutes_most.to_string()),
            "apology_lead_working_days" => Some(self.apology_lead_working_days.to_string()),
            "backdated_after_working_days" => Some(self.backdated_after_working_days.to_string()),
            "applicant_retention_days" => self.applicant_retention_days.map(|days| days.to_string()),
            "public_rates" => Some(texts(&self.public_rates)),
            "status_look_ups_a_minute" => Some(self.status_look_ups_a_minute.to_string()),
            "proxies" => Some(self.proxies.to_string()),
            "clock" => self.clock.and_then(|at| quoted(&at.to_rfc3339())),
            "log" => quoted(&self.log),
            "log_format" => quoted(self.log_format.word()),
            _ => None,
        };
        KEYS.iter().map(|key| (*key, value(key), self.origin(key))).collect()
    }
}

fn texts(all: &[String]) -> String {
    toml::Value::Array(all.iter().cloned().map(toml::Value::String).collect()).to_string()
}
