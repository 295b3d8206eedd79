-- Asking for a link writes down what was asked, and nothing else: whether anybody is meant by it is
-- found out afterwards, so that neither the answer nor its time can tell (R3).
CREATE TABLE forgotten_passwords (
    request_id uuid PRIMARY KEY,
    identifier text NOT NULL,
    door text NOT NULL CHECK (door IN ('staff', 'parent')),
    asked_at timestamptz NOT NULL
);
CREATE INDEX forgotten_passwords_in_order ON forgotten_passwords (asked_at);

CREATE FUNCTION forgotten_ask(new_id uuid, new_identifier text, new_door text, at_time timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO forgotten_passwords (request_id, identifier, door, asked_at)
    VALUES (new_id, new_identifier, new_door, at_time);
$$;

-- The oldest that nobody else is at. It is gone once the transaction commits, and there again if it
-- does not.
CREATE FUNCTION forgotten_take()
RETURNS TABLE (identifier text, door text, asked_at timestamptz)
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM forgotten_passwords f WHERE f.request_id = (
        SELECT o.request_id FROM forgotten_passwords o
        ORDER BY o.asked_at, o.request_id LIMIT 1 FOR UPDATE SKIP LOCKED
    )
    RETURNING f.identifier, f.door, f.asked_at;
$$;

-- How often something was tried, shared by all processes. Keys are hashes: they are made of usernames
-- and of addresses.
CREATE TABLE throttle_counts (
    key bytea PRIMARY KEY,
    hits integer NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX throttle_counts_over ON throttle_counts (expires_at);

-- Counts one try more, from one on where the last count is over. A few that are over are swept out.
CREATE FUNCTION throttle_hit(
    which bytea, amount integer, at_time timestamptz, new_expires_at timestamptz
) RETURNS integer LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM throttle_counts WHERE key IN (
        SELECT o.key FROM throttle_counts o
        WHERE o.expires_at < at_time - interval '1 hour' AND o.key <> which
        LIMIT 10 FOR UPDATE SKIP LOCKED
    );
    INSERT INTO throttle_counts AS c (key, hits, expires_at) VALUES (which, amount, new_expires_at)
    ON CONFLICT (key) DO UPDATE SET
        hits = CASE WHEN c.expires_at <= at_time THEN amount ELSE c.hits + amount END,
        expires_at = CASE WHEN c.expires_at <= at_time THEN new_expires_at ELSE c.expires_at END
    RETURNING hits;
$$;

CREATE FUNCTION throttle_read(which bytea, at_time timestamptz)
RETURNS TABLE (hits integer, expires_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.hits, c.expires_at FROM throttle_counts c
    WHERE c.key = which AND c.expires_at > at_time;
$$;

CREATE FUNCTION throttle_clear(which bytea)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM throttle_counts WHERE key = which;
$$;

-- The live sessions of an account of this school, the newest first.
CREATE FUNCTION sessions_of(which uuid, at_time timestamptz, idle interval)
RETURNS TABLE (session_id uuid, created_at timestamptz, seen_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.session_id, s.created_at, s.seen_at FROM sessions s
    WHERE s.account_id = which AND s.school_id = required_school() AND s.ended_at IS NULL
        AND s.expires_at > at_time AND s.seen_at > at_time - idle
    ORDER BY s.created_at DESC, s.session_id DESC;
$$;

REVOKE ALL ON FUNCTION forgotten_ask(uuid, text, text, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION forgotten_take() FROM PUBLIC;
REVOKE ALL ON FUNCTION throttle_hit(bytea, integer, timestamptz, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION throttle_read(bytea, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION throttle_clear(bytea) FROM PUBLIC;
REVOKE ALL ON FUNCTION sessions_of(uuid, timestamptz, interval) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION forgotten_ask(uuid, text, text, timestamptz) TO identity_service;
GRANT EXECUTE ON FUNCTION forgotten_take() TO identity_service;
GRANT EXECUTE ON FUNCTION throttle_hit(bytea, integer, timestamptz, timestamptz)
    TO identity_service;
GRANT EXECUTE ON FUNCTION throttle_read(bytea, timestamptz) TO identity_service;
GRANT EXECUTE ON FUNCTION throttle_clear(bytea) TO identity_service;
GRANT EXECUTE ON FUNCTION sessions_of(uuid, timestamptz, interval) TO identity_service;
