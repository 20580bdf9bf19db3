DROP TABLE seals;
DROP FUNCTION seals_are_append_only();
