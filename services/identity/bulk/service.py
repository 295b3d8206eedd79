"""One action for many users: looked through first, then done in one transaction (R4, R6).

Whoever cannot be changed is told with the reason and left; an id that is no user of this school
refuses the whole, since the list that was chosen from is not the one that is here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.identity.accounts import repository
from services.identity.accounts.account import Account
from services.identity.accounts.changes import set_all_active
from services.identity.accounts.repository import UserFilter
from services.identity.bulk.fates import BulkAction, Fate, fates_of, must_be_reset
from services.identity.context import Identity
from services.identity.passwords.reset import reset_passwords
from services.identity.sessions.repository import signed_in
from services.identity.sessions.session import IDLE
from shared.database.pool import Connection
from shared.security.principals import Principal
from shared.web.problems import Unprocessable

__all__ = [
    "MOST_AT_ONCE",
    "BulkPreview",
    "NoSuchUsers",
    "Selection",
    "carry_out",
    "look_ahead",
    "select_all",
]

MOST_AT_ONCE = 500


class NoSuchUsers(Unprocessable):
    """Also for ids of another school, of which nothing is said."""

    slug, title = "no-such-users", "Some of these are no users of this school"

    def __init__(self, ids: Sequence[UUID], missing: set[UUID]) -> None:
        count = f"{len(missing)} of the {len(set(ids))} chosen"
        super().__init__(
            f"{count} are not in this school. Nothing was changed. Please load the list of users "
            "again, and choose once more.",
            errors=[
                {"pointer": f"#/ids/{place}", "detail": "There is no such user in this school."}
                for place, one in enumerate(ids)
                if one in missing
            ],
        )


@dataclass(frozen=True)
class Selection:
    """The users that fit a filter, up to as many as can be changed at once, of `total`."""

    ids: list[UUID]
    total: int


@dataclass(frozen=True)
class BulkPreview:
    """What would become of each, and of how many what else follows."""

    fates: list[Fate]
    signs_out: int
    sends_links: int
    must_be_reset: int


async def select_all(connection: Connection, wanted: UserFilter) -> Selection:
    return Selection(
        ids=await repository.ids_of_users(connection, wanted, MOST_AT_ONCE),
        total=await repository.count_users(connection, wanted),
    )


async def look_ahead(
    identity: Identity, connection: Connection, action: BulkAction, ids: Sequence[UUID]
) -> BulkPreview:
    """Changes nothing. Raises `NoSuchUsers`."""
    now = identity.clock()
    users = _users(ids, await repository.find_accounts(connection, ids))
    fates = fates_of(users, action, now)
    changed = _changed(fates)
    leaving = [] if action == "make_active" else [user.account_id for user in changed]
    resets = action == "reset_password"
    return BulkPreview(
        fates=fates,
        signs_out=len(await signed_in(connection, leaving, now, IDLE)),
        sends_links=sum(resets and user.leadership is not None for user in changed),
        must_be_reset=sum(action == "make_active" and must_be_reset(user, now) for user in changed),
    )


async def carry_out(
    identity: Identity,
    connection: Connection,
    principal: Principal,
    action: BulkAction,
    ids: Sequence[UUID],
) -> list[Fate]:
    """What became of each. Raises `NoSuchUsers`, and then nothing was changed.

    They are locked in the order of their ids, so that two who change the same users at once wait
    for each other, and the second decides by what the first left.
    """
    users = _users(ids, await repository.lock_accounts(connection, ids))
    fates = fates_of(users, action, identity.clock())
    changed = _changed(fates)
    if action == "reset_password":
        await reset_passwords(identity, connection, principal, changed)
    else:
        active = action == "make_active"
        await set_all_active(identity, connection, principal, changed, active)
    return fates


def _users(ids: Sequence[UUID], found: Mapping[UUID, Account]) -> list[Account]:
    users = [account for account in found.values() if account.kind == "user"]
    if missing := set(ids) - {user.account_id for user in users}:
        raise NoSuchUsers(ids, missing)
    return users


def _changed(fates: Sequence[Fate]) -> list[Account]:
    return [fate.user for fate in fates if fate.outcome == "changed"]
