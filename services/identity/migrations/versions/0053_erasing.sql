-- Schools that have left: nobody signs in, and when their time is over all of them goes. What stays is
-- this row, as the proof that it was done.
CREATE TABLE left_schools (
    school_id uuid PRIMARY KEY,
    name text NOT NULL,
    left_at timestamptz NOT NULL,
    erase_after timestamptz NOT NULL,
    erasing_at timestamptz,
    erased jsonb NOT NULL DEFAULT '{}'
);

CREATE FUNCTION left_school_mark(school_name text, at_time timestamptz, until timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO left_schools (school_id, name, left_at, erase_after)
    VALUES (required_school(), school_name, at_time, until)
    ON CONFLICT (school_id) DO NOTHING;
    RETURN FOUND;
END $$;

CREATE FUNCTION left_school_unmark() RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM left_schools WHERE school_id = required_school() AND erasing_at IS NULL;
    RETURN FOUND;
END $$;

CREATE FUNCTION left_school_erasing(at_time timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE left_schools SET erasing_at = coalesce(erasing_at, at_time)
    WHERE school_id = required_school();
$$;

CREATE FUNCTION left_school_confirm(service text, row_count bigint, at_time timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE left_schools
    SET erased = jsonb_build_object(service, jsonb_build_object('at', at_time, 'rows', row_count))
        || erased
    WHERE school_id = required_school();
$$;

CREATE FUNCTION left_school_find() RETURNS SETOF left_schools
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT * FROM left_schools WHERE school_id = required_school();
$$;

CREATE FUNCTION left_schools_all() RETURNS SETOF left_schools
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT * FROM left_schools ORDER BY left_at, school_id;
$$;

-- As before, but nobody of a school that has left.
CREATE OR REPLACE FUNCTION session_open(
    new_id uuid, new_token_hash bytea, new_account uuid, new_scope text, new_opened_by text,
    new_address text, new_created_at timestamptz, new_expires_at timestamptz
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM left_schools WHERE school_id = required_school();
    IF FOUND THEN
        RAISE EXCEPTION 'the school has left' USING ERRCODE = 'CM001';
    END IF;
    DELETE FROM sessions
    WHERE account_id = new_account AND school_id = required_school()
        AND expires_at < new_created_at - interval '1 day';
    DELETE FROM sessions WHERE session_id IN (
        SELECT o.session_id FROM sessions o
        WHERE o.expires_at < new_created_at - interval '30 days'
        ORDER BY o.expires_at LIMIT 10 FOR UPDATE SKIP LOCKED
    );
    INSERT INTO sessions (session_id, token_hash, account_id, school_id, scope, opened_by, address,
                          created_at, seen_at, expires_at)
    VALUES (new_id, new_token_hash, new_account, required_school(), new_scope, new_opened_by,
            new_address, new_created_at, new_created_at, new_expires_at);
END $$;

REVOKE ALL ON FUNCTION left_school_mark(text, timestamptz, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION left_school_unmark() FROM PUBLIC;
REVOKE ALL ON FUNCTION left_school_erasing(timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION left_school_confirm(text, bigint, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION left_school_find() FROM PUBLIC;
REVOKE ALL ON FUNCTION left_schools_all() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION left_school_mark(text, timestamptz, timestamptz) TO identity_service;
GRANT EXECUTE ON FUNCTION left_school_unmark() TO identity_service;
GRANT EXECUTE ON FUNCTION left_school_erasing(timestamptz) TO identity_service;
GRANT EXECUTE ON FUNCTION left_school_confirm(text, bigint, timestamptz) TO identity_service;
GRANT EXECUTE ON FUNCTION left_school_find() TO identity_service;
GRANT EXECUTE ON FUNCTION left_schools_all() TO identity_service;
