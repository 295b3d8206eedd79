-- What each run changed, held runs that a person releases, and word of progress (R18, R23).

ALTER TABLE run_batches ADD COLUMN before jsonb, ADD COLUMN changes jsonb;
COMMENT ON COLUMN run_batches.before IS
    'Of updates: what stood here of the fields that are to change, by record; until it is answered.';
COMMENT ON COLUMN run_batches.changes IS
    'What came of the batch, item by item, once it is answered. Optional fields by name only.';

ALTER TABLE runs ADD COLUMN released_at timestamptz, ADD COLUMN released_by text;
COMMENT ON COLUMN runs.released_at IS 'A person has seen who would be gone, and let it go on (R18).';

ALTER TABLE mis_link ADD COLUMN records_since timestamptz;
COMMENT ON COLUMN mis_link.records_since IS
    'Since when the MIS''s ids mean what they do: null for ever, else since its server changed (R21).';

CREATE TABLE accepted_losses (
    school_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('pupil', 'group')),
    record_id uuid NOT NULL,
    run_id uuid NOT NULL,
    PRIMARY KEY (school_id, kind, record_id)
);
COMMENT ON TABLE accepted_losses IS
    'Who a person said may be gone: the next snapshots without them are not held for it again. '
    'A record that the MIS has again is taken off.';
ALTER TABLE accepted_losses ENABLE ROW LEVEL SECURITY;
ALTER TABLE accepted_losses FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON accepted_losses
    USING (school_id = nullif(current_setting('app.school_id', true), '')::uuid)
    WITH CHECK (school_id = nullif(current_setting('app.school_id', true), '')::uuid);
GRANT SELECT, INSERT, DELETE ON accepted_losses TO mis_sync_service;

-- Whoever watches a school is told that something of its link has moved when that commits. The same
-- word twice in a transaction is sent once.
CREATE FUNCTION tell_progress() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('mis_sync_progress', school_id::text)
    FROM (SELECT DISTINCT school_id FROM moved) AS schools;
    RETURN NULL;
END $$;
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['runs', 'run_batches', 'snapshot_chunks', 'connectors', 'mis_link'] LOOP
        EXECUTE format(
            'CREATE TRIGGER tell_of_new AFTER INSERT ON %I REFERENCING NEW TABLE AS moved '
            'FOR EACH STATEMENT EXECUTE FUNCTION tell_progress()', name);
        EXECUTE format(
            'CREATE TRIGGER tell_of_change AFTER UPDATE ON %I REFERENCING NEW TABLE AS moved '
            'FOR EACH STATEMENT EXECUTE FUNCTION tell_progress()', name);
    END LOOP;
END $$;

-- Where the changes of runs of more than a year ago are found, to be forgotten.
CREATE INDEX run_batches_with_changes ON run_batches (school_id, run_id) WHERE changes IS NOT NULL;
