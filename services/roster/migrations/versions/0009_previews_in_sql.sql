-- The first rows of a file, which are shown beside its columns each time that it is looked at.
ALTER TABLE pupil_imports ADD COLUMN samples json NOT NULL DEFAULT '[]';
GRANT UPDATE (samples) ON pupil_imports TO roster_service;
ALTER TABLE pupil_imports NO FORCE ROW LEVEL SECURITY;
ALTER TABLE pupil_import_rows NO FORCE ROW LEVEL SECURITY;
UPDATE pupil_imports i SET samples = (
    SELECT coalesce(json_agg(r.value ORDER BY r.place), '[]')
    FROM (SELECT rows FROM pupil_import_rows
          WHERE (school_id, import_id) = (i.school_id, i.import_id)
          ORDER BY row_number LIMIT 1) AS first,
        json_array_elements(first.rows) WITH ORDINALITY AS r (value, place)
    WHERE r.place <= 3);
ALTER TABLE pupil_imports FORCE ROW LEVEL SECURITY;
ALTER TABLE pupil_import_rows FORCE ROW LEVEL SECURITY;

-- Pupils whom an import adds or changes alike, column by column: which columns of `pupils`, and what
-- they hold: a text for each, with U+001F between and U+001E for nothing.
ALTER TABLE pupil_import_parts
    DROP CONSTRAINT pupil_import_parts_kind_check,
    ADD CHECK (kind IN ('group', 'new_pupil', 'changed_pupil', 'pupil', 'link')),
    ADD COLUMN carried text[] NOT NULL DEFAULT '{}',
    ADD COLUMN cells text[] STORAGE EXTERNAL NOT NULL DEFAULT '{}';

-- The service alone reads these, and takes them apart itself. As JSON each would be read through
-- whenever it is kept, which takes longer than keeping it.
ALTER TABLE pupil_import_results
    ALTER COLUMN results TYPE text, ALTER COLUMN results SET STORAGE EXTERNAL;
ALTER TABLE pupil_import_parts
    ALTER COLUMN effects TYPE text, ALTER COLUMN effects SET STORAGE EXTERNAL;
