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
