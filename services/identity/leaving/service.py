"""A school leaves in two steps, each by an operator who types its name.

Marked, nobody of it signs in and its connector is cut off; everything stays for as long as was
agreed, so that it can be taken back. Then every service deletes what it keeps, in a transaction of
the school, and says so. Personal data is kept no longer than is needed (UK GDPR, article 5(1)(e)).
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from services.identity.activity.service import about_school, actor_of, record
from services.identity.context import Identity
from services.identity.leaving import repository
from services.identity.leaving.left_school import LeftSchool
from services.identity.leaving.problems import AnotherName, NotLeft, TooEarly, Unknown
from services.identity.schools.repository import NoSuchSchool, lock_school
from services.identity.schools.school import School
from services.identity.schools.service import end_all_sessions
from shared.contracts.identity import SchoolErasing, SchoolLeft
from shared.database.pool import Connection
from shared.security.principals import Principal

__all__ = ["erase", "leave", "stay", "take_confirmation"]


async def leave(
    identity: Identity, principal: Principal, school_id: UUID, name: str, days: int
) -> LeftSchool:
    """Nobody signs in any more. Done again, it changes nothing. Raises `AnotherName`, `Unknown`."""
    now = identity.clock()
    async with identity.database.transaction(school_id) as connection:
        school = await _named(connection, name)
        until = now + timedelta(days=days)
        if await repository.mark(connection, school.name, now, until):
            await end_all_sessions(identity, connection, school_id, now)
            await repository.spend_links(connection)
            left = SchoolLeft(erase_after=until)
            await identity.outbox.publish(connection, school_id, left)
            after = {"kept_until": until.isoformat()}
            await _log(identity, connection, principal, school, "school.left", after)
        return await _found(connection)


async def stay(identity: Identity, principal: Principal, school_id: UUID) -> None:
    """It has not left after all; its MIS must be linked again. Raises `NotLeft`."""
    async with identity.database.transaction(school_id) as connection:
        if not await repository.unmark(connection):
            raise NotLeft
        school = await _school(connection)
        await _log(identity, connection, principal, school, "school.stayed", None)


async def erase(identity: Identity, school_id: UUID, name: str) -> LeftSchool:
    """All of it goes, here now and in the others as they hear. Done again, they are told again.

    Raises `NotLeft`, `AnotherName`, `TooEarly`.
    """
    now = identity.clock()
    async with identity.database.transaction(school_id) as connection:
        left = await repository.find_left(connection)
        if left is None:
            raise NotLeft
        if left.name != name:
            raise AnotherName(left.name)
        if now < left.erase_after:
            raise TooEarly(left.erase_after)
        await repository.say_erasing(connection, now)
        rows = await repository.erase(connection)
        await repository.confirm(connection, "identity", rows, now)
        await identity.outbox.publish(connection, school_id, SchoolErasing())
        return await _found(connection)


async def take_confirmation(
    identity: Identity, connection: Connection, service: str, rows: int
) -> None:
    await repository.confirm(connection, service, rows, identity.clock())


async def _named(connection: Connection, name: str) -> School:
    school = await _school(connection)
    if school.name != name:
        raise AnotherName(school.name)
    return school


async def _school(connection: Connection) -> School:
    try:
        return await lock_school(connection)
    except NoSuchSchool:
        raise Unknown from None


async def _found(connection: Connection) -> LeftSchool:
    left = await repository.find_left(connection)
    if left is None:
        raise NotLeft
    return left


async def _log(
    identity: Identity,
    connection: Connection,
    principal: Principal,
    school: School,
    action: str,
    after: dict[str, str] | None,
) -> None:
    entry = about_school(
        identity.clock(), actor_of(principal), action, school.school_id, school.name, after=after
    )
    await record(identity.outbox, connection, school.school_id, [entry])
