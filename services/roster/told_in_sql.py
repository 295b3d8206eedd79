"""What roster tells, as SQL expressions: states of pupils and links, and entries of the log (R9).

For statements that change thousands of rows and tell of them (`shared/messaging/telling.py`). Their
JSON is that of `shared.contracts`, which `tests/roster/test_told_in_sql.py` reads it back by. An
expression is text; `row` and the like are SQL too, and never what somebody typed.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from services.roster.announcements import MAX_ENTRIES_PER_EVENT
from services.roster.pupils.pupil import hidden_fields
from shared.contracts.activity import ActivityEntry, Actor, Subject
from shared.contracts.roster import MAX_STATES_PER_EVENT, LinkState, PupilState
from shared.messaging.telling import told_in_parts

__all__ = [
    "entry",
    "entry_head",
    "entry_of_many",
    "link_state",
    "object_of",
    "pupil_state",
    "subject",
    "told_entries",
    "told_links",
    "told_pupils",
]


def pupil_state(row: str, kept: Collection[str]) -> str:
    """`PupilState` of a row of `pupils`, of a school that keeps these optional fields (R29)."""
    hidden = sorted(hidden_fields(kept))
    told = {name: f"{row}.{name}" for name in PupilState.model_fields if name not in hidden}
    if hidden:
        names = "'{" + ",".join(hidden) + "}'::text[]"
        told["overrides"] = (
            f"CASE WHEN NOT {row}.overrides && {names} THEN {row}.overrides ELSE ARRAY("
            f"SELECT name FROM unnest({row}.overrides) WITH ORDINALITY AS o (name, place) "
            f"WHERE name <> ALL ({names}) ORDER BY place) END"
        )
    columns = ", ".join(f"{value} AS {name}" for name, value in told.items())
    return f"(SELECT row_to_json(state)::text FROM (SELECT {columns}) AS state)"


def link_state(row: str) -> str:
    """`LinkState` of a row of `links`. Nothing in it has to be escaped."""
    quoted = {"kind", "group_id", "person_id", "origin"}
    told = {name: f"{row}.{name}" for name in LinkState.model_fields}
    return object_of(
        **{
            name: f"""'"' || {value} || '"'""" if name in quoted else value
            for name, value in told.items()
        }
    )


def entry_head(at: datetime, actor: Actor, action: str) -> str:
    """A parameter: what entries of one action have in common."""
    subject = Subject(kind="school", label="")
    common = ActivityEntry(at=at, actor=actor, action=action, subject=subject)
    return common.model_dump_json(include={"at", "actor", "action"})[:-1]


def entry(head: str, *, kind: str, subject_id: str, label: str, before: str, after: str) -> str:
    """An `ActivityEntry`. `head`, `subject_id` (null: none) and `label` are text, `before` and
    `after` the text of JSON objects."""
    subject = object_of(
        kind=f"""'"{kind}"'""",
        id=f"""coalesce('"' || {subject_id} || '"', 'null')""",
        label=f"to_json({label})::text",
    )
    return (
        f"""{head} || ',"subject":' || {subject} || ',"before":' || {before}"""
        f""" || ',"after":' || {after} || '}}'"""
    )


def subject(kind: str, subject_id: str, label: str) -> str:
    """A `Subject`; `subject_id` and `label` are text."""
    return object_of(
        kind=f"""'"{kind}"'""",
        id=f"""'"' || {subject_id} || '"'""",
        label=f"to_json({label})::text",
    )


def entry_of_many(head: str, *, subjects: str, before: str, after: str) -> str:
    """One `ActivityEntry` of all to whom the same was done. `subjects` is an array of the text of
    each `subject`, the others as of `entry`."""
    return (
        f"""{head} || ',"subject":' || ({subjects})[1] || ',"also":['"""
        f""" || array_to_string(({subjects})[2:], ',') || '],"before":' || {before}"""
        f""" || ',"after":' || {after} || '}}'"""
    )


def object_of(**values: str) -> str:
    """JSON, as text, of SQL whose text is JSON already; where one is null, so is the whole."""
    told = " || ',' || ".join(f"""'"{name}":' || {value}""" for name, value in values.items())
    return f"'{{' || {told} || '}}'"


def told_pupils(source: str, said: str, address: str) -> str:
    """A query that tells the states `said` over the table expression `source`; `address` is the
    parameter of `Announcements.address`. How many events, or no row."""
    return told_in_parts(
        source, said, address=address, start='{"pupils":[', most=MAX_STATES_PER_EVENT
    )


def told_links(source: str, said: str, address: str) -> str:
    return told_in_parts(
        source, said, address=address, start='{"links":[', most=MAX_STATES_PER_EVENT
    )


def told_entries(source: str, said: str, address: str) -> str:
    return told_in_parts(
        source,
        said,
        address=address,
        start='{"service":"roster","entries":[',
        most=MAX_ENTRIES_PER_EVENT,
    )
