-- A school's subjects, terms and attainment scale (R29). What marks and templates will hang on has an
-- id that stays; nothing is deleted, and what is not used any more is inactive (R6).

-- How often each section was changed; the row is there once the school has its defaults, and its lock is
-- what lets changes of a school's settings follow one another.
CREATE TABLE settings_versions (
    school_id uuid PRIMARY KEY,
    subjects integer NOT NULL DEFAULT 1,
    terms integer NOT NULL DEFAULT 1,
    scale integer NOT NULL DEFAULT 1
);

-- Names and codes are unique at the end of a change, so that two can be swapped in one.
CREATE TABLE subjects (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    position integer NOT NULL,
    name text NOT NULL CHECK (name <> ''),
    name_key text NOT NULL GENERATED ALWAYS AS (lower(name)) STORED,
    -- Those it is taught in; none stands for all.
    year_groups text[] NOT NULL,
    active boolean NOT NULL,
    PRIMARY KEY (school_id, id),
    UNIQUE (school_id, name_key) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE terms (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    academic_year text NOT NULL CHECK (academic_year ~ '^20\d\d/\d\d$'),
    name text NOT NULL CHECK (name <> ''),
    name_key text NOT NULL GENERATED ALWAYS AS (lower(name)) STORED,
    first_day date NOT NULL,
    last_day date NOT NULL,
    active boolean NOT NULL,
    -- Made by the calendar, and not yet looked at by a person.
    proposed boolean NOT NULL,
    PRIMARY KEY (school_id, id),
    UNIQUE (school_id, academic_year, name_key) DEFERRABLE INITIALLY DEFERRED,
    CHECK (first_day <= last_day)
);

CREATE TABLE scale_bands (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    -- From the lowest to the highest.
    position integer NOT NULL,
    code text NOT NULL CHECK (code <> ''),
    code_key text NOT NULL GENERATED ALWAYS AS (lower(code)) STORED,
    name text NOT NULL CHECK (name <> ''),
    meaning text NOT NULL,
    -- The one from which on a pupil is where the year expects.
    expectation boolean NOT NULL,
    active boolean NOT NULL,
    PRIMARY KEY (school_id, id),
    UNIQUE (school_id, code_key) DEFERRABLE INITIALLY DEFERRED,
    EXCLUDE USING btree (school_id WITH =) WHERE (expectation) DEFERRABLE INITIALLY DEFERRED,
    CHECK (active OR NOT expectation)
);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['settings_versions', 'subjects', 'terms', 'scale_bands'] LOOP
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

-- Which schools have settings, for saying them all again.
CREATE TABLE school_directory (school_id uuid PRIMARY KEY);

CREATE FUNCTION note_school() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO school_directory (school_id) VALUES (new.school_id) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER note_school AFTER INSERT ON settings_versions
    FOR EACH ROW EXECUTE FUNCTION note_school();

CREATE FUNCTION school_ids() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT school_id FROM school_directory ORDER BY school_id;
$$;

REVOKE ALL ON FUNCTION note_school() FROM PUBLIC;
REVOKE ALL ON FUNCTION school_ids() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION school_ids() TO reports_service;
