-- The activity log of all services (R9). The service may add to it and read it, and nothing else.

CREATE TABLE activity_log (
    school_id uuid NOT NULL REFERENCES schools,
    event_id uuid NOT NULL,
    position integer NOT NULL,
    service text NOT NULL,
    at timestamptz NOT NULL,
    actor_kind text NOT NULL,
    actor_account_id uuid,
    actor_name text NOT NULL,
    action text NOT NULL,
    subject_kind text NOT NULL,
    subject_id uuid,
    subject_label text NOT NULL,
    before jsonb,
    after jsonb,
    PRIMARY KEY (school_id, event_id, position)
);
CREATE INDEX activity_log_newest ON activity_log (school_id, at DESC);

ALTER TABLE activity_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE activity_log FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON activity_log
    USING (school_id = nullif(current_setting('app.school_id', true), '')::uuid)
    WITH CHECK (school_id = nullif(current_setting('app.school_id', true), '')::uuid);

GRANT SELECT, INSERT ON activity_log TO identity_service;
