"""A school whose year group has everything recorded, put into the tables of reports."""

from __future__ import annotations

from uuid import UUID, uuid4

import asyncpg

__all__ = ["TERM", "add_school", "record_everything"]

TERM = "Autumn"

_SCHOOL = """
INSERT INTO schools (school_id, version, name, first_year_group, last_year_group)
VALUES ($1, 1, 'Heron Park Primary School', 'R', '6')
"""
_YEAR = "INSERT INTO school_years (school_id, version, academic_year) VALUES ($1, 1, $2)"
_CLASSES = """
INSERT INTO groups (school_id, id, version, active, name, kind, year_group)
SELECT $1, gen_random_uuid(), 1, true, '3 ' || colour, 'class', '3'
FROM unnest('{Ash,Beech,Cedar,Elm,Fir,Hazel,Holly,Larch,Lime,Maple,Oak,Pine,Rowan,Yew}'::text[])
    AS colour
"""
_PUPILS = """
INSERT INTO pupils
    (school_id, id, version, active, legal_forename, legal_surname, date_of_birth, sex, year_group)
SELECT $1, gen_random_uuid(), 1, true,
    ('{Amina,Ben,Chloë,Dev,Ella,Finn,Grace,Hugo,Isla,Jude}'::text[])[1 + n % 10],
    ('{Adams,Baker,Carr,Dell,Eze,Ford,Gill}'::text[])[1 + n % 7] || '-' || n,
    date '2018-09-01' + n % 365, CASE n % 2 WHEN 0 THEN 'F' ELSE 'M' END, '3'
FROM generate_series(1, $2) AS n
"""
_MEMBERSHIPS = """
INSERT INTO links (school_id, kind, group_id, person_id, version, present)
SELECT $1, 'member', g.id, p.id, 1, true
FROM (SELECT *, row_number() OVER (ORDER BY legal_surname, id) AS place FROM pupils
      WHERE school_id = $1) p
JOIN (SELECT *, row_number() OVER (ORDER BY name) AS place, count(*) OVER () AS of FROM groups
      WHERE school_id = $1) g ON g.place = 1 + p.place % g.of
"""
# No two comments are the same, as no two of a school are.
_SENTENCES = """
    'has made good progress this term and takes part in discussions with real interest.',
    'reads fluently and can explain in their own words what a text is about.',
    'works with care, and checks the results before going on to the next task.',
    'is keen to share ideas with others and listens well to what they have to say.',
    'has begun to plan longer pieces of work and to see them through to the end.',
    'should now practise at home for ten minutes a day, so that it becomes second nature.',
    'asks thoughtful questions, and often finds the answers without any help.'
"""
_COMMENT = f"""
    (SELECT string_agg(p.legal_forename || ' ' || (ARRAY[{_SENTENCES}])[
        1 + abs(hashtext(p.id::text || s.id::text || part::text)) % 7], ' ')
     FROM generate_series(1, 3) AS part)
"""  # noqa: S608 - nothing but what stands here
_MARKS = f"""
INSERT INTO marks (school_id, pupil_id, subject_id, term_id, version, band_id, effort, comment,
    year_group, recorded_at, recorded_by)
SELECT $1, p.id, s.id, t.id, 1,
    (SELECT b.id FROM scale_bands b WHERE b.school_id = $1
     ORDER BY hashtext(b.id::text || p.id::text || s.id::text) LIMIT 1),
    ('{{excellent,good,inconsistent}}'::text[])[1 + abs(hashtext(s.id::text || p.id::text)) % 3],
    {_COMMENT}, '3', now(), $1
FROM pupils p, subjects s, terms t
WHERE p.school_id = $1 AND s.school_id = $1 AND t.school_id = $1 AND t.name = '{TERM}'
"""  # noqa: S608 - nothing but what stands here
_GENERAL = f"""
INSERT INTO general_comments
    (school_id, pupil_id, term_id, kind, version, comment, recorded_at, recorded_by)
SELECT $1, p.id, t.id, kind, 1, {_COMMENT.replace("s.id", "kind")}, now(), $1
FROM pupils p, terms t, unnest('{{class_teacher,head_teacher}}'::text[]) AS kind
WHERE p.school_id = $1 AND t.school_id = $1 AND t.name = '{TERM}'
"""  # noqa: S608 - nothing but what stands here


async def add_school(
    connection: asyncpg.Connection[asyncpg.Record], pupils: int, academic_year: str
) -> UUID:
    """A new school with so many pupils of year 3, in 14 classes."""
    school = uuid4()
    await connection.execute(_SCHOOL, school)
    await connection.execute(_YEAR, school, academic_year)
    await connection.execute(_CLASSES, school)
    await connection.execute(_PUPILS, school, pupils)
    await connection.execute(_MEMBERSHIPS, school)
    return school


async def record_everything(connection: asyncpg.Connection[asyncpg.Record], school: UUID) -> None:
    """In each subject that the school has by now: band, effort and three sentences."""
    await connection.execute(_MARKS, school)
    await connection.execute(_GENERAL, school)
    await connection.execute("VACUUM ANALYZE marks, general_comments, pupils, links")
