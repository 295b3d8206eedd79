"""Sorted lists with keyset cursors: stable pages while rows come and go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.roster.problems import UnknownSort
from shared.database.pool import Connection
from shared.web.paging import InvalidCursor, PageRequest, decode_cursor, encode_cursor

__all__ = ["Column", "Listed", "Ordering", "Parameters", "listed", "ordering_of"]


class Parameters:
    """The values of a query, each with its place in it. `$1` is who bounds what is seen (R14)."""

    def __init__(self, teacher: UUID | None) -> None:
        self.values: list[Any] = [teacher]

    def add(self, value: Any) -> str:
        """The place of `value`, such as `$2`."""
        self.values.append(value)
        return f"${len(self.values)}"


@dataclass(frozen=True)
class Column:
    """An SQL expression that is never null, and the type of its values: `str` or `int`."""

    sql: str
    kind: type


@dataclass(frozen=True)
class Ordering:
    """One order of a list, its rows told apart by `id_sql` in the end."""

    name: str
    descending: bool
    columns: Sequence[Column]
    id_sql: str

    @property
    def selected(self) -> str:
        """What a query selects besides, as `key_0`, `key_1` … and `key_id`."""
        keys = [f"{column.sql} AS key_{place}" for place, column in enumerate(self.columns)]
        return ", ".join([*keys, f"{self.id_sql} AS key_id"])

    @property
    def order_by(self) -> str:
        direction = " DESC" if self.descending else ""
        return ", ".join(f"{sql}{direction}" for sql in self._expressions())

    def after(self, cursor: str | None, parameters: Parameters) -> str:
        """The condition that continues at `cursor`."""
        if cursor is None:
            return "true"
        kinds = [str, *(column.kind for column in self.columns), str]
        name, *keys, last_id = decode_cursor(cursor, len(kinds), kinds)
        if name != str(self):
            raise InvalidCursor("The list was sorted anew. Please start from its first page.")
        try:
            values = [*keys, UUID(str(last_id))]
        except ValueError:
            raise InvalidCursor("This is not a place in the list.") from None
        places = [parameters.add(value) for value in values]
        sign = "<" if self.descending else ">"
        return f"({', '.join(self._expressions())}) {sign} ({', '.join(places)})"

    def cursor_of(self, row: Mapping[str, Any]) -> str:
        keys = [row[f"key_{place}"] for place in range(len(self.columns))]
        return encode_cursor([str(self), *keys, str(row["key_id"])])

    def __str__(self) -> str:
        return f"-{self.name}" if self.descending else self.name

    def _expressions(self) -> list[str]:
        return [*(column.sql for column in self.columns), self.id_sql]


@dataclass(frozen=True)
class Listed:
    """One page of a list; `total` counts the whole of it."""

    rows: list[dict[str, Any]]
    next_cursor: str | None
    total: int


async def listed(
    connection: Connection,
    *,
    selected: str,
    source: str,
    condition: str,
    parameters: Parameters,
    ordering: Ordering,
    page: PageRequest,
) -> Listed:
    """One page of `SELECT selected FROM source WHERE condition`, in its order.

    All SQL here comes from code; what callers sent is in `parameters`.
    """
    total: int = await connection.fetchval(
        f"SELECT count(*) FROM {source} WHERE {condition}",  # noqa: S608
        *parameters.values,
    )
    after = ordering.after(page.cursor, parameters)
    found = await connection.fetch(
        f"SELECT {selected}, {ordering.selected} FROM {source} "  # noqa: S608
        f"WHERE {condition} AND {after} ORDER BY {ordering.order_by} LIMIT {page.limit + 1:d}",
        *parameters.values,
    )
    rows = [dict(row) for row in found[: page.limit]]
    more = len(found) > page.limit
    return Listed(rows, ordering.cursor_of(rows[-1]) if more else None, total)


def ordering_of(
    page: PageRequest, orders: Mapping[str, Sequence[Column]], *, default: str, id_sql: str
) -> Ordering:
    """The order that was asked for. Raises `UnknownSort` (400) where the list has no such one."""
    wanted = page.sort or default
    name = wanted.removeprefix("-")
    if name not in orders:
        raise UnknownSort(", ".join(orders))
    return Ordering(name, wanted.startswith("-"), orders[name], id_sql)
