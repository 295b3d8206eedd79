"""The SQL of the search. It looks where the list of users does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shared.database.pool import Connection
from shared.school.names import search_key

__all__ = ["Hits", "search_users"]


@dataclass(frozen=True)
class Hits:
    """The first of those that fit, and how many there are, active and not."""

    rows: list[dict[str, Any]]
    active: int
    inactive: int


async def search_users(connection: Connection, text: str, most: int) -> Hits:
    """Of this school: active ones first, then whose name begins so.

    Each word is somewhere in the names, the username, the address or the staff code. The folded
    search holds letters, digits and spaces only, so nothing in it is a wildcard.
    """
    folded = search_key(text)
    if not folded:
        return Hits([], 0, 0)
    rows = await connection.fetch(
        """
        SELECT account_id AS id, title, forename, surname, username, role, leadership, active,
            count(*) FILTER (WHERE active) OVER () AS count_active, count(*) OVER () AS count_all
        FROM accounts
        WHERE kind = 'user' AND search_key LIKE ALL ($1::text[])
        ORDER BY active DESC,
            (starts_with(surname_key, $2) OR starts_with(forename_key, $2)) DESC,
            surname_key, forename_key, account_id
        LIMIT $3
        """,
        [f"%{word}%" for word in folded.split()],
        folded,
        most,
    )
    found = [dict(row) for row in rows]
    active = found[0]["count_active"] if found else 0
    return Hits(found, active, found[0]["count_all"] - active if found else 0)
