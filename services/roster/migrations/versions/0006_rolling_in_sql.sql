-- What a roll-up keeps to be undone by: a row for each year group and for what stood alike in a group,
-- where there was a row for each pupil and each membership. The version that still runs can not write
-- these: a roll-up that it is asked for meanwhile fails whole, changes nothing, and is tried again.

CREATE TABLE roll_up_years (
    school_id uuid NOT NULL,
    roll_up_id uuid NOT NULL,
    -- The year group that these pupils were in, and how the roll-up left them.
    year_group text NOT NULL,
    year_group_after text NOT NULL,
    active_after boolean NOT NULL,
    pupil_ids uuid[] NOT NULL,
    -- Of leavers: whose being active was set by hand, and what stood beside it.
    active_by_hand uuid[] NOT NULL,
    reasons jsonb NOT NULL,
    PRIMARY KEY (school_id, roll_up_id, year_group),
    FOREIGN KEY (school_id, roll_up_id) REFERENCES roll_ups (school_id, id)
);
CREATE TABLE roll_up_memberships (
    school_id uuid NOT NULL,
    roll_up_id uuid NOT NULL,
    group_id uuid NOT NULL,
    -- How these memberships stood before; where there was none, it was not present.
    present boolean NOT NULL,
    waiting boolean NOT NULL,
    origin text NOT NULL,
    override boolean NOT NULL,
    pupil_ids uuid[] NOT NULL,
    versions_after integer[] NOT NULL,
    PRIMARY KEY (school_id, roll_up_id, group_id, present, waiting, origin, override),
    FOREIGN KEY (school_id, roll_up_id) REFERENCES roll_ups (school_id, id)
);
-- Undone: who was left as they are, since somebody had changed them.
ALTER TABLE roll_ups ADD COLUMN changed_since uuid[] NOT NULL DEFAULT '{}';
GRANT UPDATE (changed_since) ON roll_ups TO roster_service;

ALTER TABLE roll_ups NO FORCE ROW LEVEL SECURITY;
ALTER TABLE roll_up_pupils NO FORCE ROW LEVEL SECURITY;
ALTER TABLE roll_up_links NO FORCE ROW LEVEL SECURITY;
INSERT INTO roll_up_years
SELECT school_id, roll_up_id, year_group, year_group_after, active_after, array_agg(pupil_id),
    coalesce(array_agg(pupil_id) FILTER (
        WHERE NOT active_after AND 'active' = ANY (overrides)), '{}'),
    coalesce(jsonb_object_agg(pupil_id, active_reason) FILTER (
        WHERE NOT active_after AND active_reason IS NOT NULL), '{}')
FROM roll_up_pupils GROUP BY school_id, roll_up_id, year_group, year_group_after, active_after;
INSERT INTO roll_up_memberships
SELECT school_id, roll_up_id, group_id, present, waiting, origin, override,
    array_agg(pupil_id), array_agg(version_after)
FROM roll_up_links GROUP BY school_id, roll_up_id, group_id, present, waiting, origin, override;
UPDATE roll_ups r SET changed_since = ARRAY(
    SELECT pupil_id FROM roll_up_pupils
    WHERE (school_id, roll_up_id) = (r.school_id, r.id) AND NOT went_back
    UNION
    SELECT pupil_id FROM roll_up_links
    WHERE (school_id, roll_up_id) = (r.school_id, r.id) AND NOT went_back)
WHERE undone_at IS NOT NULL;
ALTER TABLE roll_ups FORCE ROW LEVEL SECURITY;
DROP TABLE roll_up_pupils, roll_up_links;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['roll_up_years', 'roll_up_memberships'] LOOP
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
