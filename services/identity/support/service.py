"""Writing to support: mailed, logged and kept for its writer, or none of it (R28)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.identity.accounts.account import Account
from services.identity.accounts.repository import find_accounts
from services.identity.activity.service import about_school, actor_of, record
from services.identity.context import Identity
from services.identity.schools.repository import find_school
from services.identity.schools.school import School
from services.identity.sessions.session import SessionOver
from services.identity.support import repository
from services.identity.support.letters import About, to_support
from services.identity.support.message import (
    TOPICS,
    Message,
    Topic,
    answer_to,
    new_reference,
    plain_page,
)
from services.identity.support.problems import AlreadyUsed, NoSupport
from services.identity.two_step.repository import admin_of_school
from shared.database.pool import Connection
from shared.security.principals import Kind, Principal

__all__ = ["Contact", "Written", "forget_due", "seen", "write"]


@dataclass(frozen=True)
class Contact:
    """Whom somebody can reach: support, or the school's office for a parent."""

    school: School
    can_write: bool
    reply_to: str | None
    sent: list[Message]


@dataclass(frozen=True)
class Written:
    """What somebody wrote. `message_id` is the page's, so that twice is once."""

    message_id: UUID
    topic: Topic
    message: str
    telephone: str | None
    page: str | None


async def seen(identity: Identity, connection: Connection, principal: Principal) -> Contact:
    """Of parents nothing is taken: their school's office helps them."""
    school = await find_school(connection)
    if principal.kind is Kind.PARENT:
        return Contact(school, can_write=False, reply_to=None, sent=[])
    own, admin = await _own_and_admin(connection, principal)
    return Contact(
        school,
        can_write=identity.support_address is not None,
        reply_to=answer_to([own, admin]),
        sent=await repository.messages_of(connection, own.account_id),
    )


async def write(
    identity: Identity, connection: Connection, principal: Principal, written: Written
) -> Message:
    """The message as it was kept. Raises `NoSupport`, `AlreadyUsed` or `TooManyTries`."""
    if identity.support_address is None:
        raise NoSupport
    own, admin = await _own_and_admin(connection, principal)
    message = Message(
        message_id=written.message_id,
        reference=new_reference(),
        topic=written.topic,
        message=written.message,
        written_at=identity.clock(),
    )
    if not await repository.insert_message(connection, own.school_id, own.account_id, message):
        before = await repository.find_message(connection, own.account_id, written.message_id)
        if before is None:
            raise AlreadyUsed
        return before
    with identity.throttle.within(connection):
        await identity.throttle.write_to_support(own.account_id, own.school_id)
    about = About(
        school=await find_school(connection),
        sender=own,
        reply_to=answer_to([own, admin]),
        telephone=written.telephone,
        page=plain_page(written.page),
        version=identity.version,
    )
    mail_id = await to_support(connection, identity.support_address, message, about)
    await repository.keep_mail(connection, message.message_id, mail_id)
    await _log(identity, connection, principal, about.school, message)
    return message


async def forget_due(identity: Identity) -> int:
    """Whatever was written more than 30 days ago, in all schools; how many messages they were."""
    forgotten = 0
    while True:
        async with identity.database.transaction() as connection:
            some = await repository.forget_some(connection, identity.clock())
        if not some:
            return forgotten
        forgotten += some


async def _own_and_admin(
    connection: Connection, principal: Principal
) -> tuple[Account, Account | None]:
    admin_id = await admin_of_school(connection)
    wanted = [one for one in (principal.account_id, admin_id) if one is not None]
    found = await find_accounts(connection, wanted)
    if principal.account_id not in found:
        raise SessionOver
    return found[principal.account_id], found.get(admin_id) if admin_id else None


async def _log(
    identity: Identity,
    connection: Connection,
    principal: Principal,
    school: School,
    message: Message,
) -> None:
    """That it was sent, and about what; never its text."""
    entry = about_school(
        message.written_at,
        actor_of(principal),
        "support.message_sent",
        school.school_id,
        message.reference,
        after={"topic": TOPICS[message.topic]},
    )
    await record(identity.outbox, connection, school.school_id, [entry])
