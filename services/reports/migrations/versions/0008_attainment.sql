-- What attainment and progress are compared by (R26): of what a school keeps (R29) no more than the
-- yes and no that the comparison needs. A table of its own, not columns of `pupils`: it begins empty, so
-- that what roster republishes at versions that `pupils` has already is taken over here.

CREATE TABLE pupil_characteristics (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL,
    -- Null: not known.
    pupil_premium boolean,
    eal boolean,
    sen boolean,
    PRIMARY KEY (school_id, id)
);

-- Which of the optional fields the school keeps: figures are compared by no other.
CREATE TABLE pupil_fields (
    school_id uuid PRIMARY KEY,
    version integer NOT NULL,
    kept text[] NOT NULL
);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['pupil_characteristics', 'pupil_fields'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY tenant ON %I '
            'USING (school_id = nullif(current_setting(''app.school_id'', true), '''')::uuid) '
            'WITH CHECK (school_id = nullif(current_setting(''app.school_id'', true), '''')::uuid)',
            name);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO reports_service', name);
    END LOOP;
END $$;

-- A term's marks without their comments, which are most of a row.
CREATE INDEX marks_counted ON marks (school_id, term_id, subject_id, band_id)
    INCLUDE (pupil_id, year_group) WHERE band_id IS NOT NULL;
