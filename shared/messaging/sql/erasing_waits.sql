-- Whoever applies a message of a school, and whoever erases that school from the database of {service},
-- wait for each other: what was applied before is erased, what comes after finds the school erased.
-- Without that, rows of a message that was being applied just then could be left behind.
CREATE FUNCTION being_erased() RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT hashtextextended('erased ' || nullif(current_setting('app.school_id', true), ''), 0)
$$;

-- As before, but it waits for messages of the school that are being applied.
CREATE OR REPLACE FUNCTION erase_school() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    school uuid := nullif(current_setting('app.school_id', true), '')::uuid;
    erased bigint := 0;
    gone bigint;
    name text;
    waiting text[];
    referred_to text[];
BEGIN
    IF school IS NULL THEN
        RAISE EXCEPTION 'this is done in the transaction of a school';
    END IF;
    PERFORM pg_advisory_xact_lock(being_erased());
    SELECT array_agg(c.relname ORDER BY c.relname) INTO waiting
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE a.attname = 'school_id' AND NOT a.attisdropped AND c.relkind IN ('r', 'p')
        AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace
        AND c.relname NOT IN ('outbox', 'erased_schools', 'left_schools');
    WHILE waiting IS NOT NULL LOOP
        referred_to := NULL;
        FOREACH name IN ARRAY waiting LOOP
            BEGIN
                EXECUTE format('DELETE FROM %I WHERE school_id = $1', name) USING school;
                GET DIAGNOSTICS gone = ROW_COUNT;
                erased := erased + gone;
            EXCEPTION WHEN foreign_key_violation THEN
                referred_to := referred_to || name;
            END;
        END LOOP;
        IF cardinality(referred_to) = cardinality(waiting) THEN
            RAISE EXCEPTION 'rows of % refer to each other', referred_to;
        END IF;
        waiting := referred_to;
    END LOOP;
    DELETE FROM outbox WHERE school_id = school AND sent_at IS NOT NULL;
    INSERT INTO erased_schools (school_id) VALUES (school) ON CONFLICT DO NOTHING;
    RETURN erased;
END $$;

-- As before, but it waits while the school is being erased. Not for what erases it, and for what tells
-- that others did, which makes no row of the school's. (In PL/pgSQL, where a statement sees what was
-- committed while the one before it waited; in SQL all of a function see what the first one saw.)
CREATE OR REPLACE FUNCTION inbox_accept(consumer_name text, keys uuid[])
RETURNS SETOF uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF consumer_name !~ '\.school\.eras(ing|ed)\.v1$' THEN
        PERFORM pg_advisory_xact_lock_shared(being_erased());
    END IF;
    RETURN QUERY
    WITH accepted AS (
        INSERT INTO inbox (consumer, message_key)
        SELECT DISTINCT consumer_name, k FROM unnest(keys) AS k ORDER BY k
        ON CONFLICT DO NOTHING
        RETURNING message_key
    )
    SELECT message_key FROM accepted
    WHERE NOT EXISTS (
        SELECT FROM erased_schools
        WHERE school_id = nullif(current_setting('app.school_id', true), '')::uuid
    )
        OR consumer_name LIKE '%.school.erased.v1';
END $$;

REVOKE ALL ON FUNCTION being_erased() FROM PUBLIC;
