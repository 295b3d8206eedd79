-- A snapshot is laid out once in temporary tables, which are empty again when its transaction ends, and
-- each statement that takes it over reads them (`snapshots/records.py`). They are seen by their own
-- connection only, so they need no policy.
DO $$
BEGIN
    EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO mis_sync_service', current_database());
END $$;
