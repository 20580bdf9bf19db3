DROP TABLE counter_state;
DROP TABLE counter_members;
DROP TABLE counter_scopes;
DROP TABLE counter_units;
DROP TABLE counter_days;
DROP TABLE counter_recent;
DROP INDEX dossiers_open_lapses;
DROP TABLE dossier_halts;
ALTER TABLE dossiers DROP COLUMN halts;
