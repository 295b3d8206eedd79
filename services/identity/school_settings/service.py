"""The rules of changing how people sign in: told, logged, and never over somebody else's (R29)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from services.identity.activity.service import about_school, actor_of, record
from services.identity.context import Identity
from services.identity.school_settings.repository import find_settings, keep_settings
from services.identity.school_settings.school_settings import SchoolSettings
from services.identity.schools.repository import lock_school
from services.identity.sessions.repository import end_sessions
from services.identity.sessions.session import tell_ended
from shared.database.pool import Connection
from shared.security.principals import Principal
from shared.web.settings_changed import SettingsChangedMeanwhile, differences

__all__ = ["change_sign_in"]


async def change_sign_in(
    identity: Identity,
    connection: Connection,
    principal: Principal,
    said: dict[str, Any],
    expected_version: int,
) -> SchoolSettings:
    """In force for the next sign-in of anybody. Raises `SettingsChangedMeanwhile`.

    What the school does not use any more opens nothing from now on, and is kept: with it used
    again, it works for the rest of its 14 days.
    """
    school = await lock_school(connection)
    before = await find_settings(connection)
    if before.version != expected_version:
        raise SettingsChangedMeanwhile(before.values(), said, before.version)
    after = replace(before, **said, version=before.version + 1)
    if after.values() == before.values():
        return before
    now = identity.clock()
    await keep_settings(connection, school.school_id, after, now)
    if after.first_passwords != before.first_passwords:
        await _end_first_forms(identity, connection, school.school_id, now)
    await identity.outbox.publish(connection, school.school_id, after.for_others())
    was, is_now = differences(before.values(), after.values())
    entry = about_school(
        now,
        actor_of(principal),
        "settings.sign_in_changed",
        school.school_id,
        school.name,
        before=was,
        after=is_now,
    )
    await record(identity.outbox, connection, school.school_id, [entry])
    return after


async def _end_first_forms(
    identity: Identity, connection: Connection, school_id: UUID, now: datetime
) -> None:
    """Those that the default or a starting code has opened (R2)."""
    ended = {
        **await end_sessions(connection, now, opened_by="default"),
        **await end_sessions(connection, now, opened_by="starting_code"),
    }
    await tell_ended(identity, connection, school_id, ended)
