-- Which online reports parents can see, as reports tells of it, and who was told by e-mail (R27).

CREATE TABLE online_reports (
    school_id uuid NOT NULL,
    publication_id uuid NOT NULL,
    pupil_id uuid NOT NULL,
    version integer NOT NULL,
    published boolean NOT NULL,
    PRIMARY KEY (school_id, publication_id, pupil_id)
);
-- One mail to a parent for each publication, of however many children.
CREATE TABLE online_report_mails (
    school_id uuid NOT NULL,
    publication_id uuid NOT NULL,
    account_id uuid NOT NULL,
    mail_id uuid NOT NULL,
    PRIMARY KEY (school_id, publication_id, account_id),
    FOREIGN KEY (school_id, account_id) REFERENCES accounts (school_id, account_id)
);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['online_reports', 'online_report_mails'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY tenant ON %I '
            'USING (school_id = nullif(current_setting(''app.school_id'', true), '''')::uuid) '
            'WITH CHECK (school_id = nullif(current_setting(''app.school_id'', true), '''')::uuid)',
            name);
    END LOOP;
END $$;
GRANT SELECT, INSERT ON online_reports, online_report_mails TO identity_service;
GRANT UPDATE (version, published) ON online_reports TO identity_service;
GRANT UPDATE (mail_id) ON online_report_mails TO identity_service;

-- What they tell of is not there any more. One that is being sent this moment may still arrive.
CREATE FUNCTION mails_call_off(which uuid[], reason text, at_time timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE mails SET last_error = reason, given_up_at = at_time, body_text = NULL, body_html = NULL
    WHERE mail_id = ANY (which) AND sent_at IS NULL AND given_up_at IS NULL;
$$;

-- Those of them that were called off or given up, and never went.
CREATE FUNCTION mails_never_sent(which uuid[])
RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT mail_id FROM mails
    WHERE mail_id = ANY (which) AND sent_at IS NULL AND given_up_at IS NOT NULL;
$$;

REVOKE ALL ON FUNCTION mails_call_off(uuid[], text, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION mails_never_sent(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION mails_call_off(uuid[], text, timestamptz) TO identity_service;
GRANT EXECUTE ON FUNCTION mails_never_sent(uuid[]) TO identity_service;
