-- Parents who come from the MIS (R20), and what of their children is the MIS's to say (R13).

-- Every link so far was made by hand. A link of the MIS's that it takes back leaves no row; one that was
-- unlinked by hand stays as `not present`, so that no sync makes it again.
ALTER TABLE parent_children
    ADD COLUMN origin text NOT NULL DEFAULT 'hand' CHECK (origin IN ('hand', 'mis')),
    ADD COLUMN present boolean NOT NULL DEFAULT true,
    ADD CONSTRAINT kept_apart_by_hand_only CHECK (present OR origin = 'hand'),
    ADD CONSTRAINT kept_apart_is_not_confirmed CHECK (present OR confirmed_at IS NULL);
GRANT UPDATE (origin, present, linked_at) ON parent_children TO identity_service;

-- When the school invited the parent first. Whom the sync makes is not written to before the school says
-- so: not invited is not the same as an invitation that lapsed.
ALTER TABLE accounts ADD COLUMN invited_at timestamptz;
ALTER TABLE accounts NO FORCE ROW LEVEL SECURITY;
UPDATE accounts SET invited_at = created_at WHERE kind = 'parent';
ALTER TABLE accounts FORCE ROW LEVEL SECURITY;
GRANT UPDATE (invited_at) ON accounts TO identity_service;
