DROP TRIGGER calendar_versions_no_change ON calendar_versions;
DROP FUNCTION calendar_versions_never_change();
