-- Secret addresses under which calendars are read that programs subscribe to; of the secret its digest alone is kept.
CREATE TABLE feeds (
    id         BIGINT PRIMARY KEY NOT NULL,
    unit       TEXT NOT NULL REFERENCES units (code),
    digest     TEXT NOT NULL UNIQUE,
    label      TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    created_by BIGINT NOT NULL REFERENCES users (id),
    revoked_at TIMESTAMPTZ
);
