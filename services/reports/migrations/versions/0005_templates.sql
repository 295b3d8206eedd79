-- Templates of reports (R25). What a template says is in versions that never change, so that a report
-- can be made again as it was; nothing is deleted, and what is not used any more is inactive (R6).

CREATE TABLE templates (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('assessment_summary', 'written_report')),
    -- The newest; with a version, this name is the one it was saved with.
    version integer NOT NULL CHECK (version >= 1),
    name text NOT NULL CHECK (name <> ''),
    name_key text NOT NULL GENERATED ALWAYS AS (lower(name)) STORED,
    active boolean NOT NULL,
    PRIMARY KEY (school_id, id),
    UNIQUE (school_id, name_key)
);

CREATE TABLE template_versions (
    school_id uuid NOT NULL,
    template_id uuid NOT NULL,
    version integer NOT NULL CHECK (version >= 1),
    name text NOT NULL,
    layout jsonb NOT NULL,
    saved_at timestamptz NOT NULL,
    -- Who, as the activity log calls them; null for what a school begins with.
    saved_by text,
    -- The earlier version that was taken up again with this one.
    taken_up integer,
    PRIMARY KEY (school_id, template_id, version),
    FOREIGN KEY (school_id, template_id) REFERENCES templates (school_id, id)
);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['templates', 'template_versions'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY tenant ON %I '
            'USING (school_id = nullif(current_setting(''app.school_id'', true), '''')::uuid) '
            'WITH CHECK (school_id = nullif(current_setting(''app.school_id'', true), '''')::uuid)',
            name);
    END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE ON templates TO reports_service;
GRANT SELECT, INSERT ON template_versions TO reports_service;

-- Whether the school has had its first templates.
ALTER TABLE settings_versions ADD COLUMN templates_begun boolean NOT NULL DEFAULT false;
