"""Applies what mis_sync approved of parents: read, decided, written and answered at once (R20).

Whom it makes is not written to: the school invites them when it wants to (R2).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.identity.accounts.account import Account, sign_in_key
from services.identity.accounts.changes import moved
from services.identity.accounts.repository import (
    change_accounts,
    find_accounts,
    find_in_directory,
    insert_accounts,
    lock_accounts,
)
from services.identity.activity.service import MIS, about_account, record
from services.identity.context import Identity
from services.identity.mis_contacts import repository
from services.identity.mis_contacts.rules import Known, ParentDecisions, decide
from services.identity.parents.changes import address_moved
from services.identity.parents.events import publish_parents
from services.identity.parents.repository import find_pupils, first_invitations
from services.identity.schools.repository import find_school
from shared.contracts.activity import ActivityEntry
from shared.contracts.identity import ParentsApplied
from shared.contracts.mis_sync import ParentProposal, ParentsApproved
from shared.database.pool import Connection

__all__ = ["apply_parents"]

_NOT_KNOWN = "A pupil who is not known here yet"


async def apply_parents(identity: Identity, connection: Connection, batch: ParentsApproved) -> None:
    """Answers always; tells of parents, and of activity, only where something changed."""
    now = identity.clock()
    school = await find_school(connection)
    known = await _known(connection, school.school_id, batch.proposals)
    decided = decide(known, batch.proposals, now)
    await _write(identity, connection, school.school_id, decided, now)
    await identity.outbox.publish(
        connection,
        school.school_id,
        ParentsApplied(
            run_id=batch.run_id,
            sequence=batch.sequence,
            total=batch.total,
            outcomes=tuple(decided.outcomes),
        ),
    )


async def _known(
    connection: Connection, school_id: UUID, proposals: Sequence[ParentProposal]
) -> Known:
    """Locking the parents lets nobody link or unlink their children until the end."""
    ids = [proposal.parent_id for proposal in proposals]
    keys = [sign_in_key(proposal.email) for proposal in proposals if proposal.email]
    accounts = await lock_accounts(connection, ids)
    addresses = await find_in_directory(connection, keys)
    holders = {entry.account_id for entry in addresses.values()} - accounts.keys()
    return Known(
        school_id=school_id,
        accounts=accounts | await find_accounts(connection, sorted(holders)),
        addresses=addresses,
        links=await repository.links_of(connection, ids),
    )


async def _write(
    identity: Identity,
    connection: Connection,
    school_id: UUID,
    decided: ParentDecisions,
    now: datetime,
) -> None:
    after = [account for _, account in decided.changed]
    touched = after + decided.created
    if not touched:
        return
    # Changes come first: they may set an address free that a new account takes.
    await change_accounts(connection, after, now)
    await insert_accounts(connection, decided.created)
    await repository.take_links_away(connection, decided.unlinked)
    await repository.add_links(connection, school_id, decided.linked, now)
    await publish_parents(identity.outbox, connection, touched)
    entries = await _entries(connection, decided, now)
    await record(identity.outbox, connection, school_id, entries)
    await _tell_of_moved(identity, connection, decided)


async def _entries(
    connection: Connection, decided: ParentDecisions, now: datetime
) -> list[ActivityEntry]:
    """R9: what became of each parent, and of each of their links."""
    pupils = {pupil for _, pupil in (*decided.linked, *decided.unlinked)}
    known = await find_pupils(connection, sorted(pupils))
    names = {pupil: known[pupil].name if pupil in known else _NOT_KNOWN for pupil in pupils}
    entries = []
    for parent in decided.created:
        children = decided.children_of(decided.linked, parent.account_id)
        told = parent.for_the_log() | {"children": sorted(names[child] for child in children)}
        entries.append(about_account(now, MIS, "parent.created", parent, after=told))
    for before, after in decided.changed:
        entries += _entries_of_changed(decided, before, after, names, now)
    return entries


def _entries_of_changed(
    decided: ParentDecisions,
    before: Account,
    after: Account,
    names: dict[UUID, str],
    now: datetime,
) -> list[ActivityEntry]:
    was, is_now = before.for_the_log(), after.for_the_log()
    entries = []
    if was != is_now:
        entries.append(about_account(now, MIS, "parent.changed", after, before=was, after=is_now))
    for pupil in decided.children_of(decided.unlinked, after.account_id):
        gone = {"child": names[pupil]}
        entries.append(about_account(now, MIS, "parent.child_unlinked", after, before=gone))
    for pupil in decided.children_of(decided.linked, after.account_id):
        given = {"child": names[pupil]}
        entries.append(about_account(now, MIS, "parent.child_linked", after, after=given))
    return entries


async def _tell_of_moved(
    identity: Identity, connection: Connection, decided: ParentDecisions
) -> None:
    """As after a change by hand; but who was never invited is not invited by it either."""
    changes = [(before, after) for before, after in decided.changed if moved(before, after)]
    if not changes:
        return
    invited = await first_invitations(connection, [after.account_id for _, after in changes])
    for before, after in changes:
        invites = not after.claimed and after.account_id in invited
        await address_moved(identity, connection, MIS, before, after, invites=invites)
