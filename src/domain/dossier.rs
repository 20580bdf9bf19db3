//! A dossier (*hồ sơ*): what is known of it at one instant, and how punctual its closing is.
//!
//! What acts make of it is [`super::act`]'s, how its dates come about [`super::due`]'s, and how its history is written down [`super::ledger`]'s.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::deadline::{LateReceipt, Limit};
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

/// A stretch during which a dossier's time stood still on a legal ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pause {
    /// When its time stopped.
    pub from: DateTime<Utc>,
    /// When it ran on.
    pub to: DateTime<Utc>,
}

/// A stretch during which a dossier's time stood still before its limit had lapsed: it waited for a supplement, or was paused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Halt {
    /// When its time stopped.
    pub from: DateTime<Utc>,
    /// When it ran on, or the dossier was closed; `None` while it lasts.
    pub to: Option<DateTime<Utc>>,
}

/// A dossier without the person's data, which stand in a room of their own. Its JSON is what the ledger writes down.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dossier {
    /// Key within the store.
    #[serde(skip)]
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
    /// The case it was received as, where the procedure has limits by case; `None` for the ordinary one. Entries of the ledger from before there
    /// were cases do not name it.
    #[serde(default)]
    pub case: Option<String>,
    /// The statutory limit in force at receipt.
    pub limit: Limit,
    /// What a receipt late in the day meant by the same law.
    pub late_receipt: Option<LateReceipt>,
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
    /// Late from this instant on; [`NEVER`] while its time stands still.
    pub lapses_at: DateTime<Utc>,
    /// The due date, or what the last apology slip said; what the citizen goes by is [`Self::appointment`].
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
    /// The officer's reason for a promise that breaks a rule.
    pub reason: Option<String>,
    /// Requests for supplement so far.
    pub supplements: u32,
    /// Re-appointments so far.
    pub reappointments: u32,
    /// What the limit counts from: the receipt, or the arrival of the complete dossier after a supplement (NĐ 61/2018 Đ.19(4)).
    pub counted_from: DateTime<Utc>,
    /// The officer's own promise, while the due date rests on it; `None` where law and commitments set it.
    pub given_due_at: Option<DateTime<Utc>>,
    /// The pauses since [`Self::counted_from`] that moved the due date, in order.
    pub pauses: Vec<Pause>,
    /// Since when it has been paused or waiting for a supplement.
    pub halted_at: Option<DateTime<Utc>>,
    /// When its time stood still since the receipt, in order. Entries of the ledger from before this was kept do not tell of it.
    #[serde(default)]
    pub halts: Vec<Halt>,
    /// An apology slip is in time before this instant (NĐ 61/2018 Đ.19(9)).
    pub apology_by: DateTime<Utc>,
    /// When the first apology slip for the present due date was given.
    pub apologised_at: Option<DateTime<Utc>>,
    /// When the last act, corrections aside, is said to have happened.
    pub last_act_at: DateTime<Utc>,
    /// Grows by one with each act; the ETag.
    pub version: i64,
}

/// Later than every instant that is ever compared with it: when a dossier lapses whose time stands still.
pub const NEVER: DateTime<Utc> = match DateTime::from_timestamp(253_370_764_800, 0) {
    Some(at) => at,
    None => DateTime::<Utc>::MAX_UTC,
};

impl Dossier {
    /// Whether its limit has lapsed: open and past it at `now`, or closed late.
    pub fn is_overdue(&self, now: DateTime<Utc>) -> bool {
        self.closed_at.is_none() && self.lapses_at <= now
    }

    /// What the citizen was last told: the due date, or the later day of an apology slip. Where the due date has moved past that day it is the
    /// due date again, until it moves back.
    pub fn appointment(&self) -> DateTime<Utc> {
        self.appointed_at.max(self.due_at)
    }

    /// Keeps what is written of halts in step with whether its time stands still.
    pub fn note_halt(&mut self) {
        let lasting = self.halts.last().is_some_and(|halt| halt.to.is_none());
        match (self.halted_at.filter(|_| self.stands_still()), lasting) {
            (Some(from), false) => self.halts.push(Halt { from, to: None }),
            // By a new calendar it had lapsed when it was halted.
            (None, true) => drop(self.halts.pop()),
            (Some(_), true) | (None, false) => {}
        }
    }

    /// Whether its time stands still: it was halted before it lapsed.
    pub fn stands_still(&self) -> bool {
        self.lapses_at == NEVER
    }
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
    use crate::domain::sample::{at, open};

    #[test]
    fn punctuality_is_exact_to_the_instant() {
        for (when, expected) in [
            ("2026-11-19T23:59:59", Outcome::Early),
            ("2026-11-20T00:00:00", Outcome::OnTime),
            ("2026-11-20T17:00:01", Outcome::OnTime),
            ("2026-11-20T23:59:59", Outcome::OnTime),
            ("2026-11-21T00:00:00", Outcome::Late),
        ] {
            assert_eq!(outcome(&open(), at(when)), expected, "{when}");
        }
    }

    #[test]
    fn overdue_begins_when_the_limit_lapses_and_never_for_one_whose_time_stands_still() {
        let mut dossier = open();
        assert!(!dossier.is_overdue(at("2026-11-20T23:59:59")));
        assert!(dossier.is_overdue(at("2026-11-21T00:00:00")));
        dossier.lapses_at = NEVER;
        assert!(dossier.stands_still() && !dossier.is_overdue(at("2060-12-31T23:59:59")));
    }

    #[test]
    fn it_goes_through_json_as_the_ledger_keeps_it() {
        let dossier = Dossier {
            id: 0,
            pauses: vec![Pause { from: at("2026-11-18T10:00:00"), to: at("2026-11-19T10:00:00.000001") }],
            lapses_at: NEVER,
            ..open()
        };
        let text = serde_json::to_string(&dossier).unwrap();
        assert_eq!(serde_json::from_str::<Dossier>(&text).unwrap(), dossier);
    }
}
