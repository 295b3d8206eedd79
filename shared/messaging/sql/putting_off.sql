-- Messages of schools something of which is locked, in {service}. They are acknowledged once they stand
-- here, so that the broker sends on what it has for other schools, and are tried again from here.
CREATE TABLE messages_put_off (
    place bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    consumer text NOT NULL,
    school_id uuid,
    message_id text,
    routing_key text NOT NULL,
    user_id text,
    headers jsonb NOT NULL,
    deliveries integer NOT NULL,
    body bytea NOT NULL,
    put_off_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
-- What is of no school is found as that of a school of nothing but noughts: null is found by no index.
CREATE INDEX messages_put_off_by_school ON messages_put_off (
    consumer, coalesce(school_id, '00000000-0000-0000-0000-000000000000'), place
);
COMMENT ON COLUMN messages_put_off.deliveries IS
    'By the broker before it was put off, and tries from here that never came to an end.';
-- Read once or twice and deleted: pressing long bodies together is not worth the time.
ALTER TABLE messages_put_off ALTER COLUMN body SET STORAGE EXTERNAL;

-- Messages of one school in the order in which they came.
CREATE FUNCTION put_messages_off(
    consumer_name text, school uuid, ids text[], routing_keys text[], user_ids text[],
    their_headers text[], delivered integer[], bodies bytea[]
) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO messages_put_off
        (consumer, school_id, message_id, routing_key, user_id, headers, deliveries, body)
    SELECT consumer_name, school, t.id, t.routing_key, t.user_id, t.headers::jsonb, t.deliveries, t.body
    FROM unnest(ids, routing_keys, user_ids, their_headers, delivered, bodies) WITH ORDINALITY
        AS t(id, routing_key, user_id, headers, deliveries, body, nth)
    ORDER BY t.nth;
$$;

-- The schools of which something waits, by queue; no school stands as null.
CREATE FUNCTION schools_put_off(consumers text[])
RETURNS TABLE (consumer text, school_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT m.consumer, m.school_id FROM messages_put_off AS m
    WHERE m.consumer = ANY(consumers);
$$;

-- The first messages of a school that wait, each counted as delivered once more: what ends the process
-- is found out by that.
CREATE FUNCTION begin_put_off(consumer_name text, school uuid, most integer)
RETURNS TABLE (
    place bigint, message_id text, routing_key text, user_id text, headers text, deliveries integer,
    body bytea
) LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH first AS MATERIALIZED (
        SELECT m.place FROM messages_put_off AS m
        WHERE m.consumer = consumer_name
            AND coalesce(m.school_id, '00000000-0000-0000-0000-000000000000')
                = coalesce(school, '00000000-0000-0000-0000-000000000000')
        ORDER BY m.place LIMIT most FOR UPDATE SKIP LOCKED
    ),
    begun AS (
        UPDATE messages_put_off AS m SET deliveries = m.deliveries + 1
        FROM first WHERE m.place = first.place
        RETURNING m.place, m.message_id, m.routing_key, m.user_id, m.headers::text,
            m.deliveries - 1 AS deliveries, m.body
    )
    SELECT * FROM begun ORDER BY begun.place;
$$;

-- They could not be tried: something of the school is locked still.
CREATE FUNCTION rest_put_off(places bigint[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE messages_put_off SET deliveries = greatest(deliveries - 1, 0) WHERE place = ANY(places);
$$;

-- They come to their end with this transaction: those of them that have not yet, by another.
CREATE FUNCTION end_put_off(places bigint[]) RETURNS SETOF bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM messages_put_off WHERE place = ANY(places) RETURNING place;
$$;

DO $$
DECLARE
    door text;
BEGIN
    FOREACH door IN ARRAY ARRAY[
        'put_messages_off(text, uuid, text[], text[], text[], text[], integer[], bytea[])',
        'schools_put_off(text[])', 'begin_put_off(text, uuid, integer)', 'rest_put_off(bigint[])',
        'end_put_off(bigint[])'
    ] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', door);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO {service}_service', door);
    END LOOP;
END $$;
GRANT SELECT ON messages_put_off TO {service}_relay;
