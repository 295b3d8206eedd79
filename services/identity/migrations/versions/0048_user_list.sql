-- Which groups a user is linked to: copies, by version, of what roster tells. Events come in any order,
-- so neither refers to the other or to an account. `./classroom republish roster` fills them.

CREATE TABLE groups (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL,
    active boolean NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    PRIMARY KEY (school_id, id)
);

CREATE TABLE teacher_links (
    school_id uuid NOT NULL,
    person_id uuid NOT NULL,
    group_id uuid NOT NULL,
    version integer NOT NULL,
    present boolean NOT NULL,
    PRIMARY KEY (school_id, person_id, group_id)
);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['groups', 'teacher_links'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY tenant ON %I '
            'USING (school_id = nullif(current_setting(''app.school_id'', true), '''')::uuid) '
            'WITH CHECK (school_id = nullif(current_setting(''app.school_id'', true), '''')::uuid)',
            name);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO identity_service', name);
    END LOOP;
END $$;

-- Those of these accounts of this school that have a live session.
CREATE FUNCTION accounts_signed_in(only_accounts uuid[], at_time timestamptz, idle interval)
RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT s.account_id FROM sessions s
    WHERE s.account_id = ANY (only_accounts) AND s.school_id = required_school()
        AND s.ended_at IS NULL AND s.expires_at > at_time AND s.seen_at > at_time - idle;
$$;
REVOKE ALL ON FUNCTION accounts_signed_in(uuid[], timestamptz, interval) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION accounts_signed_in(uuid[], timestamptz, interval) TO identity_service;
