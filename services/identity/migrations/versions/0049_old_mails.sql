-- What was sent or given up says who was written to and when, which is of use for a while only. Some of
-- it is swept out whenever it is looked what is due.
CREATE INDEX mails_settled ON mails (written_at)
    WHERE sent_at IS NOT NULL OR given_up_at IS NOT NULL;

CREATE OR REPLACE FUNCTION mails_take(at_time timestamptz, lease interval, at_most integer)
RETURNS TABLE (mail_id uuid, recipient text, subject text, body_text text, body_html text,
               written_at timestamptz, tries integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM mails m WHERE m.mail_id IN (
        SELECT o.mail_id FROM mails o
        WHERE (o.sent_at IS NOT NULL OR o.given_up_at IS NOT NULL)
            AND o.written_at < at_time - interval '30 days'
        ORDER BY o.written_at LIMIT 100 FOR UPDATE SKIP LOCKED
    );
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
