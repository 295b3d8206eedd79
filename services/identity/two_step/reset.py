"""The way back for who has lost everything: somebody else takes their second step away.

The admin does it for a user or a parent; for the admin account, which nobody in the school stands
above, the operator of the system does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.identity.accounts.account import Account
from services.identity.accounts.changes import end_all_sessions
from services.identity.accounts.problems import NoSuchUser
from services.identity.accounts.repository import change_accounts, find_accounts, lock_accounts
from services.identity.activity.service import about_account, actor_of, record
from services.identity.context import Identity
from services.identity.two_step import letters, repository
from services.identity.two_step.authenticator import Authenticator
from services.identity.two_step.problems import NotSetUp
from shared.database.pool import Connection
from shared.security.principals import Kind, Principal

__all__ = ["SecondStep", "reset_of_admin", "reset_of_user", "second_step_of"]


@dataclass(frozen=True)
class SecondStep:
    """What the admin sees of another account's: since when, and by how many authenticators."""

    since: datetime | None
    authenticators: int
    codes_left: int


async def second_step_of(connection: Connection, user_id: UUID) -> SecondStep:
    """Raises `NoSuchUser`."""
    account = (await find_accounts(connection, [user_id])).get(user_id)
    if account is None or account.kind == "admin":
        raise NoSuchUser
    there = await repository.authenticators_of(connection, user_id)
    return SecondStep(
        since=there[0].created_at if there else None,
        authenticators=len(there),
        codes_left=await repository.codes_left(connection, user_id),
    )


async def reset_of_user(
    identity: Identity, connection: Connection, principal: Principal, user_id: UUID
) -> None:
    """Raises `NoSuchUser` or `NotSetUp`."""
    account = (await lock_accounts(connection, [user_id])).get(user_id)
    if account is None or account.kind == "admin":
        raise NoSuchUser
    await _reset(identity, connection, principal, account)


async def reset_of_admin(
    identity: Identity, connection: Connection, principal: Principal
) -> Account:
    """Of the school whose transaction this is. Raises `NotSetUp`."""
    admin_id = await repository.admin_of_school(connection)
    account = (await lock_accounts(connection, [admin_id])).get(admin_id) if admin_id else None
    if account is None:
        raise NoSuchUser
    await _reset(identity, connection, principal, account)
    return account


async def _reset(
    identity: Identity, connection: Connection, principal: Principal, account: Account
) -> None:
    there = await repository.authenticators_of(connection, account.account_id)
    if not there:
        raise NotSetUp(account.name)
    now = identity.clock()
    await repository.delete_all(connection, account.account_id)
    await change_accounts(connection, [replace(account, reset_at=now)], now)
    await end_all_sessions(identity, connection, account, now)
    entry = about_account(
        now,
        actor_of(principal),
        "two_step.reset",
        account,
        before={"authenticators": _names(there)},
        after={"authenticators": []},
    )
    await record(identity.outbox, connection, account.school_id, [entry])
    operator = principal.kind is Kind.OPERATOR
    by = "the people who run Classroom Monitor" if operator else "your school’s administrator"
    await letters.two_step_reset(connection, account, now, by)


def _names(authenticators: list[Authenticator]) -> list[str]:
    return [one.name for one in authenticators]
