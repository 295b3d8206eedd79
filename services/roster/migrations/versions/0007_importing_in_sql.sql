-- An import is worked out when it is looked through, and that is kept whole: what is shown, the rows as
-- they become, what is told of them, and how all was before. A confirmation then writes what is kept,
-- set by set, as long as nobody changed the roll since.

-- Raised by every statement that changes the roll, under the school's lock, so that no way of changing
-- it can forget to.
ALTER TABLE schools ADD COLUMN roll_version bigint NOT NULL DEFAULT 0;
CREATE FUNCTION note_roll_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE schools SET roll_version = roll_version + 1
    WHERE school_id = nullif(current_setting('app.school_id', true), '')::uuid;
    RETURN NULL;
END $$;
CREATE TRIGGER note_roll_change AFTER INSERT OR UPDATE ON pupils
    FOR EACH STATEMENT EXECUTE FUNCTION note_roll_change();
CREATE TRIGGER note_roll_change AFTER INSERT OR UPDATE ON groups
    FOR EACH STATEMENT EXECUTE FUNCTION note_roll_change();
CREATE TRIGGER note_roll_change AFTER INSERT OR UPDATE ON links
    FOR EACH STATEMENT EXECUTE FUNCTION note_roll_change();

-- What the preview was worked out from, and sums of it that a confirmation asks for.
ALTER TABLE pupil_imports ADD COLUMN planned jsonb;
GRANT UPDATE (planned) ON pupil_imports TO roster_service;

-- The rows of a file, its results and what it changes, some hundred in each row here. The texts are not
-- compressed: that would take longer than all else, and they are forgotten after days.
ALTER TABLE pupil_import_rows RENAME TO old_import_rows;
ALTER TABLE pupil_import_results RENAME TO old_import_results;
ALTER TABLE pupil_import_effects RENAME TO old_import_effects;
ALTER TABLE old_import_rows NO FORCE ROW LEVEL SECURITY;
ALTER TABLE old_import_results NO FORCE ROW LEVEL SECURITY;
ALTER TABLE old_import_effects NO FORCE ROW LEVEL SECURITY;

CREATE TABLE pupil_import_rows (
    school_id uuid NOT NULL,
    import_id uuid NOT NULL,
    -- The numbers of the first and the last of these.
    row_number integer NOT NULL,
    last_number integer NOT NULL,
    -- [[number, [cell, …], surplus], …]
    rows json STORAGE EXTERNAL NOT NULL,
    CONSTRAINT pupil_import_rows_by_number PRIMARY KEY (school_id, import_id, row_number),
    FOREIGN KEY (school_id, import_id) REFERENCES pupil_imports ON DELETE CASCADE
);
INSERT INTO pupil_import_rows
SELECT school_id, import_id, min(row_number), max(row_number),
    json_agg(json_build_array(row_number, cells, surplus) ORDER BY row_number)
FROM old_import_rows GROUP BY school_id, import_id, row_number / 500;

-- What becomes of each row, at its number; further on, of each pupil whom the file does not list, and
-- what undoing left since it was changed.
CREATE TABLE pupil_import_results (
    school_id uuid NOT NULL,
    import_id uuid NOT NULL,
    place integer NOT NULL,
    last_place integer NOT NULL,
    -- Those that stand in `results`, so that others are passed over.
    outcomes text[] NOT NULL,
    -- [[place, outcome, result], …]
    results json STORAGE EXTERNAL NOT NULL,
    -- The ids that the pupils have, or will have, whom these add; in their order.
    added uuid[] NOT NULL,
    CONSTRAINT pupil_import_results_by_place PRIMARY KEY (school_id, import_id, place),
    FOREIGN KEY (school_id, import_id) REFERENCES pupil_imports ON DELETE CASCADE
);
INSERT INTO pupil_import_results
SELECT school_id, import_id, min(place), max(place), array_agg(DISTINCT outcome),
    json_agg(json_build_array(place, outcome, result) ORDER BY place), '{}'
FROM old_import_results GROUP BY school_id, import_id, place / 200;

-- What the import changes, at most 500 of a kind in each part, in the order in which it is written.
CREATE TABLE pupil_import_parts (
    school_id uuid NOT NULL,
    import_id uuid NOT NULL,
    place integer NOT NULL,
    kind text NOT NULL CHECK (kind IN ('group', 'pupil', 'link')),
    size integer NOT NULL,
    -- As they will stand in their table.
    rows json STORAGE EXTERNAL NOT NULL,
    -- The states that others are told, and the entries of the activity log, without by whom and when.
    states text STORAGE EXTERNAL NOT NULL,
    entries text STORAGE EXTERNAL NOT NULL,
    -- How each was before, and how it is left, for undoing.
    effects json STORAGE EXTERNAL NOT NULL,
    PRIMARY KEY (school_id, import_id, place),
    FOREIGN KEY (school_id, import_id) REFERENCES pupil_imports ON DELETE CASCADE
);
INSERT INTO pupil_import_parts
SELECT school_id, import_id, min(place), kind, count(*), '[]', '[]', '[]',
    json_agg(effect ORDER BY place)
FROM old_import_effects GROUP BY school_id, import_id, kind, place / 500;

DROP TABLE old_import_rows, old_import_results, old_import_effects;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'pupil_import_rows', 'pupil_import_results', 'pupil_import_parts'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY tenant ON %I '
            'USING (school_id = nullif(current_setting(''app.school_id'', true), '''')::uuid) '
            'WITH CHECK (school_id = nullif(current_setting(''app.school_id'', true), '''')::uuid)',
            name);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO roster_service', name);
    END LOOP;
END $$;
GRANT DELETE ON pupil_import_results, pupil_import_parts TO roster_service;

-- Events of whole schools: compressing them takes longer than writing them, and they are gone once they
-- are sent and some days old.
ALTER TABLE outbox ALTER COLUMN body SET STORAGE EXTERNAL;
