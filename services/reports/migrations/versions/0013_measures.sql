-- What operators watch over all schools: which jobs are not finished. The policy of `report_jobs` lets
-- nobody look over schools, so the little that is counted is kept here besides, by triggers, and is told
-- in counts only.

CREATE TABLE unfinished_report_jobs (
    school_id uuid NOT NULL,
    job_id uuid NOT NULL,
    state text NOT NULL CHECK (state IN ('waiting', 'running')),
    -- When it last came further.
    moved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (school_id, job_id)
);

CREATE FUNCTION keep_unfinished_job() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.state IN ('waiting', 'running') THEN
        INSERT INTO unfinished_report_jobs (school_id, job_id, state)
        VALUES (NEW.school_id, NEW.id, NEW.state)
        ON CONFLICT (school_id, job_id) DO UPDATE
        SET state = excluded.state, moved_at = excluded.moved_at;
    ELSE
        DELETE FROM unfinished_report_jobs WHERE school_id = NEW.school_id AND job_id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER keep_new_job AFTER INSERT ON report_jobs FOR EACH ROW
    EXECUTE FUNCTION keep_unfinished_job();
CREATE TRIGGER keep_unfinished_job AFTER UPDATE OF state, part ON report_jobs FOR EACH ROW
    WHEN ((NEW.state, NEW.part) IS DISTINCT FROM (OLD.state, OLD.part))
    EXECUTE FUNCTION keep_unfinished_job();

-- What is there already. The owner is held to the policy too, but for this.
ALTER TABLE report_jobs NO FORCE ROW LEVEL SECURITY;
INSERT INTO unfinished_report_jobs (school_id, job_id, state, moved_at)
SELECT school_id, id, state, moved_at FROM report_jobs WHERE state IN ('waiting', 'running');
ALTER TABLE report_jobs FORCE ROW LEVEL SECURITY;

CREATE FUNCTION unfinished_report_jobs_by_state()
RETURNS TABLE (state text, jobs bigint, oldest double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.state, count(j.state),
        coalesce(extract(epoch FROM clock_timestamp() - min(j.moved_at)), 0)::double precision
    FROM unnest(ARRAY['waiting', 'running']) AS s(state)
        LEFT JOIN unfinished_report_jobs j ON j.state = s.state
    GROUP BY s.state;
$$;
REVOKE ALL ON FUNCTION keep_unfinished_job() FROM PUBLIC;
REVOKE ALL ON FUNCTION unfinished_report_jobs_by_state() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION unfinished_report_jobs_by_state() TO reports_service;
