"""Changing the hour of the overnight sync: told, logged, and never over somebody else's (R29)."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from services.mis_sync import activity
from services.mis_sync.context import MisSync
from services.mis_sync.overnight import repository
from services.mis_sync.overnight.nights import due_at, time_of_night
from services.mis_sync.overnight.setting import SyncSetting
from shared.database.pool import Connection
from shared.security.principals import Principal
from shared.web.settings_changed import SettingsChangedMeanwhile

__all__ = ["change_hour"]


async def change_hour(
    mis_sync: MisSync,
    connection: Connection,
    principal: Principal,
    hour: int | None,
    expected_version: int,
) -> SyncSetting:
    """Counts for the night that is to come. Raises `SettingsChangedMeanwhile`.

    A night in which the MIS was asked already is not asked again, whatever the hour is now.
    """
    school_id, now = principal.tenant, mis_sync.clock()
    before = await repository.lock_setting(connection, school_id, now)
    after = replace(before, hour=hour, version=before.version + 1)
    if before.version != expected_version:
        raise SettingsChangedMeanwhile(before.values(), after.values(), before.version)
    if after.hour == before.hour:
        return before
    await repository.keep_setting(connection, school_id, after, now)
    night = await repository.coming_night(connection, school_id)
    if night is not None:
        moment = due_at(school_id, night, hour)
        await repository.move_night(connection, school_id, night, moment)
    await mis_sync.outbox.publish(connection, school_id, after.for_others())
    line = activity.entry(
        at=now,
        actor=activity.by(principal),
        action="settings.sync_changed",
        kind="mis_link",
        label="MIS synchronisation",
        before={"hour_of_the_nightly_sync": _said(school_id, before)},
        after={"hour_of_the_nightly_sync": _said(school_id, after)},
    )
    await activity.record(mis_sync.outbox, connection, school_id, [line])
    return after


def _said(school_id: UUID, setting: SyncSetting) -> str:
    at = f"about {time_of_night(school_id, setting.hour):%H:%M}"
    return f"{at}, the normal setting" if setting.hour is None else at
