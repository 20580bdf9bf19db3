-- Reports as they were when a period was closed: the same bytes for ever. Their hashes stand in the ledger too.
CREATE TABLE seals (
    id        BIGINT PRIMARY KEY NOT NULL,
    report    TEXT NOT NULL,
    unit      TEXT NOT NULL REFERENCES units (code),
    period    TEXT NOT NULL,
    from_day  DATE NOT NULL,
    to_day    DATE NOT NULL,
    group_by  TEXT NOT NULL,
    as_of     BIGINT NOT NULL,
    sealed_at BIGINT NOT NULL,
    sealed_by BIGINT REFERENCES users (id),
    entries   BIGINT NOT NULL,
    hash      TEXT NOT NULL,
    body      TEXT NOT NULL
);
CREATE INDEX seals_unit ON seals (unit, id);
CREATE TRIGGER seals_no_update BEFORE UPDATE ON seals
BEGIN SELECT RAISE(ABORT, 'a sealed report is never changed'); END;
CREATE TRIGGER seals_no_delete BEFORE DELETE ON seals
BEGIN SELECT RAISE(ABORT, 'a sealed report is never changed'); END;
