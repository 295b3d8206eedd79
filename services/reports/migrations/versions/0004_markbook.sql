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

-- Sentences that users share for their comments. `subject_id` and `band_id` say for which it is meant;
-- null: for all.
CREATE TABLE statements (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL CHECK (version >= 1),
    kind text NOT NULL CHECK (kind IN ('subject', 'general')),
    subject_id uuid,
    band_id uuid,
    text text NOT NULL CHECK (text <> ''),
    text_key text NOT NULL GENERATED ALWAYS AS (lower(text)) STORED,
    active boolean NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL,
    PRIMARY KEY (school_id, id),
    FOREIGN KEY (school_id, subject_id) REFERENCES subjects (school_id, id),
    FOREIGN KEY (school_id, band_id) REFERENCES scale_bands (school_id, id),
    CHECK (kind = 'subject' OR subject_id IS NULL)
);
CREATE UNIQUE INDEX statements_once ON statements
    (school_id, kind, subject_id, band_id, text_key) NULLS NOT DISTINCT;

-- What was changed and is not in the activity log yet: what somebody types into one mark at one sitting
-- is one line there (R9). `subject_id` of a general comment is the nil UUID.
CREATE TABLE unlogged_changes (
    school_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('mark', 'class_teacher', 'head_teacher')),
    pupil_id uuid NOT NULL,
    subject_id uuid NOT NULL,
    term_id uuid NOT NULL,
    actor jsonb NOT NULL,
    before jsonb NOT NULL,
    after jsonb NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (school_id, kind, pupil_id, subject_id, term_id)
);

-- Marks that come by a file, for one group, subject and term. What was uploaded waits here until it is
-- confirmed, and is forgotten two days later whatever became of it.
CREATE TABLE mark_imports (
    school_id uuid NOT NULL,
    import_id uuid NOT NULL,
    -- Nobody else sees it.
    account_id uuid NOT NULL,
    group_id uuid NOT NULL,
    subject_id uuid NOT NULL,
    term_id uuid NOT NULL,
    file_name text NOT NULL,
    made_at timestamptz NOT NULL,
    forget_at timestamptz NOT NULL,
    state text NOT NULL CHECK (state IN ('uploaded', 'previewed', 'confirmed')),
    version integer NOT NULL,
    -- [[column, text], …]
    headings jsonb NOT NULL,
    -- {column: field}
    columns jsonb NOT NULL,
    row_count integer NOT NULL DEFAULT 0,
    counts jsonb NOT NULL DEFAULT '{}',
    -- What the preview says, so that a confirmation does that and nothing else.
    fingerprint text,
    confirmed_at timestamptz,
    PRIMARY KEY (school_id, import_id)
);
CREATE TABLE mark_import_rows (
    school_id uuid NOT NULL,
    import_id uuid NOT NULL,
    row_number integer NOT NULL,
    cells text[] NOT NULL,
    surplus boolean NOT NULL DEFAULT false,
    outcome text CHECK (outcome IN ('added', 'updated', 'unchanged', 'rejected')),
    result jsonb,
    PRIMARY KEY (school_id, import_id, row_number),
    FOREIGN KEY (school_id, import_id) REFERENCES mark_imports ON DELETE CASCADE
);
-- Which heading a school takes for which field; null where it takes a column for none.
CREATE TABLE mark_import_headings (
    school_id uuid NOT NULL,
    heading_key text NOT NULL,
    field text,
    PRIMARY KEY (school_id, heading_key)
);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'marks', 'general_comments', 'statements', 'unlogged_changes', 'mark_imports',
        'mark_import_rows', 'mark_import_headings'
    ] LOOP
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
GRANT DELETE ON unlogged_changes, mark_imports, mark_import_rows TO reports_service;

-- When to look at a school again: what is to be logged, and which uploads are to be forgotten. It says
-- nothing of what they are.
CREATE TABLE markbook_due (
    school_id uuid NOT NULL,
    work text NOT NULL,
    due_at timestamptz NOT NULL,
    PRIMARY KEY (school_id, work)
);
CREATE INDEX markbook_due_in_order ON markbook_due (due_at);

CREATE FUNCTION markbook_is_due(work_due text, at timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO markbook_due AS d (school_id, work, due_at)
    VALUES (nullif(current_setting('app.school_id', true), '')::uuid, work_due, at)
    ON CONFLICT (school_id, work) DO UPDATE SET due_at = least(d.due_at, excluded.due_at);
$$;

CREATE FUNCTION markbook_due_schools(work_due text, at timestamptz) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT school_id FROM markbook_due WHERE work = work_due AND due_at <= at
    ORDER BY due_at LIMIT 100;
$$;

-- Whether it is still due, and nobody else is at it; kept so until the transaction ends.
CREATE FUNCTION markbook_take(work_due text, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM markbook_due
    WHERE school_id = nullif(current_setting('app.school_id', true), '')::uuid
        AND work = work_due AND due_at <= at
    FOR UPDATE SKIP LOCKED;
    RETURN found;
END $$;

CREATE FUNCTION markbook_looked_at(work_due text, next_due_at timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM markbook_due
    WHERE school_id = nullif(current_setting('app.school_id', true), '')::uuid
        AND work = work_due AND next_due_at IS NULL;
    UPDATE markbook_due SET due_at = next_due_at
    WHERE school_id = nullif(current_setting('app.school_id', true), '')::uuid
        AND work = work_due AND next_due_at IS NOT NULL;
$$;

REVOKE ALL ON FUNCTION markbook_is_due(text, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION markbook_due_schools(text, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION markbook_take(text, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION markbook_looked_at(text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION markbook_is_due(text, timestamptz) TO reports_service;
GRANT EXECUTE ON FUNCTION markbook_due_schools(text, timestamptz) TO reports_service;
GRANT EXECUTE ON FUNCTION markbook_take(text, timestamptz) TO reports_service;
GRANT EXECUTE ON FUNCTION markbook_looked_at(text, timestamptz) TO reports_service;

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
