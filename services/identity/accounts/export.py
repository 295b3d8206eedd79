"""All users that a list shows, as CSV: what an office keeps of them, and never a secret."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from uuid import UUID

from services.identity.accounts import repository
from services.identity.accounts.account import Account
from services.identity.accounts.repository import UserFilter
from services.identity.activity.exports import filters_of, note_export
from services.identity.context import Identity
from services.identity.copies.repository import group_names_of
from shared.contracts.vocabulary import StaffRole
from shared.school.academic_year import SCHOOL_TIME
from shared.school.names import search_key
from shared.security.principals import Principal
from shared.web.spreadsheet import BOM, csv_lines

__all__ = ["exported_users"]

_HEADINGS = (
    "Surname",
    "First name",
    "Title",
    "Username",
    "E-mail address",
    "Role",
    "Leadership",
    "Staff code",
    "Active",
    "Password",
    "Groups",
)
_LEADERSHIP = {None: "", "head": "Head", "deputy": "Deputy head"}
_ROWS_AT_ONCE = 500


async def exported_users(
    identity: Identity, principal: Principal, wanted: UserFilter
) -> AsyncIterator[bytes]:
    """In the order of the list, piece by piece, each in a transaction of its own.

    A slow reader holds none open; who gets another surname meanwhile may be missed, or come twice.
    That it was begun is in the activity log before anything is read.
    """
    async with identity.database.transaction(principal.tenant) as connection:
        said = {"users": await repository.count_users(connection, wanted), **filters_of(wanted)}
        await note_export(identity, connection, principal, "users.exported", "Users", said)
    return _pieces(identity, principal.tenant, wanted)


async def _pieces(identity: Identity, school_id: UUID, wanted: UserFilter) -> AsyncIterator[bytes]:
    yield (BOM + csv_lines([_HEADINGS])).encode()
    after: tuple[str, str, UUID] | None = None
    while True:
        async with identity.database.transaction(school_id) as connection:
            users = await repository.list_users(
                connection, wanted, descending=False, after=after, limit=_ROWS_AT_ONCE
            )
            groups = await group_names_of(connection, [user.account_id for user in users])
        now = identity.clock()
        if users:
            rows = (_row(user, groups.get(user.account_id, []), now) for user in users)
            yield csv_lines(rows).encode()
        if len(users) < _ROWS_AT_ONCE:
            return
        last = users[-1]
        after = (search_key(last.surname or ""), search_key(last.forename or ""), last.account_id)


def _row(user: Account, groups: Sequence[str], now: datetime) -> Sequence[str]:
    return (
        user.surname or "",
        user.forename or "",
        user.title or "",
        user.username or "",
        user.email or "",
        "SLT" if user.role is StaffRole.SLT else "Teacher",
        _LEADERSHIP[user.leadership],
        user.staff_code or "",
        "Yes" if user.active else "No",
        _password(user, now),
        "; ".join(groups),
    )


def _password(user: Account, now: datetime) -> str:
    """What they sign in with, in words; nothing of the password itself (R2)."""
    if user.claimed:
        return "Their own"
    if user.takes_code(now) and user.code_until:
        return f"Starting code, until {_day(user.code_until)}"
    if user.leadership:
        return "Waiting for their link"
    if user.default_until is None or user.default_until <= now:
        return "Default password, which has lapsed"
    return f"Default password, until {_day(user.default_until)}"


def _day(at: datetime) -> str:
    return at.astimezone(SCHOOL_TIME).strftime("%d/%m/%Y")
