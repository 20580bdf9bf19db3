//! Alert mails: claiming the slots that are due, writing their messages, delivering them, and showing what was sent.
//!
//! A slot is claimed in the transaction that enqueues its messages, so none is lost and none doubled; sending happens outside of any
//! transaction. The timetable is [`rules`]', slots are `slots`', what is told `digest`'s, `weekly`'s and `horizon`'s, sending `delivery`'s, the rules `domain::alert`'s.

pub mod acknowledging;
pub mod delegations;
mod delivery;
mod digest;
mod horizon;
mod ladder;
mod ladder_people;
pub mod links;
pub mod opt_downs;
mod parcels;
mod places;
pub(in crate::app) mod pressing;
mod recipients;
mod replays;
mod retry;
pub mod rules;
pub mod rules_changed;
pub mod rules_shown;
mod slices;
mod slots;
mod suppressions;
mod views;
mod weekly;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{App, AppError};
use crate::domain::alert::AlertRule;
use crate::mail::Mailer;

pub use crate::store::outbox::OutboxStatus;
pub use delivery::deliver;
pub use replays::{Asked, MOST_AT_ONCE, RefusedView, ReplayView, ReplayedView, replay, replay_many};
pub use slots::enqueue_due;
pub use suppressions::{SuppressionView, release, suppressions};
pub use views::{AlertFilter, AlertLetterView, AlertPage, AlertView, TryView, find, list};

/// The timetable and what its messages need to know of the installation.
#[derive(Debug, Clone, Default)]
pub struct AlertSettings {
    /// The timetable; names are unique.
    pub rules: Vec<AlertRule>,
    /// Where the service is reached from outside (`https://hentra.example.vn`); without it, mails hold no links.
    pub public_url: Option<String>,
    /// The right side of Message-IDs: the domain of the sender.
    pub message_domain: String,
    /// How many working days before the due day an apology slip has to go out.
    pub apology_lead: u32,
}

impl AlertSettings {
    /// The settings, with the domain of Message-IDs taken from the sender's address as `mailer` has it.
    ///
    /// # Errors
    /// The name of a rule that stands twice: its slots could not be told apart.
    pub fn new(
        rules: Vec<AlertRule>,
        public_url: Option<String>,
        mailer: &Mailer,
    ) -> Result<AlertSettings, String> {
        let mut names = BTreeSet::new();
        if let Some(twice) = rules.iter().find(|rule| !names.insert(rule.name())) {
            return Err(twice.name().to_owned());
        }
        Ok(AlertSettings { rules, public_url, message_domain: mailer.domain().to_owned(), apology_lead: 1 })
    }
}

/// What one round did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Round {
    /// Slots claimed, with or without something to report.
    pub slots: usize,
    /// Of these, claimed too late to be worth a message.
    pub stale_slots: usize,
    /// Messages enqueued.
    pub enqueued: usize,
    /// Messages the server took.
    pub sent: usize,
    /// Messages to be tried again later.
    pub retried: usize,
    /// Messages refused for good.
    pub failed: usize,
    /// Messages of which nobody knows whether they were sent: no reply came, or the process that sent them died.
    pub uncertain: usize,
    /// Messages that waited until they were worth nothing.
    pub stale: usize,
    /// Messages to addresses that had turned out to be dead.
    pub suppressed: usize,
}

impl Round {
    /// Whether nothing happened at all.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        *self == Round::default()
    }
}

/// Claims every slot in `(last claimed, until]` of each rule and enqueues its messages, then delivers what waits. Doing it twice sends
/// nothing twice.
///
/// # Errors
/// The store's errors; what was claimed by then stays enqueued.
pub async fn run_until(
    app: &App,
    settings: &AlertSettings,
    mailer: &Mailer,
    until: DateTime<Utc>,
) -> Result<Round, AppError> {
    run_unless(app, settings, mailer, until, || false).await
}

/// As [`run_until`]; once `stopped` says so, messages whose sending has begun are finished, and the others are left to the next.
///
/// # Errors
/// As [`run_until`].
pub async fn run_unless(
    app: &App,
    settings: &AlertSettings,
    mailer: &Mailer,
    until: DateTime<Utc>,
    stopped: impl Fn() -> bool,
) -> Result<Round, AppError> {
    let claimed = enqueue_due(app, settings, until).await?;
    let delivered = delivery::deliver_unless(app, mailer, until, stopped).await?;
    Ok(Round {
        slots: claimed.slots,
        stale_slots: claimed.stale_slots,
        enqueued: claimed.enqueued,
        ..delivered
    })
}
