-- E-mail that waits to be sent. It may hold a sign-in link, so its text goes once it was sent.

CREATE TABLE mails (
    mail_id uuid PRIMARY KEY,
    recipient text NOT NULL,
    subject text NOT NULL,
    body_text text,
    body_html text,
    written_at timestamptz NOT NULL,
    -- No use to anybody after this.
    expires_at timestamptz NOT NULL,
    next_try_at timestamptz NOT NULL,
    tries integer NOT NULL DEFAULT 0,
    last_error text,
    sent_at timestamptz,
    given_up_at timestamptz
);
CREATE INDEX mails_due ON mails (next_try_at) WHERE sent_at IS NULL AND given_up_at IS NULL;

CREATE FUNCTION mail_write(
    new_id uuid, new_recipient text, new_subject text, new_text text, new_html text,
    at_time timestamptz, new_expires_at timestamptz
) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO mails (mail_id, recipient, subject, body_text, body_html, written_at, expires_at,
                       next_try_at)
    VALUES (new_id, new_recipient, new_subject, new_text, new_html, at_time, new_expires_at,
            at_time);
$$;

-- Takes what is due, for the length of the lease: a worker that dies gives it back by doing nothing.
CREATE FUNCTION mails_take(at_time timestamptz, lease interval, at_most integer)
RETURNS TABLE (mail_id uuid, recipient text, subject text, body_text text, body_html text,
               written_at timestamptz, tries integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE mails m SET given_up_at = at_time, body_text = NULL, body_html = NULL,
        last_error = coalesce(m.last_error, 'it was of no use any more before it could be sent')
    WHERE m.sent_at IS NULL AND m.given_up_at IS NULL AND m.expires_at <= at_time;
    RETURN QUERY
        UPDATE mails m SET next_try_at = at_time + lease, tries = m.tries + 1
        WHERE m.mail_id IN (
            SELECT d.mail_id FROM mails d
            WHERE d.sent_at IS NULL AND d.given_up_at IS NULL AND d.next_try_at <= at_time
            ORDER BY d.next_try_at LIMIT at_most FOR UPDATE SKIP LOCKED
        )
        RETURNING m.mail_id, m.recipient, m.subject, m.body_text, m.body_html, m.written_at,
                  m.tries;
END $$;

CREATE FUNCTION mail_sent(which uuid, at_time timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE mails SET sent_at = at_time, body_text = NULL, body_html = NULL, last_error = NULL
    WHERE mail_id = which AND sent_at IS NULL;
$$;

CREATE FUNCTION mail_put_off(which uuid, error text, until timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE mails SET last_error = error, next_try_at = until
    WHERE mail_id = which AND sent_at IS NULL;
$$;

CREATE FUNCTION mail_give_up(which uuid, error text, at_time timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE mails SET last_error = error, given_up_at = at_time, body_text = NULL, body_html = NULL
    WHERE mail_id = which AND sent_at IS NULL;
$$;

REVOKE ALL ON FUNCTION mail_write(uuid, text, text, text, text, timestamptz, timestamptz)
    FROM PUBLIC;
REVOKE ALL ON FUNCTION mails_take(timestamptz, interval, integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION mail_sent(uuid, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION mail_put_off(uuid, text, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION mail_give_up(uuid, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION mail_write(uuid, text, text, text, text, timestamptz, timestamptz)
    TO identity_service;
GRANT EXECUTE ON FUNCTION mails_take(timestamptz, interval, integer) TO identity_service;
GRANT EXECUTE ON FUNCTION mail_sent(uuid, timestamptz) TO identity_service;
GRANT EXECUTE ON FUNCTION mail_put_off(uuid, text, timestamptz) TO identity_service;
GRANT EXECUTE ON FUNCTION mail_give_up(uuid, text, timestamptz) TO identity_service;
