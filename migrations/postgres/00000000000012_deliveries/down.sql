DROP TABLE suppressions;
DROP TABLE delivery_tries;
DROP INDEX outbox_waiting;
ALTER TABLE outbox DROP COLUMN opt_down;
ALTER TABLE outbox DROP COLUMN begun_at;
