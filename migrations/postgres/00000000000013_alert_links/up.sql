-- Keys of the installation's own, made by itself and never shown.
CREATE TABLE secrets (
    name    TEXT PRIMARY KEY NOT NULL,
    value   TEXT NOT NULL,
    made_at TIMESTAMPTZ NOT NULL
);
-- Who has turned off which mails by the link in them.
CREATE TABLE alert_opt_downs (
    id      BIGINT PRIMARY KEY NOT NULL,
    user_id BIGINT NOT NULL REFERENCES users (id),
    rule    TEXT NOT NULL,
    since   TIMESTAMPTZ NOT NULL,
    UNIQUE (user_id, rule)
);
CREATE INDEX alert_opt_downs_rule ON alert_opt_downs (rule, user_id);

-- What was told stays told, even of a dossier that the ledger turns out never to have seen and that is taken away: so these refer to none.
-- Which steps of the ladder were taken for a dossier that is late against a due time, and whether anybody stood on them.
CREATE TABLE ladder_steps (
    dossier_id BIGINT NOT NULL,
    due_at     TIMESTAMPTZ NOT NULL,
    step       TEXT NOT NULL,
    told_at    TIMESTAMPTZ NOT NULL,
    anyone     BOOLEAN NOT NULL,
    PRIMARY KEY (dossier_id, due_at, step)
);
-- Of which dossiers each letter of the ladder told whom, for the first time or again.
CREATE TABLE ladder_letters (
    letter     TEXT NOT NULL,
    message_id TEXT NOT NULL,
    user_id    BIGINT NOT NULL REFERENCES users (id),
    dossier_id BIGINT NOT NULL,
    step       TEXT NOT NULL,
    told_at    TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (letter, dossier_id, step)
);
CREATE INDEX ladder_letters_dossier ON ladder_letters (dossier_id);
-- Who said to know of what a letter told, when, and until which day the step is quiet.
CREATE TABLE acknowledgements (
    id          BIGINT PRIMARY KEY NOT NULL,
    letter      TEXT NOT NULL,
    user_id     BIGINT NOT NULL REFERENCES users (id),
    dossier_id  BIGINT NOT NULL,
    step        TEXT NOT NULL,
    at          TIMESTAMPTZ NOT NULL,
    quiet_until DATE NOT NULL
);
CREATE INDEX acknowledgements_dossier ON acknowledgements (dossier_id);
CREATE INDEX acknowledgements_letter ON acknowledgements (letter);
