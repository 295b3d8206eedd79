-- When a part of a snapshot arrived last, so that a page can say that nothing comes any more (R23).
ALTER TABLE snapshots ADD COLUMN last_heard_at timestamptz;
COMMENT ON COLUMN snapshots.last_heard_at IS 'Null until a part after the first was staged.';
