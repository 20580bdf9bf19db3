//! Why a verb was not carried out, in the words of the application. One table in `api/problem.rs` turns these into answers.

use crate::domain::act::{Flaw, Refusal};
use crate::domain::deadline::DeadlineError;
use crate::domain::promise::PromiseError;
use crate::store::StoreError;
pub use crate::text::problems::Fault;
use crate::text::replays::ReplayRefusal;

/// One field and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid {
    /// The field, as the client wrote it (`applicant.name`, `due_at__lt`, `line 7: code`).
    pub name: String,
    /// What is wrong.
    pub fault: Fault,
    /// The words that would do, where it is a matter of words.
    pub allowed: Vec<String>,
}

impl Invalid {
    /// A fault of a field.
    pub fn new(name: impl Into<String>, fault: Fault) -> Invalid {
        Invalid { name: name.into(), fault, allowed: Vec::new() }
    }

    /// A word that is not one of those allowed.
    pub fn not_allowed<T: std::fmt::Display>(name: impl Into<String>, allowed: &[T]) -> Invalid {
        let allowed = allowed.iter().map(ToString::to_string).collect();
        Invalid { name: name.into(), fault: Fault::NotAllowed, allowed }
    }
}

/// Why a verb was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The request cannot be understood or contradicts itself; each field is named.
    #[error("invalid: {0:?}")]
    Invalid(Vec<Invalid>),
    /// No token, or one that holds no longer.
    #[error("not signed in")]
    Unauthenticated,
    /// Unknown username, wrong password, or an account that is locked; which of them is not told.
    #[error("the sign-in failed")]
    SignInFailed,
    /// Too many passwords are being checked at once; trying again in a moment helps.
    #[error("too many sign in at once")]
    Busy,
    /// Nobody active would be left to administer the topmost unit.
    #[error("the topmost unit would be left without an administrator")]
    LastAdministrator,
    /// A user who may not sign in is given no token.
    #[error("the user is not active")]
    UserInactive,
    /// Signed in, but not for this.
    #[error("not allowed")]
    Forbidden,
    /// Nothing of this name, as far as the user may see.
    #[error("not found: {0}")]
    NotFound(&'static str),
    /// The state machine says no.
    #[error("refused: {0}")]
    Refused(Refusal),
    /// A dossier with this code stands already.
    #[error("the code is taken")]
    CodeTaken(String),
    /// Dossiers rest on it, so it cannot be taken away.
    #[error("dossiers rest on it")]
    InUse,
    /// A change needs `If-Match`.
    #[error("a precondition is required")]
    PreconditionRequired,
    /// The dossier or calendar has changed since it was read.
    #[error("it has changed since it was read")]
    PreconditionFailed,
    /// The same key came with another request.
    #[error("the key was used for another request")]
    IdempotencyMismatch,
    /// The same key is being worked on right now.
    #[error("a request with this key is in flight")]
    IdempotencyInFlight,
    /// The database is away, or too much is waiting; trying again later may help.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// The task that sends alerts has not been heard of for minutes.
    #[error("the scheduler has stopped")]
    SchedulerStopped,
    /// The message is in a state, or its address is, in which it cannot be sent again.
    #[error("the message cannot be sent again: {0}")]
    NotReplayable(ReplayRefusal),
    /// Something broke that should not; the detail is for the log alone.
    #[error("internal: {0}")]
    Internal(String),
}

impl AppError {
    /// One field, one fault.
    pub fn invalid(name: impl Into<String>, fault: Fault) -> AppError {
        AppError::Invalid(vec![Invalid::new(name, fault)])
    }
}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        let Refusal::Field { name, flaw } = refusal else { return AppError::Refused(refusal) };
        let fault = match flaw {
            Flaw::Required => Fault::Required,
            Flaw::Foreign => Fault::Conflicting,
            Flaw::NotLater => Fault::NotLater,
            Flaw::NotEarlier => Fault::NotEarlier,
            Flaw::InFuture => Fault::InFuture,
            Flaw::NotCorrectable => Fault::NotCorrectable,
            Flaw::NoLimit => Fault::NoLimit,
            Flaw::BeyondCalendar => Fault::BeyondCalendar,
        };
        AppError::invalid(name, fault)
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(why) => AppError::Unavailable(why),
            StoreError::Duplicate { .. }
            | StoreError::Corrupt(_)
            | StoreError::Settings(_)
            | StoreError::Engine(_) => AppError::Internal(error.to_string()),
        }
    }
}

impl From<super::shipped::ShippedError> for AppError {
    fn from(error: super::shipped::ShippedError) -> Self {
        AppError::Internal(error.to_string())
    }
}

impl From<PromiseError> for AppError {
    fn from(error: PromiseError) -> Self {
        match error {
            PromiseError::NoLimit => AppError::invalid("procedure", Fault::NoLimit),
            PromiseError::BeforeReceipt => AppError::invalid("due_at", Fault::BeforeReceipt),
            PromiseError::Deadline(error) => error.into(),
        }
    }
}

impl From<DeadlineError> for AppError {
    fn from(_: DeadlineError) -> Self {
        AppError::invalid("limit", Fault::BeyondCalendar)
    }
}
