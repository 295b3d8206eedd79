"""Asking whether a browser is known, and what it keeps once somebody is wholly signed in (R3)."""

from __future__ import annotations

from uuid import UUID

from services.identity.accounts.account import NOBODY
from services.identity.accounts.repository import find_accounts, find_in_directory
from services.identity.context import Identity
from services.identity.sessions.session import OpenSession
from shared.security.principals import Principal

__all__ = ["device_after", "name_by_what_was_typed", "place_of"]


def device_after(identity: Identity, session: OpenSession, before: str | None) -> str | None:
    """`None` where a step is left, and the browser keeps what it has."""
    if session.stored.scope != "full":
        return None
    return identity.devices.renewed(before, session.account)


async def name_by_what_was_typed(identity: Identity, key: str, device: str | None) -> str | None:
    """As `Devices.name_for`, of whoever is meant. The work is the same, be it nobody."""
    if not identity.devices.is_ours(device):
        return None
    async with identity.database.transaction() as connection:
        entry = (await find_in_directory(connection, [key])).get(key)
    whose = (entry.account_id, entry.school_id) if entry else (NOBODY, NOBODY)
    return await _name_for(identity, *whose, device)


async def place_of(
    identity: Identity, principal: Principal, device: str | None, address: str | None
) -> str | None:
    """Where the guesses of who has typed a password come from: a known browser, or an address."""
    if not identity.devices.is_ours(device):
        return address
    found = await _name_for(identity, principal.account_id, principal.tenant, device)
    return found or address


async def _name_for(
    identity: Identity, account_id: UUID, school_id: UUID, device: str | None
) -> str | None:
    async with identity.database.transaction(school_id) as connection:
        account = (await find_accounts(connection, [account_id])).get(account_id)
    return identity.devices.name_for(device, account)
