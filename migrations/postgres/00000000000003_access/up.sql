-- What a person signs in by. The password stands here alone, as a PHC string of argon2id; `username_key` is the username without case or marks.
CREATE TABLE credentials (
    user_id         BIGINT PRIMARY KEY NOT NULL REFERENCES users (id),
    username        TEXT NOT NULL,
    username_key    TEXT NOT NULL UNIQUE,
    password        TEXT,
    password_set_at TIMESTAMPTZ,
    failures        INTEGER NOT NULL,
    failed_at       TIMESTAMPTZ,
    locked_until    TIMESTAMPTZ
);

-- Failed sign-ins that are no account's own: they are counted here and come to the ledger as numbers, so that a flood of them cannot fill it.
CREATE TABLE sign_in_tally (
    id          INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
    unknown     BIGINT NOT NULL,
    turned_away BIGINT NOT NULL,
    recorded_at TIMESTAMPTZ
);
INSERT INTO sign_in_tally (id, unknown, turned_away, recorded_at) VALUES (1, 0, 0, NULL);

ALTER TABLE tokens ADD COLUMN kind TEXT NOT NULL DEFAULT 'token';
ALTER TABLE tokens ADD COLUMN label TEXT;
ALTER TABLE tokens ADD COLUMN used_at TIMESTAMPTZ;
CREATE INDEX tokens_user ON tokens (user_id);
