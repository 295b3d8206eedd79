-- Contacts of the MIS who become parents (R20), pupils' optional fields (R29), and details of staff that
-- the MIS may correct (R13).

-- What identity and roster tell --------------------------------------------------------------------

ALTER TABLE own_schools
    ADD COLUMN kept_fields text[] NOT NULL DEFAULT '{}',
    ADD COLUMN kept_fields_version integer NOT NULL DEFAULT 0;
COMMENT ON COLUMN own_schools.kept_fields IS
    'The optional fields of pupils that the school keeps; no other is taken from a snapshot.';

ALTER TABLE own_users ADD COLUMN overrides text[] NOT NULL DEFAULT '{}';

CREATE TABLE own_parents (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL CHECK (version >= 1),
    active boolean NOT NULL,
    email text,
    title text,
    forename text NOT NULL,
    surname text NOT NULL,
    children uuid[] NOT NULL,
    mis_children uuid[] NOT NULL,
    kept_apart uuid[] NOT NULL,
    overrides text[] NOT NULL,
    PRIMARY KEY (school_id, id)
);
COMMENT ON COLUMN own_parents.mis_children IS 'Of the children, those that the MIS gave.';
COMMENT ON COLUMN own_parents.kept_apart IS 'Unlinked by hand: never linked again by the sync (R13).';

-- What the MIS says ---------------------------------------------------------------------------------

CREATE TABLE mis_relationships (
    school_id uuid NOT NULL,
    contact_mis_id text NOT NULL,
    pupil_mis_id text NOT NULL,
    relationship text,
    responsibility boolean,
    PRIMARY KEY (school_id, contact_mis_id, pupil_mis_id)
);
CREATE INDEX mis_relationships_by_pupil ON mis_relationships (school_id, pupil_mis_id);

ALTER TABLE mis_link ADD COLUMN contacts_whole boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN mis_link.contacts_whole IS
    'A snapshot has told all contacts and relationships there are: who is not among them is gone.';

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['own_parents', 'mis_relationships'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY tenant ON %I '
            'USING (school_id = nullif(current_setting(''app.school_id'', true), '''')::uuid) '
            'WITH CHECK (school_id = nullif(current_setting(''app.school_id'', true), '''')::uuid)',
            name);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO mis_sync_service', name);
    END LOOP;
END $$;
GRANT DELETE ON mis_relationships TO mis_sync_service;

ALTER TABLE mis_records DROP CONSTRAINT mis_records_kind_check;
ALTER TABLE mis_records ADD CONSTRAINT mis_records_kind_check
    CHECK (kind IN ('pupil', 'staff', 'group', 'contact'));
ALTER TABLE mapping DROP CONSTRAINT mapping_kind_check;
ALTER TABLE mapping ADD CONSTRAINT mapping_kind_check
    CHECK (kind IN ('pupil', 'staff', 'group', 'contact'));
ALTER TABLE differences DROP CONSTRAINT differences_mis_kind_check;
ALTER TABLE differences ADD CONSTRAINT differences_mis_kind_check
    CHECK (mis_kind IN ('pupil', 'staff', 'group', 'contact', 'link', 'run'));
ALTER TABLE run_batches DROP CONSTRAINT run_batches_kind_check;
ALTER TABLE run_batches ADD CONSTRAINT run_batches_kind_check
    CHECK (kind IN ('pupils', 'groups', 'staff', 'links', 'parents'));

ALTER TABLE mapping
    ADD COLUMN accepted_email text,
    ADD COLUMN optional_hash text,
    ADD COLUMN optional_version integer;
COMMENT ON COLUMN mapping.accepted_email IS
    'A person said that this address, which the MIS has, takes the place of the one here.';
COMMENT ON COLUMN mapping.optional_hash IS
    'With optional_version: the pupil''s optional fields in the MIS that roster has answered, and its version then. Roster''s own values are not copied.';

-- What the school decided ----------------------------------------------------------------------------

ALTER TABLE sync_settings ADD COLUMN parents boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN sync_settings.parents IS
    'Parents come from the MIS. Where they do not, nothing of a contact is kept (R20).';
