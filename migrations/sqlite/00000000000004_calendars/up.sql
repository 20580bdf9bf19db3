-- A deadline is explained by the calendar it was reckoned with, so what was published stays as it was.
CREATE TRIGGER calendar_versions_no_update BEFORE UPDATE ON calendar_versions
BEGIN SELECT RAISE(ABORT, 'a published calendar never changes'); END;
CREATE TRIGGER calendar_versions_no_delete BEFORE DELETE ON calendar_versions
BEGIN SELECT RAISE(ABORT, 'a published calendar never changes'); END;
