-- What operators watch over all schools: counts, and nothing that tells of whom.

-- The live ones, of all that were ever open for a month.
CREATE INDEX sessions_open ON sessions (expires_at) WHERE ended_at IS NULL;

CREATE FUNCTION sessions_live(at_time timestamptz, idle interval)
RETURNS TABLE (scope text, sessions bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT known.scope, count(s.session_id)
    FROM unnest(ARRAY['full', 'set_password', 'confirm_children', 'two_step', 'set_up_two_step'])
        AS known(scope)
        LEFT JOIN sessions s ON s.scope = known.scope AND s.ended_at IS NULL
            AND s.expires_at > at_time AND s.seen_at > at_time - idle
    GROUP BY known.scope;
$$;

CREATE FUNCTION mails_waiting(at_time timestamptz)
RETURNS TABLE (mails bigint, oldest double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT count(*),
        coalesce(extract(epoch FROM at_time - min(written_at)), 0)::double precision
    FROM mails WHERE sent_at IS NULL AND given_up_at IS NULL AND expires_at > at_time;
$$;

REVOKE ALL ON FUNCTION sessions_live(timestamptz, interval) FROM PUBLIC;
REVOKE ALL ON FUNCTION mails_waiting(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sessions_live(timestamptz, interval) TO identity_service;
GRANT EXECUTE ON FUNCTION mails_waiting(timestamptz) TO identity_service;
