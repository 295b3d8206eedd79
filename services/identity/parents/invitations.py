"""Links for parents: the invitation, and a new link whenever the school sends one (R2, R4).

Parents never get the default password or a starting code: all they ever get is a link by e-mail.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from services.identity.accounts.account import Account
from services.identity.accounts.repository import lock_accounts
from services.identity.activity.service import about_account, actor_of, record
from services.identity.context import Identity
from services.identity.parents.family import Family, InvitationState
from services.identity.parents.letters import invitation, link_from_school
from services.identity.parents.problems import CannotSendLink, NoSuchParent
from services.identity.parents.repository import (
    ParentFilter,
    count_parents,
    note_invited,
    open_invitations,
    waiting_parents,
)
from services.identity.schools.repository import find_school
from services.identity.sessions.links import make_link
from shared.contracts.activity import Actor
from shared.database.pool import Connection
from shared.security.principals import Principal

__all__ = [
    "INVITATION_LIFE",
    "INVITED_AT_ONCE",
    "SCHOOL_LINK_LIFE",
    "Invited",
    "invite",
    "invite_selected",
    "invite_waiting",
    "renew_on_request",
    "send_link",
]

INVITATION_LIFE = timedelta(days=14)
SCHOOL_LINK_LIFE = timedelta(days=1)
"""Of a link that the school sends: parents read their mail in the evening."""
INVITED_AT_ONCE = 100
"""In one transaction; whoever wants more asks again."""


@dataclass(frozen=True)
class Invited:
    """What came of inviting many: how many were, and who was passed over, and why."""

    sent: int
    claimed: int = 0
    inactive: int = 0
    left: int = 0
    """Who wait without an invitation that works still."""


async def invite(
    identity: Identity, connection: Connection, actor: Actor, parents: Sequence[Account]
) -> None:
    """An invitation to each, for 14 days; it takes the place of any other link they have."""
    expires_at = identity.clock() + INVITATION_LIFE
    await _invite_until(identity, connection, actor, [(one, expires_at) for one in parents])


async def send_link(
    identity: Identity, connection: Connection, principal: Principal, parent_id: UUID
) -> InvitationState:
    """An invitation, or for who has a password a link for a new one; as what they were written to.

    It ends the pause after wrong dates of birth, so that nobody is kept out for long. Raises
    `CannotSendLink`.
    """
    parent = (await lock_accounts(connection, [parent_id])).get(parent_id)
    if parent is None or parent.kind != "parent":
        raise NoSuchParent
    if reason := Family(parent, ()).cannot_send_reason:
        raise CannotSendLink(reason)
    with identity.throttle.within(connection):
        await identity.throttle.forgive_dates(parent_id)
    if not parent.claimed:
        await invite(identity, connection, actor_of(principal), [parent])
        return "invited"
    await _send_password_link(identity, connection, principal, parent)
    return "claimed"


async def invite_selected(
    identity: Identity, connection: Connection, principal: Principal, ids: Sequence[UUID]
) -> Invited:
    """Those who wait are invited again. Raises `NoSuchParent`, and then nobody is."""
    found = await lock_accounts(connection, ids)
    parents = [account for account in found.values() if account.kind == "parent"]
    if len(parents) != len(set(ids)):
        raise NoSuchParent
    waiting = [parent for parent in parents if parent.active and not parent.claimed]
    await _invite_many(identity, connection, principal, waiting)
    return Invited(
        sent=len(waiting),
        claimed=sum(parent.claimed for parent in parents),
        inactive=sum(not parent.active and not parent.claimed for parent in parents),
    )


async def invite_waiting(
    identity: Identity,
    connection: Connection,
    principal: Principal,
    state: Literal["lapsed", "not_invited"],
) -> Invited:
    """Those whose invitation has lapsed, or who were never invited, a hundred at once."""
    now = identity.clock()
    without = await waiting_parents(connection, state, now, INVITED_AT_ONCE)
    locked = await lock_accounts(connection, without)
    invited_meanwhile = await open_invitations(connection, now)
    waiting = [
        parent
        for parent in locked.values()
        if parent.active and not parent.claimed and parent.account_id not in invited_meanwhile
    ]
    await _invite_many(identity, connection, principal, waiting)
    still = ParentFilter(active=True, state=state)
    return Invited(sent=len(waiting), left=await count_parents(connection, still, now))


async def renew_on_request(
    identity: Identity,
    connection: Connection,
    actor: Actor,
    parent: Account,
    at_least_until: datetime,
) -> None:
    """A parent who waits asked for a link. It never shortens the invitation that they have."""
    open_until = (await open_invitations(connection, identity.clock())).get(parent.account_id)
    until = max(at_least_until, open_until or at_least_until)
    await _invite_until(identity, connection, actor, [(parent, until)])


async def _invite_many(
    identity: Identity, connection: Connection, principal: Principal, parents: Sequence[Account]
) -> None:
    with identity.throttle.within(connection):
        await identity.throttle.forgive_dates(*(parent.account_id for parent in parents))
    await invite(identity, connection, actor_of(principal), parents)


async def _invite_until(
    identity: Identity,
    connection: Connection,
    actor: Actor,
    invited: Sequence[tuple[Account, datetime]],
) -> None:
    if not invited:
        return
    now = identity.clock()
    school = await find_school(connection)
    for parent, expires_at in invited:
        await invitation(
            connection,
            parent,
            school=school.name,
            link=await make_link(identity, connection, parent, now, expires_at),
            page=_page(identity),
            now=now,
            expires_at=expires_at,
        )
    await note_invited(connection, [parent.account_id for parent, _ in invited], now)
    entries = [about_account(now, actor, "parent.invited", parent) for parent, _ in invited]
    await record(identity.outbox, connection, school.school_id, entries)


async def _send_password_link(
    identity: Identity, connection: Connection, principal: Principal, parent: Account
) -> None:
    now = identity.clock()
    expires_at = now + SCHOOL_LINK_LIFE
    school = await find_school(connection)
    await link_from_school(
        connection,
        parent,
        school=school.name,
        link=await make_link(identity, connection, parent, now, expires_at),
        page=_page(identity),
        now=now,
        expires_at=expires_at,
    )
    entry = about_account(now, actor_of(principal), "user.password_link_sent", parent)
    await record(identity.outbox, connection, school.school_id, [entry])


def _page(identity: Identity) -> str:
    return f"{identity.public_url}/parents/sign-in"
