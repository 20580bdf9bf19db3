-- What came of each try to deliver a message, and which addresses turned out to be dead.
ALTER TABLE outbox ADD COLUMN begun_at TIMESTAMPTZ;
ALTER TABLE outbox ADD COLUMN opt_down TEXT;
-- Those that wait, in the order in which they are sent.
CREATE INDEX outbox_waiting ON outbox (status, id);
CREATE TABLE delivery_tries (
    outbox_id BIGINT NOT NULL REFERENCES outbox (id),
    attempt   INTEGER NOT NULL,
    channel   TEXT NOT NULL,
    begun_at  TIMESTAMPTZ NOT NULL,
    ended_at  TIMESTAMPTZ NOT NULL,
    outcome   TEXT NOT NULL,
    reply     TEXT NOT NULL,
    PRIMARY KEY (outbox_id, attempt)
);
CREATE TABLE suppressions (
    id        BIGINT PRIMARY KEY NOT NULL,
    user_id   BIGINT NOT NULL REFERENCES users (id),
    address   TEXT NOT NULL,
    outbox_id BIGINT NOT NULL REFERENCES outbox (id),
    reply     TEXT NOT NULL,
    since     TIMESTAMPTZ NOT NULL,
    UNIQUE (user_id, address)
);
