//! What each setting can hold, and plain words for what it cannot.

use std::net::SocketAddr;

use actix_web::http::Uri;
use toml::Value;

use super::{LogFormat, Profile};
use crate::app::transfer_dossiers::read_instant;
use crate::domain::alert::{AlertRule, Audience, Severity, StaleAfter, Topic};
use crate::domain::scheme::Scheme;

/// The fields of an alert rule: those that must be there, then those that are true or false, then the others.
const RULE_FIELDS: [&str; 19] = [
    "name",
    "what",
    "cron",
    "working_days_only",
    "last_working_day_of_week_only",
    "first_working_day_of_week_only",
    "enabled",
    "audience",
    "unit",
    "people",
    "days",
    "steps",
    "quiet_from",
    "quiet_to",
    "minimum_severity",
    "stale_after_minutes",
    "stale_after",
    "channels",
    "intro",
];
const RULE_NEEDS: usize = 3;
const RULE_SWITCHES: usize = 4;
/// Which of them are words, and which are texts.
const RULE_TEXTS: [&str; 5] = ["name", "cron", "unit", "quiet_from", "quiet_to"];
/// A session or a lock of more than a year is a slip of the hand.
const HOURS_OF_A_YEAR: i64 = 365 * 24;
const MINUTES_OF_A_YEAR: i64 = HOURS_OF_A_YEAR * 60;
/// With more wrong passwords than this allowed there is no lock worth the name.
const MOST_ATTEMPTS: i64 = 100;

/// The value of a setting in its own type, whether a file wrote it so or the environment as text.
///
/// # Errors
/// What is wrong with it, and what would do.
pub(super) fn checked(key: &str, value: Value) -> Result<Value, String> {
    match key {
        "alert_rule" => rules(value),
        "report_scheme" => schemes(value),
        "webhook" => super::webhooks::checked(value),
        "public_rates" => codes(value),
        "database_readers" | "status_look_ups_a_minute" | "proxies" => whole_number(value, u32::MAX.into()),
        "session_idle_minutes" | "lock_minutes" | "lock_minutes_most" => {
            whole_number(value, MINUTES_OF_A_YEAR)
        }
        "session_hours" => whole_number(value, HOURS_OF_A_YEAR),
        "sign_in_attempts" => whole_number(value, MOST_ATTEMPTS),
        // Years beyond a working life are slips of the hand.
        "apology_lead_working_days" | "backdated_after_working_days" => whole_number(value, 365),
        "applicant_retention_days" => whole_number(value, 36_525),
        "database_patience_seconds" => whole_number(value, i64::MAX),
        "clock" => instant(&value),
        _ => {
            let Value::String(text) = value else {
                return Err("it must be a text, within quotes".to_owned());
            };
            text_of(key, &text)?;
            Ok(Value::String(text))
        }
    }
}

/// A list of codes; the environment writes it with commas between.
fn codes(value: Value) -> Result<Value, String> {
    let all: Vec<String> = match value {
        Value::String(text) => text.split(',').map(|code| code.trim().to_owned()).collect(),
        Value::Array(all) => {
            all.iter().map(|code| code.as_str().unwrap_or_default().trim().to_owned()).collect()
        }
        _ => vec![String::new()],
    };
    if all.iter().any(String::is_empty) {
        return Err("it is a list of units' codes, such as [\"H19.15\", \"H19.16\"]".to_owned());
    }
    Ok(Value::Array(all.into_iter().map(Value::String).collect()))
}

fn text_of(key: &str, text: &str) -> Result<(), String> {
    match key {
        "profile" => one_of(text, &words(Profile::ALL)),
        "log_format" => one_of(text, &words(LogFormat::ALL)),
        "bind" => match text.parse::<SocketAddr>() {
            Ok(_) => Ok(()),
            Err(_) => Err(format!("«{text}» is no address with a port, such as 127.0.0.1:8080")),
        },
        "public_url" => public_url(text),
        _ => Ok(()),
    }
}

fn words<T: std::fmt::Display>(all: &[T]) -> Vec<String> {
    all.iter().map(ToString::to_string).collect()
}

fn one_of(text: &str, words: &[String]) -> Result<(), String> {
    if words.iter().any(|word| word == text) {
        return Ok(());
    }
    Err(format!("there is no «{text}»; write one of {}", words.join(", ")))
}

fn whole_number(value: Value, most: i64) -> Result<Value, String> {
    let number = match &value {
        Value::Integer(number) => Some(*number),
        Value::String(text) => text.parse().ok(),
        _ => None,
    };
    match number.filter(|number| (0..=most).contains(number)) {
        Some(number) => Ok(Value::Integer(number)),
        None => Err(format!("«{}» is no whole number that can be used here", shown(&value))),
    }
}

fn instant(value: &Value) -> Result<Value, String> {
    let text = shown(value);
    match read_instant(&text) {
        Some(at) => Ok(Value::String(at.to_rfc3339())),
        None => Err(format!(
            "«{text}» is no instant; write it as 2026-11-20T15:01:00+07:00, or 2026-11-20T15:01 by the office's clock"
        )),
    }
}

/// A value as its writer wrote it, but for the quotes.
fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned)
}

fn public_url(text: &str) -> Result<(), String> {
    let wrong = || format!("«{text}» is no address of a web server, such as https://hentra.example.vn");
    let url: Uri = text.parse().map_err(|_| wrong())?;
    let is_web = matches!(url.scheme_str(), Some("http" | "https"));
    let has_host = url.host().is_some_and(|host| !host.is_empty());
    if is_web && has_host && url.query().is_none() { Ok(()) } else { Err(wrong()) }
}

fn schemes(value: Value) -> Result<Value, String> {
    let Value::Array(schemes) = value else {
        return Err("it is a list; begin each scheme with [[report_scheme]]".to_owned());
    };
    let mut names: Vec<String> = Vec::new();
    for (at, form) in (1..).zip(&schemes) {
        let place = match form.get("name").and_then(Value::as_str) {
            Some(name) => format!("report scheme «{name}»: "),
            None => format!("report scheme {at}: "),
        };
        let scheme: Scheme = form
            .clone()
            .try_into()
            .map_err(|error: toml::de::Error| place.clone() + error.message().trim())?;
        if names.iter().any(|name| name == scheme.name()) {
            return Err(place + "it stands twice");
        }
        names.push(scheme.name().to_owned());
    }
    Ok(Value::Array(schemes))
}

fn rules(value: Value) -> Result<Value, String> {
    let Value::Array(rules) = value else {
        return Err("it is a list; begin each rule with [[alert_rule]]".to_owned());
    };
    for (at, rule) in (1..).zip(&rules) {
        let name = rule.get("name").and_then(Value::as_str);
        let place =
            name.map_or_else(|| format!("alert rule {at}: "), |name| format!("alert rule «{name}»: "));
        // What the rule itself refuses names it already.
        self::rule(rule).map_err(|why| if why.starts_with(&place) { why } else { place + &why })?;
    }
    Ok(Value::Array(rules))
}

fn rule(rule: &Value) -> Result<(), String> {
    let Value::Table(fields) = rule else {
        return Err("it is no table; begin each rule with [[alert_rule]]".to_owned());
    };
    if let Some(unknown) = fields.keys().find(|field| !RULE_FIELDS.contains(&field.as_str())) {
        return Err(format!("there is no field «{unknown}»; there are: {}", RULE_FIELDS.join(", ")));
    }
    if let Some(missing) = RULE_FIELDS.iter().take(RULE_NEEDS).find(|field| !fields.contains_key(**field)) {
        return Err(format!("{missing} is missing"));
    }
    rule_words(fields)?;
    for field in RULE_TEXTS {
        if !fields.get(field).is_none_or(Value::is_str) {
            return Err(format!("{field}: it must be a text, within quotes"));
        }
    }
    for field in RULE_FIELDS.iter().skip(RULE_NEEDS).take(RULE_SWITCHES) {
        if !fields.get(*field).is_none_or(Value::is_bool) {
            return Err(format!("{field}: write true or false"));
        }
    }
    for field in ["stale_after_minutes", "days"] {
        if let Some(number) = fields.get(field) {
            whole_number(number.clone(), u32::MAX.into()).map_err(|why| format!("{field}: {why}"))?;
        }
    }
    match rule.clone().try_into::<AlertRule>() {
        Ok(_) => Ok(()),
        Err(error) => Err(error.message().trim().to_owned()),
    }
}

/// The fields of a rule that take one of a few words.
fn rule_words(fields: &toml::Table) -> Result<(), String> {
    let known = [
        ("audience", words(Audience::ALL)),
        ("what", words(Topic::ALL)),
        ("minimum_severity", words(Severity::ALL)),
        ("stale_after", words(StaleAfter::ALL)),
    ];
    for (field, words) in known {
        if let Some(value) = fields.get(field) {
            one_of(&shown(value), &words).map_err(|why| format!("{field}: {why}"))?;
        }
    }
    Ok(())
}
