-- What reports knows of schools, people and groups: copies, by version, of what identity and roster
-- tell, and no more of it than reports are made of. Events come in any order, so no copy refers to
-- another, and each can be made anew from a republished state.

CREATE TABLE schools (
    school_id uuid PRIMARY KEY,
    version integer NOT NULL,
    name text NOT NULL,
    first_year_group text NOT NULL,
    last_year_group text NOT NULL
);

CREATE TABLE school_years (
    school_id uuid PRIMARY KEY,
    version integer NOT NULL,
    academic_year text NOT NULL
);

CREATE TABLE users (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL,
    active boolean NOT NULL,
    title text,
    forename text NOT NULL,
    surname text NOT NULL,
    role text NOT NULL,
    PRIMARY KEY (school_id, id)
);

CREATE TABLE pupils (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL,
    active boolean NOT NULL,
    upn text,
    legal_forename text NOT NULL,
    legal_surname text NOT NULL,
    preferred_forename text,
    preferred_surname text,
    date_of_birth date,
    sex text,
    year_group text,
    PRIMARY KEY (school_id, id)
);

CREATE TABLE groups (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL,
    active boolean NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    year_group text,
    PRIMARY KEY (school_id, id)
);

CREATE TABLE links (
    school_id uuid NOT NULL,
    kind text NOT NULL,
    group_id uuid NOT NULL,
    person_id uuid NOT NULL,
    version integer NOT NULL,
    present boolean NOT NULL,
    PRIMARY KEY (school_id, kind, group_id, person_id)
);
CREATE INDEX links_by_person ON links (school_id, kind, person_id);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY
        ARRAY['schools', 'school_years', 'users', 'pupils', 'groups', 'links']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY tenant ON %I '
            'USING (school_id = nullif(current_setting(''app.school_id'', true), '''')::uuid) '
            'WITH CHECK (school_id = nullif(current_setting(''app.school_id'', true), '''')::uuid)',
            name);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO reports_service', name);
    END LOOP;
END $$;
