-- All acts: what the limit counts from, pauses, apologies; the note joins the person's data, so that the rest can be told and rebuilt from the ledger.
DROP VIEW all_findings;

ALTER TABLE dossiers ADD COLUMN late_after TEXT;
ALTER TABLE dossiers ADD COLUMN late_effect TEXT;
ALTER TABLE dossiers ADD COLUMN counted_from BIGINT NOT NULL DEFAULT 0;
ALTER TABLE dossiers ADD COLUMN given_due_at BIGINT;
ALTER TABLE dossiers ADD COLUMN pauses TEXT NOT NULL DEFAULT '[]';
ALTER TABLE dossiers ADD COLUMN halted_at BIGINT;
ALTER TABLE dossiers ADD COLUMN apology_by BIGINT NOT NULL DEFAULT 0;
ALTER TABLE dossiers ADD COLUMN apologised_at BIGINT;
ALTER TABLE dossiers ADD COLUMN last_act_at BIGINT NOT NULL DEFAULT 0;
-- Until now nothing but receipt, closing and return could happen. A promise that is neither the law's nor a commitment's was the officer's.
UPDATE dossiers
   SET counted_from = received_at, apology_by = lapses_at, last_act_at = COALESCE(returned_at, closed_at, received_at),
       given_due_at = CASE WHEN first_due_at = statutory_due_at OR first_due_at = commitment_due_at THEN NULL ELSE first_due_at END;

ALTER TABLE applicants ADD COLUMN note TEXT;
UPDATE applicants SET note = (SELECT note FROM dossiers WHERE dossiers.id = applicants.dossier_id);
ALTER TABLE dossiers DROP COLUMN note;

ALTER TABLE findings ADD COLUMN act_at BIGINT;

-- Every finding in one shape: those written down with a promise or an act, and those that time alone brings about.
-- A reader adds `first_seen_at <= now`: what lapses later has not been found yet.
CREATE VIEW all_findings AS
SELECT dossier_id, code, promised_at, compliant_due_at, commitment_id, source, act_at, first_seen_at, cleared_at, cleared_why
  FROM findings
UNION ALL
SELECT id, 'overdue', due_at, NULL, NULL, '', NULL, lapses_at, closed_at,
       CASE WHEN closed_at IS NULL THEN NULL ELSE 'closed' END
  FROM dossiers
 WHERE closed_at IS NULL OR closed_at >= lapses_at
UNION ALL
SELECT id, 'apology_missing', due_at, NULL, NULL, '', NULL, lapses_at,
       CASE WHEN apologised_at IS NOT NULL AND (closed_at IS NULL OR MAX(apologised_at, lapses_at) < closed_at)
            THEN MAX(apologised_at, lapses_at) ELSE closed_at END,
       CASE WHEN apologised_at IS NOT NULL AND (closed_at IS NULL OR MAX(apologised_at, lapses_at) < closed_at)
            THEN 'apologised' WHEN closed_at IS NULL THEN NULL ELSE 'closed' END
  FROM dossiers
 WHERE (closed_at IS NULL OR closed_at >= lapses_at) AND (apologised_at IS NULL OR apologised_at >= apology_by)
UNION ALL
SELECT d.id,
       CASE c.effect WHEN 'same_day' THEN 'same_day_missed'
                     WHEN 'no_week_rollover' THEN 'week_rollover_missed'
                     ELSE 'commitment_missed' END,
       d.due_at, c.due_at, c.commitment_id, '', NULL, c.lapses_at, d.closed_at,
       CASE WHEN d.closed_at IS NULL THEN NULL ELSE 'closed' END
  FROM dossier_commitments c JOIN dossiers d ON d.id = c.dossier_id
 WHERE d.closed_at IS NULL OR d.closed_at >= c.lapses_at;

-- INSERT OR REPLACE takes rows away without asking the DELETE trigger.
CREATE TRIGGER ledger_no_replace BEFORE INSERT ON ledger
WHEN EXISTS (SELECT 1 FROM ledger WHERE seq = NEW.seq OR hash = NEW.hash)
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
