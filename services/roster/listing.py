"""Sorted lists with keyset cursors: stable pages while rows come and go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from services.roster.problems import UnknownSort
from shared.database.pool import Connection
from shared.web.paging import InvalidCursor, PageRequest, decode_cursor, encode_cursor

__all__ = ["Column", "ListOf", "Listed", "Ordering", "Parameters"]


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


class Wanted(Protocol):
    """Which rows a list is to hold."""

    def condition(self, parameters: Parameters) -> str:
        """In SQL. What callers sent is in `parameters`."""
        ...


@dataclass(frozen=True, kw_only=True)
class ListOf:
    """A list in SQL, all of it from code: `SELECT selected FROM source`, its orders and its bounds.

    `reached` is the condition by which a teacher's id in `$1` bounds what is seen (R14).
    """

    selected: str
    source: str
    id_sql: str
    reached: str
    orders: Mapping[str, Sequence[Column]]
    default_order: str

    async def page(
        self, connection: Connection, *, teacher: UUID | None, wanted: Wanted, page: PageRequest
    ) -> Listed:
        """Some of those that are wanted. Raises `UnknownSort` (400) where it has no such order."""
        parameters = Parameters(teacher)
        ordering = self._ordering(page)
        condition = f"{self.reached} AND {wanted.condition(parameters)}"
        counted = f"SELECT count(*) FROM {self.source} WHERE {condition}"  # noqa: S608
        of_condition = list(parameters.values)
        after = ordering.after(page.cursor, parameters)
        found = await connection.fetch(
            f"SELECT {self.selected}, {ordering.selected}, ({counted}) AS in_all "  # noqa: S608
            f"FROM {self.source} WHERE {condition} AND {after} "
            f"ORDER BY {ordering.order_by} LIMIT {page.limit + 1:d}",
            *parameters.values,
        )
        if not found:
            # Nothing comes after the cursor: rows that were there are gone, or are wanted no more.
            total = await connection.fetchval(counted, *of_condition) if page.cursor else 0
            return Listed([], None, total)
        rows = [dict(row) for row in found[: page.limit]]
        more = len(found) > page.limit
        return Listed(rows, ordering.cursor_of(rows[-1]) if more else None, rows[0]["in_all"])

    def _ordering(self, page: PageRequest) -> Ordering:
        wanted = page.sort or self.default_order
        name = wanted.removeprefix("-")
        if name not in self.orders:
            raise UnknownSort(", ".join(self.orders))
        return Ordering(name, wanted.startswith("-"), self.orders[name], self.id_sql)
