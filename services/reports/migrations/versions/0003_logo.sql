-- The school's logo (R24). Pictures lie in the object store under what they hold; earlier ones stay, so
-- that a report can be made again as it was.

CREATE TABLE logos (
    school_id uuid NOT NULL,
    version integer NOT NULL CHECK (version >= 1),
    -- SHA-256 of the PNG, in hex; null where the logo was taken away.
    digest text CHECK (digest ~ '^[0-9a-f]{64}$'),
    width integer NOT NULL,
    height integer NOT NULL,
    bytes integer NOT NULL,
    uploaded_at timestamptz NOT NULL,
    uploaded_by text NOT NULL,
    PRIMARY KEY (school_id, version)
);
ALTER TABLE logos ENABLE ROW LEVEL SECURITY;
ALTER TABLE logos FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON logos
    USING (school_id = nullif(current_setting('app.school_id', true), '')::uuid)
    WITH CHECK (school_id = nullif(current_setting('app.school_id', true), '')::uuid);
GRANT SELECT, INSERT ON logos TO reports_service;
