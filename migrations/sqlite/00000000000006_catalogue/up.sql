-- The decision by which a commitment ends.
ALTER TABLE commitments ADD COLUMN end_decision TEXT;

-- What a unit was called and where it stood until a day, that day included; from then on the next of these holds, or what `units` says.
CREATE TABLE former_units (
    code   TEXT NOT NULL REFERENCES units (code),
    until  DATE NOT NULL,
    name   TEXT NOT NULL,
    parent TEXT REFERENCES units (code),
    PRIMARY KEY (code, until)
);

-- The case that a dossier was received as, where its procedure has limits by case.
ALTER TABLE dossiers ADD COLUMN limit_case TEXT;
