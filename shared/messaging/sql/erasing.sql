-- A school that has left is erased from the database of {service}.

-- Schools that are erased here. What is still on its way about one of them makes no row any more.
CREATE TABLE erased_schools (
    school_id uuid PRIMARY KEY,
    erased_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- All that is kept of one school goes at once, when it has left: every table that has a school_id, so
-- that one which is made tomorrow is not forgotten. The outbox keeps what was not sent yet.
CREATE FUNCTION erase_school() RETURNS bigint
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

-- As before, but nothing is taken of a school that is erased, only that others erased it too.
CREATE OR REPLACE FUNCTION inbox_accept(consumer_name text, keys uuid[])
RETURNS SETOF uuid LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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
$$;

REVOKE ALL ON FUNCTION erase_school() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erase_school() TO {service}_service;
