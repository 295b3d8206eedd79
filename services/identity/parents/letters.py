"""What is written to parents. No child is named: the address may be somebody else's (R2)."""

from __future__ import annotations

from datetime import datetime

from services.identity.accounts.account import Account
from services.identity.mail.writing import at_school, write_mail
from shared.database.pool import Connection

__all__ = ["invitation", "link_from_school"]


async def invitation(
    connection: Connection,
    parent: Account,
    *,
    school: str,
    link: str,
    page: str,
    now: datetime,
    expires_at: datetime,
) -> None:
    """The single-use link with which a parent signs in first. `page` is where they do so after."""
    await write_mail(
        connection,
        parent.email or "",
        "parent_invitation",
        f"Your parent account for {school}",
        now,
        expires_at,
        name=parent.name,
        school=school,
        link=link,
        page=page,
        email=parent.email,
        until=at_school(expires_at),
    )


async def link_from_school(
    connection: Connection,
    parent: Account,
    *,
    school: str,
    link: str,
    page: str,
    now: datetime,
    expires_at: datetime,
) -> None:
    """The school sent a link for a new password (R4). Until it is used, the old one works."""
    await write_mail(
        connection,
        parent.email or "",
        "parent_link",
        "A new password for Classroom Monitor",
        now,
        expires_at,
        name=parent.name,
        school=school,
        link=link,
        page=page,
        until=at_school(expires_at),
    )
