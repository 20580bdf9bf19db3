-- Instants are INTEGER microseconds since 1970-01-01T00:00:00Z; days are TEXT `YYYY-MM-DD`.

CREATE TABLE catalogue_version (
    id      INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
    version BIGINT  NOT NULL
);
INSERT INTO catalogue_version (id, version) VALUES (1, 0);

CREATE TABLE units (
    code        TEXT PRIMARY KEY NOT NULL,
    name        TEXT NOT NULL,
    parent      TEXT REFERENCES units (code),
    valid_from  DATE,
    valid_to    DATE,
    merged_into TEXT REFERENCES units (code)
);

CREATE TABLE procedures (
    code   TEXT PRIMARY KEY NOT NULL,
    name   TEXT NOT NULL,
    sector TEXT NOT NULL
);

CREATE TABLE procedure_limits (
    id            BIGINT PRIMARY KEY NOT NULL,
    procedure     TEXT NOT NULL REFERENCES procedures (code),
    channel       TEXT,
    limit_case    TEXT,
    limit_value   INTEGER,
    limit_unit    TEXT NOT NULL,
    late_after    TEXT,
    late_effect   TEXT,
    valid_from    DATE,
    source        TEXT NOT NULL
);
CREATE INDEX procedure_limits_procedure ON procedure_limits (procedure);

CREATE TABLE commitments (
    id               BIGINT PRIMARY KEY NOT NULL,
    unit             TEXT NOT NULL REFERENCES units (code),
    subtree          BOOLEAN NOT NULL,
    selector         TEXT NOT NULL,
    received_on      TEXT NOT NULL,
    effect           TEXT NOT NULL,
    valid_from       DATE NOT NULL,
    valid_to         DATE,
    decision         TEXT NOT NULL,
    created_at       BIGINT NOT NULL,
    created_by       BIGINT
);

CREATE TABLE calendar_versions (
    version      BIGINT PRIMARY KEY NOT NULL,
    scope        TEXT NOT NULL,
    content      TEXT NOT NULL,
    source       TEXT NOT NULL,
    published_at BIGINT NOT NULL,
    published_by BIGINT
);
CREATE INDEX calendar_versions_scope ON calendar_versions (scope, version);

CREATE TABLE users (
    id         BIGINT PRIMARY KEY NOT NULL,
    name       TEXT NOT NULL,
    email      TEXT,
    role       TEXT NOT NULL,
    unit       TEXT NOT NULL REFERENCES units (code),
    language   TEXT NOT NULL,
    active     BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE tokens (
    id         BIGINT PRIMARY KEY NOT NULL,
    user_id    BIGINT NOT NULL REFERENCES users (id),
    digest     TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT
);

CREATE TABLE dossiers (
    id                BIGINT PRIMARY KEY NOT NULL,
    code              TEXT NOT NULL UNIQUE,
    code_search       TEXT NOT NULL,
    unit              TEXT NOT NULL REFERENCES units (code),
    procedure         TEXT NOT NULL REFERENCES procedures (code),
    sector            TEXT NOT NULL,
    channel           TEXT NOT NULL,
    limit_value       INTEGER,
    limit_unit        TEXT NOT NULL,
    status            TEXT NOT NULL,
    received_at       BIGINT NOT NULL,
    effective_receipt BIGINT NOT NULL,
    statutory_due_at  BIGINT NOT NULL,
    commitment_due_at BIGINT,
    first_due_at      BIGINT NOT NULL,
    due_at            BIGINT NOT NULL,
    lapses_at         BIGINT NOT NULL,
    appointed_at      BIGINT NOT NULL,
    provisional       BOOLEAN NOT NULL,
    closed_at         BIGINT,
    closed_as         TEXT,
    outcome           TEXT,
    returned_at       BIGINT,
    officer           TEXT,
    note              TEXT,
    reason            TEXT,
    supplements       INTEGER NOT NULL,
    reappointments    INTEGER NOT NULL,
    version           BIGINT NOT NULL
);
CREATE INDEX dossiers_due ON dossiers (due_at, code);
CREATE INDEX dossiers_unit_due ON dossiers (unit, due_at, code);
CREATE INDEX dossiers_unit_due_open ON dossiers (unit, due_at, code) WHERE closed_at IS NULL;
-- The dossiers that the overdue branch of all_findings can find.
CREATE INDEX dossiers_maybe_late ON dossiers (id) WHERE closed_at IS NULL OR closed_at >= lapses_at;
CREATE INDEX dossiers_open ON dossiers (unit, lapses_at) WHERE closed_at IS NULL;
CREATE INDEX dossiers_received ON dossiers (unit, received_at);
CREATE INDEX dossiers_closed ON dossiers (unit, closed_at) WHERE closed_at IS NOT NULL;

CREATE TABLE applicants (
    dossier_id BIGINT PRIMARY KEY NOT NULL REFERENCES dossiers (id),
    name       TEXT NOT NULL,
    phone      TEXT,
    email      TEXT,
    address    TEXT,
    salt       TEXT NOT NULL,
    search     TEXT NOT NULL
);

CREATE TABLE dossier_commitments (
    dossier_id    BIGINT NOT NULL REFERENCES dossiers (id),
    commitment_id BIGINT NOT NULL REFERENCES commitments (id),
    effect        TEXT NOT NULL,
    due_at        BIGINT NOT NULL,
    lapses_at     BIGINT NOT NULL,
    PRIMARY KEY (dossier_id, commitment_id)
);
CREATE INDEX dossier_commitments_lapses ON dossier_commitments (lapses_at);

CREATE TABLE findings (
    id               BIGINT PRIMARY KEY NOT NULL,
    dossier_id       BIGINT NOT NULL REFERENCES dossiers (id),
    code             TEXT NOT NULL,
    promised_at      BIGINT NOT NULL,
    compliant_due_at BIGINT,
    commitment_id    BIGINT REFERENCES commitments (id),
    source           TEXT NOT NULL,
    first_seen_at    BIGINT NOT NULL,
    cleared_at       BIGINT,
    cleared_why      TEXT
);
CREATE INDEX findings_dossier ON findings (dossier_id);
CREATE INDEX findings_seen ON findings (first_seen_at);

-- Every finding in one shape: those written down at the promise, and those that time alone brings about.
-- A reader adds `first_seen_at <= now`: what lapses later has not been found yet.
CREATE VIEW all_findings AS
SELECT dossier_id, code, promised_at, compliant_due_at, commitment_id, source, first_seen_at, cleared_at, cleared_why
  FROM findings
UNION ALL
SELECT id, 'overdue', due_at, NULL, NULL, '', lapses_at, closed_at,
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

CREATE TABLE code_serials (
    prefix TEXT PRIMARY KEY NOT NULL,
    last   BIGINT NOT NULL
);

CREATE TABLE ledger (
    seq         BIGINT PRIMARY KEY NOT NULL,
    dossier_id  BIGINT,
    act         TEXT NOT NULL,
    at          BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    actor_id    BIGINT,
    payload     TEXT NOT NULL,
    prev_hash   TEXT NOT NULL,
    hash        TEXT NOT NULL UNIQUE
);
CREATE INDEX ledger_dossier ON ledger (dossier_id, seq);
CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

CREATE TABLE idempotency_keys (
    user_id      BIGINT NOT NULL,
    key          TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    code         TEXT NOT NULL,
    version      BIGINT NOT NULL,
    body         TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    PRIMARY KEY (user_id, key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);

CREATE TABLE alert_slots (
    rule       TEXT NOT NULL,
    slot_at    BIGINT NOT NULL,
    claimed_at BIGINT NOT NULL,
    result     TEXT NOT NULL,
    PRIMARY KEY (rule, slot_at)
);

CREATE TABLE outbox (
    id              BIGINT PRIMARY KEY NOT NULL,
    rule            TEXT NOT NULL,
    slot_at         BIGINT NOT NULL,
    user_id         BIGINT NOT NULL REFERENCES users (id),
    recipient       TEXT NOT NULL,
    message_id      TEXT NOT NULL UNIQUE,
    subject         TEXT NOT NULL,
    text_body       TEXT NOT NULL,
    html_body       TEXT NOT NULL,
    status          TEXT NOT NULL,
    attempts        INTEGER NOT NULL,
    next_attempt_at BIGINT NOT NULL,
    stale_at        BIGINT NOT NULL,
    lease_until     BIGINT,
    server_reply    TEXT,
    created_at      BIGINT NOT NULL,
    sent_at         BIGINT,
    UNIQUE (rule, user_id, slot_at)
);
CREATE INDEX outbox_due ON outbox (status, next_attempt_at);
