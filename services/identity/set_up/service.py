"""How far a school's details, users and parents are, counted now; and the guide put away (R28)."""

from __future__ import annotations

from dataclasses import dataclass

from services.identity.activity.service import about_school, actor_of, record
from services.identity.claims.claim import ClaimState
from services.identity.claims.service import count_waiting
from services.identity.context import Identity
from services.identity.school_settings.repository import find_settings
from services.identity.school_settings.school_settings import FirstPasswords
from services.identity.schools.repository import find_school, lock_school
from services.identity.schools.school import School
from services.identity.set_up.repository import (
    Accounts,
    count_accounts,
    find_put_away,
    keep_put_away,
)
from shared.database.pool import Connection
from shared.security.principals import Principal

__all__ = ["Figures", "figures", "put_guide_away"]

_STUCK: tuple[ClaimState, ...] = ("no_code", "lapsed", "link_lapsed")


@dataclass(frozen=True)
class Figures:
    """`stuck` users have nothing to sign in with: no code, no link, or their 14 days are over."""

    school: School
    accounts: Accounts
    stuck: int
    first_passwords: FirstPasswords
    put_away: bool


async def figures(identity: Identity, connection: Connection) -> Figures:
    waiting = await count_waiting(connection, identity.clock())
    return Figures(
        school=await find_school(connection),
        accounts=await count_accounts(connection),
        stuck=sum(waiting[state] for state in _STUCK),
        first_passwords=(await find_settings(connection)).first_passwords,
        put_away=await find_put_away(connection),
    )


async def put_guide_away(
    identity: Identity, connection: Connection, principal: Principal, *, put_away: bool
) -> None:
    """Off the home page, or back on it. Said again, it changes and logs nothing."""
    school = await lock_school(connection)
    if await find_put_away(connection) == put_away:
        return
    now = identity.clock()
    await keep_put_away(connection, school.school_id, now, put_away=put_away)
    entry = about_school(
        now,
        actor_of(principal),
        "set_up_guide.put_away" if put_away else "set_up_guide.taken_back",
        school.school_id,
        school.name,
        before={"put_away": not put_away},
        after={"put_away": put_away},
    )
    await record(identity.outbox, connection, school.school_id, [entry])
