-- Whether the message that asks for the next part of a job lies with those that were given up: nobody makes
-- it then. Of the transaction's school; the bodies of others are not looked into.

CREATE FUNCTION report_job_is_parked(one_job uuid, of_attempt integer)
RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM dead_letters
        WHERE CASE
            WHEN state = 'waiting' AND routing_key = 'reports.generation.due.v1'
                AND school_id = nullif(current_setting('app.school_id', true), '')::uuid
            THEN (convert_from(body, 'UTF8')::jsonb #>> '{data,job_id}') = one_job::text
                AND (convert_from(body, 'UTF8')::jsonb #>> '{data,attempt}') = of_attempt::text
        END
    );
$$;
REVOKE ALL ON FUNCTION report_job_is_parked(uuid, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION report_job_is_parked(uuid, integer) TO reports_service;
