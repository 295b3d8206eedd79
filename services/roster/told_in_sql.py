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
from shared.contracts.roster import MAX_STATES_PER_EVENT, PupilState
from shared.messaging.telling import told_in_parts

__all__ = [
    "entry",
    "entry_head",
    "entry_of_many",
    "member",
    "memberships_alike",
    "object_of",
    "pupil_state",
    "subject",
    "told_entries",
    "told_memberships",
    "told_pupils",
]

_MOST_MEMBERSHIPS = 2000
"""In an event, or as many more as the last group in it has. Each takes 45 bytes."""


def pupil_state(row: str, kept: Collection[str]) -> str:
    """`PupilState` of a row of `pupils`, of a school that keeps these optional fields (R29).

    What is as the contract has it by default is left out: that is half of most states.
    """
    hidden = sorted(hidden_fields(kept))
    values = {name: f"{row}.{name}" for name in PupilState.model_fields if name not in hidden}
    if hidden:
        names = "'{" + ",".join(hidden) + "}'::text[]"
        values["overrides"] = (
            f"CASE WHEN NOT {row}.overrides && {names} THEN {row}.overrides ELSE ARRAY("
            f"SELECT name FROM unnest({row}.overrides) WITH ORDINALITY AS o (name, place) "
            f"WHERE name <> ALL ({names}) ORDER BY place) END"
        )
    told = [_told_of_pupil(name, value) for name, value in values.items()]
    return f"'{{' || concat_ws(',', {', '.join(told)}) || '}}'"


_NEED_NO_ESCAPING = {"id", "sex", "year_group", "origin"}


def _told_of_pupil(name: str, value: str) -> str:
    """A field and its value; null where the contract has it by default."""
    field = PupilState.model_fields[name]
    if not field.is_required() and field.default is not None:
        default = field.default if field.default != () else "'{}'"
        value = f"nullif({value}, {default})"
    if name in _NEED_NO_ESCAPING:
        return f"""'"{name}":"' || {value} || '"'"""
    text = f"to_json({value})::text"
    return f"""'"{name}":' || {f"coalesce({text}, 'null')" if field.is_required() else text}"""


def memberships_alike(row: str, members: str) -> str:
    """`MembershipsAlike` of a row that has these columns; `members` is the text of several
    `member`s with commas between."""
    # `concat` writes what is long into one text, where each `||` would copy it.
    return (
        f"""concat('{{"group_id":"', {row}.group_id, '","present":', to_json({row}.present),"""
        f""" ',"origin":"', {row}.origin, '","override":', to_json({row}.override),"""
        f""" ',"members":[', {members}, ']}}')"""
    )


def member(row: str) -> str:
    """One of the members of `MembershipsAlike`, of a row of `links`."""
    return f"""'["' || {row}.person_id || '",' || {row}.version || ']'"""


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


def entry_of_many(head: str, *, first: str, others: str, before: str, after: str) -> str:
    """One `ActivityEntry` of all to whom the same was done. `first` is the text of one `subject`,
    `others` that of the rest with commas between; the others are as of `entry`, and never null."""
    return (
        f"""concat({head}, ',"subject":', {first}, ',"before":', {before}, ',"after":', {after},"""
        f""" ',"also":[', {others}, ']}}')"""
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


def told_memberships(source: str, said: str, size: str, address: str) -> str:
    """The same of `memberships_alike`; `size` is how many of them are in each."""
    return told_in_parts(
        source, said, address=address, start='{"groups":[', most=_MOST_MEMBERSHIPS, size=size
    )


def told_entries(source: str, said: str, address: str) -> str:
    return told_in_parts(
        source,
        said,
        address=address,
        start='{"service":"roster","entries":[',
        most=MAX_ENTRIES_PER_EVENT,
    )
