ALTER TABLE dossiers DROP COLUMN limit_case;
DROP TABLE former_units;
ALTER TABLE commitments DROP COLUMN end_decision;
