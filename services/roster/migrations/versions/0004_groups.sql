-- Where those who leave at the roll-up are put (R29): a set that the school chose, or none.
ALTER TABLE schools
    ADD COLUMN leavers_group_id uuid,
    ADD COLUMN leavers_version integer NOT NULL DEFAULT 0,
    ADD CONSTRAINT schools_leavers_group
        FOREIGN KEY (school_id, leavers_group_id) REFERENCES groups (school_id, id);
COMMENT ON COLUMN schools.leavers_version IS 'Of the setting above, raised by each change of it.';

-- The set that this roll-up's leavers were put into.
ALTER TABLE roll_ups
    ADD COLUMN leavers_group_id uuid,
    ADD CONSTRAINT roll_ups_leavers_group
        FOREIGN KEY (school_id, leavers_group_id) REFERENCES groups (school_id, id);

-- Who is in a group, and who teaches it: the list of groups counts them for each.
CREATE INDEX links_by_group ON links (school_id, group_id, kind) WHERE present;
