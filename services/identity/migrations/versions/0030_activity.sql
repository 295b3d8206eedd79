-- The activity log is read newest first, by person and by what was done, and one event's entries as one
-- line (R9).
CREATE INDEX activity_log_in_order ON activity_log (school_id, at DESC, event_id DESC, position DESC);
CREATE INDEX activity_log_by_actor ON activity_log (school_id, actor_kind, actor_account_id, at DESC);
CREATE INDEX activity_log_by_action ON activity_log (school_id, action, at DESC);
CREATE INDEX activity_log_of_event ON activity_log (school_id, event_id, action, position DESC);

-- As shared.school.names.search_key has it, but for letters that are no letter with an accent.
CREATE FUNCTION activity_search_key(label text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT lower(regexp_replace(
        regexp_replace(normalize(label, NFKD), '[\u0300-\u036f''’‘ʼ`´′]', '', 'g'),
        '[^[:alnum:]]+', ' ', 'g'
    ));
$$;
