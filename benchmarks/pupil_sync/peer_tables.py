"""The tables of both peers, and what they do with one pupil: who is on roll, and a copy of it."""

from __future__ import annotations

__all__ = ["ALIKE", "COPY", "MANY", "TABLES", "UPSERT"]

TABLES = """
CREATE TABLE pupils (
    school_id uuid, id uuid, upn text, legal_forename text NOT NULL, legal_surname text NOT NULL,
    date_of_birth date, sex text, year_group text, version integer NOT NULL,
    PRIMARY KEY (school_id, id), UNIQUE (school_id, upn));
CREATE INDEX ON pupils (school_id, legal_surname, legal_forename, id);
CREATE TABLE copies (LIKE pupils, PRIMARY KEY (school_id, id));
"""
_SET = """
upn = excluded.upn, legal_forename = excluded.legal_forename,
legal_surname = excluded.legal_surname, date_of_birth = excluded.date_of_birth, sex = excluded.sex,
year_group = excluded.year_group
"""
UPSERT = f"""
INSERT INTO pupils
SELECT (jsonb_populate_record(NULL::pupils, {{pupil}}::text::jsonb || '{{{{"version": 1}}}}')).*
ON CONFLICT (school_id, id) DO UPDATE SET version = pupils.version + 1, {_SET}
RETURNING to_jsonb(pupils)::text
"""
"""The pupil as they are then. `pupil` is the driver's word for its one parameter, JSON."""
COPY = f"""
INSERT INTO copies SELECT (jsonb_populate_record(NULL::copies, {{pupil}}::text::jsonb)).*
ON CONFLICT (school_id, id) DO UPDATE SET version = excluded.version, {_SET}
WHERE excluded.version > copies.version
"""
MANY = "SELECT count(*) FROM copies WHERE school_id = $1"
ALIKE = """
SELECT (SELECT bit_xor(hashtextextended(c::text, 0)) FROM copies c WHERE school_id = $1)
    = (SELECT bit_xor(hashtextextended(p::text, 0)) FROM pupils p WHERE school_id = $1)
"""
