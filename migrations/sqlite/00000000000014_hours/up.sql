-- What happened within a day, for reports seen from one of its hours: limits that lapsed before the closing, and halts by their instants.
CREATE INDEX dossiers_late_lapses ON dossiers (unit, lapses_at) WHERE closed_at >= lapses_at;
CREATE INDEX dossier_halts_from ON dossier_halts (from_at);
CREATE INDEX dossier_halts_to ON dossier_halts (to_at);
