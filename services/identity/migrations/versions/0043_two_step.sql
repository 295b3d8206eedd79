-- The second step of signing in. Several authenticators may belong to one account, since the admin
-- account is shared (R1): each is named for the person who holds it.
CREATE TABLE authenticators (
    school_id uuid NOT NULL,
    authenticator_id uuid NOT NULL,
    account_id uuid NOT NULL,
    name text NOT NULL,
    -- Sealed with a key that lies outside the database.
    secret bytea NOT NULL,
    -- The time step of the last code that was taken: none at or before it is taken again.
    last_step bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    -- Until its first code was right, it opens nothing.
    confirmed_at timestamptz,
    used_at timestamptz,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (school_id, authenticator_id),
    FOREIGN KEY (school_id, account_id) REFERENCES accounts (school_id, account_id)
);
CREATE INDEX authenticators_of_account ON authenticators (school_id, account_id);
CREATE UNIQUE INDEX authenticators_by_name ON authenticators (school_id, account_id, lower(name))
    WHERE confirmed_at IS NOT NULL;
ALTER TABLE authenticators ENABLE ROW LEVEL SECURITY;
ALTER TABLE authenticators FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON authenticators
    USING (school_id = nullif(current_setting('app.school_id', true), '')::uuid)
    WITH CHECK (school_id = nullif(current_setting('app.school_id', true), '')::uuid);
GRANT SELECT, INSERT, DELETE ON authenticators TO identity_service;
GRANT UPDATE (name, secret, last_step, confirmed_at, used_at, version) ON authenticators
    TO identity_service;

-- Codes that stand in for an authenticator, once each. `label` is a code's first part, which only
-- finds it; the whole code is kept as a hash, as passwords are.
CREATE TABLE recovery_codes (
    school_id uuid NOT NULL,
    account_id uuid NOT NULL,
    label text NOT NULL,
    code_hash text NOT NULL,
    made_at timestamptz NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (school_id, account_id, label),
    FOREIGN KEY (school_id, account_id) REFERENCES accounts (school_id, account_id)
);
ALTER TABLE recovery_codes ENABLE ROW LEVEL SECURITY;
ALTER TABLE recovery_codes FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON recovery_codes
    USING (school_id = nullif(current_setting('app.school_id', true), '')::uuid)
    WITH CHECK (school_id = nullif(current_setting('app.school_id', true), '')::uuid);
GRANT SELECT, INSERT, DELETE ON recovery_codes TO identity_service;
GRANT UPDATE (used_at) ON recovery_codes TO identity_service;

-- By what a session did its second step, named as it was then, so that the activity log can say
-- which of those who share an account it was. A removed authenticator leaves its name.
CREATE TABLE session_authenticators (
    school_id uuid NOT NULL,
    session_id uuid PRIMARY KEY REFERENCES sessions ON DELETE CASCADE,
    authenticator_id uuid,
    name text NOT NULL
);
CREATE INDEX session_authenticators_by_authenticator
    ON session_authenticators (school_id, authenticator_id);
ALTER TABLE session_authenticators ENABLE ROW LEVEL SECURITY;
ALTER TABLE session_authenticators FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON session_authenticators
    USING (school_id = nullif(current_setting('app.school_id', true), '')::uuid)
    WITH CHECK (school_id = nullif(current_setting('app.school_id', true), '')::uuid);
GRANT SELECT, INSERT ON session_authenticators TO identity_service;

-- Which person's authenticator did what was done (R1, R9).
ALTER TABLE activity_log ADD COLUMN actor_authenticator text;
