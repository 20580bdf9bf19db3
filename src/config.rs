//! Settings, in layers: the shipped `config/default.toml`, what the profile changes, a file of the installation's own,
//! the environment (`HENTRA_` and the key in capitals), and at last what the command line says.
//!
//! Every key is known here and nowhere else; an unknown one in a file is refused, with the file's name. Passwords in URLs
//! are shown masked. What a setting does is the business of who reads it.

mod error;
mod secret;
mod shown;
mod terms;
mod values;
mod webhooks;

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::domain::alert::AlertRule;
use crate::domain::scheme::Scheme;
pub use error::ConfigError;
pub use secret::{SecretText, SecretUrl};
pub use webhooks::WebhookForm;

const DEFAULTS: &str = include_str!("../config/default.toml");
const PRODUCTION: &str = include_str!("../config/production.toml");

/// The keys that also stand in the environment, in the order in which they are shown.
const KEYS: [&str; 23] = [
    "profile",
    "database_url",
    "database_readers",
    "database_patience_seconds",
    "bind",
    "public_url",
    "mail_url",
    "mail_from",
    "mail_reply_to",
    "session_idle_minutes",
    "session_hours",
    "sign_in_attempts",
    "lock_minutes",
    "lock_minutes_most",
    "apology_lead_working_days",
    "backdated_after_working_days",
    "applicant_retention_days",
    "public_rates",
    "status_look_ups_a_minute",
    "proxies",
    "clock",
    "log",
    "log_format",
];
/// The keys that stand in files alone, for they are lists.
const LISTS: [&str; 3] = ["alert_rule", "report_scheme", "webhook"];
/// Names the installation's own file.
const FILE_VARIABLE: &str = "HENTRA_CONFIG";

words! {
    /// How much the service dares.
    Profile {
        /// Sample data.
        Demo = "demo",
        /// A developer's machine.
        Dev = "dev",
        /// Real dossiers.
        Production = "production",
    }
}

words! {
    /// How the log is written.
    LogFormat {
        /// For people.
        Text = "text",
        /// One JSON object a line.
        Json = "json",
    }
}

/// The settings in force.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// How much the service dares.
    pub profile: Profile,
    /// `sqlite:///path/file.db` or `postgres://…`.
    pub database_url: SecretUrl,
    /// Connections kept for reading.
    pub database_readers: u32,
    /// How long a request waits for the database.
    pub database_patience_seconds: u64,
    /// Address and port to listen on.
    pub bind: std::net::SocketAddr,
    /// How the world reaches the service, for links in mails; `None` when it is where it listens, see [`Settings::public_url`].
    pub public_url: Option<String>,
    /// Where mail goes: `smtp://`, `smtps://` or `files://`.
    pub mail_url: SecretUrl,
    /// The sender of mail.
    pub mail_from: String,
    /// Where answers to mail go, if not to the sender.
    pub mail_reply_to: Option<String>,
    /// A session that is not used for so long ends.
    pub session_idle_minutes: u32,
    /// A session ends after so long, however much it is used.
    pub session_hours: u32,
    /// The wrong password in a row that locks an account.
    pub sign_in_attempts: u32,
    /// How long the first lock lasts; each wrong password after it doubles the time.
    pub lock_minutes: u32,
    /// No lock lasts longer.
    pub lock_minutes_most: u32,
    /// An apology slip is due so many working days before the due day.
    pub apology_lead_working_days: u32,
    /// An act recorded more than so many working days after the day it is said to have happened on is back-dated.
    pub backdated_after_working_days: u32,
    /// How many days after the closing persons' data are kept; `None` when that is not set.
    pub applicant_retention_days: Option<u32>,
    /// The units whose on-time rates anybody may see; none are shipped.
    #[serde(default)]
    pub public_rates: Vec<String>,
    /// How many dossiers an address may look up a minute without being signed in.
    pub status_look_ups_a_minute: u32,
    /// How many proxies stand between people and the service, each of which notes in `X-Forwarded-For` who asked it.
    pub proxies: u32,
    /// Where the service's clock starts, ticking on; `None` for the machine's clock.
    pub clock: Option<DateTime<Utc>>,
    /// When who is warned of what.
    pub alert_rule: Vec<AlertRule>,
    /// Points that an office gives for rates of the report; none are shipped.
    #[serde(default)]
    pub report_scheme: Vec<Scheme>,
    /// Where alerts may go besides mail; none are shipped.
    #[serde(default)]
    pub webhook: Vec<WebhookForm>,
    /// What is logged, as `tracing` writes its filters.
    pub log: String,
    /// How the log is written.
    pub log_format: LogFormat,
    #[serde(skip)]
    origins: BTreeMap<String, String>,
}

/// Where settings are read from, besides what is shipped.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// The installation's own file, from the command line.
    pub file: Option<PathBuf>,
    /// The environment's variables; all of them may be given.
    pub environment: Vec<(String, String)>,
    /// What the command line says, as (key, option, value).
    pub options: Vec<(&'static str, &'static str, String)>,
}

/// Settings, and what should be said about them before they are used.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The settings.
    pub settings: Settings,
    /// Variables that begin like ours and mean nothing.
    pub unknown_variables: Vec<String>,
}

impl Sources {
    /// The process's own environment, with what the command line says.
    pub fn of_process(file: Option<PathBuf>, options: Vec<(&'static str, &'static str, String)>) -> Sources {
        // A variable that is no UTF-8 can hold none of our settings.
        let environment =
            std::env::vars_os().filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)));
        Sources { file, environment: environment.collect(), options }
    }

    fn variable(&self, name: &str) -> Option<&str> {
        // An empty variable says nothing: compose files pass on what is not set as "".
        self.environment.iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, v)| v.as_str())
    }

    fn option(&self, key: &str) -> Option<&str> {
        self.options.iter().find(|(of, ..)| *of == key).map(|(.., value)| value.as_str())
    }
}

struct Layer {
    origin: String,
    table: toml::Table,
}

/// Reads the settings.
///
/// # Errors
/// [`ConfigError`], naming the file or variable and the key.
pub fn load(sources: &Sources) -> Result<Loaded, ConfigError> {
    let default = read_layer("config/default.toml", DEFAULTS)?;
    let own = own_file(sources)?;
    let mut layers = vec![default];
    if profile_named(sources, own.as_ref()).as_deref() == Some(Profile::Production.word()) {
        layers.push(read_layer("config/production.toml", PRODUCTION)?);
    }
    layers.extend(own);
    layers.extend(spoken(sources));
    let mut origins: BTreeMap<String, String> = layers
        .iter()
        .flat_map(|layer| layer.table.keys().map(|key| (key.clone(), layer.origin_of(key))))
        .collect();
    origins.extend(sources.options.iter().map(|(key, option, _)| ((*key).to_owned(), (*option).to_owned())));
    let mut settings = merge(layers, &origins)?;
    settings.origins = origins;
    settings.check()?;
    Ok(Loaded { settings, unknown_variables: unknown_variables(&sources.environment) })
}

/// The profile decides on a layer, so it is looked up before the layers are merged.
fn profile_named(sources: &Sources, own: Option<&Layer>) -> Option<String> {
    let in_file = || own?.table.get("profile")?.as_str().map(ToOwned::to_owned);
    sources
        .option("profile")
        .or_else(|| sources.variable("HENTRA_PROFILE"))
        .map(ToOwned::to_owned)
        .or_else(in_file)
}

fn own_file(sources: &Sources) -> Result<Option<Layer>, ConfigError> {
    let Some(file) = sources.file.clone().or_else(|| sources.variable(FILE_VARIABLE).map(PathBuf::from))
    else {
        return Ok(None);
    };
    let name = file.display().to_string();
    let text = std::fs::read_to_string(&file)
        .map_err(|error| ConfigError::File { file: name.clone(), why: error.to_string() })?;
    read_layer(&name, &text).map(Some)
}

fn read_layer(origin: &str, text: &str) -> Result<Layer, ConfigError> {
    let origin = origin.to_owned();
    let table: toml::Table = toml::from_str(text)
        .map_err(|error| ConfigError::Form { origin: origin.clone(), why: error.to_string() })?;
    match table.keys().find(|key| !KEYS.contains(&key.as_str()) && !LISTS.contains(&key.as_str())) {
        None => Ok(Layer { origin, table }),
        Some(key) => Err(ConfigError::UnknownKey {
            origin,
            key: key.clone(),
            known: [&KEYS[..], &LISTS].concat().join(", "),
        }),
    }
}

/// What the environment and then the command line say, each its own layer.
fn spoken(sources: &Sources) -> [Layer; 2] {
    let text = |value: &str| toml::Value::String(value.to_owned());
    let environment = KEYS
        .iter()
        .filter_map(|key| Some(((*key).to_owned(), text(sources.variable(&variable_of(key))?))))
        .collect();
    let options = sources.options.iter().map(|(key, _, value)| ((*key).to_owned(), text(value))).collect();
    [
        Layer { origin: "the environment".to_owned(), table: environment },
        Layer { origin: "the command line".to_owned(), table: options },
    ]
}

impl Layer {
    fn origin_of(&self, key: &str) -> String {
        if self.origin == "the environment" { variable_of(key) } else { self.origin.clone() }
    }
}

fn variable_of(key: &str) -> String {
    format!("HENTRA_{}", key.to_uppercase())
}

/// The last layer to name a key decides; each value is looked at before it is taken, so that what is wrong is said in plain words.
fn merge(layers: Vec<Layer>, origins: &BTreeMap<String, String>) -> Result<Settings, ConfigError> {
    let wrong = |key: String, why: String| {
        let origin = origins.get(&key).cloned().unwrap_or_default();
        ConfigError::Value { key, origin, why }
    };
    let mut all = toml::Table::new();
    for (key, value) in layers.into_iter().flat_map(|layer| layer.table) {
        all.insert(key, value);
    }
    let mut merged = toml::Table::new();
    for (key, value) in all {
        let value = values::checked(&key, value).map_err(|why| wrong(key.clone(), why))?;
        merged.insert(key, value);
    }
    config::Config::try_from(&merged)
        .and_then(config::Config::try_deserialize)
        .map_err(|error| wrong(String::new(), error.to_string()))
}

fn unknown_variables(environment: &[(String, String)]) -> Vec<String> {
    let known = |name: &str| name == FILE_VARIABLE || KEYS.iter().any(|key| variable_of(key) == name);
    environment
        .iter()
        .map(|(name, _)| name.as_str())
        .filter(|name| name.starts_with("HENTRA_") && !name.starts_with("HENTRA_TEST_") && !known(name))
        .map(ToOwned::to_owned)
        .collect()
}

impl Settings {
    fn check(&self) -> Result<(), ConfigError> {
        if self.profile == Profile::Production && self.clock.is_some() {
            return Err(self.wrong("clock", "the production profile goes by the machine's clock alone"));
        }
        let at_least_one = [
            ("database_readers", self.database_readers),
            ("session_idle_minutes", self.session_idle_minutes),
            ("session_hours", self.session_hours),
            ("sign_in_attempts", self.sign_in_attempts),
            ("lock_minutes", self.lock_minutes),
            ("status_look_ups_a_minute", self.status_look_ups_a_minute),
        ];
        if let Some((key, _)) = at_least_one.iter().find(|(_, number)| *number == 0) {
            return Err(self.wrong(key, "there must be at least one"));
        }
        if self.lock_minutes_most < self.lock_minutes {
            return Err(self.wrong("lock_minutes_most", "it must not be less than lock_minutes"));
        }
        Ok(())
    }

    /// Whether mail may go where it is set to go; asked by who sends mail.
    ///
    /// # Errors
    /// [`ConfigError::Value`] when the production profile is not given an SMTP server.
    pub fn check_mail(&self) -> Result<(), ConfigError> {
        let url = self.mail_url.reveal();
        let smtp = url.starts_with("smtp://") || url.starts_with("smtps://");
        if smtp || (url.starts_with("files://") && self.profile != Profile::Production) {
            return Ok(());
        }
        let why = match self.profile {
            Profile::Production => {
                "the production profile sends mail by smtp:// or smtps:// and in no other way"
            }
            Profile::Demo | Profile::Dev => "must begin with smtp://, smtps:// or files://",
        };
        Err(self.wrong("mail_url", why))
    }

    fn wrong(&self, key: &str, why: &str) -> ConfigError {
        ConfigError::Value { key: key.to_owned(), origin: self.origin(key), why: why.to_owned() }
    }

    /// Where the value of a key comes from; "not set" when it comes from nowhere.
    pub fn origin(&self, key: &str) -> String {
        self.origins.get(key).cloned().unwrap_or_else(|| "not set".to_owned())
    }

    /// How the world reaches the service: as it is set, or where it listens; `None` when it listens everywhere, which is no place to go to.
    pub fn public_url(&self) -> Option<String> {
        let listens = || (!self.bind.ip().is_unspecified()).then(|| format!("http://{}", self.bind));
        self.public_url.clone().or_else(listens)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::access::AccessSettings;

    fn with(environment: &[(&str, &str)]) -> Sources {
        let environment = environment.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Sources { environment, ..Sources::default() }
    }

    fn refused(sources: &Sources) -> String {
        load(sources).unwrap_err().to_string()
    }

    #[test]
    fn what_is_open_to_anybody_is_a_list_of_units_and_nothing_else() {
        let settings = load(&Sources::default()).unwrap().settings;
        assert_eq!(
            (settings.public_rates.len(), settings.status_look_ups_a_minute, settings.proxies),
            (0, 30, 0)
        );
        let named = with(&[("HENTRA_PUBLIC_RATES", "H19.15, H19.16"), ("HENTRA_PROXIES", "2")]);
        let settings = load(&named).unwrap().settings;
        assert_eq!(settings.public_rates, ["H19.15", "H19.16"]);
        assert_eq!(settings.openness().proxies(), 2);
        assert!(settings.openness().shows_rates_of("H19.16") && !settings.openness().shows_rates_of("H19"));
        let shown = settings.shown();
        let rates = shown.iter().find(|(key, ..)| *key == "public_rates").unwrap();
        assert_eq!(
            (rates.1.as_deref(), rates.2.as_str()),
            (Some("[\"H19.15\", \"H19.16\"]"), "HENTRA_PUBLIC_RATES")
        );
        assert!(
            refused(&with(&[("HENTRA_PUBLIC_RATES", "H19.15,,H19.16")])).contains("list of units' codes")
        );
        assert!(refused(&with(&[("HENTRA_PROXIES", "-1")])).contains("proxies"));
        assert!(refused(&with(&[("HENTRA_STATUS_LOOK_UPS_A_MINUTE", "0")])).contains("at least one"));
    }

    #[test]
    fn what_is_shipped_is_whole_and_the_environment_goes_before_it() {
        let settings = load(&Sources::default()).unwrap().settings;
        assert_eq!((settings.profile, settings.bind.port()), (Profile::Dev, 8080));
        let sources =
            with(&[("HENTRA_BIND", "0.0.0.0:9"), ("HENTRA_DATABASE_READERS", "3"), ("HENTRA_LOG", "")]);
        let settings = load(&sources).unwrap().settings;
        assert_eq!((settings.bind.port(), settings.database_readers, settings.log.as_str()), (9, 3, "info"));
        assert_eq!(settings.origin("bind"), "HENTRA_BIND");
    }

    #[test]
    fn a_file_goes_before_the_profile_and_after_the_environment() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("own.toml");
        std::fs::write(&file, "profile = \"production\"\nlog = \"warn\"\nmail_url = \"smtp://mx\"\n")
            .unwrap();
        let mut sources = with(&[("HENTRA_LOG", "debug"), ("HENTRA_CONFIG", file.to_str().unwrap())]);
        let settings = load(&sources).unwrap().settings;
        assert_eq!((settings.profile, settings.log_format), (Profile::Production, LogFormat::Json));
        assert_eq!((settings.log.as_str(), settings.mail_url.reveal()), ("debug", "smtp://mx"));
        std::fs::write(&file, "bnid = \"x\"\n").unwrap();
        assert!(refused(&sources).contains("own.toml: there is no setting «bnid»; there are: profile, "));
        sources.file = Some(directory.path().join("none.toml"));
        assert!(refused(&sources).contains("none.toml cannot be read"));
    }

    #[test]
    fn a_value_that_does_not_fit_is_named_with_its_key_and_where_it_comes_from() {
        for (name, value, key) in [
            ("HENTRA_BIND", "here", "bind"),
            ("HENTRA_PROFILE", "prod", "profile"),
            ("HENTRA_DATABASE_READERS", "many", "database_readers"),
            ("HENTRA_DATABASE_READERS", "0", "database_readers"),
            ("HENTRA_CLOCK", "now", "clock"),
            ("HENTRA_SESSION_IDLE_MINUTES", "0", "session_idle_minutes"),
            ("HENTRA_SESSION_HOURS", "10000", "session_hours"),
            ("HENTRA_SIGN_IN_ATTEMPTS", "-1", "sign_in_attempts"),
            ("HENTRA_LOCK_MINUTES", "an hour", "lock_minutes"),
            ("HENTRA_LOCK_MINUTES_MOST", "0", "lock_minutes_most"),
        ] {
            let why = refused(&with(&[(name, value)]));
            assert!(why.starts_with(&format!("the setting {key} ({name}): ")), "{why}");
        }
    }

    #[test]
    fn production_keeps_the_machines_clock_and_sends_real_mail() {
        let production = |more: &[(&str, &str)]| {
            let mut all = vec![("HENTRA_PROFILE", "production")];
            all.extend(more);
            with(&all)
        };
        assert!(
            refused(&production(&[("HENTRA_CLOCK", "2026-11-20T08:00:00+07:00")])).contains("(HENTRA_CLOCK)")
        );
        let mail = |url| load(&production(&[("HENTRA_MAIL_URL", url)])).unwrap().settings.check_mail();
        assert!(mail("").unwrap_err().to_string().contains("the setting mail_url (config/production.toml)"));
        assert!(mail("files:///var/mail").is_err());
        assert!(mail("smtps://u:p@mx").is_ok());
        assert!(load(&Sources::default()).unwrap().settings.check_mail().is_ok());
    }

    #[test]
    fn what_is_shipped_for_access_is_what_holds_without_settings() {
        assert_eq!(load(&Sources::default()).unwrap().settings.access(), AccessSettings::default());
    }

    #[test]
    fn links_lead_where_the_service_is_reached_and_nowhere_when_that_is_unknown() {
        let url = |environment: &[(&str, &str)]| load(&with(environment)).unwrap().settings.public_url();
        assert_eq!(url(&[]).as_deref(), Some("http://127.0.0.1:8080"));
        assert_eq!(url(&[("HENTRA_BIND", "0.0.0.0:8080")]), None);
        assert_eq!(url(&[("HENTRA_BIND", "[::]:8080")]), None);
        let set = [("HENTRA_BIND", "[::]:8080"), ("HENTRA_PUBLIC_URL", "https://hentra.example")];
        assert_eq!(url(&set).as_deref(), Some("https://hentra.example"));
    }

    #[test]
    fn only_variables_of_ours_that_mean_nothing_are_reported() {
        let sources = with(&[("HENTRA_DATBASE_URL", "x"), ("HENTRA_TEST_POSTGRES_URL", "x"), ("HOME", "/")]);
        assert_eq!(load(&sources).unwrap().unknown_variables, ["HENTRA_DATBASE_URL"]);
    }

    #[test]
    fn every_key_is_shown_and_no_password_is() {
        let sources = with(&[
            (
                "HENTRA_DATABASE_URL",
                "postgres://hentra:s3cret@db:5432/hentra?sslmode=require&password=s3cret",
            ),
            ("HENTRA_MAIL_URL", "smtps://u@x:s3cret@mail.example"),
            ("HENTRA_CLOCK", "2026-11-20T08:00:00+07:00"),
            ("HENTRA_PUBLIC_URL", "https://hentra.example"),
            ("HENTRA_MAIL_REPLY_TO", "vanphong@hentra.example"),
            ("HENTRA_APPLICANT_RETENTION_DAYS", "1825"),
        ]);
        let settings = load(&sources).unwrap().settings;
        let shown = settings.shown();
        assert!(shown.iter().all(|(_, value, _)| value.is_some()), "{shown:?}");
        let all = format!("{shown:?}{settings:?}");
        assert!(!all.contains("s3cret"), "{all}");
        assert!(all.contains("postgres://hentra:***@db:5432/hentra?sslmode=require&password=***"), "{all}");
    }
}
