-- What a school decided of how its people sign in (R29). A school without a row keeps the defaults.
CREATE TABLE school_settings (
    school_id uuid PRIMARY KEY REFERENCES schools,
    -- R2: what a new user signs in with first.
    first_passwords text NOT NULL DEFAULT 'default'
        CHECK (first_passwords IN ('default', 'starting_codes')),
    -- Whether the admin and SLT must prove themselves with a second step; others may.
    two_step text NOT NULL DEFAULT 'optional' CHECK (two_step IN ('optional', 'admin_and_slt')),
    version integer NOT NULL DEFAULT 1,
    changed_at timestamptz NOT NULL
);
ALTER TABLE school_settings ENABLE ROW LEVEL SECURITY;
ALTER TABLE school_settings FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON school_settings
    USING (school_id = nullif(current_setting('app.school_id', true), '')::uuid)
    WITH CHECK (school_id = nullif(current_setting('app.school_id', true), '')::uuid);
GRANT SELECT, INSERT ON school_settings TO identity_service;
GRANT UPDATE (first_passwords, two_step, version, changed_at) ON school_settings
    TO identity_service;

-- What a session opens until the next step is done: children's dates of birth (R2), the code of an
-- authenticator, or setting one up where the school asks for it.
ALTER TABLE sessions DROP CONSTRAINT sessions_scope_check;
ALTER TABLE sessions ADD CONSTRAINT sessions_scope_check CHECK (
    scope IN ('full', 'set_password', 'confirm_children', 'two_step', 'set_up_two_step')
) NOT VALID;
ALTER TABLE sessions VALIDATE CONSTRAINT sessions_scope_check;
ALTER TABLE sessions DROP CONSTRAINT sessions_opened_by_check;
ALTER TABLE sessions ADD CONSTRAINT sessions_opened_by_check CHECK (
    opened_by IN ('password', 'default', 'starting_code', 'link')
) NOT VALID;
ALTER TABLE sessions VALIDATE CONSTRAINT sessions_opened_by_check;
