-- Schools, their accounts, their default passwords, and the directory that people sign in by.

-- The tenant of this transaction; an error where there is none, so that nothing is written for nobody.
CREATE FUNCTION required_school() RETURNS uuid LANGUAGE plpgsql STABLE AS $$
DECLARE
    school uuid := nullif(current_setting('app.school_id', true), '')::uuid;
BEGIN
    IF school IS NULL THEN
        RAISE EXCEPTION 'this is done in the transaction of a school';
    END IF;
    RETURN school;
END $$;

CREATE TABLE schools (
    school_id uuid PRIMARY KEY,
    name text NOT NULL,
    postcode text NOT NULL,
    first_year_group text NOT NULL,
    last_year_group text NOT NULL,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL
);

CREATE TABLE accounts (
    account_id uuid PRIMARY KEY,
    school_id uuid NOT NULL REFERENCES schools,
    kind text NOT NULL CHECK (kind IN ('admin', 'user', 'parent')),
    role text CHECK (role IN ('teacher', 'slt')),
    leadership text CHECK (leadership IN ('head', 'deputy')),
    title text,
    forename text,
    surname text,
    username text,
    email text,
    staff_code text,
    origin text NOT NULL CHECK (origin IN ('mis', 'hand', 'import')),
    overrides text[] NOT NULL DEFAULT '{}',
    state text NOT NULL CHECK (state IN ('awaiting_first_password', 'claimed')),
    password_hash text,
    default_until timestamptz,
    active boolean NOT NULL DEFAULT true,
    version integer NOT NULL DEFAULT 1,
    -- Folded for sorting and searching.
    surname_key text COLLATE "C" NOT NULL DEFAULT '',
    forename_key text COLLATE "C" NOT NULL DEFAULT '',
    search_key text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    UNIQUE (school_id, account_id),
    CONSTRAINT users_have_a_role CHECK ((kind = 'user') = (role IS NOT NULL)),
    CONSTRAINT users_have_names
        CHECK (kind <> 'user' OR (forename IS NOT NULL AND surname IS NOT NULL)),
    CONSTRAINT staff_have_a_username CHECK (kind = 'parent' OR username IS NOT NULL),
    -- R7: people sign in with either, so neither may look like the other.
    CONSTRAINT usernames_are_no_addresses CHECK (username !~ '@'),
    CONSTRAINT leaders_are_slt CHECK (leadership IS NULL OR role = 'slt'),
    CONSTRAINT claimed_by_a_password
        CHECK ((state = 'claimed') = (password_hash IS NOT NULL)),
    -- R2: the default is for users, and for no head or deputy.
    CONSTRAINT default_is_for_users
        CHECK (default_until IS NULL OR (kind = 'user' AND leadership IS NULL))
);
-- R1: one admin account a school.
CREATE UNIQUE INDEX accounts_one_admin ON accounts (school_id) WHERE kind = 'admin';
CREATE INDEX accounts_by_name
    ON accounts (school_id, surname_key, forename_key, account_id) WHERE kind = 'user';

CREATE TABLE default_passwords (
    default_password_id uuid PRIMARY KEY,
    school_id uuid NOT NULL REFERENCES schools,
    password_hash text NOT NULL,
    made_at timestamptz NOT NULL
);
CREATE INDEX default_passwords_newest ON default_passwords (school_id, made_at DESC);

-- Folded usernames and e-mail addresses of all accounts of all schools, inactive ones included: one
-- key over both kinds is what makes each unique (R7, R8).
CREATE TABLE sign_in_directory (
    identifier text COLLATE "C" PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('username', 'email')),
    account_id uuid NOT NULL,
    school_id uuid NOT NULL,
    UNIQUE (account_id, kind),
    FOREIGN KEY (school_id, account_id) REFERENCES accounts (school_id, account_id),
    CONSTRAINT kinds_do_not_mix CHECK ((kind = 'email') = (identifier ~ '@'))
);

ALTER TABLE schools ENABLE ROW LEVEL SECURITY;
ALTER TABLE schools FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON schools
    USING (school_id = nullif(current_setting('app.school_id', true), '')::uuid)
    WITH CHECK (school_id = nullif(current_setting('app.school_id', true), '')::uuid);
ALTER TABLE accounts ENABLE ROW LEVEL SECURITY;
ALTER TABLE accounts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON accounts
    USING (school_id = nullif(current_setting('app.school_id', true), '')::uuid)
    WITH CHECK (school_id = nullif(current_setting('app.school_id', true), '')::uuid);
ALTER TABLE default_passwords ENABLE ROW LEVEL SECURITY;
ALTER TABLE default_passwords FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON default_passwords
    USING (school_id = nullif(current_setting('app.school_id', true), '')::uuid)
    WITH CHECK (school_id = nullif(current_setting('app.school_id', true), '')::uuid);

-- For the operator, and for republishing: walks all schools, each as its own tenant, so that not even
-- this reads past the policy. The setting is the caller's again at the end.
CREATE FUNCTION schools_named(wanted text)
RETURNS TABLE (school_id uuid, name text, postcode text, first_year_group text,
               last_year_group text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    callers text := coalesce(current_setting('app.school_id', true), '');
    one uuid;
BEGIN
    FOR one IN SELECT DISTINCT d.school_id FROM sign_in_directory d ORDER BY d.school_id LOOP
        PERFORM set_config('app.school_id', one::text, true);
        RETURN QUERY
            SELECT s.school_id, s.name, s.postcode, s.first_year_group, s.last_year_group
            FROM schools s WHERE wanted IS NULL OR lower(s.name) = lower(wanted);
    END LOOP;
    PERFORM set_config('app.school_id', callers, true);
END $$;

CREATE FUNCTION directory_find(wanted text[])
RETURNS TABLE (identifier text, account_id uuid, school_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT d.identifier, d.account_id, d.school_id
    FROM sign_in_directory d WHERE d.identifier = ANY (wanted);
$$;

-- Those usernames that are `base` or begin with `base.`, for any of the bases.
CREATE FUNCTION directory_usernames(bases text[])
RETURNS SETOF text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT d.identifier FROM unnest(bases) AS base
    JOIN sign_in_directory d
        ON d.identifier = base OR (d.identifier > base || '.' AND d.identifier < base || '/');
$$;

-- Enters accounts of this school: their username, once and for ever, and their e-mail address as it
-- is now. Somebody else's identifier is a unique violation.
CREATE FUNCTION directory_enter(accounts_entered uuid[], usernames text[], emails text[])
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    school uuid := required_school();
BEGIN
    DELETE FROM sign_in_directory d
    USING unnest(accounts_entered, emails) AS e (account_id, email)
    WHERE d.account_id = e.account_id AND d.school_id = school AND d.kind = 'email'
        AND d.identifier IS DISTINCT FROM e.email;
    INSERT INTO sign_in_directory (identifier, kind, account_id, school_id)
    SELECT n.identifier, n.kind, n.account_id, school
    FROM (
        SELECT username AS identifier, 'username' AS kind, account_id
        FROM unnest(accounts_entered, usernames) AS u (account_id, username)
        UNION ALL
        SELECT email, 'email', account_id
        FROM unnest(accounts_entered, emails) AS e (account_id, email)
    ) AS n
    WHERE n.identifier IS NOT NULL
    ORDER BY n.identifier
    ON CONFLICT (account_id, kind) DO NOTHING;
END $$;

REVOKE ALL ON FUNCTION required_school() FROM PUBLIC;
REVOKE ALL ON FUNCTION schools_named(text) FROM PUBLIC;
REVOKE ALL ON FUNCTION directory_find(text[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION directory_usernames(text[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION directory_enter(uuid[], text[], text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION schools_named(text) TO identity_service;
GRANT EXECUTE ON FUNCTION directory_find(text[]) TO identity_service;
GRANT EXECUTE ON FUNCTION directory_usernames(text[]) TO identity_service;
GRANT EXECUTE ON FUNCTION directory_enter(uuid[], text[], text[]) TO identity_service;

GRANT SELECT, INSERT ON schools, default_passwords TO identity_service;
GRANT UPDATE (name, postcode, first_year_group, last_year_group, version)
    ON schools TO identity_service;
GRANT SELECT, INSERT ON accounts TO identity_service;
-- R6, R7: no account is deleted, moved to another school or given another username.
GRANT UPDATE (role, leadership, title, forename, surname, email, staff_code, overrides, state,
              password_hash, default_until, active, version, surname_key, forename_key, search_key,
              changed_at)
    ON accounts TO identity_service;
