-- The roll-up (R12): which class follows which, what each roll-up did, and when one is due.

-- What an admin chose; where there is no row, the names of the classes propose. `year_group` is that of
-- the pupils, since those of a joint class part; '' stands for none.
CREATE TABLE successions (
    school_id uuid NOT NULL,
    group_id uuid NOT NULL,
    year_group text NOT NULL,
    next_group_id uuid,
    PRIMARY KEY (school_id, group_id, year_group),
    FOREIGN KEY (school_id, group_id) REFERENCES groups (school_id, id),
    FOREIGN KEY (school_id, next_group_id) REFERENCES groups (school_id, id)
);
ALTER TABLE schools ADD COLUMN successions_version integer NOT NULL DEFAULT 0;

-- One that stands for each school and academic year, whatever is restarted or late; one that was undone
-- is kept, and makes room for another.
CREATE TABLE roll_ups (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    -- The academic year that it began.
    academic_year text NOT NULL CHECK (academic_year ~ '^20\d\d/\d\d$'),
    ran_at timestamptz NOT NULL,
    without_class uuid[] NOT NULL,
    without_year uuid[] NOT NULL,
    undone_at timestamptz,
    PRIMARY KEY (school_id, id),
    FOREIGN KEY (school_id) REFERENCES schools
);
CREATE UNIQUE INDEX roll_ups_once ON roll_ups (school_id, academic_year) WHERE undone_at IS NULL;

-- How each pupil and membership stood before, and at which version it was left, for undoing.
CREATE TABLE roll_up_pupils (
    school_id uuid NOT NULL,
    roll_up_id uuid NOT NULL,
    pupil_id uuid NOT NULL,
    year_group text,
    active_reason text,
    overrides text[] NOT NULL,
    year_group_after text,
    active_after boolean NOT NULL,
    -- Undone: whether the pupil went back, or was left as changed since.
    went_back boolean,
    PRIMARY KEY (school_id, roll_up_id, pupil_id),
    FOREIGN KEY (school_id, roll_up_id) REFERENCES roll_ups (school_id, id),
    FOREIGN KEY (school_id, pupil_id) REFERENCES pupils (school_id, id)
);
CREATE TABLE roll_up_links (
    school_id uuid NOT NULL,
    roll_up_id uuid NOT NULL,
    group_id uuid NOT NULL,
    pupil_id uuid NOT NULL,
    -- The version that the roll-up left it at; what was before, nothing where there was no such link.
    version_after integer NOT NULL,
    present boolean NOT NULL,
    waiting boolean NOT NULL,
    origin text NOT NULL,
    override boolean NOT NULL,
    went_back boolean,
    PRIMARY KEY (school_id, roll_up_id, group_id, pupil_id),
    FOREIGN KEY (school_id, roll_up_id) REFERENCES roll_ups (school_id, id)
);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['successions', 'roll_ups', 'roll_up_pupils', 'roll_up_links'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY tenant ON %I '
            'USING (school_id = nullif(current_setting(''app.school_id'', true), '''')::uuid) '
            'WITH CHECK (school_id = nullif(current_setting(''app.school_id'', true), '''')::uuid)',
            name);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO roster_service', name);
    END LOOP;
END $$;
-- A choice that is handed back to the names leaves no row.
GRANT UPDATE (next_group_id), DELETE ON successions TO roster_service;
GRANT UPDATE (undone_at) ON roll_ups TO roster_service;
GRANT UPDATE (went_back) ON roll_up_pupils, roll_up_links TO roster_service;

-- Which year each school is in, and which it was last asked to roll up to: kept beside the directory, so
-- that what is due is found without a tenant. A school that undid its roll-up was asked for it already.
ALTER TABLE school_directory ADD COLUMN academic_year text;
ALTER TABLE school_directory ADD COLUMN asked_for text;
CREATE INDEX school_directory_by_year ON school_directory (academic_year);
ALTER TABLE schools NO FORCE ROW LEVEL SECURITY;
UPDATE school_directory d SET academic_year = s.academic_year
FROM schools s WHERE s.school_id = d.school_id;
ALTER TABLE schools FORCE ROW LEVEL SECURITY;

CREATE OR REPLACE FUNCTION note_school() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO school_directory (school_id, academic_year)
    VALUES (new.school_id, new.academic_year)
    ON CONFLICT (school_id) DO UPDATE SET academic_year = excluded.academic_year;
    RETURN NULL;
END $$;
CREATE TRIGGER note_year AFTER UPDATE OF academic_year ON schools
    FOR EACH ROW EXECUTE FUNCTION note_school();

-- Schools that are in an earlier year than `roster_year`, with the year that they are in, each once:
-- they count as asked from the moment this commits. Some at a time; nobody waits for another.
CREATE FUNCTION roll_ups_due(roster_year text, most integer)
RETURNS TABLE (school_id uuid, academic_year text)
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE school_directory d SET asked_for = d.academic_year
    WHERE d.school_id IN (
        SELECT o.school_id FROM school_directory o
        WHERE o.academic_year < roster_year
            AND (o.asked_for IS NULL OR o.asked_for < o.academic_year)
        ORDER BY o.school_id LIMIT most FOR UPDATE SKIP LOCKED
    )
    RETURNING d.school_id, d.academic_year;
$$;
REVOKE ALL ON FUNCTION roll_ups_due(text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION roll_ups_due(text, integer) TO roster_service;
