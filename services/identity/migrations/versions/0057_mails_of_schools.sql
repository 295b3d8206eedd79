-- Which school a mail is of, so that it goes with the school: to whom was written stayed for a month after
-- nothing else did, and what waited to be sent was sent. It is known by the transaction that writes it.
ALTER TABLE mails ADD COLUMN school_id uuid;

-- Of those that are there already; where the address is nobody's any more, it goes by its age.
UPDATE mails m SET school_id = d.school_id
FROM sign_in_directory d WHERE d.kind = 'email' AND d.identifier = lower(m.recipient);

CREATE OR REPLACE FUNCTION mail_write(
    new_id uuid, new_recipient text, new_subject text, new_text text, new_html text,
    at_time timestamptz, new_expires_at timestamptz
) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO mails (mail_id, school_id, recipient, subject, body_text, body_html, written_at,
                       expires_at, next_try_at)
    VALUES (new_id, nullif(current_setting('app.school_id', true), '')::uuid, new_recipient,
            new_subject, new_text, new_html, at_time, new_expires_at, at_time);
$$;
