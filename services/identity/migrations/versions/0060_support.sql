-- What somebody of a school wrote to support (R28), for them to see again until it is forgotten.
CREATE TABLE support_messages (
    school_id uuid NOT NULL,
    -- Made by the page, so that one that is sent twice is one.
    message_id uuid NOT NULL,
    account_id uuid NOT NULL,
    reference text NOT NULL,
    topic text NOT NULL,
    message text NOT NULL,
    mail_id uuid,
    written_at timestamptz NOT NULL,
    PRIMARY KEY (school_id, message_id),
    FOREIGN KEY (school_id) REFERENCES schools,
    FOREIGN KEY (school_id, account_id) REFERENCES accounts (school_id, account_id)
);
CREATE INDEX support_messages_by_account
    ON support_messages (school_id, account_id, written_at DESC, message_id);

-- Whether the admin has put the guide away ('I know my way'). Without a row it stands.
CREATE TABLE set_up_guides (
    school_id uuid PRIMARY KEY REFERENCES schools,
    put_away boolean NOT NULL,
    changed_at timestamptz NOT NULL
);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['support_messages', 'set_up_guides'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY tenant ON %I '
            'USING (school_id = nullif(current_setting(''app.school_id'', true), '''')::uuid) '
            'WITH CHECK (school_id = nullif(current_setting(''app.school_id'', true), '''')::uuid)',
            name);
    END LOOP;
END $$;
GRANT SELECT, INSERT ON support_messages, set_up_guides TO identity_service;
GRANT UPDATE (mail_id) ON support_messages TO identity_service;
GRANT UPDATE (put_away, changed_at) ON set_up_guides TO identity_service;

-- Where an answer goes; without it, nobody answers.
ALTER TABLE mails ADD COLUMN reply_to text;

CREATE FUNCTION mail_write(
    new_id uuid, new_recipient text, new_subject text, new_text text, new_html text,
    at_time timestamptz, new_expires_at timestamptz, new_reply_to text
) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO mails (mail_id, school_id, recipient, subject, body_text, body_html, written_at,
                       expires_at, next_try_at, reply_to)
    VALUES (new_id, nullif(current_setting('app.school_id', true), '')::uuid, new_recipient,
            new_subject, new_text, new_html, at_time, new_expires_at, at_time, new_reply_to);
$$;

-- As `mails_take`, which the version before goes on using, with where an answer goes. Looked up in a
-- statement of its own: one that began before a mail was committed would take it and not hand it on.
CREATE FUNCTION mails_lease(at_time timestamptz, lease interval, at_most integer)
RETURNS TABLE (mail_id uuid, recipient text, subject text, body_text text, body_html text,
               written_at timestamptz, tries integer, reply_to text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    taken record;
BEGIN
    FOR taken IN SELECT * FROM mails_take(at_time, lease, at_most) LOOP
        RETURN QUERY
            SELECT taken.mail_id, taken.recipient, taken.subject, taken.body_text, taken.body_html,
                   taken.written_at, taken.tries, m.reply_to
            FROM mails m WHERE m.mail_id = taken.mail_id;
    END LOOP;
END $$;

-- What is to be forgotten when, over all schools. It says nothing of what was written.
CREATE TABLE support_messages_due (
    school_id uuid NOT NULL,
    message_id uuid NOT NULL,
    forget_at timestamptz NOT NULL,
    PRIMARY KEY (school_id, message_id)
);
CREATE INDEX support_messages_due_in_order ON support_messages_due (forget_at);

CREATE FUNCTION support_message_due(new_message uuid, at_time timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO support_messages_due (school_id, message_id, forget_at)
    VALUES (required_school(), new_message, at_time);
$$;

-- Walks those that are due, each as its own tenant, and says how many they were. The setting is the
-- caller's again at the end.
CREATE FUNCTION support_messages_forget(at_time timestamptz)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    callers text := coalesce(current_setting('app.school_id', true), '');
    one record;
    forgotten integer := 0;
BEGIN
    FOR one IN
        DELETE FROM support_messages_due WHERE (school_id, message_id) IN (
            SELECT school_id, message_id FROM support_messages_due WHERE forget_at <= at_time
            ORDER BY forget_at LIMIT 100 FOR UPDATE SKIP LOCKED
        ) RETURNING school_id, message_id
    LOOP
        PERFORM set_config('app.school_id', one.school_id::text, true);
        DELETE FROM support_messages WHERE message_id = one.message_id;
        forgotten := forgotten + 1;
    END LOOP;
    PERFORM set_config('app.school_id', callers, true);
    RETURN forgotten;
END $$;

-- What came of the mails of one account's messages.
CREATE FUNCTION support_mails(of_account uuid)
RETURNS TABLE (mail_id uuid, sent_at timestamptz, given_up_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT m.mail_id, m.sent_at, m.given_up_at FROM support_messages s
    JOIN mails m ON m.mail_id = s.mail_id
    WHERE s.school_id = required_school() AND s.account_id = of_account;
$$;

REVOKE ALL ON FUNCTION mail_write(uuid, text, text, text, text, timestamptz, timestamptz, text)
    FROM PUBLIC;
REVOKE ALL ON FUNCTION mails_lease(timestamptz, interval, integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION support_message_due(uuid, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION support_messages_forget(timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION support_mails(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION mail_write(uuid, text, text, text, text, timestamptz, timestamptz, text)
    TO identity_service;
GRANT EXECUTE ON FUNCTION mails_lease(timestamptz, interval, integer) TO identity_service;
GRANT EXECUTE ON FUNCTION support_message_due(uuid, timestamptz) TO identity_service;
GRANT EXECUTE ON FUNCTION support_messages_forget(timestamptz) TO identity_service;
GRANT EXECUTE ON FUNCTION support_mails(uuid) TO identity_service;
