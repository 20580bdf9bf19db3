-- A deadline is explained by the calendar it was reckoned with, so what was published stays as it was.
CREATE FUNCTION calendar_versions_never_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'a published calendar never changes'; END $$;
CREATE TRIGGER calendar_versions_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON calendar_versions
    FOR EACH STATEMENT EXECUTE FUNCTION calendar_versions_never_change();
