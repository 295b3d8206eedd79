-- Which trace (W3C `traceparent`) a snapshot began with, and what made a run: the runner finds them in the
-- table, where nothing else says what they come from. Null where nothing is traced.
ALTER TABLE snapshots ADD COLUMN traceparent text;
ALTER TABLE runs ADD COLUMN traceparent text;
