"""All SQL about parents and their children, and the copy of the school's pupils."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.identity.accounts.account import Account
from services.identity.accounts.repository import find_accounts
from services.identity.parents.family import Child, InvitationState, Pupil
from shared.contracts.roster import PupilState
from shared.contracts.vocabulary import Origin
from shared.database.pool import Connection
from shared.database.read_model import ReadModel
from shared.school.names import search_key

__all__ = [
    "ParentFilter",
    "children_of",
    "confirm",
    "count_parents",
    "find_pupils",
    "first_invitations",
    "keep_pupils",
    "kept_apart",
    "link",
    "list_parents",
    "note_invited",
    "open_invitations",
    "parents_after",
    "unlink",
    "waiting_parents",
]

_PUPILS = ReadModel(
    "pupils",
    key=("id uuid",),
    columns=(
        "active boolean",
        "legal_forename",
        "legal_surname",
        "preferred_forename",
        "preferred_surname",
        "date_of_birth date",
        "year_group",
        "search_key",
    ),
)


@dataclass(frozen=True)
class ParentFilter:
    """Which parents a list shows; `None` is all of them. `search` finds children's names too."""

    active: bool | None = None
    state: InvitationState | None = None
    without_children: bool | None = None
    search: str | None = None
    pupil_id: UUID | None = None
    """Those who are linked to this child."""


async def keep_pupils(
    connection: Connection, school_id: UUID, states: Collection[PupilState]
) -> None:
    """Take over the states that are newer than those that are here."""
    folded = {"search_key": [_folded(state) for state in states]}
    await _PUPILS.take(connection, school_id, states, folded)


def _folded(state: PupilState) -> str:
    names = (
        state.legal_forename,
        state.legal_surname,
        state.preferred_forename,
        state.preferred_surname,
    )
    return search_key(" ".join([name for name in names if name]))


_PUPIL = """p.id AS pupil_id, p.active, p.date_of_birth, p.year_group,
    coalesce(p.preferred_forename, p.legal_forename) AS forename,
    coalesce(p.preferred_surname, p.legal_surname) AS surname"""


async def find_pupils(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, Pupil]:
    """Those of this school that roster told of, by id."""
    rows = await connection.fetch(
        f"SELECT {_PUPIL} FROM pupils p WHERE p.id = ANY ($1::uuid[])", list(ids)
    )
    return {row["pupil_id"]: Pupil(**dict(row)) for row in rows}


async def children_of(
    connection: Connection, parents: Sequence[UUID]
) -> dict[UUID, tuple[Child, ...]]:
    """The children of each, the oldest link first; none for who is no parent."""
    rows = await connection.fetch(
        "SELECT account_id, pupil_id, confirmed_at, origin FROM parent_children "
        "WHERE account_id = ANY ($1::uuid[]) AND present ORDER BY linked_at, pupil_id",
        list(parents),
    )
    pupils = await find_pupils(connection, [row["pupil_id"] for row in rows]) if rows else {}
    found: defaultdict[UUID, tuple[Child, ...]] = defaultdict(tuple)
    for row in rows:
        child = Child(
            pupil_id=row["pupil_id"],
            pupil=pupils.get(row["pupil_id"]),
            confirmed_at=row["confirmed_at"],
            origin=Origin(row["origin"]),
        )
        found[row["account_id"]] += (child,)
    return found


async def kept_apart(
    connection: Connection, parents: Sequence[UUID]
) -> dict[UUID, tuple[UUID, ...]]:
    """The pupils who were unlinked from each by hand, whom no sync links again (R13)."""
    rows = await connection.fetch(
        "SELECT account_id, pupil_id FROM parent_children "
        "WHERE account_id = ANY ($1::uuid[]) AND NOT present ORDER BY pupil_id",
        list(parents),
    )
    found: defaultdict[UUID, tuple[UUID, ...]] = defaultdict(tuple)
    for row in rows:
        found[row["account_id"]] += (row["pupil_id"],)
    return found


async def link(
    connection: Connection, parent: Account, pupils: Iterable[UUID], now: datetime
) -> None:
    """By hand. Pupils who are linked already stay as they are."""
    await connection.execute(
        "INSERT INTO parent_children AS known (school_id, account_id, pupil_id, linked_at) "
        "SELECT $1, $2, pupil_id, $4 FROM unnest($3::uuid[]) AS p (pupil_id) "
        "ON CONFLICT (school_id, account_id, pupil_id) DO UPDATE "
        "SET present = true, linked_at = excluded.linked_at WHERE NOT known.present",
        parent.school_id,
        parent.account_id,
        list(pupils),
        now,
    )


async def unlink(connection: Connection, parent: UUID, pupil: UUID) -> None:
    """By hand: the date of birth is forgotten, and that no sync links them again is kept."""
    await connection.execute(
        "UPDATE parent_children SET present = false, origin = 'hand', confirmed_at = NULL "
        "WHERE account_id = $1 AND pupil_id = $2",
        parent,
        pupil,
    )


async def confirm(
    connection: Connection, parent: UUID, pupils: Sequence[UUID], now: datetime
) -> None:
    await connection.execute(
        "UPDATE parent_children SET confirmed_at = $3 "
        "WHERE account_id = $1 AND pupil_id = ANY ($2::uuid[]) AND present "
        "AND confirmed_at IS NULL",
        parent,
        list(pupils),
        now,
    )


async def list_parents(
    connection: Connection,
    wanted: ParentFilter,
    now: datetime,
    *,
    descending: bool,
    after: tuple[str, str, UUID] | None,
    limit: int,
) -> list[Account]:
    """By surname, forename and id, from the one after `after` on."""
    beyond, order = ("<", "DESC") if descending else (">", "ASC")
    rows = await connection.fetch(
        f"SELECT a.account_id FROM {_FILTERED} AND ($7::text IS NULL "
        f"OR (a.surname_key, a.forename_key, a.account_id) {beyond} ($7, $8, $9)) "
        f"ORDER BY a.surname_key {order}, a.forename_key {order}, a.account_id {order} LIMIT $10",
        *_filter_values(wanted, now),
        *(after or (None, None, None)),
        limit,
    )
    return await _accounts(connection, rows)


async def count_parents(connection: Connection, wanted: ParentFilter, now: datetime) -> int:
    values = _filter_values(wanted, now)
    return int(await connection.fetchval(f"SELECT count(*) FROM {_FILTERED}", *values))


async def waiting_parents(
    connection: Connection, state: InvitationState, now: datetime, limit: int
) -> list[UUID]:
    """Active parents who wait for their first password and have no link that works."""
    wanted = ParentFilter(active=True, state=state)
    rows = await connection.fetch(
        f"SELECT a.account_id FROM {_FILTERED} ORDER BY a.account_id LIMIT $7",
        *_filter_values(wanted, now),
        limit,
    )
    return [row["account_id"] for row in rows]


async def parents_after(connection: Connection, after: UUID | None, limit: int) -> list[Account]:
    """The school's parents in the order of their ids, for who reads them all."""
    rows = await connection.fetch(
        "SELECT account_id FROM accounts WHERE kind = 'parent' "
        "AND ($1::uuid IS NULL OR account_id > $1) ORDER BY account_id LIMIT $2",
        after,
        limit,
    )
    return await _accounts(connection, rows)


async def open_invitations(connection: Connection, now: datetime) -> dict[UUID, datetime]:
    """Until when the newest link of each of the school's accounts works, where it still does."""
    rows = await connection.fetch("SELECT * FROM links_open_until($1)", now)
    return {row["account_id"]: row["expires_at"] for row in rows}


async def note_invited(connection: Connection, parents: Sequence[UUID], now: datetime) -> None:
    """That they were, for whoever asks whether they ever were."""
    await connection.execute(
        "UPDATE accounts SET invited_at = $2 "
        "WHERE account_id = ANY ($1::uuid[]) AND invited_at IS NULL",
        list(parents),
        now,
    )


async def first_invitations(
    connection: Connection, parents: Sequence[UUID]
) -> dict[UUID, datetime]:
    """When each was invited first; without those who never were."""
    rows = await connection.fetch(
        "SELECT account_id, invited_at FROM accounts "
        "WHERE account_id = ANY ($1::uuid[]) AND invited_at IS NOT NULL",
        list(parents),
    )
    return {row["account_id"]: row["invited_at"] for row in rows}


async def _accounts(connection: Connection, rows: Sequence[Any]) -> list[Account]:
    """In the order of the rows."""
    ids = [row["account_id"] for row in rows]
    found = await find_accounts(connection, ids)
    return [found[account_id] for account_id in ids]


_FILTERED = """accounts a
LEFT JOIN links_open_until($5) AS l ON l.account_id = a.account_id
WHERE a.kind = 'parent'
    AND ($1::boolean IS NULL OR a.active = $1)
    AND ($2::text IS NULL OR $2 = CASE
        WHEN a.state = 'claimed' THEN 'claimed'
        WHEN l.expires_at IS NOT NULL THEN 'invited'
        WHEN a.invited_at IS NULL THEN 'not_invited'
        ELSE 'lapsed'
    END)
    AND ($3::boolean IS NULL OR $3 <> EXISTS (
        SELECT FROM parent_children c WHERE c.account_id = a.account_id AND c.present
    ))
    AND NOT EXISTS (
        SELECT FROM unnest($4::text[]) AS w (word)
        WHERE a.search_key NOT LIKE word AND NOT EXISTS (
            SELECT FROM parent_children c JOIN pupils p ON p.id = c.pupil_id
            WHERE c.account_id = a.account_id AND c.present AND p.search_key LIKE word
        )
    )
    AND ($6::uuid IS NULL OR EXISTS (
        SELECT FROM parent_children c
        WHERE c.account_id = a.account_id AND c.pupil_id = $6 AND c.present
    ))"""


def _filter_values(wanted: ParentFilter, now: datetime) -> tuple[Any, ...]:
    # The folded search holds letters, digits and spaces only, so nothing in it is a wildcard.
    words = [f"%{word}%" for word in search_key(wanted.search or "").split()]
    return wanted.active, wanted.state, wanted.without_children, words, now, wanted.pupil_id
