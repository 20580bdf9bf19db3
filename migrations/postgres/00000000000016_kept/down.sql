CREATE TABLE counter_scopes_sorted (
    boundary DATE NOT NULL, scope TEXT NOT NULL, procedure TEXT NOT NULL, sector TEXT NOT NULL, channel TEXT NOT NULL,
    received_online INTEGER NOT NULL, received_direct INTEGER NOT NULL, early INTEGER NOT NULL, on_time INTEGER NOT NULL, late INTEGER NOT NULL,
    refused INTEGER NOT NULL, withdrawn INTEGER NOT NULL, stopped INTEGER NOT NULL, late_apologised INTEGER NOT NULL,
    twice_supplemented INTEGER NOT NULL, overdue INTEGER NOT NULL, overdue_apologised INTEGER NOT NULL, suspended INTEGER NOT NULL,
    left_open INTEGER NOT NULL, left_open_apologised INTEGER NOT NULL,
    PRIMARY KEY (boundary, scope, procedure, sector, channel)
);
INSERT INTO counter_scopes_sorted (boundary, scope, procedure, sector, channel, received_online, received_direct, early, on_time, late, refused, withdrawn, stopped,
       late_apologised, twice_supplemented, overdue, overdue_apologised, suspended, left_open, left_open_apologised)
SELECT boundary, scope, procedure, sector, channel, received_online, received_direct, early, on_time, late, refused, withdrawn, stopped,
       late_apologised, twice_supplemented, overdue, overdue_apologised, suspended, left_open, left_open_apologised
  FROM counter_scopes WHERE channel <> '' AND procedure <> '';
DROP TABLE counter_scopes;
ALTER TABLE counter_scopes_sorted RENAME TO counter_scopes;
ALTER TABLE counter_scopes RENAME CONSTRAINT counter_scopes_sorted_pkey TO counter_scopes_pkey;
DROP INDEX findings_cleared;
DROP INDEX findings_open;
DROP INDEX findings_acts;
CREATE INDEX findings_acts ON findings (code, act_at) WHERE act_at IS NOT NULL;
CREATE INDEX dossiers_open_pledges ON dossiers (commitment_due_at) WHERE closed_at IS NULL AND commitment_due_at IS NOT NULL;
CREATE INDEX dossiers_open_pledged ON dossiers (unit, commitment_due_at) WHERE closed_at IS NULL AND commitment_due_at IS NOT NULL;
DROP INDEX dossiers_open_due;
DROP INDEX dossiers_closings;
CREATE INDEX dossiers_closings ON dossiers (closed_at, outcome, officer, unit, received_at) WHERE closed_at IS NOT NULL;
DROP INDEX dossiers_late_closings;
DROP INDEX dossiers_open_lapses;
CREATE INDEX dossiers_open_lapses
    ON dossiers (lapses_at, code, unit, procedure, sector, officer, channel, received_at, due_at, apologised_at, apology_by, closed_at)
 WHERE closed_at IS NULL;
DROP VIEW missed_findings;
CREATE VIEW missed_findings AS
SELECT d.id AS dossier_id, d.code AS dossier, d.unit, d.officer, d.closed_at,
       CASE c.effect WHEN 'same_day' THEN 'same_day_missed'
                     WHEN 'no_week_rollover' THEN 'week_rollover_missed'
                     ELSE 'commitment_missed' END AS code,
       c.lapses_at AS first_seen_at, d.closed_at AS cleared_at,
       CASE WHEN d.closed_at IS NULL THEN NULL ELSE 'closed' END AS cleared_why
  FROM dossier_commitments c JOIN dossiers d ON d.id = c.dossier_id
 WHERE d.closed_at IS NULL OR d.closed_at >= c.lapses_at;
DROP INDEX dossier_commitments_open;
DROP INDEX dossier_commitments_missed;
DROP INDEX dossier_commitments_beyond;
DROP INDEX dossier_commitments_units;
DROP INDEX dossier_commitments_received;
CREATE INDEX dossier_commitments_lapses ON dossier_commitments (lapses_at);
ALTER TABLE dossier_commitments DROP COLUMN promised_beyond;
ALTER TABLE dossier_commitments DROP COLUMN closed_at;
ALTER TABLE dossier_commitments DROP COLUMN received_at;
ALTER TABLE dossier_commitments DROP COLUMN officer;
ALTER TABLE dossier_commitments DROP COLUMN procedure;
ALTER TABLE dossier_commitments DROP COLUMN unit;
ALTER TABLE dossier_commitments DROP COLUMN code;
