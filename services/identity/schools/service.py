"""Setting a school up: its admin account, its first link, its default password (R1, R2, R5)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7

from services.identity.accounts.account import Account
from services.identity.accounts.service import (
    FIRST_LINK_LIFE,
    free_usernames,
    insert_new,
    refuse_taken_address,
    send_first_link,
)
from services.identity.accounts.usernames import admin_base
from services.identity.activity.service import about_account, about_school, actor_of, record
from services.identity.context import Identity
from services.identity.passwords.default_words import new_default_password
from services.identity.passwords.repository import insert_default
from services.identity.schools.repository import find_school, insert_school
from services.identity.schools.school import School
from services.identity.sessions.repository import end_sessions
from shared.contracts.identity import SessionsEnded
from shared.contracts.vocabulary import Origin, YearGroup
from shared.database.pool import Connection
from shared.security.principals import Principal

__all__ = ["NewSchool", "SchoolSetUp", "end_all_sessions", "set_up_school", "sign_everyone_out"]


@dataclass(frozen=True)
class NewSchool:
    name: str
    postcode: str
    first_year_group: YearGroup
    last_year_group: YearGroup
    admin_email: str


@dataclass(frozen=True)
class SchoolSetUp:
    """A new school. Its link and its default password are known here and nowhere else."""

    school: School
    admin: Account
    sign_in_link: str = field(repr=False)
    link_expires_at: datetime
    default_password: str = field(repr=False)


async def set_up_school(identity: Identity, principal: Principal, new: NewSchool) -> SchoolSetUp:
    """Make the school and all it starts with. Raises `EmailTaken`, or `Busy`."""
    now = identity.clock()
    school = School(uuid7(), new.name, new.postcode, new.first_year_group, new.last_year_group)
    words = new_default_password()
    hashed = await identity.hashing.hash(words)
    async with identity.database.transaction(school.school_id) as connection:
        await refuse_taken_address(connection, school.school_id, new.admin_email)
        await insert_school(connection, school, now)
        await insert_default(connection, school.school_id, hashed, now)
        admin = await _make_admin(connection, school, new.admin_email, now)
        link = await send_first_link(identity, connection, admin, school, now)
        await _tell(identity, connection, principal, school, admin, now)
    return SchoolSetUp(school, admin, link, now + FIRST_LINK_LIFE, words)


async def sign_everyone_out(identity: Identity, principal: Principal, school_id: UUID) -> int:
    """End all sessions of the school's people; how many there were. Raises `NoSuchSchool`."""
    now = identity.clock()
    async with identity.database.transaction(school_id) as connection:
        school = await find_school(connection)
        ended = await end_all_sessions(identity, connection, school_id, now)
        entry = about_school(
            now,
            actor_of(principal),
            "school.signed_out",
            school_id,
            school.name,
            after={"sessions": ended},
        )
        await record(identity.outbox, connection, school_id, [entry])
        return ended


async def end_all_sessions(
    identity: Identity, connection: Connection, school_id: UUID, now: datetime
) -> int:
    """Every gateway hears of it."""
    ended = await end_sessions(connection, now)
    if ended:
        told = SessionsEnded(session_ids=tuple(ended))
        await identity.outbox.publish(connection, school_id, told)
    return len(ended)


async def _make_admin(connection: Connection, school: School, email: str, now: datetime) -> Account:
    [username] = await free_usernames(connection, school.postcode, [admin_base(school.postcode)])
    admin = Account(
        account_id=uuid7(),
        school_id=school.school_id,
        kind="admin",
        username=username,
        email=email,
        origin=Origin.HAND,
        created_at=now,
    )
    await insert_new(connection, [admin])
    return admin


async def _tell(
    identity: Identity,
    connection: Connection,
    principal: Principal,
    school: School,
    admin: Account,
    now: datetime,
) -> None:
    school_id: UUID = school.school_id
    await identity.outbox.publish(connection, school_id, school.for_others())
    actor = actor_of(principal)
    details = school.for_others().model_dump(mode="json", exclude={"version"})
    entries = [
        about_school(now, actor, "school.created", school_id, school.name, after=details),
        about_account(now, actor, "user.created", admin, after=admin.for_the_log()),
    ]
    await record(identity.outbox, connection, school_id, entries)
