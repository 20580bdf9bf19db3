//! The receivers of alerts besides mail, as a settings file writes them: `[[webhook]]`.

use std::path::PathBuf;

use serde::Deserialize;
use toml::Value;

use super::secret::SecretText;
use super::{ConfigError, Settings};
use crate::webhook::{Webhook, Webhooks};

/// A receiver.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookForm {
    /// What rules call it: lower-case letters, digits and `_`.
    pub name: String,
    /// Where it takes messages: `https://…`, or `http://` on this machine.
    pub url: String,
    /// What its messages are signed with, at least 16 characters.
    pub secret: Option<SecretText>,
    /// The file in which the secret stands instead, such as one that systemd or a container hands over.
    pub secret_file: Option<PathBuf>,
}

/// The list, each receiver looked at; the secrets in files are read when they are needed.
///
/// # Errors
/// What is wrong, with the receiver's name or place.
pub(super) fn checked(value: Value) -> Result<Value, String> {
    let Value::Array(hooks) = value else {
        return Err("it is a list; begin each receiver with [[webhook]]".to_owned());
    };
    let mut names: Vec<String> = Vec::new();
    for (at, hook) in (1..).zip(&hooks) {
        let place = match hook.get("name").and_then(Value::as_str) {
            Some(name) => format!("webhook «{name}»: "),
            None => format!("webhook {at}: "),
        };
        let form: WebhookForm = hook
            .clone()
            .try_into()
            .map_err(|error: toml::de::Error| place.clone() + error.message().trim())?;
        if form.secret.is_some() == form.secret_file.is_some() {
            return Err(place + "write either secret or secret_file");
        }
        // A secret in a file is looked at when it is read; this one stands in for it.
        let secret = form.secret.as_ref().map_or("................", SecretText::reveal);
        Webhook::new(&form.name, &form.url, secret).map_err(|error| format!("{place}{error}"))?;
        if names.contains(&form.name) {
            return Err(place + "it stands twice");
        }
        names.push(form.name);
    }
    Ok(Value::Array(hooks))
}

impl Settings {
    /// The receivers of alerts besides mail.
    ///
    /// # Errors
    /// [`ConfigError::Value`] when a secret's file cannot be read or holds too short a one.
    pub fn webhooks(&self) -> Result<Webhooks, ConfigError> {
        let wrong = |name: &str, why: String| self.wrong("webhook", &format!("webhook «{name}»: {why}"));
        let mut all = Vec::new();
        for form in &self.webhook {
            let secret = match (&form.secret, &form.secret_file) {
                (Some(secret), _) => secret.reveal().to_owned(),
                (None, Some(file)) => std::fs::read_to_string(file)
                    .map_err(|error| wrong(&form.name, format!("{}: {error}", file.display())))?
                    .trim_end()
                    .to_owned(),
                (None, None) => String::new(),
            };
            let hook = Webhook::new(&form.name, &form.url, &secret);
            all.push(hook.map_err(|error| wrong(&form.name, error.to_string()))?);
        }
        Webhooks::new(all).map_err(|name| wrong(&name, "it stands twice".to_owned()))
    }

    /// The receivers as (name, where they take messages); the secrets are not shown.
    pub fn shown_webhooks(&self) -> Vec<(&str, &str)> {
        self.webhook.iter().map(|form| (form.name.as_str(), form.url.as_str())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Sources, load};
    use super::*;

    fn loaded(text: &str) -> Result<Settings, String> {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("own.toml");
        std::fs::write(&file, text).unwrap();
        let loaded = load(&Sources { file: Some(file), ..Sources::default() });
        loaded.map(|loaded| loaded.settings).map_err(|error| error.to_string())
    }

    #[test]
    fn a_receiver_that_makes_no_sense_is_named() {
        let hook = |more: &str| format!("[[webhook]]\nname = \"zalo\"\n{more}\n");
        let url = "url = \"https://zalo.example.vn/hook\"";
        let secret = "secret = \"0123456789abcdef\"";
        for (text, why) in [
            ("webhook = 1\n".to_owned(), "begin each receiver with [[webhook]]"),
            (hook(url), "«zalo»: write either secret or secret_file"),
            (
                hook(&format!("{url}\nsecret = \"short\"")),
                "«zalo»: the secret must have at least 16 characters",
            ),
            (
                hook(&format!("url = \"http://zalo.example.vn\"\n{secret}")),
                "«zalo»: url: it must begin with https://",
            ),
            (hook(&format!("{url}\n{secret}\nsecrets = 1")), "unknown field `secrets`"),
            (
                hook(&format!("{url}\n{secret}\n{}", hook(&format!("{url}\n{secret}")))),
                "«zalo»: it stands twice",
            ),
            (format!("[[webhook]]\nname = \"mail\"\n{url}\n{secret}\n"), "is not «mail»"),
            (hook(secret), "missing field `url`"),
        ] {
            let said = loaded(&text).unwrap_err();
            assert!(said.starts_with("the setting webhook (") && said.contains(why), "{said}");
        }
    }

    #[test]
    fn secrets_come_from_the_setting_or_a_file_and_are_never_shown() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("secret");
        let url = "url = \"https://zalo.example.vn/hook\"";
        let text = format!("[[webhook]]\nname = \"zalo\"\n{url}\nsecret_file = \"{}\"\n", file.display());
        let settings = loaded(&text).unwrap();
        assert!(settings.webhooks().unwrap_err().to_string().contains("webhook «zalo»: "));
        std::fs::write(&file, "short\n").unwrap();
        assert!(settings.webhooks().unwrap_err().to_string().contains("at least 16 characters"));
        std::fs::write(&file, "a-very-s3cret-text\n").unwrap();
        assert_eq!(settings.webhooks().unwrap().names().collect::<Vec<_>>(), ["zalo"]);
        let settings =
            loaded(&format!("[[webhook]]\nname = \"sms\"\n{url}\nsecret = \"a-very-s3cret-text\"\n"))
                .unwrap();
        assert!(settings.webhooks().is_ok());
        assert!(!format!("{settings:?}{:?}", settings.shown_webhooks()).contains("s3cret"));
    }
}
