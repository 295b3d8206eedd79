"""Changing a school's details: told, logged, and never over somebody else's (R29)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from services.identity.activity.service import about_school, actor_of, record
from services.identity.context import Identity
from services.identity.schools.repository import keep_details, lock_school
from services.identity.schools.school import School
from shared.database.pool import Connection
from shared.security.principals import Principal
from shared.web.settings_changed import SettingsChangedMeanwhile, differences

__all__ = ["change_details"]


async def change_details(
    identity: Identity,
    connection: Connection,
    principal: Principal,
    said: dict[str, Any],
    expected_version: int,
) -> School:
    """The whole of them. Raises `SettingsChangedMeanwhile`.

    Usernames are what they were (R7). Fewer year groups move nobody: pupils outside stay active
    where they are, until a person moves them or makes them inactive (R6).
    """
    before = await lock_school(connection)
    if before.version != expected_version:
        raise SettingsChangedMeanwhile(before.values(), said, before.version)
    after = replace(before, **said, version=before.version + 1)
    if after.values() == before.values():
        return before
    await keep_details(connection, after)
    await identity.outbox.publish(connection, after.school_id, after.for_others())
    was, is_now = differences(before.values(), after.values())
    entry = about_school(
        identity.clock(),
        actor_of(principal),
        "settings.school_changed",
        after.school_id,
        after.name,
        before=was,
        after=is_now,
    )
    await record(identity.outbox, connection, after.school_id, [entry])
    return after
