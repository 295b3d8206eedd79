-- The hour at which each school's MIS is asked for a snapshot, and the nights in which it is (R16, R29).

CREATE TABLE sync_settings (
    school_id uuid PRIMARY KEY,
    -- London's; nothing where the school leaves it to us.
    hour smallint CHECK (hour BETWEEN 0 AND 6),
    version integer NOT NULL,
    changed_at timestamptz NOT NULL
);
ALTER TABLE sync_settings ENABLE ROW LEVEL SECURITY;
ALTER TABLE sync_settings FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON sync_settings
    USING (school_id = nullif(current_setting('app.school_id', true), '')::uuid)
    WITH CHECK (school_id = nullif(current_setting('app.school_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE ON sync_settings TO mis_sync_service;

-- That a MIS was asked, or could not be, is a line of the history of its own.
ALTER TABLE runs DROP CONSTRAINT runs_cause_check;
ALTER TABLE runs ADD CONSTRAINT runs_cause_check
    CHECK (cause IN ('snapshot', 'mapping', 'stale', 'refused', 'overnight'));

-- The night in which each school is asked next, and when: looked for over all schools. A row goes on to
-- the next night in the transaction that has asked, so no night is asked twice.
CREATE TABLE nights (
    school_id uuid PRIMARY KEY,
    night date NOT NULL,
    due_at timestamptz NOT NULL
);
CREATE INDEX nights_by_time ON nights (due_at);

CREATE FUNCTION schools_without_night(most integer) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT c.school_id FROM connector_registry c
    WHERE NOT c.revoked AND NOT EXISTS (SELECT FROM nights n WHERE n.school_id = c.school_id)
    ORDER BY c.school_id LIMIT most;
$$;

CREATE FUNCTION begin_nights(school uuid, first_night date, at timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO nights (school_id, night, due_at) VALUES (school, first_night, at)
    ON CONFLICT (school_id) DO NOTHING;
$$;

CREATE FUNCTION nights_due(at timestamptz, most integer) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT school_id FROM nights WHERE due_at <= at ORDER BY due_at, school_id LIMIT most;
$$;

-- The night that is due, for who is the first to take it; nobody waits for another.
CREATE FUNCTION take_night(school uuid, at timestamptz) RETURNS date
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT night FROM nights WHERE school_id = school AND due_at <= at FOR UPDATE SKIP LOCKED;
$$;

-- The night that is to come, held until the transaction ends.
CREATE FUNCTION coming_night(school uuid) RETURNS date
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT night FROM nights WHERE school_id = school FOR UPDATE;
$$;

CREATE FUNCTION move_night(school uuid, next_night date, at timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE nights SET night = next_night, due_at = at WHERE school_id = school;
$$;

DO $$
DECLARE
    door text;
BEGIN
    FOREACH door IN ARRAY ARRAY[
        'schools_without_night(integer)', 'begin_nights(uuid, date, timestamptz)',
        'nights_due(timestamptz, integer)', 'take_night(uuid, timestamptz)',
        'coming_night(uuid)', 'move_night(uuid, date, timestamptz)'
    ] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', door);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO mis_sync_service', door);
    END LOOP;
END $$;
