-- Users who come by a file. What was uploaded waits here until it is confirmed, and is forgotten two
-- days later whatever became of it: it is personal data, and the accounts and the log have what counts.
CREATE TABLE user_imports (
    school_id uuid NOT NULL REFERENCES schools,
    import_id uuid NOT NULL,
    file_name text NOT NULL,
    made_at timestamptz NOT NULL,
    state text NOT NULL CHECK (state IN ('uploaded', 'previewed', 'confirmed')),
    version integer NOT NULL DEFAULT 1,
    -- [[column, text], …]
    headings jsonb NOT NULL,
    -- {column: field}
    columns jsonb NOT NULL,
    keep_over_mis boolean NOT NULL DEFAULT false,
    add_namesakes boolean NOT NULL DEFAULT false,
    row_count integer NOT NULL DEFAULT 0,
    counts jsonb NOT NULL DEFAULT '{}',
    -- What the preview says, so that a confirmation does that and nothing else.
    fingerprint text,
    confirmed_at timestamptz,
    PRIMARY KEY (school_id, import_id)
);

CREATE TABLE user_import_rows (
    school_id uuid NOT NULL,
    import_id uuid NOT NULL,
    row_number integer NOT NULL,
    cells text[] NOT NULL,
    surplus boolean NOT NULL DEFAULT false,
    outcome text CHECK (outcome IN ('added', 'updated', 'unchanged', 'rejected')),
    result jsonb,
    PRIMARY KEY (school_id, import_id, row_number),
    FOREIGN KEY (school_id, import_id) REFERENCES user_imports ON DELETE CASCADE
);

-- Which heading a school takes for which field; null where it takes a column for none.
CREATE TABLE user_import_headings (
    school_id uuid NOT NULL REFERENCES schools,
    heading_key text NOT NULL,
    field text,
    PRIMARY KEY (school_id, heading_key)
);

-- What is to be forgotten when, over all schools. It says nothing of what was uploaded.
CREATE TABLE user_imports_due (
    import_id uuid PRIMARY KEY,
    school_id uuid NOT NULL,
    forget_at timestamptz NOT NULL
);
CREATE INDEX user_imports_due_in_order ON user_imports_due (forget_at);

ALTER TABLE user_imports ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_imports FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON user_imports
    USING (school_id = nullif(current_setting('app.school_id', true), '')::uuid)
    WITH CHECK (school_id = nullif(current_setting('app.school_id', true), '')::uuid);
ALTER TABLE user_import_rows ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_import_rows FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON user_import_rows
    USING (school_id = nullif(current_setting('app.school_id', true), '')::uuid)
    WITH CHECK (school_id = nullif(current_setting('app.school_id', true), '')::uuid);
ALTER TABLE user_import_headings ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_import_headings FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON user_import_headings
    USING (school_id = nullif(current_setting('app.school_id', true), '')::uuid)
    WITH CHECK (school_id = nullif(current_setting('app.school_id', true), '')::uuid);

CREATE FUNCTION user_import_due(new_import uuid, at_time timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO user_imports_due (import_id, school_id, forget_at)
    VALUES (new_import, required_school(), at_time);
$$;

-- Walks those that are due, each as its own tenant, and says how many they were. The setting is the
-- caller's again at the end.
CREATE FUNCTION user_imports_forget(at_time timestamptz)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    callers text := coalesce(current_setting('app.school_id', true), '');
    one record;
    forgotten integer := 0;
BEGIN
    FOR one IN
        DELETE FROM user_imports_due WHERE import_id IN (
            SELECT import_id FROM user_imports_due WHERE forget_at <= at_time
            ORDER BY forget_at LIMIT 100 FOR UPDATE SKIP LOCKED
        ) RETURNING school_id, import_id
    LOOP
        PERFORM set_config('app.school_id', one.school_id::text, true);
        DELETE FROM user_imports WHERE import_id = one.import_id;
        forgotten := forgotten + 1;
    END LOOP;
    PERFORM set_config('app.school_id', callers, true);
    RETURN forgotten;
END $$;

REVOKE ALL ON FUNCTION user_import_due(uuid, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION user_imports_forget(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION user_import_due(uuid, timestamptz) TO identity_service;
GRANT EXECUTE ON FUNCTION user_imports_forget(timestamptz) TO identity_service;
GRANT SELECT, INSERT, DELETE ON user_imports, user_import_rows TO identity_service;
GRANT UPDATE (state, version, columns, keep_over_mis, add_namesakes, row_count, counts, fingerprint,
              confirmed_at) ON user_imports TO identity_service;
GRANT UPDATE (outcome, result) ON user_import_rows TO identity_service;
GRANT SELECT, INSERT ON user_import_headings TO identity_service;
GRANT UPDATE (field) ON user_import_headings TO identity_service;
