"""Writes pupils, new ones and known ones, in one statement; and the keys they are found by.

They are given as rows without names, in one JSON text: that is what whole rolls are read and
written fastest in, by either side (benchmark B2).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from operator import itemgetter
from typing import Any

import orjson

from services.roster.pupils.pupil import Pupil
from shared.school.names import search_key

__all__ = ["NAMES", "SAVE_PUPILS", "keys_of_names", "name_keys", "saved_rows"]

_COLUMNS = {
    "id": "uuid",
    "version": "integer",
    "active": "boolean",
    "active_reason": "text",
    "upn": "text",
    "legal_forename": "text",
    "legal_surname": "text",
    "preferred_forename": "text",
    "preferred_surname": "text",
    "middle_names": "text",
    "date_of_birth": "date",
    "sex": "text",
    "year_group": "text",
    "year_offset": "smallint",
    "ethnicity": "text",
    "first_language": "text",
    "sen_provision": "text",
    "free_school_meals": "boolean",
    "pupil_premium": "boolean",
    "in_care": "boolean",
    "origin": "text",
    "seen_in_mis": "boolean",
}
_LISTS = ("former_upns", "overrides")
"""Of codes, which have no commas."""
_KEYS = ("surname_key", "forename_key", "search_text")
_SAVED = (*_COLUMNS, *_LISTS, *_KEYS)


def _given(place: int, name: str) -> str:
    if name in _LISTS:
        return f"string_to_array(p ->> {place}, ',')"
    return f"(p ->> {place})::{_COLUMNS.get(name, 'text')}"


SAVE_PUPILS = f"""
    INSERT INTO pupils (school_id, {", ".join(_SAVED)})
    SELECT $1, {", ".join(_given(place, name) for place, name in enumerate(_SAVED))}
    FROM jsonb_array_elements($2::text::jsonb) AS p
    ON CONFLICT (school_id, id) DO UPDATE
    SET ({", ".join(_SAVED)}) = ROW ({", ".join(f"excluded.{name}" for name in _SAVED)})
"""
"""Parameters: the school's id, and `saved_rows`."""

NAMES = (
    "legal_forename",
    "legal_surname",
    "preferred_forename",
    "preferred_surname",
    "middle_names",
)
"""What `keys_of_names` is given, in this order."""
_names = itemgetter(*NAMES)
_plain = itemgetter(*_COLUMNS)
_key = lru_cache(maxsize=20_000)(search_key)


def saved_rows(pupils: Iterable[Pupil]) -> str:
    return orjson.dumps([_saved(pupil) for pupil in pupils], default=str).decode()


def _saved(pupil: Pupil) -> tuple[Any, ...]:
    """In the order of `_SAVED`."""
    lists = (",".join(pupil.former_upns), ",".join(pupil.overrides))
    values = vars(pupil)
    return (*_plain(values), *lists, *keys_of_names(*_names(values)))


def name_keys(legal_forename: str, legal_surname: str, *others: str | None) -> dict[str, str]:
    """What a pupil with these `NAMES` is sorted and found by, by column."""
    return dict(zip(_KEYS, keys_of_names(legal_forename, legal_surname, *others), strict=True))


def keys_of_names(
    legal_forename: str,
    legal_surname: str,
    preferred_forename: str | None,
    preferred_surname: str | None,
    middle_names: str | None,
) -> tuple[str, str, str]:
    """The same, in the order of the columns."""
    forename, surname = _key(legal_forename), _key(legal_surname)
    if preferred_forename is preferred_surname is middle_names is None:  # as most are
        return surname, forename, f"{forename} {surname}"
    words = (preferred_forename, preferred_surname, legal_forename, legal_surname, middle_names)
    return (
        _key(preferred_surname) if preferred_surname else surname,
        _key(preferred_forename) if preferred_forename else forename,
        " ".join([_key(word) for word in words if word]),
    )
