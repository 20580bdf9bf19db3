-- How far the re-dating of open dossiers by a calendar's version has come: it goes in slices, and what was begun is finished after a crash.
CREATE TABLE redatings (
    version     BIGINT PRIMARY KEY NOT NULL REFERENCES calendar_versions (version),
    after_id    BIGINT NOT NULL,
    started_at  TIMESTAMPTZ NOT NULL,
    finished_at TIMESTAMPTZ
);
