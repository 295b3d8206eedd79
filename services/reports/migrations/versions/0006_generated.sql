-- Reports that were made, as files (R27): a job for each time somebody asks for some, its pupils fixed
-- when it is asked for, with what stands in the report of each. From that it can be made again as it was.

CREATE TABLE report_jobs (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('assessment_summary', 'written_report')),
    template_id uuid NOT NULL,
    template_version integer NOT NULL,
    template_name text NOT NULL,
    term_id uuid NOT NULL,
    term_name text NOT NULL,
    academic_year text NOT NULL,
    scope text NOT NULL CHECK (scope IN ('pupil', 'group', 'year_group')),
    -- Of the pupil or the group.
    scope_id uuid,
    year_group text,
    scope_name text NOT NULL,
    -- One file, or one for each pupil.
    form text NOT NULL CHECK (form IN ('pdf', 'zip')),
    pupils integer NOT NULL CHECK (pupils >= 1),
    state text NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
    -- What is asked for in messages: which part comes next, of which attempt.
    attempt integer NOT NULL DEFAULT 1,
    part integer NOT NULL DEFAULT 0,
    made integer NOT NULL DEFAULT 0,
    problem text,
    asked_at timestamptz NOT NULL,
    asked_by uuid NOT NULL,
    asked_by_name text NOT NULL,
    -- When it last came further.
    moved_at timestamptz NOT NULL,
    finished_at timestamptz,
    -- Of the file: its SHA-256 in hex, its bytes, until when it is kept, and since when it is gone.
    digest text,
    bytes bigint,
    expires_at timestamptz,
    gone_at timestamptz,
    PRIMARY KEY (school_id, id),
    FOREIGN KEY (school_id, term_id) REFERENCES terms (school_id, id),
    CHECK ((scope = 'year_group') = (scope_id IS NULL)),
    CHECK ((scope = 'year_group') = (year_group IS NOT NULL)),
    CHECK (state <> 'done' OR (digest IS NOT NULL AND bytes IS NOT NULL AND expires_at IS NOT NULL))
);
CREATE INDEX report_jobs_newest ON report_jobs (school_id, asked_at DESC, id);
CREATE INDEX report_jobs_unfinished ON report_jobs (school_id) WHERE state IN ('waiting', 'running');

CREATE TABLE report_job_pupils (
    school_id uuid NOT NULL,
    job_id uuid NOT NULL,
    position integer NOT NULL,
    pupil_id uuid NOT NULL,
    -- As the register has it; files are called by it.
    name text NOT NULL,
    -- The report with all words in their places, as JSON; as text, so that it stays byte by byte.
    report text NOT NULL,
    PRIMARY KEY (school_id, job_id, position),
    UNIQUE (school_id, job_id, pupil_id),
    FOREIGN KEY (school_id, job_id) REFERENCES report_jobs (school_id, id)
);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['report_jobs', 'report_job_pupils'] LOOP
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

-- Which files are to be deleted when: the file of a job, and the parts it was put together from.
CREATE TABLE report_files_due (
    school_id uuid NOT NULL,
    job_id uuid NOT NULL,
    what text NOT NULL CHECK (what IN ('file', 'parts')),
    due_at timestamptz NOT NULL,
    PRIMARY KEY (school_id, job_id, what)
);
CREATE INDEX report_files_due_in_order ON report_files_due (due_at);

CREATE FUNCTION report_file_is_due(one_job uuid, which text, at_time timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO report_files_due (school_id, job_id, what, due_at)
    VALUES (current_setting('app.school_id')::uuid, one_job, which, at_time)
    ON CONFLICT (school_id, job_id, what) DO UPDATE SET due_at = excluded.due_at;
$$;

-- Those of all schools that are to be deleted by now.
CREATE FUNCTION report_files_look(at_time timestamptz, most integer)
RETURNS TABLE (school_id uuid, job_id uuid, what text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT d.school_id, d.job_id, d.what FROM report_files_due d
    WHERE d.due_at <= at_time ORDER BY d.due_at, d.job_id LIMIT most;
$$;

-- Whether it was there, and is this transaction's to delete. Without a time it is called off, which
-- waits for whoever is deleting it just now.
CREATE FUNCTION report_file_take(one_job uuid, which text, at_time timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    tenant uuid := current_setting('app.school_id')::uuid;
BEGIN
    IF at_time IS NULL THEN
        DELETE FROM report_files_due WHERE (school_id, job_id, what) = (tenant, one_job, which);
    ELSE
        DELETE FROM report_files_due WHERE (school_id, job_id, what) IN (
            SELECT school_id, job_id, what FROM report_files_due
            WHERE (school_id, job_id, what) = (tenant, one_job, which) AND due_at <= at_time
            FOR UPDATE SKIP LOCKED);
    END IF;
    RETURN FOUND;
END $$;

REVOKE ALL ON FUNCTION report_file_is_due(uuid, text, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION report_files_look(timestamptz, integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION report_file_take(uuid, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION report_file_is_due(uuid, text, timestamptz) TO reports_service;
GRANT EXECUTE ON FUNCTION report_files_look(timestamptz, integer) TO reports_service;
GRANT EXECUTE ON FUNCTION report_file_take(uuid, text, timestamptz) TO reports_service;
