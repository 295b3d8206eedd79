-- The key that each connector signs with, what was heard of it, and what became of each request.

ALTER TABLE connectors
    ADD COLUMN public_key jsonb,
    ADD COLUMN heard_at timestamptz,
    ADD COLUMN heard_kind text,
    ADD COLUMN listens boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN connectors.public_key IS
    'Of the private key that stands in the credentials file alone; null where the file is older.';
COMMENT ON COLUMN connectors.heard_at IS
    'The latest moment that a message which it signed tells of: never moved back, nor by a replay.';
COMMENT ON COLUMN connectors.listens IS 'It has said that it waits for requests (R16).';

ALTER TABLE connector_registry ADD COLUMN public_key jsonb;

DROP FUNCTION connector_of(text);
CREATE FUNCTION connector_of(known_broker_user text)
RETURNS TABLE (school_id uuid, connector_id uuid, revoked boolean, public_key jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.school_id, c.connector_id, c.revoked, c.public_key FROM connector_registry AS c
    WHERE c.broker_user = known_broker_user;
$$;

-- Beside the one without a key, which the version that still runs knows.
CREATE FUNCTION register_connector(
    new_broker_user text, school uuid, new_connector_id uuid, new_public_key jsonb
) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE connector_registry SET revoked = true WHERE school_id = school AND NOT revoked;
    INSERT INTO connector_registry (broker_user, school_id, connector_id, revoked, public_key)
    VALUES (new_broker_user, school, new_connector_id, false, new_public_key);
$$;

-- The first night of a linked school; whoever comes second changes nothing, and a school that is being
-- unlinked at the same time gets none.
CREATE OR REPLACE FUNCTION begin_nights(school uuid, first_night date, at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM connector_registry WHERE school_id = school AND NOT revoked FOR SHARE;
    IF FOUND THEN
        INSERT INTO nights (school_id, night, due_at) VALUES (school, first_night, at)
        ON CONFLICT (school_id) DO NOTHING;
    END IF;
END $$;

-- The school has no connector any more, and is asked in no night.
CREATE FUNCTION unregister_connectors(school uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE connector_registry SET revoked = true WHERE school_id = school AND NOT revoked;
    DELETE FROM nights WHERE school_id = school;
$$;

-- A request for a snapshot, by night or by a person, is a line of the history until it has its end.
ALTER TABLE runs DROP CONSTRAINT runs_cause_check;
ALTER TABLE runs ADD CONSTRAINT runs_cause_check
    CHECK (cause IN ('snapshot', 'mapping', 'stale', 'refused', 'overnight', 'asked', 'connector'));

CREATE TABLE snapshot_requests (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    run_id uuid NOT NULL,
    asked_at timestamptz NOT NULL,
    heard_at timestamptz,
    ended_at timestamptz,
    outcome text CHECK (outcome IN ('answered', 'failed', 'not_heard')),
    PRIMARY KEY (school_id, id),
    FOREIGN KEY (school_id, run_id) REFERENCES runs
);
CREATE INDEX snapshot_requests_by_time ON snapshot_requests (school_id, asked_at DESC);
COMMENT ON TABLE snapshot_requests IS 'What mis_sync asked a connector for, and what came of it.';

ALTER TABLE snapshot_requests ENABLE ROW LEVEL SECURITY;
ALTER TABLE snapshot_requests FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON snapshot_requests
    USING (school_id = nullif(current_setting('app.school_id', true), '')::uuid)
    WITH CHECK (school_id = nullif(current_setting('app.school_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE ON snapshot_requests TO mis_sync_service;

-- Requests without an end, over all schools, each with the moment at which it is given up.
CREATE TABLE awaited_requests (
    request_id uuid PRIMARY KEY,
    school_id uuid NOT NULL,
    due_at timestamptz NOT NULL
);
CREATE INDEX awaited_requests_by_time ON awaited_requests (due_at);

CREATE FUNCTION await_request(request uuid, school uuid, at timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO awaited_requests (request_id, school_id, due_at) VALUES (request, school, at)
    ON CONFLICT (request_id) DO UPDATE SET due_at = excluded.due_at;
$$;

CREATE FUNCTION requests_given_up(at timestamptz, most integer)
RETURNS TABLE (request_id uuid, school_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.request_id, a.school_id FROM awaited_requests AS a WHERE a.due_at <= at
    ORDER BY a.due_at, a.request_id LIMIT most;
$$;

-- For who is the first to take it.
CREATE FUNCTION take_request(request uuid, at timestamptz) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM awaited_requests WHERE request_id = request AND due_at <= at RETURNING true;
$$;

CREATE FUNCTION request_ended(request uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM awaited_requests WHERE request_id = request;
$$;

DO $$
DECLARE
    door text;
BEGIN
    FOREACH door IN ARRAY ARRAY[
        'connector_of(text)', 'register_connector(text, uuid, uuid, jsonb)',
        'unregister_connectors(uuid)', 'await_request(uuid, uuid, timestamptz)',
        'requests_given_up(timestamptz, integer)', 'request_ended(uuid)',
        'take_request(uuid, timestamptz)'
    ] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', door);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO mis_sync_service', door);
    END LOOP;
END $$;
