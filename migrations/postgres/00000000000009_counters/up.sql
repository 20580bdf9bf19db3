-- Counters: sums of what dossiers come to by day, of which reports are made. domain/counters.rs says what each column counts.

-- When the time of dossiers stood still, by which a report tells who was suspended at any instant.
ALTER TABLE dossiers ADD COLUMN halts TEXT NOT NULL DEFAULT '[]';
CREATE TABLE dossier_halts (
    dossier_id BIGINT NOT NULL REFERENCES dossiers (id),
    from_at    TIMESTAMPTZ NOT NULL,
    to_at      TIMESTAMPTZ
);
CREATE INDEX dossier_halts_dossier ON dossier_halts (dossier_id);
-- What has lapsed within the day that runs.
CREATE INDEX dossiers_open_lapses ON dossiers (lapses_at) WHERE closed_at IS NULL;

-- What the acts of late have added, by day; every act writes here, and here alone.
CREATE TABLE counter_recent (
    unit TEXT NOT NULL, day DATE NOT NULL, procedure TEXT NOT NULL, sector TEXT NOT NULL, channel TEXT NOT NULL,
    received_online INTEGER NOT NULL, received_direct INTEGER NOT NULL, early INTEGER NOT NULL, on_time INTEGER NOT NULL, late INTEGER NOT NULL,
    refused INTEGER NOT NULL, withdrawn INTEGER NOT NULL, stopped INTEGER NOT NULL, late_apologised INTEGER NOT NULL,
    twice_supplemented INTEGER NOT NULL, overdue INTEGER NOT NULL, overdue_apologised INTEGER NOT NULL, suspended INTEGER NOT NULL,
    left_open INTEGER NOT NULL, left_open_apologised INTEGER NOT NULL,
    PRIMARY KEY (unit, day, procedure, sector, channel)
) WITH (fillfactor = 70);
-- What was folded, day by day.
CREATE TABLE counter_days (
    day DATE NOT NULL, unit TEXT NOT NULL,
    received_online INTEGER NOT NULL, received_direct INTEGER NOT NULL, early INTEGER NOT NULL, on_time INTEGER NOT NULL, late INTEGER NOT NULL,
    refused INTEGER NOT NULL, withdrawn INTEGER NOT NULL, stopped INTEGER NOT NULL, late_apologised INTEGER NOT NULL,
    twice_supplemented INTEGER NOT NULL, overdue INTEGER NOT NULL, overdue_apologised INTEGER NOT NULL, suspended INTEGER NOT NULL,
    left_open INTEGER NOT NULL, left_open_apologised INTEGER NOT NULL,
    PRIMARY KEY (day, unit)
);
-- What was folded, up to the beginning of each half month and of the day it was folded until: all that came before that boundary.
CREATE TABLE counter_units (
    boundary DATE NOT NULL, unit TEXT NOT NULL,
    received_online INTEGER NOT NULL, received_direct INTEGER NOT NULL, early INTEGER NOT NULL, on_time INTEGER NOT NULL, late INTEGER NOT NULL,
    refused INTEGER NOT NULL, withdrawn INTEGER NOT NULL, stopped INTEGER NOT NULL, late_apologised INTEGER NOT NULL,
    twice_supplemented INTEGER NOT NULL, overdue INTEGER NOT NULL, overdue_apologised INTEGER NOT NULL, suspended INTEGER NOT NULL,
    left_open INTEGER NOT NULL, left_open_apologised INTEGER NOT NULL,
    PRIMARY KEY (boundary, unit)
);
-- The same of each unit that has others below it, with all of these, by procedure, sector and channel.
CREATE TABLE counter_scopes (
    boundary DATE NOT NULL, scope TEXT NOT NULL, procedure TEXT NOT NULL, sector TEXT NOT NULL, channel TEXT NOT NULL,
    received_online INTEGER NOT NULL, received_direct INTEGER NOT NULL, early INTEGER NOT NULL, on_time INTEGER NOT NULL, late INTEGER NOT NULL,
    refused INTEGER NOT NULL, withdrawn INTEGER NOT NULL, stopped INTEGER NOT NULL, late_apologised INTEGER NOT NULL,
    twice_supplemented INTEGER NOT NULL, overdue INTEGER NOT NULL, overdue_apologised INTEGER NOT NULL, suspended INTEGER NOT NULL,
    left_open INTEGER NOT NULL, left_open_apologised INTEGER NOT NULL,
    PRIMARY KEY (boundary, scope, procedure, sector, channel)
);
-- Which units each scope's sums are of.
CREATE TABLE counter_members (
    scope TEXT NOT NULL, unit TEXT NOT NULL,
    PRIMARY KEY (scope, unit)
);
-- Whether all dossiers are counted, and the day before which all was folded.
CREATE TABLE counter_state (
    id INTEGER PRIMARY KEY CHECK (id = 1), counting BOOLEAN NOT NULL, folded_until DATE
);
INSERT INTO counter_state (id, counting) SELECT 1, NOT EXISTS (SELECT 1 FROM dossiers);
