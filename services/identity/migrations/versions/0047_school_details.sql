-- Where a school is and how it is reached, as its admin gives it (R29).
ALTER TABLE schools ADD COLUMN address_line_1 text;
ALTER TABLE schools ADD COLUMN address_line_2 text;
ALTER TABLE schools ADD COLUMN town text;
ALTER TABLE schools ADD COLUMN telephone text;
ALTER TABLE schools ADD COLUMN contact_email text;
GRANT UPDATE (address_line_1, address_line_2, town, telephone, contact_email)
    ON schools TO identity_service;

-- Counts a guess in each of the windows that it falls into, or in none of them where one has had as
-- many as it takes: until when that is so, and null where the guess was counted. Counting comes
-- first, so that of many side by side no more are let through than one after the other.
CREATE FUNCTION throttle_guess(
    keys bytea[], most integer[], new_expires_at timestamptz[], at_time timestamptz
) RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    FOR n IN 1 .. cardinality(keys) LOOP
        IF throttle_hit(keys[n], 1, at_time, new_expires_at[n]) > most[n] THEN
            RAISE EXCEPTION USING ERRCODE = 'TH001';
        END IF;
    END LOOP;
    RETURN NULL;
EXCEPTION WHEN SQLSTATE 'TH001' THEN
    RETURN (
        SELECT max(c.expires_at)
        FROM unnest(keys, most) AS w (key, most)
        JOIN throttle_counts c ON c.key = w.key AND c.hits >= w.most AND c.expires_at > at_time
    );
END $$;
REVOKE ALL ON FUNCTION throttle_guess(bytea[], integer[], timestamptz[], timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION throttle_guess(bytea[], integer[], timestamptz[], timestamptz)
    TO identity_service;
