-- A link is spent when the password is set, not when it is opened: what looks at mail before its reader
-- does, and a page that is loaded anew, lock nobody out.
DROP FUNCTION link_use(bytea, timestamptz);

CREATE FUNCTION links_spend(which uuid, at_time timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE single_use_links SET used_at = at_time
    WHERE account_id = which AND school_id = required_school() AND used_at IS NULL;
$$;

REVOKE ALL ON FUNCTION links_spend(uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION links_spend(uuid, timestamptz) TO identity_service;
