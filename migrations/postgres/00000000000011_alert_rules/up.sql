-- The office's own alert rules: each lies over the settings' rule of its name, or stands beside them. `content` is the rule as its administrator wrote it.
CREATE TABLE alert_rules (
    name       TEXT PRIMARY KEY NOT NULL,
    unit       TEXT NOT NULL REFERENCES units (code),
    content    TEXT NOT NULL,
    version    BIGINT NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL,
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
    created_at  TIMESTAMPTZ NOT NULL,
    created_by  BIGINT REFERENCES users (id)
);
CREATE INDEX delegations_user ON delegations (user_id);
CREATE INDEX delegations_running ON delegations (to_day);

-- A slot is written in slices: the key of the last user written to, NULL when all have been; and how many messages that came to.
ALTER TABLE alert_slots ADD COLUMN written_to BIGINT;
ALTER TABLE alert_slots ADD COLUMN enqueued BIGINT NOT NULL DEFAULT 0;
CREATE INDEX alert_slots_open ON alert_slots (rule, slot_at) WHERE written_to IS NOT NULL;

-- A message goes to a user by one channel, or in the user's place to a delegate (0: to the user); not within the quiet hours, minutes of the office's day.
ALTER TABLE outbox ADD COLUMN channel TEXT NOT NULL DEFAULT 'mail';
ALTER TABLE outbox ADD COLUMN delegate_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN quiet_from INTEGER;
ALTER TABLE outbox ADD COLUMN quiet_to INTEGER;
ALTER TABLE outbox DROP CONSTRAINT outbox_rule_user_id_slot_at_key;
ALTER TABLE outbox ADD CONSTRAINT outbox_message_key UNIQUE (rule, user_id, slot_at, channel, delegate_id);

-- Open dossiers by the earliest of their commitments; those by their limit stand in dossiers_open and dossiers_open_lapses.
CREATE INDEX dossiers_open_pledged ON dossiers (unit, commitment_due_at) WHERE closed_at IS NULL AND commitment_due_at IS NOT NULL;
CREATE INDEX dossiers_open_pledges ON dossiers (commitment_due_at) WHERE closed_at IS NULL AND commitment_due_at IS NOT NULL;
