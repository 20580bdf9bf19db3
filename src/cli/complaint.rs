//! Why a command failed, in plain words.

use std::fmt;

use crate::app::calendars::CalendarRefusal;
use crate::app::{AppError, Fault, Invalid};
use crate::config::ConfigError;

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

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Failure(error.to_string())
    }
}

impl From<CalendarRefusal> for Failure {
    fn from(refusal: CalendarRefusal) -> Self {
        match refusal {
            CalendarRefusal::Other(error) => error.into(),
            CalendarRefusal::OpenDossiers(_) | CalendarRefusal::Contradiction(_) => {
                Failure(refusal.to_string())
            }
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Failure(error.to_string())
    }
}

/// An app error in one sentence, each field with what is wrong with it.
pub(crate) fn plain(error: &AppError) -> String {
    match error {
        AppError::Invalid(faults) => faults.iter().map(named).collect::<Vec<_>>().join("; "),
        AppError::CodeTaken(code) => format!("code: a dossier «{code}» stands already"),
        AppError::Unavailable(why) => format!("the database is away: {why}"),
        other => other.to_string(),
    }
}

fn named(of: &Invalid) -> String {
    format!("{}: {}", of.name, words(of.fault))
}

fn words(of: Fault) -> &'static str {
    match of {
        Fault::Required => "must be given",
        Fault::Malformed => "is not of the expected form",
        Fault::UnknownField => "there is no such field",
        Fault::NotAllowed => "is not one of the allowed words",
        Fault::Empty => "must not be empty",
        Fault::TooLong => "is too long",
        Fault::BadCharacters => "holds characters that cannot be kept",
        Fault::OutOfRange => "is outside the allowed range",
        Fault::UnknownReference => "names nothing that exists",
        Fault::InFuture => "lies in the future",
        Fault::TooEarly => "lies before the year 2000",
        Fault::BeforeReceipt => "lies before the receipt",
        Fault::Conflicting => "cannot stand beside another field",
        Fault::BeyondCalendar => "leads beyond the calendar",
        Fault::NoLimit => "no limit is in force for it",
        Fault::Duplicate => "is given twice",
    }
}
