-- Online reports (R27): of a job, which pupils' reports their parents see. What stands in them is what the
-- job keeps, so that what was looked at is what is published.

CREATE TABLE online_reports (
    school_id uuid NOT NULL,
    job_id uuid NOT NULL,
    -- Of every publishing and withdrawing; those who hear of them tell by it which came last.
    version integer NOT NULL CHECK (version >= 1),
    PRIMARY KEY (school_id, job_id),
    FOREIGN KEY (school_id, job_id) REFERENCES report_jobs (school_id, id)
);

CREATE TABLE online_report_pupils (
    school_id uuid NOT NULL,
    job_id uuid NOT NULL,
    pupil_id uuid NOT NULL,
    -- The job's.
    kind text NOT NULL,
    term_id uuid NOT NULL,
    state text NOT NULL CHECK (state IN ('published', 'withdrawn', 'replaced')),
    published_at timestamptz NOT NULL,
    published_by uuid NOT NULL,
    published_by_name text NOT NULL,
    -- When it was withdrawn, or replaced by a newer one.
    ended_at timestamptz,
    ended_by uuid,
    ended_by_name text,
    PRIMARY KEY (school_id, job_id, pupil_id),
    FOREIGN KEY (school_id, job_id) REFERENCES online_reports (school_id, job_id),
    FOREIGN KEY (school_id, job_id, pupil_id)
        REFERENCES report_job_pupils (school_id, job_id, pupil_id),
    CHECK ((state = 'published') = (ended_at IS NULL))
);
-- Of each kind and term parents see one report of a child, and never two.
CREATE UNIQUE INDEX online_reports_seen ON online_report_pupils (school_id, pupil_id, kind, term_id)
    WHERE state = 'published';

-- Which parent opened which, first and last.
CREATE TABLE online_report_openings (
    school_id uuid NOT NULL,
    job_id uuid NOT NULL,
    pupil_id uuid NOT NULL,
    parent_id uuid NOT NULL,
    parent_name text NOT NULL,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    PRIMARY KEY (school_id, job_id, pupil_id, parent_id),
    FOREIGN KEY (school_id, job_id, pupil_id)
        REFERENCES online_report_pupils (school_id, job_id, pupil_id)
);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY
        ARRAY['online_reports', 'online_report_pupils', 'online_report_openings'] LOOP
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
