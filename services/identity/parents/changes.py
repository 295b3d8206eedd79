"""A parent changed by the admin: details, children, active or not (R6, R8, R9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from asyncpg import UniqueViolationError

from services.identity.accounts.account import Account
from services.identity.accounts.changes import Change, end_all_sessions, moved
from services.identity.accounts.problems import ChangedMeanwhile, EmailTaken
from services.identity.accounts.repository import change_accounts, lock_accounts
from services.identity.accounts.service import DETAILS_BY_HAND, refuse_taken_address
from services.identity.activity.service import about_account, actor_of, record
from services.identity.context import Identity
from services.identity.mail.service import address_was_changed
from services.identity.parents import repository
from services.identity.parents.events import publish_parents
from services.identity.parents.invitations import invite
from services.identity.parents.problems import NoSuchChild, NoSuchParent, ParentNeedsAddress
from services.identity.sessions.repository import spend_links
from services.identity.sessions.session import end_forms
from shared.contracts.activity import ActivityEntry, Actor
from shared.database.pool import Connection
from shared.security.principals import Principal

__all__ = [
    "address_moved",
    "change_parent",
    "link_child",
    "locked_parents",
    "set_active",
    "unlink_child",
]


async def change_parent(
    identity: Identity,
    connection: Connection,
    principal: Principal,
    parent_id: UUID,
    said: Mapping[str, Any],
    expected_version: int,
) -> Account:
    """What is said and is other than before.

    Raises `ChangedMeanwhile`, `EmailTaken` or `ParentNeedsAddress`.
    """
    [before] = await locked_parents(connection, [parent_id])
    if before.version != expected_version:
        raise ChangedMeanwhile(before, said)
    changed = {name: value for name, value in said.items() if value != getattr(before, name)}
    if not changed:
        return before
    by_hand = before.overrides | (changed.keys() & DETAILS_BY_HAND)
    after = replace(before, **changed, overrides=by_hand, version=before.version + 1)
    if after.active and not after.email:
        raise ParentNeedsAddress([after])
    if moved(before, after) and after.email:
        await refuse_taken_address(connection, after.school_id, after.email)
    await _write_changes(identity, connection, principal, "parent.changed", [(before, after)])
    if moved(before, after):
        invites = not after.claimed
        await address_moved(
            identity, connection, actor_of(principal), before, after, invites=invites
        )
    return after


async def set_active(
    identity: Identity,
    connection: Connection,
    principal: Principal,
    parent_ids: Sequence[UUID],
    active: bool,
) -> int:
    """R6: who is inactive is signed out at once; active again, they have all they had.

    How many changed. Raises `NoSuchParent` or `ParentNeedsAddress`, and then nothing is done.
    """
    there = await locked_parents(connection, parent_ids)
    befores = [parent for parent in there if parent.active != active]
    if active and (without := [parent for parent in befores if not parent.email]):
        raise ParentNeedsAddress(without)
    changes = [(one, replace(one, active=active, version=one.version + 1)) for one in befores]
    action = "parent.made_active" if active else "parent.made_inactive"
    await _write_changes(identity, connection, principal, action, changes)
    for _, after in changes if not active else ():
        await end_all_sessions(identity, connection, after, identity.clock())
    return len(changes)


async def link_child(
    identity: Identity,
    connection: Connection,
    principal: Principal,
    parent_id: UUID,
    pupil_id: UUID,
) -> None:
    """The parent confirms the date of birth at their next sign-in. Raises `NoSuchChild`."""
    [parent] = await locked_parents(connection, [parent_id])
    pupil = (await repository.find_pupils(connection, [pupil_id])).get(pupil_id)
    if pupil is None:
        raise NoSuchChild
    if await _has(connection, parent, pupil_id):
        return
    await repository.link(connection, parent, [pupil_id], identity.clock())
    after = {"child": pupil.name}
    await _children_changed(
        identity, connection, principal, parent, "parent.child_linked", None, after
    )


async def unlink_child(
    identity: Identity,
    connection: Connection,
    principal: Principal,
    parent_id: UUID,
    pupil_id: UUID,
) -> None:
    """The parent sees nothing of the child from now on. Raises `NoSuchChild`."""
    [parent] = await locked_parents(connection, [parent_id])
    children = (await repository.children_of(connection, [parent_id]))[parent_id]
    child = next((one for one in children if one.pupil_id == pupil_id), None)
    if child is None:
        raise NoSuchChild
    await repository.unlink(connection, parent_id, pupil_id)
    before = {"child": child.name}
    await _children_changed(
        identity, connection, principal, parent, "parent.child_unlinked", before, None
    )


async def locked_parents(connection: Connection, ids: Sequence[UUID]) -> list[Account]:
    """Kept as they are until the transaction ends. Raises `NoSuchParent` if one is none."""
    found = await lock_accounts(connection, ids)
    parents = [account for account in found.values() if account.kind == "parent"]
    if len(parents) != len(set(ids)):
        raise NoSuchParent
    return parents


async def _has(connection: Connection, parent: Account, pupil_id: UUID) -> bool:
    children = (await repository.children_of(connection, [parent.account_id]))[parent.account_id]
    return any(child.pupil_id == pupil_id for child in children)


async def _children_changed(
    identity: Identity,
    connection: Connection,
    principal: Principal,
    before: Account,
    action: str,
    was: dict[str, Any] | None,
    now_is: dict[str, Any] | None,
) -> None:
    """A parent is another version with other children, so that who hears of both can tell."""
    now = identity.clock()
    after = replace(before, version=before.version + 1)
    await change_accounts(connection, [after], now)
    await publish_parents(identity.outbox, connection, [after])
    entry = about_account(now, actor_of(principal), action, after, before=was, after=now_is)
    await record(identity.outbox, connection, after.school_id, [entry])


async def _write_changes(
    identity: Identity,
    connection: Connection,
    principal: Principal,
    action: str,
    changes: Sequence[Change],
) -> None:
    """The parents as they are now, told to other services and to the activity log (R9)."""
    if not changes:
        return
    changed = [after for _, after in changes]
    try:
        await change_accounts(connection, changed, identity.clock())
    except UniqueViolationError as taken:
        raise EmailTaken from taken
    await publish_parents(identity.outbox, connection, changed)
    entries = [_entry(identity, principal, action, change) for change in changes]
    await record(identity.outbox, connection, changed[0].school_id, entries)


def _entry(identity: Identity, principal: Principal, action: str, change: Change) -> ActivityEntry:
    before, after = change
    return about_account(
        identity.clock(),
        actor_of(principal),
        action,
        after,
        before=before.for_the_log(),
        after=after.for_the_log(),
    )


async def address_moved(
    identity: Identity,
    connection: Connection,
    actor: Actor,
    before: Account,
    after: Account,
    *,
    invites: bool,
) -> None:
    """Whoever reads the old address sets no password by what was sent there.

    `invites`: who is active is invited at the new one.
    """
    now = identity.clock()
    await spend_links(connection, after.account_id, now)
    await end_forms(identity, connection, after, now)
    if before.email:
        await address_was_changed(connection, before.email, after.name, now)
    if invites and after.email and after.active:
        await invite(identity, connection, actor, [after])
