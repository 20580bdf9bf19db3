DROP INDEX tokens_user;
-- What was a session would be a token without an end.
DELETE FROM tokens WHERE kind <> 'token';
ALTER TABLE tokens DROP COLUMN used_at;
ALTER TABLE tokens DROP COLUMN label;
ALTER TABLE tokens DROP COLUMN kind;
DROP TABLE sign_in_tally;
DROP TABLE credentials;
