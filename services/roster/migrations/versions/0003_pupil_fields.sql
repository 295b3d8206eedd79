-- The optional fields of pupils (R29), and the offset of a year group. All are special categories of
-- personal data, or as good as: none is kept until the school switches it on. One that is switched off
-- again keeps its values (R6), which are then neither shown nor told.

ALTER TABLE schools
    ADD COLUMN kept_fields text[] NOT NULL DEFAULT '{}' CHECK (kept_fields <@ ARRAY[
        'ethnicity', 'first_language', 'sen_provision', 'free_school_meals', 'pupil_premium', 'in_care'
    ]),
    ADD COLUMN kept_fields_version integer NOT NULL DEFAULT 0;
COMMENT ON COLUMN schools.kept_fields IS 'The optional fields of pupils that the school keeps (R29).';

ALTER TABLE pupils
    ADD COLUMN ethnicity text CHECK (ethnicity ~ '^[A-Z]{4}$'),
    ADD COLUMN first_language text CHECK (first_language ~ '^[A-Z]{3,4}$'),
    ADD COLUMN sen_provision text CHECK (sen_provision IN ('N', 'K', 'E')),
    ADD COLUMN free_school_meals boolean,
    ADD COLUMN pupil_premium boolean,
    ADD COLUMN in_care boolean,
    ADD COLUMN year_offset smallint NOT NULL DEFAULT 0 CHECK (year_offset BETWEEN -3 AND 3);
COMMENT ON COLUMN pupils.year_offset IS
    'How many years above (negative: below) their age a person said that the pupil is taught.';

-- As `years_off` in shared/school/year_groups.py; null where one of the two is not known.
CREATE FUNCTION years_off(year_group text, born date, academic_year text) RETURNS integer
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN year_group IS NOT NULL AND born IS NOT NULL THEN
        year_place(year_group) - 3 - (
            left(academic_year, 4)::integer
            - (extract(year FROM born)::integer - (extract(month FROM born) < 9)::integer)
            - 5
        )
    END;
$$;
