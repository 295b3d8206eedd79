-- When an account was claimed (R2, R5). Of those claimed before this was kept, the last change is as
-- near as we know; the owner passes over its own policy for as long as that takes.
ALTER TABLE accounts ADD COLUMN claimed_at timestamptz;
ALTER TABLE accounts NO FORCE ROW LEVEL SECURITY;
UPDATE accounts SET claimed_at = changed_at WHERE state = 'claimed';
ALTER TABLE accounts FORCE ROW LEVEL SECURITY;

-- R2: one code per user, printed on a slip. Only its keyed hash is here; a newer one takes its place,
-- and a claimed account has none.
ALTER TABLE accounts ADD COLUMN starting_code_hash text;
ALTER TABLE accounts ADD COLUMN starting_code_made_at timestamptz;
ALTER TABLE accounts ADD CONSTRAINT codes_are_for_users_who_wait CHECK (
    starting_code_hash IS NULL OR (kind = 'user' AND state = 'awaiting_first_password')
) NOT VALID;
ALTER TABLE accounts VALIDATE CONSTRAINT codes_are_for_users_who_wait;
ALTER TABLE accounts ADD CONSTRAINT codes_were_made_some_time CHECK (
    (starting_code_hash IS NULL) = (starting_code_made_at IS NULL)
) NOT VALID;
ALTER TABLE accounts VALIDATE CONSTRAINT codes_were_made_some_time;

GRANT UPDATE (claimed_at, starting_code_hash, starting_code_made_at) ON accounts
    TO identity_service;

-- Until when the links of this school's accounts can be used; of each account the newest.
CREATE FUNCTION links_open_until(at_time timestamptz)
RETURNS TABLE (account_id uuid, expires_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT l.account_id, max(l.expires_at) FROM single_use_links l
    WHERE l.school_id = required_school() AND l.used_at IS NULL AND l.expires_at > at_time
    GROUP BY l.account_id;
$$;
REVOKE ALL ON FUNCTION links_open_until(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION links_open_until(timestamptz) TO identity_service;
