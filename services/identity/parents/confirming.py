"""A parent's children: their dates of birth, asked for before anything opens, and who is seen (R2).

All dates are right, or none counts: no answer says which one is wrong, and none is kept, so that no
date can be found out child by child.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from services.identity.accounts.account import Account
from services.identity.accounts.repository import change_accounts, find_accounts, lock_accounts
from services.identity.activity.service import about_account, actor_of, record
from services.identity.context import Identity
from services.identity.parents import repository
from services.identity.parents.events import publish_parents
from services.identity.parents.family import Child, seen_by, to_confirm
from services.identity.parents.problems import ChildrenChanged, DatesRefused
from services.identity.sessions.going_on import open_next
from services.identity.sessions.session import OpenSession, SessionOver
from shared.database.pool import Connection
from shared.security.principals import Principal

__all__ = ["ChildrenSeen", "children_seen", "children_to_confirm", "confirm_children"]


@dataclass(frozen=True)
class ChildrenSeen:
    """What a parent sees, and how many children they do not see yet, and why."""

    children: list[Child]
    to_confirm: int
    without_date: int


async def children_to_confirm(connection: Connection, principal: Principal) -> list[Child]:
    """Whose dates of birth are asked for. Raises `SessionOver`."""
    return to_confirm(await _children(connection, principal.account_id))


async def children_seen(connection: Connection, principal: Principal) -> ChildrenSeen:
    """Raises `SessionOver`."""
    parent = (await find_accounts(connection, [principal.account_id])).get(principal.account_id)
    if parent is None:
        raise SessionOver
    children = await _children(connection, principal.account_id)
    waiting = to_confirm(children)
    without = [c for c in children if c.on_roll and not c.confirmed and c not in waiting]
    return ChildrenSeen(seen_by(parent, children), len(waiting), len(without))


async def confirm_children(
    identity: Identity, principal: Principal, given: Mapping[UUID, date], address: str | None
) -> OpenSession:
    """The session for what comes next, once every date is right.

    Raises `DatesRefused`, `ChildrenChanged`, `TooManyTries` or `SessionOver`.
    """
    last_try = await identity.throttle.guess_dates(principal.account_id)
    async with identity.database.transaction(principal.tenant) as connection:
        parent = await _locked(connection, principal)
        waiting = to_confirm(await _children(connection, parent.account_id))
        if given.keys() != {child.pupil_id for child in waiting}:
            raise ChildrenChanged
        right = _all_right(waiting, given)
        if right:
            opened = await _confirmed(identity, connection, principal, parent, waiting, address)
        elif last_try:
            await _tell_of_wrong_dates(identity, connection, principal, parent)
    if not right:
        raise DatesRefused
    await identity.throttle.forgive_dates(principal.account_id)
    return opened


def _all_right(children: Sequence[Child], given: Mapping[UUID, date]) -> bool:
    """Every one is compared, whatever the others are."""
    right = [
        child.pupil is not None and given[child.pupil_id] == child.pupil.date_of_birth
        for child in children
    ]
    return all(right)


async def _confirmed(
    identity: Identity,
    connection: Connection,
    principal: Principal,
    before: Account,
    children: Sequence[Child],
    address: str | None,
) -> OpenSession:
    now = identity.clock()
    await repository.confirm(
        connection, before.account_id, [child.pupil_id for child in children], now
    )
    parent = replace(before, version=before.version + 1)
    await change_accounts(connection, [parent], now)
    await publish_parents(identity.outbox, connection, [parent])
    entry = about_account(
        now,
        actor_of(principal),
        "parent.children_confirmed",
        parent,
        after={"children": sorted(child.name for child in children)},
    )
    await record(identity.outbox, connection, parent.school_id, [entry])
    return await open_next(identity, connection, principal, parent, address)


async def _tell_of_wrong_dates(
    identity: Identity, connection: Connection, principal: Principal, parent: Account
) -> None:
    """Who typed them has the parent's password or link, so the office must see it."""
    entry = about_account(identity.clock(), actor_of(principal), "parent.dates_wrong", parent)
    await record(identity.outbox, connection, parent.school_id, [entry])


async def _locked(connection: Connection, principal: Principal) -> Account:
    parent = (await lock_accounts(connection, [principal.account_id])).get(principal.account_id)
    if parent is None or not parent.active:
        raise SessionOver
    return parent


async def _children(connection: Connection, parent_id: UUID) -> tuple[Child, ...]:
    return (await repository.children_of(connection, [parent_id]))[parent_id]
