-- Pupils as roster tells of them, kept by version: what a parent's children are called, whether they are
-- on roll, and the dates of birth that their parents confirm (R2).
CREATE TABLE pupils (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL,
    active boolean NOT NULL,
    legal_forename text NOT NULL,
    legal_surname text NOT NULL,
    preferred_forename text,
    preferred_surname text,
    date_of_birth date,
    year_group text,
    -- Folded for searching.
    search_key text NOT NULL,
    PRIMARY KEY (school_id, id)
);
ALTER TABLE pupils ENABLE ROW LEVEL SECURITY;
ALTER TABLE pupils FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON pupils
    USING (school_id = nullif(current_setting('app.school_id', true), '')::uuid)
    WITH CHECK (school_id = nullif(current_setting('app.school_id', true), '')::uuid);
GRANT SELECT, INSERT ON pupils TO identity_service;
GRANT UPDATE (version, active, legal_forename, legal_surname, preferred_forename, preferred_surname,
              date_of_birth, year_group, search_key)
    ON pupils TO identity_service;

-- Whose parent somebody is. The pupil is no foreign key: the copy above can be made anew at any time.
CREATE TABLE parent_children (
    school_id uuid NOT NULL,
    account_id uuid NOT NULL,
    pupil_id uuid NOT NULL,
    linked_at timestamptz NOT NULL,
    -- When the parent gave the child's date of birth. Until then they see nothing of the child.
    confirmed_at timestamptz,
    PRIMARY KEY (school_id, account_id, pupil_id),
    FOREIGN KEY (school_id, account_id) REFERENCES accounts (school_id, account_id)
);
CREATE INDEX parent_children_of_pupil ON parent_children (school_id, pupil_id);
ALTER TABLE parent_children ENABLE ROW LEVEL SECURITY;
ALTER TABLE parent_children FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON parent_children
    USING (school_id = nullif(current_setting('app.school_id', true), '')::uuid)
    WITH CHECK (school_id = nullif(current_setting('app.school_id', true), '')::uuid);
-- An unlinked child that is linked again is confirmed again, so nothing of the former link is kept.
GRANT SELECT, INSERT, DELETE ON parent_children TO identity_service;
GRANT UPDATE (confirmed_at) ON parent_children TO identity_service;

CREATE INDEX accounts_parents_by_name
    ON accounts (school_id, surname_key, forename_key, account_id) WHERE kind = 'parent';
ALTER TABLE accounts ADD CONSTRAINT parents_have_names_and_no_username CHECK (
    kind <> 'parent' OR (forename IS NOT NULL AND surname IS NOT NULL AND username IS NULL)
) NOT VALID;
ALTER TABLE accounts VALIDATE CONSTRAINT parents_have_names_and_no_username;
-- Without an address nobody can sign in as a parent; an inactive one may give theirs to another account.
ALTER TABLE accounts ADD CONSTRAINT active_parents_have_an_address CHECK (
    kind <> 'parent' OR NOT active OR email IS NOT NULL
) NOT VALID;
ALTER TABLE accounts VALIDATE CONSTRAINT active_parents_have_an_address;
