//! The acts of a dossier's life: what they are, which of them a state allows, and why one may be refused.
//!
//! What an act makes of a dossier is decided in [`super::decision`].

use chrono::{DateTime, Utc};

use super::correction::Changes;
use super::deadline::DeadlineError;
use super::dossier::Status;
use super::promise::PromiseError;

words! {
    /// The acts of a dossier's life that a person performs after the receipt.
    ActKind {
        /// What is missing is asked of the citizen; the dossier waits for it.
        RequestSupplement = "request_supplement",
        /// The complete dossier has arrived; its limit begins anew.
        Supplement = "supplement",
        /// Its time is stopped on a legal ground.
        Pause = "pause",
        /// Its time runs on.
        Resume = "resume",
        /// An apology slip with a new appointment is given.
        Apologise = "apologise",
        /// The result exists.
        Resolve = "resolve",
        /// The result is handed over.
        Return = "return",
        /// It is refused.
        Refuse = "refuse",
        /// The citizen takes it back.
        Withdraw = "withdraw",
        /// Its handling is stopped.
        Stop = "stop",
        /// What was written down wrongly is put right.
        Correct = "correct",
    }
}

impl ActKind {
    /// Whether it must say why.
    pub(super) fn needs_reason(self) -> bool {
        match self {
            ActKind::RequestSupplement
            | ActKind::Pause
            | ActKind::Apologise
            | ActKind::Refuse
            | ActKind::Stop
            | ActKind::Correct => true,
            ActKind::Supplement
            | ActKind::Resume
            | ActKind::Resolve
            | ActKind::Return
            | ActKind::Withdraw => false,
        }
    }
}

/// The acts a state allows.
pub fn allowed(status: Status) -> &'static [ActKind] {
    use ActKind as A;
    match status {
        Status::Processing => &[
            A::RequestSupplement,
            A::Pause,
            A::Apologise,
            A::Resolve,
            A::Refuse,
            A::Withdraw,
            A::Stop,
            A::Correct,
        ],
        Status::AwaitingSupplement => {
            &[A::Supplement, A::Apologise, A::Refuse, A::Withdraw, A::Stop, A::Correct]
        }
        Status::Paused => &[A::Resume, A::Apologise, A::Refuse, A::Withdraw, A::Stop, A::Correct],
        Status::Resolved => &[A::Return, A::Correct],
        Status::Returned | Status::Refused | Status::Withdrawn | Status::Stopped => &[A::Correct],
    }
}

/// An act as asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// What is done.
    pub kind: ActKind,
    /// When it is said to have happened.
    pub at: DateTime<Utc>,
    /// Why; what is missing, for a supplement.
    pub reason: Option<String>,
    /// The legal ground of a pause.
    pub ground: Option<String>,
    /// The new appointment of an apology.
    pub appointed_at: Option<DateTime<Utc>>,
    /// What a correction puts right.
    pub changes: Option<Changes>,
    /// Whether a person did it; only of persons it is asked how long after the fact they recorded it.
    pub by_person: bool,
}

words! {
    /// What is wrong with one thing that an act was given, or was not.
    Flaw {
        /// The act needs it.
        Required = "required",
        /// It belongs to another act.
        Foreign = "foreign",
        /// It is not later than what it follows.
        NotLater = "not_later",
        /// It is not earlier than what it corrects.
        NotEarlier = "not_earlier",
        /// It lies in the future.
        InFuture = "in_future",
        /// It cannot be corrected, or not any more.
        NotCorrectable = "not_correctable",
        /// No limit is in force for it.
        NoLimit = "no_limit",
        /// It leads out of the calendar.
        BeyondCalendar = "beyond_calendar",
    }
}

/// Why an act may not be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The state does not allow it.
    #[error("{act} is not allowed while the dossier is {status}")]
    NotAllowed {
        /// The act asked for.
        act: ActKind,
        /// Where the dossier stands.
        status: Status,
        /// What may be done instead.
        allowed: Vec<ActKind>,
    },
    /// It is said to have happened before what came before it.
    #[error("the act is said to have happened before the dossier's last one")]
    BeforeLastAct {
        /// When the last one happened.
        last: DateTime<Utc>,
    },
    /// Something it was given, or was not, does not fit.
    #[error("{name}: {flaw}")]
    Field {
        /// What, as the client names it.
        name: &'static str,
        /// What is wrong with it.
        flaw: Flaw,
    },
}

impl Refusal {
    /// A flaw of one field.
    pub(super) fn field(name: &'static str, flaw: Flaw) -> Refusal {
        Refusal::Field { name, flaw }
    }
}

impl From<DeadlineError> for Refusal {
    fn from(_: DeadlineError) -> Self {
        Refusal::field("limit", Flaw::BeyondCalendar)
    }
}

impl From<PromiseError> for Refusal {
    fn from(error: PromiseError) -> Self {
        match error {
            PromiseError::NoLimit => Refusal::field("procedure", Flaw::NoLimit),
            PromiseError::BeforeReceipt => Refusal::field("changes.due_at", Flaw::NotLater),
            PromiseError::Deadline(error) => error.into(),
        }
    }
}
