-- What a snapshot left out of a record, for the office to mend in the MIS (R16, R17, R23).
ALTER TABLE runs ADD COLUMN remarks text[] NOT NULL DEFAULT '{}';
