-- What operators watch over all schools: how long ago each was taken over, and which runs are open. The
-- policies of `mis_link` and `runs` let nobody look over schools, so the little that is counted is kept
-- here besides, by triggers, and is told in counts only.

CREATE TABLE sync_ages (
    school_id uuid PRIMARY KEY,
    applied_at timestamptz NOT NULL,
    -- Of the MIS, when it was taken over last.
    pupils integer NOT NULL
);

CREATE TABLE open_runs (
    school_id uuid NOT NULL,
    run_id uuid NOT NULL,
    state text NOT NULL CHECK (state IN ('receiving', 'waiting', 'applying', 'held')),
    since timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (school_id, run_id)
);

CREATE FUNCTION keep_sync_age() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO sync_ages (school_id, applied_at, pupils)
    VALUES (NEW.school_id, NEW.applied_at,
            (SELECT count(*) FROM mis_records m
             WHERE m.school_id = NEW.school_id AND m.kind = 'pupil' AND NOT m.gone))
    ON CONFLICT (school_id) DO UPDATE
    SET applied_at = excluded.applied_at, pupils = excluded.pupils;
    RETURN NULL;
END $$;
CREATE TRIGGER keep_sync_age AFTER UPDATE OF applied_at ON mis_link FOR EACH ROW
    WHEN (NEW.applied_at IS NOT NULL AND NEW.applied_at IS DISTINCT FROM OLD.applied_at)
    EXECUTE FUNCTION keep_sync_age();

CREATE FUNCTION keep_open_run() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.state IN ('receiving', 'waiting', 'applying', 'held') THEN
        INSERT INTO open_runs (school_id, run_id, state) VALUES (NEW.school_id, NEW.id, NEW.state)
        ON CONFLICT (school_id, run_id) DO UPDATE
        SET state = excluded.state, since = excluded.since;
    ELSE
        DELETE FROM open_runs WHERE school_id = NEW.school_id AND run_id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER keep_new_run AFTER INSERT ON runs FOR EACH ROW
    WHEN (NEW.state IN ('receiving', 'waiting', 'applying', 'held'))
    EXECUTE FUNCTION keep_open_run();
CREATE TRIGGER keep_open_run AFTER UPDATE OF state ON runs FOR EACH ROW
    WHEN (NEW.state IS DISTINCT FROM OLD.state)
    EXECUTE FUNCTION keep_open_run();

-- What is there already. The owner is held to the policies too, but for this.
ALTER TABLE mis_link NO FORCE ROW LEVEL SECURITY;
ALTER TABLE mis_records NO FORCE ROW LEVEL SECURITY;
ALTER TABLE runs NO FORCE ROW LEVEL SECURITY;
INSERT INTO sync_ages (school_id, applied_at, pupils)
SELECT l.school_id, l.applied_at,
    (SELECT count(*) FROM mis_records m
     WHERE m.school_id = l.school_id AND m.kind = 'pupil' AND NOT m.gone)
FROM mis_link l WHERE l.applied_at IS NOT NULL;
INSERT INTO open_runs (school_id, run_id, state, since)
SELECT r.school_id, r.id, r.state,
    coalesce(CASE r.state WHEN 'applying' THEN r.started_at WHEN 'waiting' THEN r.staged_at
        WHEN 'held' THEN r.ended_at END, r.created_at)
FROM runs r WHERE r.state IN ('receiving', 'waiting', 'applying', 'held');
ALTER TABLE mis_link FORCE ROW LEVEL SECURITY;
ALTER TABLE mis_records FORCE ROW LEVEL SECURITY;
ALTER TABLE runs FORCE ROW LEVEL SECURITY;

-- Each class there is, with 0 where no school is in it: what is asked about must not go missing.
CREATE FUNCTION schools_by_lateness(at timestamptz)
RETURNS TABLE (late text, pupils text, schools bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH linked AS (
        SELECT DISTINCT c.school_id FROM connector_registry c WHERE NOT c.revoked
    ), classed AS (
        SELECT CASE
                WHEN a.applied_at IS NULL THEN 'never'
                WHEN a.applied_at > at - interval '26 hours' THEN 'on_time'
                WHEN a.applied_at > at - interval '50 hours' THEN 'one_night'
                ELSE 'more_nights' END AS late,
            CASE
                WHEN coalesce(a.pupils, 0) <= 210 THEN 'up_to_210'
                WHEN a.pupils <= 420 THEN 'up_to_420'
                ELSE 'over_420' END AS pupils
        FROM linked l LEFT JOIN sync_ages a USING (school_id)
    )
    SELECT l.late, p.pupils, count(c.late)
    FROM unnest(ARRAY['on_time', 'one_night', 'more_nights', 'never']) AS l(late)
        CROSS JOIN unnest(ARRAY['up_to_210', 'up_to_420', 'over_420']) AS p(pupils)
        LEFT JOIN classed c ON (c.late, c.pupils) = (l.late, p.pupils)
    GROUP BY l.late, p.pupils;
$$;

CREATE FUNCTION open_runs_by_state()
RETURNS TABLE (state text, runs bigint, oldest double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.state, count(r.state),
        coalesce(extract(epoch FROM clock_timestamp() - min(r.since)), 0)::double precision
    FROM unnest(ARRAY['receiving', 'waiting', 'applying', 'held']) AS s(state)
        LEFT JOIN open_runs r ON r.state = s.state
    GROUP BY s.state;
$$;

CREATE FUNCTION nights_waiting(at timestamptz) RETURNS TABLE (schools bigint, oldest double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT count(*), coalesce(extract(epoch FROM at - min(due_at)), 0)::double precision
    FROM nights WHERE due_at <= at;
$$;

DO $$
DECLARE
    door text;
BEGIN
    FOREACH door IN ARRAY ARRAY[
        'schools_by_lateness(timestamptz)', 'open_runs_by_state()', 'nights_waiting(timestamptz)'
    ] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', door);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO mis_sync_service', door);
    END LOOP;
    REVOKE ALL ON FUNCTION keep_sync_age() FROM PUBLIC;
    REVOKE ALL ON FUNCTION keep_open_run() FROM PUBLIC;
END $$;
