-- What a person accepted of parents who would lose a child by a snapshot (R18, R20), and when a
-- connector last said that it waits for requests (R16).

ALTER TABLE accepted_losses DROP CONSTRAINT accepted_losses_kind_check;
ALTER TABLE accepted_losses ADD CONSTRAINT accepted_losses_kind_check
    CHECK (kind IN ('pupil', 'group', 'parent'));

ALTER TABLE connectors ADD COLUMN listened_at timestamptz;
COMMENT ON COLUMN connectors.listened_at IS
    'When it last said that it waits for requests; null also where that was before it was kept.';
