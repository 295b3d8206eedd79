-- Events whose payloads a statement has put together, beside `outbox_append`, which is given them whole.
-- `address` is made by shared/messaging/telling.py: where they go, and all of an event but id and data.
CREATE FUNCTION outbox_tell(address jsonb, payloads text[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    at bytea := substr(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 3);
    envelope text := substr(address ->> 'event', 2);
BEGIN
    INSERT INTO outbox (id, school_id, exchange, routing_key, mandatory, body)
    SELECT told.id, (address ->> 'school_id')::uuid, address ->> 'exchange',
        address ->> 'routing_key', (address ->> 'mandatory')::boolean,
        '{"id":"' || told.id || '","data":' || told.payload || ',' || envelope
    FROM (
        -- UUIDv7: the time, then the place among those told together, then chance.
        SELECT payload, encode(at || set_byte(set_byte(
            substr(uuid_send(gen_random_uuid()), 7),
            0, 112 | ((place >> 8) & 15)::integer), 1, (place & 255)::integer), 'hex')::uuid AS id
        FROM unnest(payloads) WITH ORDINALITY AS p (payload, place)
    ) AS told;
    NOTIFY outbox;
    RETURN coalesce(cardinality(payloads), 0);
END $$;
REVOKE ALL ON FUNCTION outbox_tell(jsonb, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION outbox_tell(jsonb, text[]) TO {service}_service;

-- Long bodies are read once and kept for a week: pressing them together took a tenth of what a roll-up
-- costs.
ALTER TABLE outbox ALTER COLUMN body SET STORAGE EXTERNAL;
