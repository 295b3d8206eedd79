"""Changing the sync's settings: told, logged, and never over somebody else's (R29)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from services.mis_sync import activity
from services.mis_sync.context import MisSync
from services.mis_sync.links.repository import lock_link
from services.mis_sync.overnight import repository
from services.mis_sync.overnight.nights import due_at, time_of_night
from services.mis_sync.overnight.setting import SyncSetting
from services.mis_sync.snapshots.keeping import forget_contacts
from shared.database.pool import Connection
from shared.security.principals import Principal
from shared.web.settings_changed import SettingsChangedMeanwhile

__all__ = ["change_settings"]


async def change_settings(
    mis_sync: MisSync,
    connection: Connection,
    principal: Principal,
    said: dict[str, Any],
    expected_version: int,
) -> SyncSetting:
    """Counts for the night that is to come. Raises `SettingsChangedMeanwhile`.

    A night in which the MIS was asked already is not asked again, whatever the hour is now. With
    parents no longer from the MIS, what it said of contacts is forgotten.
    """
    school_id, now = principal.tenant, mis_sync.clock()
    await lock_link(connection, school_id)
    before = await repository.lock_setting(connection, school_id, now)
    after = replace(before, **said, version=before.version + 1)
    if before.version != expected_version:
        raise SettingsChangedMeanwhile(before.values(), after.values(), before.version)
    if after.values() == before.values():
        return before
    await repository.keep_setting(connection, school_id, after, now)
    if after.hour != before.hour:
        await _move_night(connection, school_id, after.hour)
    if before.parents and not after.parents:
        await forget_contacts(connection, school_id, now)
    await mis_sync.outbox.publish(connection, school_id, after.for_others())
    was, is_now = _difference(school_id, before, after)
    line = activity.entry(
        at=now,
        actor=activity.by(principal),
        action="settings.sync_changed",
        kind="mis_link",
        label="MIS synchronisation",
        before=was,
        after=is_now,
    )
    await activity.record(mis_sync.outbox, connection, school_id, [line])
    return after


async def _move_night(connection: Connection, school_id: UUID, hour: int | None) -> None:
    night = await repository.coming_night(connection, school_id)
    if night is not None:
        moment = due_at(school_id, night, hour)
        await repository.move_night(connection, school_id, night, moment)


def _difference(
    school_id: UUID, before: SyncSetting, after: SyncSetting
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is other than before, as the activity log has it."""
    was: dict[str, Any] = {}
    is_now: dict[str, Any] = {}
    if after.hour != before.hour:
        was["hour_of_the_nightly_sync"] = _said(school_id, before)
        is_now["hour_of_the_nightly_sync"] = _said(school_id, after)
    if after.parents != before.parents:
        was["parents_come_from_the_MIS"] = before.parents
        is_now["parents_come_from_the_MIS"] = after.parents
    return was, is_now


def _said(school_id: UUID, setting: SyncSetting) -> str:
    at = f"about {time_of_night(school_id, setting.hour):%H:%M}"
    return f"{at}, the normal setting" if setting.hour is None else at
