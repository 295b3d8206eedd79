"""Which step of signing in comes next, and so what a new session opens (R2, R29).

Steps are asked one after the other, in this order: a password, the second step, and then what is
in `_AFTER_TWO_STEP`. When none asks for anything, the session is a full one.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from services.identity.accounts.account import Account
from services.identity.parents.family import to_confirm
from services.identity.parents.repository import children_of
from services.identity.school_settings.repository import find_settings
from services.identity.sessions.repository import Scope
from services.identity.two_step.repository import has_authenticator
from services.identity.two_step.requirement import asks_for_two_step
from shared.database.pool import Connection

__all__ = ["scope_after_password", "scope_after_two_step"]

Step = Callable[[Connection, Account], Awaitable[Scope | None]]
"""What must be done first, or `None` where this step asks for nothing."""


async def _children(connection: Connection, account: Account) -> Scope | None:
    """A parent confirms each child once, also one who was linked to them later (R2)."""
    if account.kind != "parent":
        return None
    children = (await children_of(connection, [account.account_id]))[account.account_id]
    return "confirm_children" if to_confirm(children) else None


_AFTER_TWO_STEP: tuple[Step, ...] = (_children,)


async def scope_after_password(connection: Connection, account: Account) -> Scope:
    """Once an own password was right, or was set: by link, by the default, or by its holder."""
    return await _first(connection, account, (_two_step, *_AFTER_TWO_STEP))


async def scope_after_two_step(connection: Connection, account: Account) -> Scope:
    """Once a code was right, or an authenticator was set up."""
    return await _first(connection, account, _AFTER_TWO_STEP)


async def _first(connection: Connection, account: Account, steps: Sequence[Step]) -> Scope:
    for step in steps:
        scope = await step(connection, account)
        if scope is not None:
            return scope
    return "full"


async def _two_step(connection: Connection, account: Account) -> Scope | None:
    if await has_authenticator(connection, account.account_id):
        return "two_step"
    if asks_for_two_step(await find_settings(connection), account):
        return "set_up_two_step"
    return None
