-- The school's MIS link, what its snapshots said, the copies they are compared with, and what came
-- of it.

-- Copies, by version, of what roster and identity tell ------------------------------------------

CREATE TABLE own_schools (
    school_id uuid PRIMARY KEY,
    version integer NOT NULL DEFAULT 0,
    name text,
    first_year_group text,
    last_year_group text,
    year_version integer NOT NULL DEFAULT 0,
    academic_year text
);
COMMENT ON TABLE own_schools IS
    'A version of 0 has not been heard of yet: the year is roster''s to tell, the rest identity''s.';

CREATE TABLE own_pupils (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL CHECK (version >= 1),
    active boolean NOT NULL,
    upn text,
    former_upns text[] NOT NULL,
    legal_forename text NOT NULL,
    legal_surname text NOT NULL,
    preferred_forename text,
    preferred_surname text,
    middle_names text,
    date_of_birth date,
    sex text,
    year_group text,
    origin text NOT NULL,
    overrides text[] NOT NULL,
    PRIMARY KEY (school_id, id)
);
CREATE INDEX own_pupils_by_upn ON own_pupils (school_id, upn);
CREATE INDEX own_pupils_by_birth ON own_pupils (school_id, date_of_birth);

CREATE TABLE own_groups (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL CHECK (version >= 1),
    active boolean NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    year_group text,
    origin text NOT NULL,
    overrides text[] NOT NULL,
    PRIMARY KEY (school_id, id)
);

CREATE TABLE own_users (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL CHECK (version >= 1),
    active boolean NOT NULL,
    username text NOT NULL,
    email text,
    title text,
    forename text NOT NULL,
    surname text NOT NULL,
    staff_code text,
    role text NOT NULL,
    PRIMARY KEY (school_id, id)
);

CREATE TABLE own_links (
    school_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('member', 'teacher')),
    group_id uuid NOT NULL,
    person_id uuid NOT NULL,
    version integer NOT NULL CHECK (version >= 1),
    present boolean NOT NULL,
    origin text NOT NULL,
    override boolean NOT NULL,
    PRIMARY KEY (school_id, kind, group_id, person_id)
);

-- The link, its connectors, their snapshots -----------------------------------------------------

CREATE TABLE connectors (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    broker_user text NOT NULL UNIQUE CHECK (broker_user ~ '^c_[0-9a-f]{32}$'),
    password_hash text NOT NULL,
    made_by text NOT NULL,
    created_at timestamptz NOT NULL,
    provisioned_at timestamptz,
    revoked_at timestamptz,
    PRIMARY KEY (school_id, id)
);
CREATE UNIQUE INDEX connectors_in_force ON connectors (school_id) WHERE revoked_at IS NULL;
COMMENT ON COLUMN connectors.password_hash IS 'RabbitMQ''s own salted hash; the password is kept nowhere.';

CREATE TABLE mis_link (
    school_id uuid PRIMARY KEY,
    trouble text CHECK (trouble IN ('held', 'server_changed')),
    instance_id text,
    reinstated boolean NOT NULL DEFAULT false,
    academic_year text,
    applied_taken_at timestamptz,
    applied_at timestamptz
);
COMMENT ON TABLE mis_link IS
    'One row a school; its lock is what lets a school''s snapshots, runs and decisions follow one another.';
COMMENT ON COLUMN mis_link.reinstated IS
    'The next snapshot may come from another server and is then matched again by R17 (R21).';

CREATE TABLE runs (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    cause text NOT NULL CHECK (cause IN ('snapshot', 'mapping', 'stale', 'refused')),
    snapshot_id uuid,
    state text NOT NULL CHECK (state IN
        ('receiving', 'waiting', 'applying', 'closed', 'held', 'incomplete', 'ignored',
         'superseded', 'refused', 'failed')),
    note text,
    repeats integer NOT NULL DEFAULT 1,
    attempt integer NOT NULL DEFAULT 1,
    limited boolean NOT NULL DEFAULT false,
    academic_year text,
    counts jsonb NOT NULL DEFAULT '{}',
    stale integer NOT NULL DEFAULT 0,
    failures integer NOT NULL DEFAULT 0,
    next_try_at timestamptz,
    created_at timestamptz NOT NULL,
    staged_at timestamptz,
    started_at timestamptz,
    compared_at timestamptz,
    ended_at timestamptz,
    PRIMARY KEY (school_id, id)
);
CREATE UNIQUE INDEX runs_one_at_a_time ON runs (school_id) WHERE state = 'applying';
CREATE INDEX runs_open ON runs (school_id, created_at) WHERE state IN ('receiving', 'waiting');
CREATE INDEX runs_history ON runs (school_id, created_at DESC, id DESC);
COMMENT ON COLUMN runs.limited IS 'The MIS is in another academic year than the school (R22).';

CREATE TABLE run_batches (
    school_id uuid NOT NULL,
    run_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('pupils', 'groups', 'staff', 'links')),
    sequence integer NOT NULL,
    payload text,
    answered_at timestamptz,
    PRIMARY KEY (school_id, run_id, kind, sequence),
    FOREIGN KEY (school_id, run_id) REFERENCES runs
);
COMMENT ON COLUMN run_batches.payload IS 'As it was sent, until it is answered.';

CREATE TABLE snapshots (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    connector_id uuid NOT NULL,
    run_id uuid NOT NULL,
    state text NOT NULL CHECK (state IN ('receiving', 'waiting', 'held', 'done')),
    begun boolean NOT NULL DEFAULT false,
    taken_at timestamptz,
    connector text,
    system_name text,
    instance_id text,
    academic_year text,
    complete text[],
    chunks integer,
    counts jsonb,
    digest text,
    first_heard_at timestamptz NOT NULL,
    PRIMARY KEY (school_id, id),
    FOREIGN KEY (school_id, run_id) REFERENCES runs
);
CREATE INDEX snapshots_by_run ON snapshots (school_id, run_id);

CREATE TABLE snapshot_chunks (
    school_id uuid NOT NULL,
    snapshot_id uuid NOT NULL,
    sequence integer NOT NULL,
    digest text NOT NULL,
    counts jsonb NOT NULL,
    records jsonb NOT NULL,
    PRIMARY KEY (school_id, snapshot_id, sequence),
    FOREIGN KEY (school_id, snapshot_id) REFERENCES snapshots
);

-- What the MIS said last, and which of it is which here ----------------------------------------

CREATE TABLE mis_records (
    school_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('pupil', 'staff', 'group')),
    mis_id text NOT NULL,
    record jsonb NOT NULL,
    hash text NOT NULL,
    missing_since date,
    gone boolean NOT NULL DEFAULT false,
    PRIMARY KEY (school_id, kind, mis_id)
);
COMMENT ON COLUMN mis_records.record IS
    'All that was ever said of it: what is null or left out is no information (R17).';
COMMENT ON COLUMN mis_records.hash IS 'Of the record as it came last; `gone` once it is gone.';
COMMENT ON COLUMN mis_records.missing_since IS 'The school day of the first complete snapshot without it.';
COMMENT ON COLUMN mis_records.gone IS
    'Missing from two complete snapshots on different days, or removed by the MIS itself (R18).';

CREATE TABLE mis_relations (
    school_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('member', 'teacher')),
    group_mis_id text NOT NULL,
    person_mis_id text NOT NULL,
    PRIMARY KEY (school_id, kind, group_mis_id, person_mis_id)
);
CREATE INDEX mis_relations_by_person ON mis_relations (school_id, kind, person_mis_id);

CREATE TABLE mapping (
    school_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('pupil', 'staff', 'group')),
    mis_id text NOT NULL,
    record_id uuid NOT NULL,
    origin text NOT NULL CHECK (origin IN ('matched', 'new', 'person')),
    reason text NOT NULL,
    accepted_upn text,
    awaited_version integer NOT NULL DEFAULT 0,
    settled_hash text,
    settled_version integer,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (school_id, kind, mis_id)
);
CREATE INDEX mapping_by_record ON mapping (school_id, kind, record_id);
COMMENT ON COLUMN mapping.record_id IS
    'A new record''s id is made and kept here before it is proposed, so that it stays the same.';
COMMENT ON COLUMN mapping.awaited_version IS
    'What the owner answered: nothing is compared before our copy has come that far.';
COMMENT ON COLUMN mapping.settled_hash IS
    'With settled_version: the two sides that were compared last; while both stand, nothing is to do.';

CREATE TABLE differences (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    mis_kind text NOT NULL CHECK (mis_kind IN ('pupil', 'staff', 'group', 'link', 'run')),
    key text NOT NULL,
    alert boolean NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'ignored', 'resolved')),
    version integer NOT NULL DEFAULT 1,
    label text NOT NULL,
    match text NOT NULL CHECK (match IN ('not_matched', 'may_match', 'new', 'matched')),
    suggestion_id uuid,
    reason_code text NOT NULL,
    reason text NOT NULL,
    in_the_way uuid,
    in_the_way_version integer,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (school_id, id),
    UNIQUE (school_id, kind, key)
);
CREATE INDEX differences_listed ON differences (school_id, alert, state, kind, label, id);
COMMENT ON TABLE differences IS
    'What a person must decide (`alert`), and what is in the MIS and not here, with the reason.';

-- Before a school is known, and across schools: reached through the functions below only ----------

CREATE TABLE connector_registry (
    broker_user text PRIMARY KEY,
    school_id uuid NOT NULL,
    connector_id uuid NOT NULL,
    revoked boolean NOT NULL
);

CREATE TABLE due_schools (
    school_id uuid PRIMARY KEY,
    due_at timestamptz NOT NULL
);
CREATE INDEX due_schools_by_time ON due_schools (due_at);
COMMENT ON TABLE due_schools IS 'Where a run waits to start or a snapshot to be whole: when to look.';

CREATE TABLE refused_messages (
    id uuid PRIMARY KEY,
    refused_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    school_id uuid,
    broker_user text,
    routing_key text NOT NULL,
    size integer NOT NULL,
    reason text NOT NULL
);
CREATE INDEX refused_messages_by_time ON refused_messages (refused_at);
COMMENT ON TABLE refused_messages IS
    'Inbound messages that were turned away; their bodies are not kept. The operator''s list.';

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'own_schools', 'own_pupils', 'own_groups', 'own_users', 'own_links', 'connectors',
        'mis_link', 'runs', 'run_batches', 'snapshots', 'snapshot_chunks', 'mis_records',
        'mis_relations', 'mapping', 'differences'
    ] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY tenant ON %I '
            'USING (school_id = nullif(current_setting(''app.school_id'', true), '''')::uuid) '
            'WITH CHECK (school_id = nullif(current_setting(''app.school_id'', true), '''')::uuid)',
            name);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO mis_sync_service', name);
    END LOOP;
    -- Staging is emptied, relations that ended leave nothing, and a mapping can be taken back.
    FOREACH name IN ARRAY ARRAY['snapshot_chunks', 'mis_records', 'mis_relations', 'mapping'] LOOP
        EXECUTE format('GRANT DELETE ON %I TO mis_sync_service', name);
    END LOOP;
END $$;
GRANT SELECT, DELETE ON refused_messages TO mis_sync_relay;

CREATE FUNCTION connector_of(known_broker_user text)
RETURNS TABLE (school_id uuid, connector_id uuid, revoked boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.school_id, c.connector_id, c.revoked FROM connector_registry AS c
    WHERE c.broker_user = known_broker_user;
$$;

CREATE FUNCTION register_connector(
    new_broker_user text, school uuid, new_connector_id uuid
) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE connector_registry SET revoked = true WHERE school_id = school AND NOT revoked;
    INSERT INTO connector_registry (broker_user, school_id, connector_id, revoked)
    VALUES (new_broker_user, school, new_connector_id, false);
$$;

CREATE FUNCTION linked_schools() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT school_id FROM connector_registry ORDER BY school_id;
$$;

-- The school is to be looked at, at a time; whoever listens is woken when this commits.
CREATE FUNCTION make_due(school uuid, at timestamptz)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO due_schools AS d (school_id, due_at) VALUES (school, at)
    ON CONFLICT (school_id) DO UPDATE SET due_at = least(d.due_at, excluded.due_at);
    PERFORM pg_notify('mis_sync_due', school::text);
END $$;

CREATE FUNCTION schools_due(at timestamptz) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT school_id FROM due_schools WHERE due_at <= at ORDER BY due_at;
$$;

CREATE FUNCTION looked_at(school uuid, next_due_at timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM due_schools WHERE school_id = school AND next_due_at IS NULL;
    UPDATE due_schools SET due_at = next_due_at
    WHERE school_id = school AND next_due_at IS NOT NULL;
$$;

CREATE FUNCTION refuse_message(
    new_id uuid, school uuid, known_broker_user text, known_routing_key text, body_size integer,
    why text
) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO refused_messages (id, school_id, broker_user, routing_key, size, reason)
    VALUES (new_id, school, known_broker_user, known_routing_key, body_size, why);
$$;

DO $$
DECLARE
    door text;
BEGIN
    FOREACH door IN ARRAY ARRAY[
        'connector_of(text)', 'register_connector(text, uuid, uuid)', 'linked_schools()',
        'make_due(uuid, timestamptz)', 'schools_due(timestamptz)',
        'looked_at(uuid, timestamptz)', 'refuse_message(uuid, uuid, text, text, integer, text)'
    ] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', door);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO mis_sync_service', door);
    END LOOP;
END $$;
