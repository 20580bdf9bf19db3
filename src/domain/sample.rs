//! A dossier for the domain's own tests.

use chrono::{DateTime, Utc};

use super::deadline::Limit;
use super::dossier::{Channel, Dossier, Status};

/// An instant by the office's clock.
pub(crate) fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(&format!("{text}+07:00")).unwrap().to_utc()
}

/// Received Wednesday 18/11/2026 at nine, due Friday 20/11/2026, late from Saturday on.
pub(crate) fn open() -> Dossier {
    Dossier {
        id: 1,
        code: "H19.15-261118-0001".into(),
        unit: "H19.15".into(),
        procedure: "2.001019".into(),
        sector: "Chứng thực".into(),
        channel: Channel::InPerson,
        case: None,
        limit: Limit::WorkingDays(2),
        late_receipt: None,
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
        reason: None,
        supplements: 0,
        reappointments: 0,
        counted_from: at("2026-11-18T09:00:00"),
        given_due_at: None,
        pauses: Vec::new(),
        halted_at: None,
        halts: Vec::new(),
        apology_by: at("2026-11-20T00:00:00"),
        apologised_at: None,
        last_act_at: at("2026-11-18T09:00:00"),
        version: 1,
    }
}
