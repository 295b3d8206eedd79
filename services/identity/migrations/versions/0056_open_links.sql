-- Which of a school's links still open something is asked with every list of parents and for the admin's
-- home page. Found by school: links of all schools were read through for it, each time.
CREATE INDEX single_use_links_open ON single_use_links (school_id, expires_at) WHERE used_at IS NULL;
