-- The markbook (R26): what users record of pupils, by subject and term. Nothing is deleted; a mark that
-- was emptied is a row without a band, an effort and a comment, at a higher version.

CREATE TABLE marks (
    school_id uuid NOT NULL,
    pupil_id uuid NOT NULL,
    subject_id uuid NOT NULL,
    term_id uuid NOT NULL,
    version integer NOT NULL CHECK (version >= 1),
    -- Of the school's attainment scale; null: not recorded.
    band_id uuid,
    effort text CHECK (effort IN ('excellent', 'good', 'inconsistent', 'concern')),
    comment text NOT NULL DEFAULT '',
    -- The pupil's when it was recorded: against whose expectation it stands, also after the roll-up.
    year_group text,
    recorded_at timestamptz NOT NULL,
    recorded_by uuid NOT NULL,
    PRIMARY KEY (school_id, pupil_id, subject_id, term_id),
    FOREIGN KEY (school_id, subject_id) REFERENCES subjects (school_id, id),
    FOREIGN KEY (school_id, term_id) REFERENCES terms (school_id, id),
    FOREIGN KEY (school_id, band_id) REFERENCES scale_bands (school_id, id)
);
CREATE INDEX marks_by_term ON marks (school_id, term_id, subject_id);

-- What is said of a pupil as a whole, for written reports.
CREATE TABLE general_comments (
    school_id uuid NOT NULL,
    pupil_id uuid NOT NULL,
    term_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('class_teacher', 'head_teacher')),
    version integer NOT NULL CHECK (version >= 1),
    comment text NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by uuid NOT NULL,
    PRIMARY KEY (school_id, pupil_id, term_id, kind),
    FOREIGN KEY (school_id, term_id) REFERENCES terms (school_id, id)
);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['marks', 'general_comments'] LOOP
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

-- What a teacher sees (R14): the active groups they are linked to, and the pupils in these. As roster has
-- them; no school is named, since row-level security keeps each to the transaction's.
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
