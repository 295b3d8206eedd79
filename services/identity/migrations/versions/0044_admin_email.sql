-- R5: for how long a head or deputy has been one, and when their way in was last given back to them.
-- Both are stamped with the time of the change that wrote them.
ALTER TABLE accounts ADD COLUMN leader_since timestamptz;
ALTER TABLE accounts ADD COLUMN reset_at timestamptz;
-- Of those flagged before this was kept, the last change is as near as we know; the owner passes over
-- its own policy for as long as that takes.
ALTER TABLE accounts NO FORCE ROW LEVEL SECURITY;
UPDATE accounts SET leader_since = changed_at WHERE leadership IS NOT NULL;
ALTER TABLE accounts FORCE ROW LEVEL SECURITY;

-- Kept by the database itself, so that no way of flagging somebody, by hand, by import or one that is
-- still to come, can forget it or say another time. The service's role may not write it.
CREATE FUNCTION keep_leader_since() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.leadership IS NULL THEN
        NEW.leader_since := NULL;
    ELSIF TG_OP = 'INSERT' THEN
        NEW.leader_since := NEW.changed_at;
    ELSIF OLD.leadership IS NULL THEN
        NEW.leader_since := NEW.changed_at;
    ELSE
        NEW.leader_since := OLD.leader_since;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER leader_since BEFORE INSERT OR UPDATE ON accounts
    FOR EACH ROW EXECUTE FUNCTION keep_leader_since();
ALTER TABLE accounts ADD CONSTRAINT leaders_lead_since_some_time CHECK (
    (leadership IS NULL) = (leader_since IS NULL)
) NOT VALID;
ALTER TABLE accounts VALIDATE CONSTRAINT leaders_lead_since_some_time;
GRANT UPDATE (reset_at) ON accounts TO identity_service;

-- Who asked for another address of the admin account, and what became of it. One waits at a time.
CREATE TABLE admin_email_requests (
    school_id uuid NOT NULL,
    request_id uuid NOT NULL,
    asked_by uuid NOT NULL,
    former_email text,
    new_email text NOT NULL,
    asked_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'confirmed', 'cancelled', 'superseded')),
    settled_at timestamptz,
    -- Who cancelled it while signed in; a link says only whose mail it was in.
    settled_by uuid,
    PRIMARY KEY (school_id, request_id),
    FOREIGN KEY (school_id, asked_by) REFERENCES accounts (school_id, account_id),
    FOREIGN KEY (school_id, settled_by) REFERENCES accounts (school_id, account_id),
    CONSTRAINT settled_some_time CHECK ((state = 'waiting') = (settled_at IS NULL))
);
CREATE UNIQUE INDEX admin_email_requests_waiting ON admin_email_requests (school_id)
    WHERE state = 'waiting';
ALTER TABLE admin_email_requests ENABLE ROW LEVEL SECURITY;
ALTER TABLE admin_email_requests FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON admin_email_requests
    USING (school_id = nullif(current_setting('app.school_id', true), '')::uuid)
    WITH CHECK (school_id = nullif(current_setting('app.school_id', true), '')::uuid);
GRANT SELECT, INSERT ON admin_email_requests TO identity_service;
GRANT UPDATE (state, settled_at, settled_by) ON admin_email_requests TO identity_service;

-- The links in the two mails: one confirms, one cancels. Whether a link still does, its request says.
CREATE TABLE admin_email_links (
    token_hash bytea PRIMARY KEY,
    school_id uuid NOT NULL,
    request_id uuid NOT NULL,
    does text NOT NULL CHECK (does IN ('confirm', 'cancel')),
    FOREIGN KEY (school_id, request_id) REFERENCES admin_email_requests (school_id, request_id)
);

CREATE FUNCTION admin_email_link_make(new_token_hash bytea, which uuid, what text)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO admin_email_links (token_hash, school_id, request_id, does)
    VALUES (new_token_hash, required_school(), which, what);
$$;

CREATE FUNCTION admin_email_link_find(wanted bytea, what text)
RETURNS TABLE (school_id uuid, request_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT l.school_id, l.request_id FROM admin_email_links l
    WHERE l.token_hash = wanted AND l.does = what;
$$;

REVOKE ALL ON FUNCTION admin_email_link_make(bytea, uuid, text) FROM PUBLIC;
REVOKE ALL ON FUNCTION admin_email_link_find(bytea, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION admin_email_link_make(bytea, uuid, text) TO identity_service;
GRANT EXECUTE ON FUNCTION admin_email_link_find(bytea, text) TO identity_service;
