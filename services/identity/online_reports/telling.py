"""Parents are told by e-mail that there are reports: one mail to each for a publication (R27).

Whoever sees one of the children (`family.py`) is told, however many of theirs are in it. The mail
names no child and says nothing of what stands in a report. Withdrawn before it went, it never goes.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from uuid import UUID

from services.identity.accounts.account import Account
from services.identity.accounts.repository import find_accounts
from services.identity.context import Identity
from services.identity.mail.writing import NEWS_KEEPS, write_mail
from services.identity.online_reports import repository
from services.identity.parents.family import seen_by
from services.identity.parents.repository import children_of
from services.identity.schools.repository import find_school
from shared.contracts.reports import OnlineReportsPublished, OnlineReportsWithdrawn
from shared.database.pool import Connection

__all__ = ["hear"]


async def hear(
    identity: Identity,
    connection: Connection,
    school_id: UUID,
    told: OnlineReportsPublished | OnlineReportsWithdrawn,
) -> None:
    """Repeats and latecomers change nothing, in whatever order they come."""
    await repository.lock_publication(connection, told.publication_id)
    news = await repository.take(
        connection,
        school_id,
        told.publication_id,
        told.version,
        told.pupil_ids,
        published=isinstance(told, OnlineReportsPublished),
    )
    if not news:
        return
    pupils = await repository.published_pupils(connection, told.publication_id)
    parents = await _who_see(connection, pupils)
    mails = await repository.mails_of(connection, told.publication_id)
    reached = {one.account_id for one in parents}
    await repository.call_off(
        connection,
        [mail for account_id, mail in mails.items() if account_id not in reached],
        identity.clock(),
    )
    if isinstance(told, OnlineReportsPublished):
        again = await repository.never_sent(connection, list(mails.values()))
        known = {account_id for account_id, mail in mails.items() if mail not in again}
        waiting = [one for one in parents if one.account_id not in known]
        await _write(identity, connection, told.publication_id, waiting)


async def _who_see(connection: Connection, pupils: AbstractSet[UUID]) -> list[Account]:
    """Parents with a password who see one of these pupils."""
    ids = await repository.parents_of(connection, list(pupils))
    children = await children_of(connection, ids)
    return [
        parent
        for parent in (await find_accounts(connection, ids)).values()
        if parent.claimed
        and parent.email
        and any(child.pupil_id in pupils for child in seen_by(parent, children[parent.account_id]))
    ]


async def _write(
    identity: Identity, connection: Connection, publication_id: UUID, parents: list[Account]
) -> None:
    if not parents:
        return
    school = await find_school(connection)
    now = identity.clock()
    for parent in parents:
        mail_id = await write_mail(
            connection,
            parent.email or "",
            "online_report",
            f"A new report from {school.name}",
            now,
            now + NEWS_KEEPS,
            name=parent.name,
            school=school.name,
            page=f"{identity.public_url}/parents/sign-in",
        )
        await repository.keep_mail(
            connection, parent.school_id, publication_id, parent.account_id, mail_id
        )
