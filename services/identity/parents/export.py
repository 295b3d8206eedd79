"""Parents as CSV, filtered as the list is, read piece by piece."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from uuid import UUID

from services.identity.activity.exports import filters_of, note_export
from services.identity.context import Identity
from services.identity.parents import repository
from services.identity.parents.family import Family
from services.identity.parents.repository import ParentFilter
from services.identity.parents.service import families
from shared.school.academic_year import SCHOOL_TIME
from shared.school.names import search_key
from shared.security.principals import Principal
from shared.web.spreadsheet import BOM, csv_lines

__all__ = ["exported"]

_HEADINGS = (
    "Title",
    "First name",
    "Surname",
    "E-mail address",
    "Children",
    "Children confirmed",
    "Account",
    "Invitation works until",
    "Password set",
    "Active",
)
_STATES = {
    "claimed": "Has a password",
    "invited": "Invited",
    "lapsed": "Invitation lapsed",
    "not_invited": "Not invited yet",
}
_ROWS_AT_ONCE = 500


async def exported(
    identity: Identity, principal: Principal, wanted: ParentFilter
) -> AsyncIterator[bytes]:
    """By name. Each piece is a transaction of its own, so that a slow reader holds none open.

    That it was begun is in the activity log before anything is read.
    """
    async with identity.database.transaction(principal.tenant) as connection:
        count = await repository.count_parents(connection, wanted, identity.clock())
        said = {"parents": count, **filters_of(wanted)}
        await note_export(identity, connection, principal, "parents.exported", "Parents", said)
    return _pieces(identity, principal.tenant, wanted)


async def _pieces(
    identity: Identity, school_id: UUID, wanted: ParentFilter
) -> AsyncIterator[bytes]:
    yield (BOM + csv_lines([_HEADINGS])).encode()
    after: tuple[str, str, UUID] | None = None
    while True:
        async with identity.database.transaction(school_id) as connection:
            found = await repository.list_parents(
                connection,
                wanted,
                identity.clock(),
                descending=False,
                after=after,
                limit=_ROWS_AT_ONCE,
            )
            rows = [_row(family) for family in await families(identity, connection, found)]
        if rows:
            yield csv_lines(rows).encode()
        if len(found) < _ROWS_AT_ONCE:
            return
        last = found[-1]
        names = (search_key(last.surname or ""), search_key(last.forename or ""))
        after = (*names, last.account_id)


def _row(family: Family) -> Sequence[str]:
    parent = family.parent
    return (
        parent.title or "",
        parent.forename or "",
        parent.surname or "",
        parent.email or "",
        ", ".join(child.name for child in family.children),
        ", ".join(child.name for child in family.children if child.confirmed),
        _STATES[family.state],
        _moment(None if parent.claimed else family.invited_until),
        _moment(parent.claimed_at),
        "Yes" if parent.active else "No",
    )


def _moment(at: datetime | None) -> str:
    return at.astimezone(SCHOOL_TIME).strftime("%d/%m/%Y %H:%M") if at else ""
