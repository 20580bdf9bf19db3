//! Why a command failed, in plain words.

use std::fmt;

use crate::app::generate::GenerateError;
use crate::app::{AppError, Invalid};
use crate::config::ConfigError;
use crate::demo::DemoError;
use crate::mail::MailSettingsError;
use crate::store::StoreError;
use crate::text::{Lang, problems};

/// A command that failed; its text is for the person who called it.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl Failure {
    pub(crate) fn new(text: impl Into<String>) -> Failure {
        Failure(text.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        Failure(plain(&error))
    }
}

impl From<GenerateError> for Failure {
    fn from(error: GenerateError) -> Self {
        match error {
            GenerateError::App(error) => error.into(),
            other => Failure(other.to_string()),
        }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Failure(error.to_string())
    }
}

impl From<MailSettingsError> for Failure {
    fn from(error: MailSettingsError) -> Self {
        Failure(error.to_string())
    }
}

impl From<DemoError> for Failure {
    fn from(error: DemoError) -> Self {
        match error {
            DemoError::App(error) => error.into(),
            DemoError::Files { .. } | DemoError::Unfinished(_) | DemoError::Broken(_) => {
                Failure(error.to_string())
            }
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Failure(error.to_string())
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Failure(error.to_string())
    }
}

/// An app error in one sentence, each field with what is wrong with it.
pub(crate) fn plain(error: &AppError) -> String {
    match error {
        AppError::Invalid(faults) => faults.iter().map(named).collect::<Vec<_>>().join(" "),
        AppError::CodeTaken(code) => format!("code: a dossier «{code}» stands already."),
        AppError::Unavailable(why) => format!("the database is away: {why}"),
        other => other.to_string(),
    }
}

fn named(of: &Invalid) -> String {
    format!("{}: {}", of.name, problems::reason(Lang::En, of.fault, &of.allowed))
}
