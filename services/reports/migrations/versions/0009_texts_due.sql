-- What stands in the reports of a job goes a year after they were last made, but what parents see; and the
-- files that were printed for parents go when these see the reports no more (R27).

ALTER TABLE report_files_due DROP CONSTRAINT report_files_due_what_check;
ALTER TABLE report_files_due ADD CONSTRAINT report_files_due_what_check
    CHECK (what IN ('file', 'parts', 'texts', 'copies'));

-- Those of all schools that were made before.
ALTER TABLE report_jobs NO FORCE ROW LEVEL SECURITY;
INSERT INTO report_files_due (school_id, job_id, what, due_at)
SELECT school_id, id, 'texts', moved_at + interval '365 days' FROM report_jobs
ON CONFLICT DO NOTHING;
ALTER TABLE report_jobs FORCE ROW LEVEL SECURITY;

ALTER TABLE online_report_pupils NO FORCE ROW LEVEL SECURITY;
INSERT INTO report_files_due (school_id, job_id, what, due_at)
SELECT DISTINCT school_id, job_id, 'copies', now() FROM online_report_pupils WHERE state <> 'published'
ON CONFLICT DO NOTHING;
ALTER TABLE online_report_pupils FORCE ROW LEVEL SECURITY;
