DROP INDEX dossier_halts_to;
DROP INDEX dossier_halts_from;
DROP INDEX dossiers_late_lapses;
