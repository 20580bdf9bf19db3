DROP INDEX dossiers_open_pledges;
DROP INDEX dossiers_open_pledged;

-- What went to delegates or by other channels has no place in the older form.
CREATE TABLE outbox_anew (
    id              BIGINT PRIMARY KEY NOT NULL,
    rule            TEXT NOT NULL,
    slot_at         BIGINT NOT NULL,
    user_id         BIGINT NOT NULL REFERENCES users (id),
    recipient       TEXT NOT NULL,
    message_id      TEXT NOT NULL UNIQUE,
    subject         TEXT NOT NULL,
    text_body       TEXT NOT NULL,
    html_body       TEXT NOT NULL,
    status          TEXT NOT NULL,
    attempts        INTEGER NOT NULL,
    next_attempt_at BIGINT NOT NULL,
    stale_at        BIGINT NOT NULL,
    lease_until     BIGINT,
    server_reply    TEXT,
    created_at      BIGINT NOT NULL,
    sent_at         BIGINT,
    UNIQUE (rule, user_id, slot_at)
);
INSERT INTO outbox_anew
SELECT id, rule, slot_at, user_id, recipient, message_id, subject, text_body, html_body, status, attempts, next_attempt_at,
       stale_at, lease_until, server_reply, created_at, sent_at
  FROM outbox
 WHERE channel = 'mail' AND delegate_id = 0;
DROP TABLE outbox;
ALTER TABLE outbox_anew RENAME TO outbox;
CREATE INDEX outbox_due ON outbox (status, next_attempt_at);

DROP INDEX alert_slots_open;
ALTER TABLE alert_slots DROP COLUMN enqueued;
ALTER TABLE alert_slots DROP COLUMN written_to;
DROP TABLE delegations;
DROP TABLE alert_rules;
