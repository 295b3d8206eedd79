"""Applies what mis_sync approved of staff: read, decided, written and answered in one transaction.

The rules are in `staff_rules.py` (R18, R20).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.identity.accounts import repository
from services.identity.accounts.account import sign_in_key
from services.identity.accounts.changes import what_follows
from services.identity.accounts.events import publish_users
from services.identity.accounts.staff_rules import Known, StaffChanges, decide, username_bases
from services.identity.activity.service import MIS, about_account, record
from services.identity.context import Identity
from services.identity.schools.repository import find_school
from services.identity.schools.school import School
from shared.contracts.identity import StaffApplied
from shared.contracts.mis_sync import ProposalAction, StaffApproved, StaffProposal
from shared.database.pool import Connection

__all__ = ["apply_staff"]


async def apply_staff(identity: Identity, connection: Connection, batch: StaffApproved) -> None:
    """Answers always; tells of users, and of activity, only where something changed."""
    now = identity.clock()
    school = await find_school(connection)
    known = await _known(connection, school, batch.proposals)
    changes = decide(known, batch.proposals, now)
    await _write(identity, connection, changes, now)
    await identity.outbox.publish(
        connection,
        school.school_id,
        StaffApplied(
            run_id=batch.run_id,
            sequence=batch.sequence,
            total=batch.total,
            outcomes=tuple(changes.outcomes),
        ),
    )


async def _known(
    connection: Connection, school: School, proposals: Sequence[StaffProposal]
) -> Known:
    keys = [sign_in_key(proposal.email) for proposal in proposals if proposal.email]
    accounts = await repository.lock_accounts(connection, [p.user_id for p in proposals])
    addresses = await repository.find_in_directory(connection, keys)
    holders = {entry.account_id for entry in addresses.values()} - accounts.keys()
    new = [p for p in proposals if p.action is ProposalAction.CREATE and p.user_id not in accounts]
    usernames: list[str] = []
    if new:
        bases = username_bases(school.postcode, new)
        await repository.lock_usernames(connection, school.postcode)
        usernames = await repository.taken_usernames(connection, bases)
    return Known(
        school_id=school.school_id,
        postcode=school.postcode,
        accounts=accounts | await repository.find_accounts(connection, sorted(holders)),
        addresses=addresses,
        usernames=usernames,
    )


async def _write(
    identity: Identity, connection: Connection, changes: StaffChanges, now: datetime
) -> None:
    after = [account for _, account in changes.changed]
    touched = after + changes.created
    if not touched:
        return
    # Changes come first: they may set an address free that a new account takes.
    await repository.change_accounts(connection, after, now)
    await repository.insert_accounts(connection, changes.created)
    await publish_users(identity.outbox, connection, touched)
    entries = [
        about_account(now, MIS, "user.created", account, after=account.for_the_log())
        for account in changes.created
    ] + [
        about_account(
            now,
            MIS,
            "user.changed",
            account,
            before=before.for_the_log(),
            after=account.for_the_log(),
        )
        for before, account in changes.changed
    ]
    await record(identity.outbox, connection, touched[0].school_id, entries)
    for before, account in changes.changed:
        await what_follows(identity, connection, before, account)
