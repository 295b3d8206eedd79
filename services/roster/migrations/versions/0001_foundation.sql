-- Who is on roll: schools and users as identity tells of them, and the pupils, groups and links that
-- roster owns. Nothing is ever deleted (R6): the service has no right to.

CREATE TABLE schools (
    school_id uuid PRIMARY KEY,
    version integer NOT NULL DEFAULT 0 CHECK (version >= 0),
    name text,
    postcode text,
    first_year_group text,
    last_year_group text,
    academic_year text NOT NULL CHECK (academic_year ~ '^20\d\d/\d\d$'),
    year_version integer NOT NULL DEFAULT 1 CHECK (year_version >= 1)
);
COMMENT ON TABLE schools IS
    'A copy of identity''s details (version 0: not heard yet) and the school''s own academic year (R12). '
    'Its row is locked by every transaction that changes the school''s roster.';

CREATE TABLE users (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL CHECK (version >= 1),
    active boolean NOT NULL,
    title text,
    forename text NOT NULL,
    surname text NOT NULL,
    role text NOT NULL CHECK (role IN ('teacher', 'slt')),
    PRIMARY KEY (school_id, id),
    FOREIGN KEY (school_id) REFERENCES schools
);
COMMENT ON TABLE users IS 'A copy, by version, of what identity tells of its users.';

CREATE TABLE pupils (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL CHECK (version >= 1),
    active boolean NOT NULL,
    active_reason text,
    upn text CHECK (upn ~ '^[A-Z][0-9]{11}[0-9A-Z]$'),
    former_upns text[] NOT NULL,
    legal_forename text NOT NULL,
    legal_surname text NOT NULL,
    preferred_forename text,
    preferred_surname text,
    middle_names text,
    date_of_birth date,
    sex text CHECK (sex IN ('M', 'F', 'U')),
    year_group text,
    origin text NOT NULL CHECK (origin IN ('mis', 'hand', 'import')),
    overrides text[] NOT NULL,
    seen_in_mis boolean NOT NULL,
    surname_key text COLLATE "C" NOT NULL,
    forename_key text COLLATE "C" NOT NULL,
    search_text text NOT NULL,
    PRIMARY KEY (school_id, id),
    FOREIGN KEY (school_id) REFERENCES schools,
    -- Deferrable, so that a batch may move a UPN from one pupil to another in one statement.
    CONSTRAINT pupils_upn UNIQUE (school_id, upn) DEFERRABLE INITIALLY IMMEDIATE
);
CREATE INDEX pupils_by_name ON pupils (school_id, surname_key, forename_key, id);
COMMENT ON COLUMN pupils.overrides IS 'The fields set by hand, which the sync leaves alone (R13).';
COMMENT ON COLUMN pupils.seen_in_mis IS
    'Whether the sync ever spoke of this pupil; one it never did can not become a leaver by it (R13).';
COMMENT ON COLUMN pupils.search_text IS 'All names, without case and accents.';

CREATE TABLE groups (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL CHECK (version >= 1),
    active boolean NOT NULL,
    active_reason text,
    name text NOT NULL,
    name_key text COLLATE "C" NOT NULL,
    kind text NOT NULL CHECK (kind IN ('class', 'set')),
    year_group text,
    origin text NOT NULL CHECK (origin IN ('mis', 'hand', 'import')),
    overrides text[] NOT NULL,
    PRIMARY KEY (school_id, id),
    FOREIGN KEY (school_id) REFERENCES schools
);
CREATE INDEX groups_by_name ON groups (school_id, name_key, id);

-- A pupil's membership of a group (`member`) or a user's link to it (`teacher`). One that waits for
-- its group or person is kept, and is present once both are here; only a present one needs them.
CREATE TABLE links (
    school_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('member', 'teacher')),
    group_id uuid NOT NULL,
    person_id uuid NOT NULL,
    version integer NOT NULL CHECK (version >= 1),
    present boolean NOT NULL,
    waiting boolean NOT NULL,
    origin text NOT NULL CHECK (origin IN ('mis', 'hand', 'import')),
    override boolean NOT NULL,
    present_group uuid GENERATED ALWAYS AS (CASE WHEN present THEN group_id END) STORED,
    present_pupil uuid GENERATED ALWAYS AS
        (CASE WHEN present AND kind = 'member' THEN person_id END) STORED,
    present_user uuid GENERATED ALWAYS AS
        (CASE WHEN present AND kind = 'teacher' THEN person_id END) STORED,
    PRIMARY KEY (school_id, kind, group_id, person_id),
    FOREIGN KEY (school_id) REFERENCES schools,
    FOREIGN KEY (school_id, present_group) REFERENCES groups (school_id, id),
    FOREIGN KEY (school_id, present_pupil) REFERENCES pupils (school_id, id),
    FOREIGN KEY (school_id, present_user) REFERENCES users (school_id, id),
    CHECK (NOT (present AND waiting))
);
CREATE INDEX links_by_person ON links (school_id, kind, person_id);
CREATE INDEX links_waiting ON links (school_id) WHERE waiting;

-- What a teacher sees: the active groups they are linked to, and the pupils in these (R14).
CREATE FUNCTION groups_of_teacher(teacher uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT g.id FROM links t
    JOIN groups g ON (g.school_id, g.id) = (t.school_id, t.group_id) AND g.active
    WHERE t.kind = 'teacher' AND t.present AND t.person_id = teacher;
$$;
CREATE FUNCTION pupils_of_teacher(teacher uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT m.person_id FROM links m
    WHERE m.kind = 'member' AND m.present AND m.group_id IN (SELECT groups_of_teacher(teacher));
$$;

-- The place of a year group in their order; those without one come last.
CREATE FUNCTION year_place(year_group text) RETURNS integer
LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(array_position(
        '{N1,N2,R,1,2,3,4,5,6,7,8,9,10,11,12,13}'::text[], year_group), 99);
$$;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['schools', 'users', 'pupils', 'groups', 'links'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY tenant ON %I '
            'USING (school_id = nullif(current_setting(''app.school_id'', true), '''')::uuid) '
            'WITH CHECK (school_id = nullif(current_setting(''app.school_id'', true), '''')::uuid)',
            name);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO roster_service', name);
    END LOOP;
END $$;

-- Which schools there are, for work that goes through all of them and so begins without a tenant
-- (republish). Ids only; kept by a trigger and read through a function, both the owner's.
CREATE TABLE school_directory (
    school_id uuid PRIMARY KEY
);
CREATE FUNCTION note_school() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO school_directory (school_id) VALUES (new.school_id) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION note_school() FROM PUBLIC;
CREATE TRIGGER note_school AFTER INSERT ON schools FOR EACH ROW EXECUTE FUNCTION note_school();
CREATE FUNCTION school_ids() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT school_id FROM school_directory ORDER BY school_id;
$$;
REVOKE ALL ON FUNCTION school_ids() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION school_ids() TO roster_service;
