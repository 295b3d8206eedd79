-- Sessions and single-use links: known by the hash of a secret, before anybody's school is.

CREATE TABLE sessions (
    session_id uuid PRIMARY KEY,
    token_hash bytea NOT NULL UNIQUE,
    account_id uuid NOT NULL,
    school_id uuid NOT NULL,
    scope text NOT NULL CHECK (scope IN ('full', 'set_password')),
    -- What opened it: one that the default password opened ends with that password (R2).
    opened_by text NOT NULL CHECK (opened_by IN ('password', 'default', 'link')),
    address text,
    created_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    FOREIGN KEY (school_id, account_id) REFERENCES accounts (school_id, account_id)
);
CREATE INDEX sessions_of_account ON sessions (account_id);
CREATE INDEX sessions_by_default ON sessions (school_id)
    WHERE opened_by = 'default' AND ended_at IS NULL;

CREATE TABLE single_use_links (
    token_hash bytea PRIMARY KEY,
    account_id uuid NOT NULL,
    school_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    FOREIGN KEY (school_id, account_id) REFERENCES accounts (school_id, account_id)
);
CREATE INDEX single_use_links_of_account ON single_use_links (account_id);

-- What is over since the day before is swept out as the account signs in again.
CREATE FUNCTION session_open(
    new_id uuid, new_token_hash bytea, new_account uuid, new_scope text, new_opened_by text,
    new_address text, new_created_at timestamptz, new_expires_at timestamptz
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM sessions
    WHERE account_id = new_account AND school_id = required_school()
        AND expires_at < new_created_at - interval '1 day';
    INSERT INTO sessions (session_id, token_hash, account_id, school_id, scope, opened_by, address,
                          created_at, seen_at, expires_at)
    VALUES (new_id, new_token_hash, new_account, required_school(), new_scope, new_opened_by,
            new_address, new_created_at, new_created_at, new_expires_at);
END $$;

-- The live session of a token. Finding it is what keeps it from idling out; that is written down at
-- most once a minute.
CREATE FUNCTION session_find(wanted bytea, at_time timestamptz, idle interval)
RETURNS TABLE (session_id uuid, account_id uuid, school_id uuid, scope text, opened_by text,
               created_at timestamptz, expires_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE sessions s SET seen_at = at_time
    WHERE s.token_hash = wanted AND s.ended_at IS NULL AND s.expires_at > at_time
        AND s.seen_at > at_time - idle AND s.seen_at < at_time - interval '1 minute';
    RETURN QUERY
        SELECT s.session_id, s.account_id, s.school_id, s.scope, s.opened_by, s.created_at,
               s.expires_at
        FROM sessions s
        WHERE s.token_hash = wanted AND s.ended_at IS NULL AND s.expires_at > at_time
            AND s.seen_at > at_time - idle;
END $$;

-- Ends live sessions of this school: one, or all of some accounts, or all that were opened so. The
-- ids and openers of those that were live.
CREATE FUNCTION sessions_end(
    only_session uuid, only_accounts uuid[], only_opened_by text, at_time timestamptz
) RETURNS TABLE (session_id uuid, opened_by text)
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE sessions s SET ended_at = at_time
    WHERE s.school_id = required_school() AND s.ended_at IS NULL AND s.expires_at > at_time
        AND (only_session IS NULL OR s.session_id = only_session)
        AND (only_accounts IS NULL OR s.account_id = ANY (only_accounts))
        AND (only_opened_by IS NULL OR s.opened_by = only_opened_by)
    RETURNING s.session_id, s.opened_by;
$$;

-- The newest link of an account wins (R3).
CREATE FUNCTION link_make(
    new_token_hash bytea, new_account uuid, new_created_at timestamptz, new_expires_at timestamptz
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM single_use_links
    WHERE account_id = new_account AND school_id = required_school() AND used_at IS NULL;
    INSERT INTO single_use_links (token_hash, account_id, school_id, created_at, expires_at)
    VALUES (new_token_hash, new_account, required_school(), new_created_at, new_expires_at);
END $$;

CREATE FUNCTION link_find(wanted bytea, at_time timestamptz)
RETURNS TABLE (account_id uuid, school_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT l.account_id, l.school_id FROM single_use_links l
    WHERE l.token_hash = wanted AND l.used_at IS NULL AND l.expires_at > at_time;
$$;

-- True for the one who came first.
CREATE FUNCTION link_use(wanted bytea, at_time timestamptz)
RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH used AS (
        UPDATE single_use_links l SET used_at = at_time
        WHERE l.token_hash = wanted AND l.school_id = required_school()
            AND l.used_at IS NULL AND l.expires_at > at_time
        RETURNING 1
    )
    SELECT EXISTS (SELECT FROM used);
$$;

REVOKE ALL ON FUNCTION session_open(uuid, bytea, uuid, text, text, text, timestamptz, timestamptz)
    FROM PUBLIC;
REVOKE ALL ON FUNCTION session_find(bytea, timestamptz, interval) FROM PUBLIC;
REVOKE ALL ON FUNCTION sessions_end(uuid, uuid[], text, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION link_make(bytea, uuid, timestamptz, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION link_find(bytea, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION link_use(bytea, timestamptz) FROM PUBLIC;
GRANT EXECUTE
    ON FUNCTION session_open(uuid, bytea, uuid, text, text, text, timestamptz, timestamptz)
    TO identity_service;
GRANT EXECUTE ON FUNCTION session_find(bytea, timestamptz, interval) TO identity_service;
GRANT EXECUTE ON FUNCTION sessions_end(uuid, uuid[], text, timestamptz) TO identity_service;
GRANT EXECUTE ON FUNCTION link_make(bytea, uuid, timestamptz, timestamptz) TO identity_service;
GRANT EXECUTE ON FUNCTION link_find(bytea, timestamptz) TO identity_service;
GRANT EXECUTE ON FUNCTION link_use(bytea, timestamptz) TO identity_service;
