DROP INDEX dossiers_open_pledges;
DROP INDEX dossiers_open_pledged;

-- What went to delegates or by other channels has no place in the older form.
DELETE FROM outbox WHERE channel <> 'mail' OR delegate_id <> 0;
ALTER TABLE outbox DROP CONSTRAINT outbox_message_key;
ALTER TABLE outbox DROP COLUMN quiet_to;
ALTER TABLE outbox DROP COLUMN quiet_from;
ALTER TABLE outbox DROP COLUMN delegate_id;
ALTER TABLE outbox DROP COLUMN channel;
ALTER TABLE outbox ADD CONSTRAINT outbox_rule_user_id_slot_at_key UNIQUE (rule, user_id, slot_at);

DROP INDEX alert_slots_open;
ALTER TABLE alert_slots DROP COLUMN enqueued;
ALTER TABLE alert_slots DROP COLUMN written_to;
DROP TABLE delegations;
DROP TABLE alert_rules;
