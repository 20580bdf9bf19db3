//! A dossier (*hồ sơ*) and the acts that change it: the pure state machine.
//!
//! [`decide`] answers what an act makes of a dossier, or why it may not be. Who may ask, and how it is written down, is not known here.

use chrono::{DateTime, Utc};

use super::deadline::Limit;
use super::office_time;

words! {
    /// How the dossier came in.
    Channel {
        /// At the counter.
        InPerson = "in_person",
        /// Through the public service portal.
        Online = "online",
        /// By public postal service.
        Postal = "postal",
    }
}

words! {
    /// Where a dossier stands. "Overdue" is no state.
    Status {
        /// Being worked on.
        Processing = "processing",
        /// Sent back to the citizen for what is missing.
        AwaitingSupplement = "awaiting_supplement",
        /// Halted on a legal ground.
        Paused = "paused",
        /// The result exists.
        Resolved = "resolved",
        /// The result is in the citizen's hands.
        Returned = "returned",
        /// Closed: refused.
        Refused = "refused",
        /// Closed: taken back by the citizen.
        Withdrawn = "withdrawn",
        /// Closed: stopped.
        Stopped = "stopped",
    }
}

impl Status {
    /// The national portal's code for the state.
    pub fn portal_state(self) -> u8 {
        match self {
            Status::Processing => 4,
            Status::AwaitingSupplement => 5,
            Status::Paused => 6,
            Status::Resolved => 9,
            Status::Returned => 10,
            Status::Refused => 3,
            Status::Withdrawn => 7,
            Status::Stopped => 8,
        }
    }
}

words! {
    /// In which way a dossier was closed.
    ClosedAs {
        /// With a result.
        Resolved = "resolved",
        /// Refused.
        Refused = "refused",
        /// Withdrawn by the citizen.
        Withdrawn = "withdrawn",
        /// Stopped.
        Stopped = "stopped",
    }
}

words! {
    /// How punctual the closing was.
    Outcome {
        /// Closed on a day before the due day.
        Early = "early",
        /// Not early, and before the limit lapsed.
        OnTime = "on_time",
        /// At or after the instant the limit lapsed.
        Late = "late",
    }
}

words! {
    /// The acts of a dossier's life that a person performs.
    ActKind {
        /// The result exists.
        Resolve = "resolve",
        /// The result is handed over.
        Return = "return",
    }
}

/// A dossier without the person's data, which stand in a room of their own.
#[derive(Debug, Clone, PartialEq)]
pub struct Dossier {
    /// Key within the store.
    pub id: i64,
    /// Opaque code, unique.
    pub code: String,
    /// Unit that took it.
    pub unit: String,
    /// Procedure code.
    pub procedure: String,
    /// The procedure's sector at receipt.
    pub sector: String,
    /// How it came in.
    pub channel: Channel,
    /// The statutory limit in force at receipt.
    pub limit: Limit,
    /// Where it stands.
    pub status: Status,
    /// When it was handed in.
    pub received_at: DateTime<Utc>,
    /// When the office counts it as received (inside a session).
    pub effective_receipt: DateTime<Utc>,
    /// The law's due instant.
    pub statutory_due_at: DateTime<Utc>,
    /// The unit's own commitment, the earliest that applies.
    pub commitment_due_at: Option<DateTime<Utc>>,
    /// What the receipt promised.
    pub first_due_at: DateTime<Utc>,
    /// What punctuality is judged by: the promise, moved only by law.
    pub due_at: DateTime<Utc>,
    /// Late from this instant on.
    pub lapses_at: DateTime<Utc>,
    /// What the citizen was last told.
    pub appointed_at: DateTime<Utc>,
    /// Whether a date rests on days off not yet announced.
    pub provisional: bool,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// How it was closed.
    pub closed_as: Option<ClosedAs>,
    /// How punctual that was.
    pub outcome: Option<Outcome>,
    /// When the citizen took the result.
    pub returned_at: Option<DateTime<Utc>>,
    /// The officer in charge.
    pub officer: Option<String>,
    /// Free text.
    pub note: Option<String>,
    /// The officer's reason for a promise that breaks a rule.
    pub reason: Option<String>,
    /// Requests for supplement so far.
    pub supplements: u32,
    /// Re-appointments so far.
    pub reappointments: u32,
    /// Grows by one with each act; the ETag.
    pub version: i64,
}

impl Dossier {
    /// Whether its limit has lapsed: open and past it at `now`, or closed late.
    pub fn is_overdue(&self, now: DateTime<Utc>) -> bool {
        self.closed_at.is_none() && self.lapses_at <= now
    }

    /// The acts that its state allows.
    pub fn allowed_acts(&self) -> &'static [ActKind] {
        allowed(self.status)
    }
}

/// The acts a state allows.
pub fn allowed(status: Status) -> &'static [ActKind] {
    match status {
        Status::Processing => &[ActKind::Resolve],
        Status::Resolved => &[ActKind::Return],
        Status::AwaitingSupplement
        | Status::Paused
        | Status::Returned
        | Status::Refused
        | Status::Withdrawn
        | Status::Stopped => &[],
    }
}

/// An act as asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Act {
    /// What is done.
    pub kind: ActKind,
    /// When it is said to have happened.
    pub at: DateTime<Utc>,
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
    /// It is said to happen in the future.
    #[error("the act is said to happen in the future")]
    InFuture,
}

/// What `act` makes of `dossier`, recorded at `now`.
///
/// # Errors
/// [`Refusal`] when the state, or the order of events, does not allow it; the dossier stays as it is.
pub fn decide(dossier: &Dossier, act: Act, now: DateTime<Utc>) -> Result<Dossier, Refusal> {
    if !dossier.allowed_acts().contains(&act.kind) {
        return Err(Refusal::NotAllowed {
            act: act.kind,
            status: dossier.status,
            allowed: dossier.allowed_acts().to_vec(),
        });
    }
    let last = dossier.closed_at.unwrap_or(dossier.received_at);
    if act.at < last {
        return Err(Refusal::BeforeLastAct { last });
    }
    if act.at > now {
        return Err(Refusal::InFuture);
    }
    let mut after = dossier.clone();
    after.version += 1;
    match act.kind {
        ActKind::Resolve => {
            after.status = Status::Resolved;
            after.closed_at = Some(act.at);
            after.closed_as = Some(ClosedAs::Resolved);
            after.outcome = Some(outcome(dossier, act.at));
        }
        ActKind::Return => {
            after.status = Status::Returned;
            after.returned_at = Some(act.at);
        }
    }
    Ok(after)
}

/// How punctual a closing at `closed_at` is: early before the due day, late from the instant the limit lapses.
pub fn outcome(dossier: &Dossier, closed_at: DateTime<Utc>) -> Outcome {
    if closed_at >= dossier.lapses_at {
        Outcome::Late
    } else if office_time::local_date(closed_at) < office_time::local_date(dossier.due_at) {
        Outcome::Early
    } else {
        Outcome::OnTime
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(&format!("{text}+07:00")).unwrap().to_utc()
    }

    /// Received Wednesday 18/11/2026 at nine, due Friday 20/11/2026, late from Saturday on.
    fn open() -> Dossier {
        Dossier {
            id: 1,
            code: "H19.15-261118-0001".into(),
            unit: "H19.15".into(),
            procedure: "2.001019".into(),
            sector: "Chứng thực".into(),
            channel: Channel::InPerson,
            limit: Limit::WorkingDays(2),
            status: Status::Processing,
            received_at: at("2026-11-18T09:00:00"),
            effective_receipt: at("2026-11-18T09:00:00"),
            statutory_due_at: at("2026-11-20T17:00:00"),
            commitment_due_at: None,
            first_due_at: at("2026-11-20T17:00:00"),
            due_at: at("2026-11-20T17:00:00"),
            lapses_at: at("2026-11-21T00:00:00"),
            appointed_at: at("2026-11-20T17:00:00"),
            provisional: false,
            closed_at: None,
            closed_as: None,
            outcome: None,
            returned_at: None,
            officer: None,
            note: None,
            reason: None,
            supplements: 0,
            reappointments: 0,
            version: 1,
        }
    }

    fn resolve(when: &str) -> Result<Dossier, Refusal> {
        decide(&open(), Act { kind: ActKind::Resolve, at: at(when) }, at("2026-11-30T09:00:00"))
    }

    #[test]
    fn punctuality_is_exact_to_the_instant() {
        for (when, expected) in [
            ("2026-11-19T23:59:59", Outcome::Early),
            ("2026-11-20T00:00:00", Outcome::OnTime),
            ("2026-11-20T17:00:01", Outcome::OnTime),
            ("2026-11-20T23:59:59", Outcome::OnTime),
            ("2026-11-21T00:00:00", Outcome::Late),
        ] {
            let closed = resolve(when).unwrap();
            assert_eq!(closed.outcome, Some(expected), "{when}");
            assert_eq!((closed.status, closed.version), (Status::Resolved, 2));
        }
    }

    #[test]
    fn overdue_begins_when_the_limit_lapses_and_ends_with_the_closing() {
        let dossier = open();
        assert!(!dossier.is_overdue(at("2026-11-20T23:59:59")));
        assert!(dossier.is_overdue(at("2026-11-21T00:00:00")));
        assert!(!resolve("2026-11-22T09:00:00").unwrap().is_overdue(at("2026-11-23T09:00:00")));
    }

    #[test]
    fn acts_follow_each_other_in_order_and_in_time() {
        let now = at("2026-11-30T09:00:00");
        let resolved = resolve("2026-11-20T10:00:00").unwrap();
        let act = |of: &Dossier, kind, when| decide(of, Act { kind, at: at(when) }, now);
        let again = act(&resolved, ActKind::Resolve, "2026-11-20T11:00:00").unwrap_err();
        assert!(matches!(again, Refusal::NotAllowed { allowed, .. } if allowed == [ActKind::Return]));
        let too_soon = act(&open(), ActKind::Return, "2026-11-20T11:00:00").unwrap_err();
        assert!(matches!(too_soon, Refusal::NotAllowed { allowed, .. } if allowed == [ActKind::Resolve]));
        assert!(matches!(resolve("2026-11-18T08:59:59"), Err(Refusal::BeforeLastAct { .. })));
        assert!(matches!(resolve("2026-11-30T09:00:01"), Err(Refusal::InFuture)));
        assert!(matches!(
            act(&resolved, ActKind::Return, "2026-11-20T09:59:59"),
            Err(Refusal::BeforeLastAct { .. })
        ));
        let returned = act(&resolved, ActKind::Return, "2026-11-20T10:00:00").unwrap();
        assert_eq!((returned.status, returned.status.portal_state()), (Status::Returned, 10));
        assert_eq!((returned.outcome, returned.closed_at), (resolved.outcome, resolved.closed_at));
    }
}
