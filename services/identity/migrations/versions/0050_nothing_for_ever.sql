-- The newest link of an account wins (R3). Of the older ones nobody asks, used or not.
CREATE OR REPLACE FUNCTION link_make(
    new_token_hash bytea, new_account uuid, new_created_at timestamptz, new_expires_at timestamptz
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM single_use_links
    WHERE account_id = new_account AND school_id = required_school();
    INSERT INTO single_use_links (token_hash, account_id, school_id, created_at, expires_at)
    VALUES (new_token_hash, new_account, required_school(), new_created_at, new_expires_at);
END $$;

-- A session has the address that it was opened from, and who has left never comes back to have theirs
-- swept. So whoever signs in sweeps a few that are long over, of any school, and waits for nobody else's.
CREATE INDEX sessions_over ON sessions (expires_at);

CREATE OR REPLACE FUNCTION session_open(
    new_id uuid, new_token_hash bytea, new_account uuid, new_scope text, new_opened_by text,
    new_address text, new_created_at timestamptz, new_expires_at timestamptz
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
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

-- With the links of a new request go those of this school's requests that were settled long before it.
CREATE OR REPLACE FUNCTION admin_email_link_make(new_token_hash bytea, which uuid, what text)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM admin_email_links l
    USING admin_email_requests settled, admin_email_requests made
    WHERE l.school_id = required_school()
        AND (settled.school_id, settled.request_id) = (l.school_id, l.request_id)
        AND (made.school_id, made.request_id) = (l.school_id, which)
        AND settled.settled_at < made.asked_at - interval '30 days';
    INSERT INTO admin_email_links (token_hash, school_id, request_id, does)
    VALUES (new_token_hash, required_school(), which, what);
$$;
