"""Writes pupils who are not here yet, in one statement.

A first snapshot brings hundreds in each batch (benchmark B2), and of who is new all is known
without looking at how they were.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, TypeAlias

from services.roster.fields.field import OPTIONAL_FIELDS, field_named
from services.roster.pupils.saving_in_sql import NAMES

__all__ = ["AS_PROPOSED", "NewPupilRow", "add_new_pupils"]

NewPupilRow: TypeAlias = tuple[Any, ...]
"""The values of `_OWN` (`former_upns` as one text, with commas between), of `AS_PROPOSED`, and of
the optional fields that the school keeps (R29), each in their order."""

_OWN = ("id", "surname_key", "forename_key", "search_text", "upn", "former_upns")
AS_PROPOSED = (*NAMES, "date_of_birth", "sex", "year_group")
"""The columns that are taken as the MIS has them."""


@lru_cache(maxsize=64)  # as many as there are ways to keep six fields or not
def add_new_pupils(kept: frozenset[str]) -> str:
    """Parameters: the school's id, and the rows."""
    optional = [name for name in OPTIONAL_FIELDS if name in kept]
    columns = (*_OWN, *AS_PROPOSED, *optional)
    given = ", ".join(_given(place, name) for place, name in enumerate(columns))
    return f"""
    INSERT INTO pupils (school_id, version, active, origin, overrides, seen_in_mis,
        {", ".join(columns)})
    SELECT $1::uuid, 1, true, 'mis', '{{}}', true, {given}
    FROM jsonb_array_elements($2::text::jsonb) AS p
    """


def _given(place: int, name: str) -> str:
    text = f"p ->> {place}"
    if name == "former_upns":
        return f"string_to_array({text}, ',')"
    kind = {"id": "uuid", "date_of_birth": "date"}.get(name)
    if name in OPTIONAL_FIELDS and field_named(name).kind == "yes_no":
        kind = "boolean"
    return f"({text})::{kind}" if kind else text
