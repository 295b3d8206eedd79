"""The list of claimed and unclaimed accounts, and what the admin does about it (R2, R4).

A school has some hundred users at most, so all are read and their states told by the same rule
that their own pages use; the list has no rule of its own in SQL.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.identity.accounts.account import Account
from services.identity.accounts.password_state import password_state, slip_for
from services.identity.accounts.repository import UserFilter, list_users, lock_accounts
from services.identity.accounts.service import place_by_name, place_in_names, send_first_link
from services.identity.activity.service import about_account, actor_of, record
from services.identity.claims.claim import Claim, ClaimState, claims_of, counted
from services.identity.claims.repository import links_open_until
from services.identity.context import Identity
from services.identity.passwords.reset import reset_passwords
from services.identity.school_settings.repository import find_settings
from services.identity.school_settings.school_settings import FirstPasswords
from services.identity.schools.repository import find_school
from shared.database.pool import Connection
from shared.security.principals import Principal
from shared.web.paging import PageRequest
from shared.web.problems import BadRequest

__all__ = [
    "ClaimsPage",
    "ClaimsSummary",
    "count_waiting",
    "list_claims",
    "reset_lapsed",
    "send_links_again",
    "sum_up",
]

RECENT = timedelta(days=7)
_MOST_READ = 10_000
_MOST_RECENT = 20


@dataclass(frozen=True)
class ClaimsPage:
    claims: list[Claim]
    next_cursor: str | None
    total: int
    counts: Mapping[ClaimState, int]
    slips_for_all: int
    first_passwords: FirstPasswords


@dataclass(frozen=True)
class ClaimsSummary:
    """`recent`: who claimed their account in the last week, the newest first."""

    counts: Mapping[ClaimState, int]
    recent: list[Account]
    default_paused_until: datetime | None


async def list_claims(
    identity: Identity,
    connection: Connection,
    states: Collection[ClaimState],
    page: PageRequest,
) -> ClaimsPage:
    """Active users in one of these states, or all, by surname; the counts are of the school."""
    if page.sort is not None:
        raise BadRequest("This list is sorted by surname.")
    now = identity.clock()
    everyone = await _claims(connection, now)
    found = await _claims(connection, now, page.search) if page.search else everyone
    found = [claim for claim in found if not states or claim.state in states]
    after = place_in_names(page.cursor)
    left = [claim for claim in found if after is None or claim.key > after]
    shown = left[: page.limit]
    return ClaimsPage(
        claims=shown,
        next_cursor=place_by_name(shown[-1].user) if len(left) > page.limit else None,
        total=len(found),
        counts=counted(everyone),
        slips_for_all=sum(
            claim.user.leadership is None and slip_for(claim.user, now) is not None
            for claim in everyone
        ),
        first_passwords=(await find_settings(connection)).first_passwords,
    )


async def sum_up(identity: Identity, connection: Connection, school_id: UUID) -> ClaimsSummary:
    """For the home page: the admin is told of claims, so that a wrong one is seen (R2)."""
    now = identity.clock()
    claims = await _claims(connection, now)
    recent = [
        (claim.user.claimed_at, claim.user)
        for claim in claims
        if claim.user.claimed_at and claim.user.claimed_at > now - RECENT
    ]
    recent.sort(key=lambda pair: pair[0], reverse=True)
    with identity.throttle.within(connection):
        paused = await identity.throttle.default_paused_until(school_id)
    return ClaimsSummary(counted(claims), [user for _, user in recent[:_MOST_RECENT]], paused)


async def count_waiting(connection: Connection, now: datetime) -> dict[ClaimState, int]:
    """Of active users who wait for their first password, how many are in each state."""
    waiting = await _users(connection, UserFilter(active=True, claimed=False))
    return counted(claims_of(waiting, await links_open_until(connection, now), now))


async def reset_lapsed(
    identity: Identity,
    connection: Connection,
    principal: Principal,
    user_ids: Collection[UUID] | None = None,
) -> int:
    """R4: the 14 days of those that are over start anew; of all, or of these. How many it were."""
    now = identity.clock()
    users = await _locked(connection, user_ids)
    lapsed = [user for user in users if password_state(user, now) == "lapsed"]
    await reset_passwords(identity, connection, principal, lapsed)
    return len(lapsed)


async def send_links_again(
    identity: Identity,
    connection: Connection,
    principal: Principal,
    user_ids: Collection[UUID] | None = None,
) -> int:
    """R2: a new link for heads and deputies who wait; how many it were.

    For these, or for all who have no slip, since whoever has one was let in by it.
    """
    now = identity.clock()
    school = await find_school(connection)
    leaders = [
        user
        for user in await _locked(connection, user_ids)
        if user.leadership and user.email
        if user_ids is not None or password_state(user, now) == "link"
    ]
    for leader in leaders:
        await send_first_link(identity, connection, leader, school, now)
    actor = actor_of(principal)
    entries = [about_account(now, actor, "user.password_link_sent", leader) for leader in leaders]
    await record(identity.outbox, connection, principal.tenant, entries)
    return len(leaders)


async def _claims(connection: Connection, now: datetime, search: str | None = None) -> list[Claim]:
    users = await _users(connection, UserFilter(active=True, search=search))
    return claims_of(users, await links_open_until(connection, now), now)


async def _users(connection: Connection, wanted: UserFilter) -> list[Account]:
    return await list_users(connection, wanted, descending=False, after=None, limit=_MOST_READ)


async def _locked(connection: Connection, user_ids: Collection[UUID] | None) -> Sequence[Account]:
    """Active users who wait for their first password, kept as they are; by surname."""
    waiting = await _users(connection, UserFilter(active=True, claimed=False))
    ids = [user.account_id for user in waiting if user_ids is None or user.account_id in user_ids]
    locked = await lock_accounts(connection, ids)
    return [locked[one] for one in ids if locked[one].active and not locked[one].claimed]
