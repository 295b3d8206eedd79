-- Whose rows a statement may see is worked out once for the statement: without a SELECT around it, the
-- setting was read and made a UUID again for each row, and each time that an index was asked.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['schools', 'pupils', 'groups', 'links'] LOOP
        EXECUTE format(
            'ALTER POLICY tenant ON %I '
            'USING (school_id = (SELECT nullif(current_setting(''app.school_id'', true), '''')::uuid)) '
            'WITH CHECK '
            '(school_id = (SELECT nullif(current_setting(''app.school_id'', true), '''')::uuid))',
            name);
    END LOOP;
END $$;

-- Whether `roll_ups_due` would find any: asked again and again, while next to always there is none.
CREATE FUNCTION roll_ups_are_due(roster_year text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM school_directory d
        WHERE d.academic_year < roster_year
            AND (d.asked_for IS NULL OR d.asked_for < d.academic_year)
    );
$$;
REVOKE ALL ON FUNCTION roll_ups_are_due(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION roll_ups_are_due(text) TO roster_service;
