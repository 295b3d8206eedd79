-- What mapping decisions leave behind: who decided what, and which records a person took apart.

ALTER TABLE mapping
    ADD COLUMN version integer NOT NULL DEFAULT 1,
    ADD COLUMN made_by text;
COMMENT ON COLUMN mapping.version IS
    'Goes up when another record takes the place of the mapped one, so that two people do not undo each other.';
COMMENT ON COLUMN mapping.made_by IS 'The person''s name, where a person decided it.';

ALTER TABLE differences
    ADD COLUMN decided_by text,
    ADD COLUMN decided_at timestamptz,
    ADD COLUMN decision text,
    ADD COLUMN decided_version integer;
COMMENT ON COLUMN differences.decided_version IS
    'The version that the decision made: a later one is the sync''s doing, and not that person''s.';

CREATE TABLE taken_apart (
    school_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('pupil', 'staff', 'group')),
    mis_id text NOT NULL,
    record_id uuid NOT NULL,
    taken_by text NOT NULL,
    taken_at timestamptz NOT NULL,
    PRIMARY KEY (school_id, kind, mis_id)
);
CREATE INDEX taken_apart_by_record ON taken_apart (school_id, record_id);
COMMENT ON TABLE taken_apart IS
    'MIS records that a person said are not the record here that they were mapped to. They are matched to nothing by themselves until somebody decides, and what the MIS gave the record here stays.';

ALTER TABLE taken_apart ENABLE ROW LEVEL SECURITY;
ALTER TABLE taken_apart FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON taken_apart
    USING (school_id = nullif(current_setting('app.school_id', true), '')::uuid)
    WITH CHECK (school_id = nullif(current_setting('app.school_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON taken_apart TO mis_sync_service;
