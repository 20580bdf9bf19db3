-- How commitments were kept, asked of a whole country, and sums that need not be added up again for each question.

-- A commitment of a dossier carries what it is counted and listed by: copies of what its dossier says, written with it (store/bounds.rs), and
-- whether a finding says that the receipt promised later.
ALTER TABLE dossier_commitments ADD COLUMN code TEXT NOT NULL DEFAULT '';
ALTER TABLE dossier_commitments ADD COLUMN unit TEXT NOT NULL DEFAULT '';
ALTER TABLE dossier_commitments ADD COLUMN procedure TEXT NOT NULL DEFAULT '';
ALTER TABLE dossier_commitments ADD COLUMN officer TEXT;
ALTER TABLE dossier_commitments ADD COLUMN received_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE dossier_commitments ADD COLUMN closed_at BIGINT;
ALTER TABLE dossier_commitments ADD COLUMN promised_beyond BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE dossier_commitments
   SET code = d.code, unit = d.unit, procedure = d.procedure, officer = d.officer, received_at = d.received_at, closed_at = d.closed_at
  FROM dossiers d WHERE d.id = dossier_commitments.dossier_id;
UPDATE dossier_commitments SET promised_beyond = TRUE
 WHERE EXISTS (SELECT 1 FROM findings f
                WHERE f.dossier_id = dossier_commitments.dossier_id AND f.commitment_id = dossier_commitments.commitment_id
                  AND f.code IN ('same_day_promise', 'week_rollover_promise', 'commitment_promise'));
-- How they were kept, of all units and of some.
CREATE INDEX dossier_commitments_received
    ON dossier_commitments (effect, received_at, lapses_at, closed_at, due_at, unit, procedure);
CREATE INDEX dossier_commitments_units
    ON dossier_commitments (unit, received_at, effect, lapses_at, closed_at, due_at, procedure);
CREATE INDEX dossier_commitments_beyond ON dossier_commitments (received_at) WHERE promised_beyond;
-- Those missed, the last to lapse first, with all by which their findings are counted.
DROP INDEX dossier_commitments_lapses;
CREATE INDEX dossier_commitments_missed
    ON dossier_commitments (lapses_at DESC, code, effect, unit, officer, closed_at, dossier_id) WHERE closed_at >= lapses_at;
CREATE INDEX dossier_commitments_open
    ON dossier_commitments (lapses_at DESC, code, effect, unit, officer, closed_at, dossier_id) WHERE closed_at IS NULL;
DROP VIEW missed_findings;
CREATE VIEW missed_findings AS
SELECT dossier_id, code AS dossier, unit, officer, closed_at,
       CASE effect WHEN 'same_day' THEN 'same_day_missed'
                   WHEN 'no_week_rollover' THEN 'week_rollover_missed'
                   ELSE 'commitment_missed' END AS code,
       lapses_at AS first_seen_at, closed_at AS cleared_at,
       CASE WHEN closed_at IS NULL THEN NULL ELSE 'closed' END AS cleared_why
  FROM dossier_commitments
 WHERE closed_at IS NULL OR closed_at >= lapses_at;

-- Findings that are written down, those that matter still and the others by when they ceased to, with all by which they are counted.
CREATE INDEX findings_open ON findings (code, first_seen_at, cleared_at, cleared_why, dossier_id) WHERE cleared_at IS NULL;
CREATE INDEX findings_cleared ON findings (cleared_at, code, first_seen_at, cleared_why, dossier_id) WHERE cleared_at IS NOT NULL;

-- Open dossiers by their limit with all by which those that press are judged.
DROP INDEX dossiers_open_lapses;
CREATE INDEX dossiers_open_lapses
    ON dossiers (lapses_at, code, unit, procedure, sector, officer, channel, received_at, due_at, apologised_at, apology_by, closed_at, id, status, commitment_due_at)
 WHERE closed_at IS NULL;

-- Late closings in their order, with all by which lateness is measured and their findings are counted.
CREATE INDEX dossiers_late_closings
    ON dossiers (closed_at, lapses_at, outcome, unit, sector, procedure, officer, channel, due_at, code, apologised_at, apology_by, received_at)
 WHERE closed_at >= lapses_at;
-- Closings with what tells whether they were in the last minutes.
DROP INDEX dossiers_closings;
CREATE INDEX dossiers_closings ON dossiers (closed_at, outcome, officer, unit, received_at, due_at) WHERE closed_at IS NOT NULL;
-- Open dossiers by their due date, whatever the unit.
CREATE INDEX dossiers_open_due ON dossiers (due_at, code, status, closed_at) WHERE closed_at IS NULL;
-- Those whose commitment presses are found by the commitment.
DROP INDEX dossiers_open_pledged;
DROP INDEX dossiers_open_pledges;
-- Findings on acts, as before, with all by which signs are counted.
DROP INDEX findings_acts;
CREATE INDEX findings_acts ON findings (code, act_at, first_seen_at, cleared_why, cleared_at, dossier_id) WHERE act_at IS NOT NULL;

-- A scope's sums, besides by procedure, sector and channel, over all channels and over all procedures: an empty word stands for all. Those of one kind stand together.
CREATE TABLE counter_scopes_sorted (
    boundary DATE NOT NULL, scope TEXT NOT NULL, channel TEXT NOT NULL, procedure TEXT NOT NULL, sector TEXT NOT NULL,
    received_online INTEGER NOT NULL, received_direct INTEGER NOT NULL, early INTEGER NOT NULL, on_time INTEGER NOT NULL, late INTEGER NOT NULL,
    refused INTEGER NOT NULL, withdrawn INTEGER NOT NULL, stopped INTEGER NOT NULL, late_apologised INTEGER NOT NULL,
    twice_supplemented INTEGER NOT NULL, overdue INTEGER NOT NULL, overdue_apologised INTEGER NOT NULL, suspended INTEGER NOT NULL,
    left_open INTEGER NOT NULL, left_open_apologised INTEGER NOT NULL,
    PRIMARY KEY (boundary, scope, channel, procedure, sector)
) WITHOUT ROWID;
INSERT INTO counter_scopes_sorted (boundary, scope, channel, procedure, sector, received_online, received_direct, early, on_time, late, refused, withdrawn, stopped,
       late_apologised, twice_supplemented, overdue, overdue_apologised, suspended, left_open, left_open_apologised)
SELECT boundary, scope, channel, procedure, sector, received_online, received_direct, early, on_time, late, refused, withdrawn, stopped,
       late_apologised, twice_supplemented, overdue, overdue_apologised, suspended, left_open, left_open_apologised
  FROM counter_scopes;
INSERT INTO counter_scopes_sorted (boundary, scope, channel, procedure, sector, received_online, received_direct, early, on_time, late, refused, withdrawn, stopped,
       late_apologised, twice_supplemented, overdue, overdue_apologised, suspended, left_open, left_open_apologised)
SELECT boundary, scope, '', procedure, sector, SUM(received_online), SUM(received_direct), SUM(early), SUM(on_time), SUM(late), SUM(refused), SUM(withdrawn), SUM(stopped),
       SUM(late_apologised), SUM(twice_supplemented), SUM(overdue), SUM(overdue_apologised), SUM(suspended), SUM(left_open), SUM(left_open_apologised)
  FROM counter_scopes GROUP BY boundary, scope, procedure, sector;
INSERT INTO counter_scopes_sorted (boundary, scope, channel, procedure, sector, received_online, received_direct, early, on_time, late, refused, withdrawn, stopped,
       late_apologised, twice_supplemented, overdue, overdue_apologised, suspended, left_open, left_open_apologised)
SELECT boundary, scope, channel, '', '', SUM(received_online), SUM(received_direct), SUM(early), SUM(on_time), SUM(late), SUM(refused), SUM(withdrawn), SUM(stopped),
       SUM(late_apologised), SUM(twice_supplemented), SUM(overdue), SUM(overdue_apologised), SUM(suspended), SUM(left_open), SUM(left_open_apologised)
  FROM counter_scopes GROUP BY boundary, scope, channel;
DROP TABLE counter_scopes;
ALTER TABLE counter_scopes_sorted RENAME TO counter_scopes;
