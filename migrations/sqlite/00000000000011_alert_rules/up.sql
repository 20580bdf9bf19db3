-- The office's own alert rules: each lies over the settings' rule of its name, or stands beside them. `content` is the rule as its administrator wrote it.
CREATE TABLE alert_rules (
    name       TEXT PRIMARY KEY NOT NULL,
    unit       TEXT NOT NULL REFERENCES units (code),
    content    TEXT NOT NULL,
    version    BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by BIGINT REFERENCES users (id)
);

-- Who is written to in whose place, and on which days, the first and the last included.
CREATE TABLE delegations (
    id          BIGINT PRIMARY KEY NOT NULL,
    user_id     BIGINT NOT NULL REFERENCES users (id),
    delegate_id BIGINT NOT NULL REFERENCES users (id),
    from_day    DATE NOT NULL,
    to_day      DATE NOT NULL,
    keep        BOOLEAN NOT NULL,
    reason      TEXT,
    created_at  BIGINT NOT NULL,
    created_by  BIGINT REFERENCES users (id)
);
CREATE INDEX delegations_user ON delegations (user_id);
CREATE INDEX delegations_running ON delegations (to_day);

-- A slot is written in slices: the key of the last user written to, NULL when all have been; and how many messages that came to.
ALTER TABLE alert_slots ADD COLUMN written_to BIGINT;
ALTER TABLE alert_slots ADD COLUMN enqueued BIGINT NOT NULL DEFAULT 0;
CREATE INDEX alert_slots_open ON alert_slots (rule, slot_at) WHERE written_to IS NOT NULL;

-- A message goes to a user by one channel, or in the user's place to a delegate (0: to the user); not within the quiet hours, minutes of the office's day.
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
    channel         TEXT NOT NULL DEFAULT 'mail',
    delegate_id     BIGINT NOT NULL DEFAULT 0,
    quiet_from      INTEGER,
    quiet_to        INTEGER,
    UNIQUE (rule, user_id, slot_at, channel, delegate_id)
);
INSERT INTO outbox_anew (id, rule, slot_at, user_id, recipient, message_id, subject, text_body, html_body, status, attempts, next_attempt_at,
                         stale_at, lease_until, server_reply, created_at, sent_at)
SELECT id, rule, slot_at, user_id, recipient, message_id, subject, text_body, html_body, status, attempts, next_attempt_at,
       stale_at, lease_until, server_reply, created_at, sent_at
  FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_anew RENAME TO outbox;
CREATE INDEX outbox_due ON outbox (status, next_attempt_at);

-- Open dossiers by the earliest of their commitments; those by their limit stand in dossiers_open and dossiers_open_lapses.
CREATE INDEX dossiers_open_pledged ON dossiers (unit, commitment_due_at) WHERE closed_at IS NULL AND commitment_due_at IS NOT NULL;
CREATE INDEX dossiers_open_pledges ON dossiers (commitment_due_at) WHERE closed_at IS NULL AND commitment_due_at IS NOT NULL;
