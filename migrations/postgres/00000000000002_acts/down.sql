DROP VIEW all_findings;
ALTER TABLE findings DROP COLUMN act_at;
ALTER TABLE dossiers ADD COLUMN note TEXT;
UPDATE dossiers SET note = (SELECT note FROM applicants WHERE applicants.dossier_id = dossiers.id);
ALTER TABLE applicants DROP COLUMN note;
ALTER TABLE dossiers DROP COLUMN last_act_at;
ALTER TABLE dossiers DROP COLUMN apologised_at;
ALTER TABLE dossiers DROP COLUMN apology_by;
ALTER TABLE dossiers DROP COLUMN halted_at;
ALTER TABLE dossiers DROP COLUMN pauses;
ALTER TABLE dossiers DROP COLUMN given_due_at;
ALTER TABLE dossiers DROP COLUMN counted_from;
ALTER TABLE dossiers DROP COLUMN late_effect;
ALTER TABLE dossiers DROP COLUMN late_after;
CREATE VIEW all_findings AS
SELECT dossier_id, code, promised_at, compliant_due_at, commitment_id, source, first_seen_at, cleared_at, cleared_why
  FROM findings
UNION ALL
SELECT id, 'overdue', due_at, NULL::timestamptz, NULL::bigint, '', lapses_at, closed_at,
       CASE WHEN closed_at IS NULL THEN NULL ELSE 'closed' END
  FROM dossiers
 WHERE closed_at IS NULL OR closed_at >= lapses_at
UNION ALL
SELECT d.id,
       CASE c.effect WHEN 'same_day' THEN 'same_day_missed'
                     WHEN 'no_week_rollover' THEN 'week_rollover_missed'
                     ELSE 'commitment_missed' END,
       d.due_at, c.due_at, c.commitment_id, '', c.lapses_at, d.closed_at,
       CASE WHEN d.closed_at IS NULL THEN NULL ELSE 'closed' END
  FROM dossier_commitments c JOIN dossiers d ON d.id = c.dossier_id
 WHERE d.closed_at IS NULL OR d.closed_at >= c.lapses_at;
