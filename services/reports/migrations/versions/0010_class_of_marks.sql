-- The name of the pupil's class when a mark was recorded, for reports of an earlier year, whose classes are
-- not known otherwise. Marks from before have none.
ALTER TABLE marks ADD COLUMN class_name text;
