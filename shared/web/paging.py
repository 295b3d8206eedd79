"""Pages of a list: what a caller may ask for, and keyset cursors that survive concurrent changes.

A cursor holds the sort values of the last row that was seen. It grants nothing: the query that it
continues is the caller's own, so it is checked for form and not signed.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.web.problems import BadRequest

__all__ = [
    "DEFAULT_LIMIT",
    "MAX_LIMIT",
    "InvalidCursor",
    "Line",
    "Page",
    "PageRequest",
    "Paging",
    "cursor_time",
    "decode_cursor",
    "encode_cursor",
]

DEFAULT_LIMIT = 50
MAX_LIMIT = 200
_MAX_CURSOR_LENGTH = 2_000

T = TypeVar("T")
CursorValue = str | int | None
Line = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=100, pattern=r"^[^\x00-\x1f]*$")
]


class Page(BaseModel, Generic[T]):
    """Some of a list. `total` counts the whole of it; `next_cursor` is null on the last page."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)

    items: list[T]
    next_cursor: str | None = None
    total: int = Field(ge=0)


@dataclass(frozen=True)
class PageRequest:
    """What every list can be asked: `sort` is a field's name, with `-` before it to turn it."""

    limit: int = DEFAULT_LIMIT
    cursor: str | None = None
    sort: str | None = None
    search: str | None = None


async def _paging(
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(max_length=_MAX_CURSOR_LENGTH)] = None,
    sort: Annotated[str | None, Query(pattern=r"^-?[a-z_]{1,40}$")] = None,
    search: Annotated[Line | None, Query()] = None,
) -> PageRequest:
    return PageRequest(limit=limit, cursor=cursor, sort=sort, search=search)


class InvalidCursor(BadRequest):
    slug, title = "invalid-cursor", "This is not a place in the list"


def encode_cursor(values: Sequence[CursorValue]) -> str:
    """The opaque form of the last row's sort values."""
    text = json.dumps(list(values), ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def decode_cursor(
    text: str, length: int, kinds: Sequence[type | tuple[type, ...]] | None = None
) -> tuple[CursorValue, ...]:
    """The `length` values of a cursor, of the given `kinds` where those are named.

    Raises `InvalidCursor` (400) for anything that `encode_cursor` did not make so.
    """
    values = _read_cursor(text)
    if len(values) != length:
        raise _invalid()
    for value in values:
        if not _is_cursor_value(value):
            raise _invalid()
    if kinds and not all(isinstance(v, k) for v, k in zip(values, kinds, strict=True)):
        raise _invalid()
    return tuple(values)


def cursor_time(value: CursorValue) -> datetime:
    """A time in a cursor, as the database takes it. Raises `InvalidCursor` (400)."""
    try:
        at = datetime.fromisoformat(str(value))
        if at.tzinfo is None:
            raise _invalid()
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise _invalid() from None


def _read_cursor(text: str) -> list[CursorValue]:
    if len(text) > _MAX_CURSOR_LENGTH:
        raise _invalid()
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (UnicodeError, binascii.Error, ValueError, RecursionError):
        raise _invalid() from None
    if not isinstance(values, list):
        raise _invalid()
    return values


def _is_cursor_value(value: object) -> bool:
    if isinstance(value, str):
        return "\x00" not in value and not any("\ud800" <= c <= "\udfff" for c in value)
    if isinstance(value, bool) or not (value is None or isinstance(value, int)):
        return False
    return value is None or abs(value) < 2**63


def _invalid() -> InvalidCursor:
    return InvalidCursor("The list has changed its form. Please start from its first page.")


Paging = Annotated[PageRequest, Depends(_paging)]
"""The query parameters `limit`, `cursor`, `sort` and `search` of a list."""
