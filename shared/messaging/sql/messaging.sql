-- The outbox, the inbox, the tries and the dead letters of {service}.
-- The service reaches them through the functions below and has no right on the tables; the relay and
-- the operator come as {service}_relay.

CREATE TABLE outbox (
    id uuid PRIMARY KEY,
    school_id uuid,
    exchange text NOT NULL,
    routing_key text NOT NULL,
    mandatory boolean NOT NULL,
    body text NOT NULL,
    written_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    sent_at timestamptz,
    tries integer NOT NULL DEFAULT 0,
    next_try_at timestamptz NOT NULL DEFAULT '-infinity',
    last_error text
);
CREATE INDEX outbox_unsent ON outbox (id) WHERE sent_at IS NULL;
CREATE INDEX outbox_sent ON outbox (sent_at) WHERE sent_at IS NOT NULL;

CREATE TABLE inbox (
    consumer text NOT NULL,
    message_key uuid NOT NULL,
    accepted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (consumer, message_key)
);
CREATE INDEX inbox_accepted ON inbox (accepted_at);

CREATE TABLE message_attempts (
    consumer text NOT NULL,
    message_key text NOT NULL,
    tries integer NOT NULL,
    last_error text NOT NULL,
    last_try_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (consumer, message_key)
);

CREATE TABLE dead_letters (
    id uuid PRIMARY KEY,
    consumer text NOT NULL,
    message_key text NOT NULL,
    routing_key text NOT NULL,
    school_id uuid,
    body bytea NOT NULL,
    reason text NOT NULL,
    tries integer NOT NULL,
    died_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'replayed', 'discarded')),
    settled_at timestamptz
);
CREATE UNIQUE INDEX dead_letters_waiting ON dead_letters (consumer, message_key)
    WHERE state = 'waiting';

CREATE FUNCTION outbox_append(
    school uuid, ids uuid[], exchanges text[], routing_keys text[], mandatories boolean[],
    bodies text[]
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO outbox (id, school_id, exchange, routing_key, mandatory, body)
    SELECT t.id, school, t.exchange, t.routing_key, t.mandatory, t.body
    FROM unnest(ids, exchanges, routing_keys, mandatories, bodies)
        AS t(id, exchange, routing_key, mandatory, body);
    NOTIFY outbox;
END $$;

-- Of these messages, those that this consumer has not taken yet; they are taken by this transaction.
CREATE FUNCTION inbox_accept(consumer_name text, keys uuid[])
RETURNS SETOF uuid LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO inbox (consumer, message_key)
    SELECT DISTINCT consumer_name, k FROM unnest(keys) AS k ORDER BY k
    ON CONFLICT DO NOTHING
    RETURNING message_key;
$$;

CREATE FUNCTION message_failed(consumer_name text, failed_key text, error text)
RETURNS integer LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO message_attempts (consumer, message_key, tries, last_error)
    VALUES (consumer_name, failed_key, 1, error)
    ON CONFLICT (consumer, message_key) DO UPDATE
    SET tries = message_attempts.tries + 1, last_error = excluded.last_error,
        last_try_at = clock_timestamp()
    RETURNING tries;
$$;

CREATE FUNCTION message_parked(
    new_id uuid, consumer_name text, parked_key text, parked_routing_key text, school uuid,
    parked_body bytea, parked_reason text
) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH counted AS (
        DELETE FROM message_attempts
        WHERE consumer = consumer_name AND message_key = parked_key
        RETURNING tries
    )
    INSERT INTO dead_letters
        (id, consumer, message_key, routing_key, school_id, body, reason, tries)
    VALUES (new_id, consumer_name, parked_key, parked_routing_key, school, parked_body,
            parked_reason, coalesce((SELECT tries FROM counted), 0))
    ON CONFLICT (consumer, message_key) WHERE state = 'waiting' DO NOTHING;
$$;

REVOKE ALL ON FUNCTION outbox_append(uuid, uuid[], text[], text[], boolean[], text[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION inbox_accept(text, uuid[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION message_failed(text, text, text) FROM PUBLIC;
REVOKE ALL ON FUNCTION message_parked(uuid, text, text, text, uuid, bytea, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION outbox_append(uuid, uuid[], text[], text[], boolean[], text[])
    TO {service}_service;
GRANT EXECUTE ON FUNCTION inbox_accept(text, uuid[]) TO {service}_service;
GRANT EXECUTE ON FUNCTION message_failed(text, text, text) TO {service}_service;
GRANT EXECUTE ON FUNCTION message_parked(uuid, text, text, text, uuid, bytea, text)
    TO {service}_service;
GRANT SELECT, INSERT, UPDATE, DELETE ON outbox TO {service}_relay;
GRANT SELECT, DELETE ON inbox TO {service}_relay;
GRANT SELECT, DELETE ON message_attempts TO {service}_relay;
GRANT SELECT, UPDATE ON dead_letters TO {service}_relay;
