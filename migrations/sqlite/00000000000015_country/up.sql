-- What is asked of a whole country, of millions of dossiers: each question is to read the rows it tells of, and few besides.

-- Closings in their order, whatever the unit, with whom they are counted for.
CREATE INDEX dossiers_closings ON dossiers (closed_at, outcome, officer, unit, received_at) WHERE closed_at IS NOT NULL;
-- Open dossiers by their limit, as before, with all by which they are counted: those that are late lie scattered over years of others.
DROP INDEX dossiers_open_lapses;
CREATE INDEX dossiers_open_lapses
    ON dossiers (lapses_at, code, unit, procedure, sector, officer, channel, received_at, due_at, apologised_at, apology_by, closed_at)
 WHERE closed_at IS NULL;
-- Dossiers that were closed late, the last to lapse first, with all by which their findings are counted.
CREATE INDEX dossiers_late_seen ON dossiers (lapses_at DESC, code, unit, officer, apologised_at, apology_by, closed_at)
 WHERE closed_at >= lapses_at;
-- It held both, and nothing is asked of both together any more; where it stood, SQLite took it for an index of the open ones.
DROP INDEX dossiers_maybe_late;
-- Findings on acts by when the act was, and the acts that signs are counted by.
CREATE INDEX findings_acts ON findings (code, act_at) WHERE act_at IS NOT NULL;
CREATE INDEX ledger_signs ON ledger (act, at) WHERE act IN ('apologise', 'request_supplement');

-- The parts of all_findings one by one, with what their dossiers are sorted and counted by: a part by itself is found by an index, all of them together are not.
CREATE VIEW written_findings AS
SELECT f.dossier_id, d.code AS dossier, d.unit, d.officer, d.closed_at, f.code, f.first_seen_at, f.cleared_at, f.cleared_why
  FROM findings f JOIN dossiers d ON d.id = f.dossier_id;
CREATE VIEW overdue_findings AS
SELECT id AS dossier_id, code AS dossier, unit, officer, closed_at, 'overdue' AS code, lapses_at AS first_seen_at, closed_at AS cleared_at,
       CASE WHEN closed_at IS NULL THEN NULL ELSE 'closed' END AS cleared_why
  FROM dossiers
 WHERE closed_at IS NULL OR closed_at >= lapses_at;
CREATE VIEW apology_findings AS
SELECT id AS dossier_id, code AS dossier, unit, officer, closed_at, 'apology_missing' AS code, lapses_at AS first_seen_at,
       CASE WHEN apologised_at IS NOT NULL AND (closed_at IS NULL OR MAX(apologised_at, lapses_at) < closed_at)
            THEN MAX(apologised_at, lapses_at) ELSE closed_at END AS cleared_at,
       CASE WHEN apologised_at IS NOT NULL AND (closed_at IS NULL OR MAX(apologised_at, lapses_at) < closed_at)
            THEN 'apologised' WHEN closed_at IS NULL THEN NULL ELSE 'closed' END AS cleared_why
  FROM dossiers
 WHERE (closed_at IS NULL OR closed_at >= lapses_at) AND (apologised_at IS NULL OR apologised_at >= apology_by);
CREATE VIEW missed_findings AS
SELECT d.id AS dossier_id, d.code AS dossier, d.unit, d.officer, d.closed_at,
       CASE c.effect WHEN 'same_day' THEN 'same_day_missed'
                     WHEN 'no_week_rollover' THEN 'week_rollover_missed'
                     ELSE 'commitment_missed' END AS code,
       c.lapses_at AS first_seen_at, d.closed_at AS cleared_at,
       CASE WHEN d.closed_at IS NULL THEN NULL ELSE 'closed' END AS cleared_why
  FROM dossier_commitments c JOIN dossiers d ON d.id = c.dossier_id
 WHERE d.closed_at IS NULL OR d.closed_at >= c.lapses_at;
