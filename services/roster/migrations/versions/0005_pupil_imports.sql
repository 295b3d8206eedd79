-- Pupils who come by a file (R10). What was uploaded waits here until it is confirmed, and is forgotten
-- two days later; what was confirmed, seven days after that, when it can no longer be undone. It is
-- personal data, and the pupils and the activity log have what counts.
CREATE TABLE pupil_imports (
    school_id uuid NOT NULL,
    import_id uuid NOT NULL,
    file_name text NOT NULL,
    made_at timestamptz NOT NULL,
    state text NOT NULL CHECK (state IN ('reading', 'uploaded', 'previewed', 'confirmed', 'undone')),
    version integer NOT NULL,
    -- [[column, text], …]
    headings jsonb NOT NULL,
    -- {column: field}
    columns jsonb NOT NULL,
    -- How it is meant: partial or full, the order of dates, and so on.
    how jsonb NOT NULL,
    row_count integer NOT NULL,
    counts jsonb NOT NULL,
    active_roll integer NOT NULL,
    new_classes text[] NOT NULL,
    missing_classes text[] NOT NULL,
    refused_because text,
    -- What the preview says, so that a confirmation does that and nothing else.
    fingerprint text,
    confirmed_at timestamptz,
    undone_at timestamptz,
    undone jsonb NOT NULL,
    PRIMARY KEY (school_id, import_id),
    FOREIGN KEY (school_id) REFERENCES schools
);

CREATE TABLE pupil_import_rows (
    school_id uuid NOT NULL,
    import_id uuid NOT NULL,
    row_number integer NOT NULL,
    cells text[] NOT NULL,
    surplus boolean NOT NULL,
    PRIMARY KEY (school_id, import_id, row_number),
    FOREIGN KEY (school_id, import_id) REFERENCES pupil_imports ON DELETE CASCADE
);

-- What becomes of each row, at its number; further on, of each pupil whom the file does not list, and
-- what undoing left since it was changed.
CREATE TABLE pupil_import_results (
    school_id uuid NOT NULL,
    import_id uuid NOT NULL,
    place integer NOT NULL,
    outcome text NOT NULL CHECK (
        outcome IN ('added', 'updated', 'unchanged', 'made_inactive', 'rejected', 'changed_since')),
    result jsonb NOT NULL,
    PRIMARY KEY (school_id, import_id, place),
    FOREIGN KEY (school_id, import_id) REFERENCES pupil_imports ON DELETE CASCADE
);
CREATE INDEX pupil_import_results_by_outcome
    ON pupil_import_results (school_id, import_id, outcome, place);

-- How each pupil, group and membership that a confirmed import changed stood before, and how it was
-- left, for undoing.
CREATE TABLE pupil_import_effects (
    school_id uuid NOT NULL,
    import_id uuid NOT NULL,
    place integer NOT NULL,
    kind text NOT NULL CHECK (kind IN ('pupil', 'group', 'link')),
    effect jsonb NOT NULL,
    PRIMARY KEY (school_id, import_id, place),
    FOREIGN KEY (school_id, import_id) REFERENCES pupil_imports ON DELETE CASCADE
);

-- How far an import is that is being written now. Not a column of it: that row is held by the
-- transaction which writes, and nobody would see it before its end.
CREATE TABLE pupil_import_progress (
    school_id uuid NOT NULL,
    import_id uuid NOT NULL,
    done integer NOT NULL,
    total integer NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (school_id, import_id),
    FOREIGN KEY (school_id, import_id) REFERENCES pupil_imports ON DELETE CASCADE
);

-- What a school last said of files with these headings (a digest of all of them).
CREATE TABLE pupil_import_mappings (
    school_id uuid NOT NULL,
    headings text NOT NULL,
    -- {heading: field}; null where a column is taken for none.
    columns jsonb NOT NULL,
    how jsonb NOT NULL,
    PRIMARY KEY (school_id, headings),
    FOREIGN KEY (school_id) REFERENCES schools
);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['pupil_imports', 'pupil_import_rows', 'pupil_import_results',
        'pupil_import_effects', 'pupil_import_progress', 'pupil_import_mappings'] LOOP
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
GRANT UPDATE (state, version, headings, columns, how, row_count, counts, active_roll, new_classes,
              missing_classes, refused_because, fingerprint, confirmed_at, undone_at, undone),
      DELETE ON pupil_imports TO roster_service;
GRANT DELETE ON pupil_import_results TO roster_service;
GRANT UPDATE (done, total, at), DELETE ON pupil_import_progress TO roster_service;
GRANT UPDATE (columns, how) ON pupil_import_mappings TO roster_service;

-- What is to be forgotten when, over all schools. It says nothing of what was uploaded.
CREATE TABLE pupil_imports_due (
    school_id uuid NOT NULL,
    import_id uuid NOT NULL,
    forget_at timestamptz NOT NULL,
    PRIMARY KEY (school_id, import_id)
);
CREATE INDEX pupil_imports_due_in_order ON pupil_imports_due (forget_at);

CREATE FUNCTION pupil_import_due(one_import uuid, at_time timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO pupil_imports_due (school_id, import_id, forget_at)
    VALUES (current_setting('app.school_id')::uuid, one_import, at_time)
    ON CONFLICT (school_id, import_id) DO UPDATE SET forget_at = excluded.forget_at;
$$;

-- Walks those that are due, each as its own tenant, and says how many they were. The setting is the
-- caller's again at the end.
CREATE FUNCTION pupil_imports_forget(at_time timestamptz)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    callers text := coalesce(current_setting('app.school_id', true), '');
    one record;
    forgotten integer := 0;
BEGIN
    FOR one IN
        DELETE FROM pupil_imports_due d USING (
            SELECT school_id, import_id FROM pupil_imports_due WHERE forget_at <= at_time
            ORDER BY forget_at LIMIT 5 FOR UPDATE SKIP LOCKED
        ) AS due WHERE (d.school_id, d.import_id) = (due.school_id, due.import_id)
        RETURNING d.school_id, d.import_id
    LOOP
        PERFORM set_config('app.school_id', one.school_id::text, true);
        -- One that is being confirmed this moment stays.
        DELETE FROM pupil_imports WHERE import_id = one.import_id
            AND (confirmed_at IS NULL OR confirmed_at <= at_time - interval '7 days');
        forgotten := forgotten + 1;
    END LOOP;
    PERFORM set_config('app.school_id', callers, true);
    RETURN forgotten;
END $$;

REVOKE ALL ON FUNCTION pupil_import_due(uuid, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION pupil_imports_forget(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pupil_import_due(uuid, timestamptz) TO roster_service;
GRANT EXECUTE ON FUNCTION pupil_imports_forget(timestamptz) TO roster_service;
