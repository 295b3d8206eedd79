"""Writes pupils who are not here yet and tells of them: rows, states, entries, in one statement.

A first snapshot brings hundreds in each batch (benchmark B2), and of who is new all is known
without looking at how they were. What is told is that of `Pupil.state` and `pupil_entry`: who comes
in by this comes as by `proposals.py` (`tests/roster/test_newcomers.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from services.roster.fields.field import OPTIONAL_FIELDS, field_named
from services.roster.told_in_sql import told_entries, told_pupils

__all__ = ["AS_PROPOSED", "NewPupilRow", "TellOfNew", "add_new_pupils"]

NewPupilRow: TypeAlias = tuple[Any, ...]
"""The values of `_OWN` (`former_upns` as one text, with commas between), of `AS_PROPOSED`, and of
the optional fields that the school keeps (R29), each in their order."""

_TEXTS = (
    "legal_forename",
    "legal_surname",
    "preferred_forename",
    "preferred_surname",
    "middle_names",
)
_CODES = ("date_of_birth", "sex", "year_group")
"""In JSON these stand as they are, between quotes."""
_OWN = ("id", "surname_key", "forename_key", "search_text", "upn", "former_upns")
AS_PROPOSED = (*_CODES, *_TEXTS)
"""The columns that are taken as the MIS has them."""


@dataclass(frozen=True)
class TellOfNew:
    """What the statement must know to tell of them: the addresses of pupils and of activity
    (`Announcements.address`), and what all entries begin with (`entry_head`)."""

    pupils: str
    activity: str
    entry_head: str


@lru_cache(maxsize=64)  # as many as there are ways to keep six fields or not
def add_new_pupils(kept: frozenset[str]) -> str:
    """Parameters: the school's id, the rows, and the three of `TellOfNew`."""
    optional = [name for name in OPTIONAL_FIELDS if name in kept]
    columns = (*_OWN, *AS_PROPOSED, *optional)
    given = ", ".join(_given(place, name) for place, name in enumerate(columns))
    values = " || ".join(_if_there(name, _json(name)) for name in optional) or "''"
    recorded = " || ".join(_if_there(name, "'\"recorded\"'") for name in optional) or "''"
    details = " || ".join(_if_there(name, _json(name)) for name in ("upn", *AS_PROPOSED))
    return f"""
    WITH made AS (
        INSERT INTO pupils (school_id, version, active, origin, overrides, seen_in_mis,
            {", ".join(columns)})
        SELECT $1::uuid, 1, true, 'mis', '{{}}', true, {given}
        FROM jsonb_array_elements($2::text::jsonb) AS p
        RETURNING id, array_to_json(former_upns)::text AS former,
            to_json(coalesce(preferred_forename, legal_forename) || ' ' ||
                coalesce(preferred_surname, legal_surname))::text AS label,
            {details} AS details, {values} AS optional, {recorded} AS recorded
    )
    SELECT ({told_pupils("made", _STATE, "$3")}), ({told_entries("made", _ENTRY, "$4")})
    """


_WHO = """',"active":true,"origin":"mis","former_upns":' || former || details"""
_STATE = f"""'{{"id":"' || id || '","version":1' || {_WHO} || optional || '}}'"""
_ENTRY = f"""$5::text || ',"subject":{{"kind":"pupil","id":"' || id || '","label":' || label ||
    '}},"after":{{"overrides":[]' || {_WHO} || recorded || '}}}}'"""


def _given(place: int, name: str) -> str:
    text = f"p ->> {place}"
    if name == "former_upns":
        return f"string_to_array({text}, ',')"
    kind = {"id": "uuid", "date_of_birth": "date"}.get(name)
    if name in OPTIONAL_FIELDS and field_named(name).kind == "yes_no":
        kind = "boolean"
    return f"({text})::{kind}" if kind else text


def _json(name: str) -> str:
    if name in _TEXTS:
        return f"to_json({name})::text"
    if name in OPTIONAL_FIELDS and field_named(name).kind == "yes_no":
        return name
    return f"""'"' || {name} || '"'"""


def _if_there(name: str, value: str) -> str:
    """A member of a JSON object, where the column holds something."""
    return f"""CASE WHEN {name} IS NULL THEN '' ELSE ',"{name}":' || {value} END"""
