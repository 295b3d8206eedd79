"""Whoever takes a list of people away as a file is in the log before a row of it is read (R9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from services.identity.activity.service import about_school, actor_of, record
from services.identity.context import Identity
from shared.database.pool import Connection
from shared.security.principals import Principal

__all__ = ["filters_of", "note_export"]


def filters_of(wanted: Any) -> dict[str, str | bool]:
    """What a list was narrowed down by; `wanted` is a dataclass of filters, `None` for all."""
    said = {one.name: getattr(wanted, one.name) for one in fields(wanted)}
    return {
        name: value if isinstance(value, bool) else str(value)
        for name, value in said.items()
        if value is not None
    }


async def note_export(
    identity: Identity,
    connection: Connection,
    principal: Principal,
    action: str,
    label: str,
    after: Mapping[str, Any],
) -> None:
    """Such a file leaves the school's hands easily. `after`: how much it was, by which filters."""
    entry = about_school(
        identity.clock(), actor_of(principal), action, principal.tenant, label, after=dict(after)
    )
    await record(identity.outbox, connection, principal.tenant, [entry])
