//! A message of the outbox, for tests and benches that are about what becomes of it.

use hentra::store::Moment;
use hentra::store::outbox::OutboxRow;

/// A mail to a user that waits to be sent, written at `at`.
pub(crate) fn message(user_id: i64, at: Moment) -> OutboxRow {
    OutboxRow {
        id: 0,
        rule: "morning_digest".into(),
        slot_at: at,
        user_id,
        recipient: "a@example.vn".into(),
        message_id: format!("{user_id}@example.vn"),
        subject: "Nhắc việc".into(),
        text_body: "…".into(),
        html_body: "…".into(),
        status: "pending".into(),
        attempts: 0,
        next_attempt_at: at,
        stale_at: at,
        lease_until: None,
        server_reply: None,
        created_at: at,
        sent_at: None,
        channel: "mail".into(),
        delegate_id: 0,
        quiet_from: None,
        quiet_to: None,
        begun_at: None,
        opt_down: None,
    }
}
