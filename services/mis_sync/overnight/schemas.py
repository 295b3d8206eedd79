"""The shapes of the hour of the overnight sync over HTTP (R29)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.mis_sync.overnight.nights import LAST_HOUR, minute_of, time_of_night
from services.mis_sync.overnight.setting import SyncSetting

__all__ = ["SyncBody", "SyncSettings", "SyncValues"]


class SyncValues(BaseModel):
    hour: int | None = Field(
        ge=0,
        le=LAST_HOUR,
        description="In London's time; null leaves it to us, between 1 and 5.",
    )
    parents: bool = Field(description="Whether contacts of the MIS become parents (R20).")


class SyncSettings(SyncValues):
    """`at` and `usual_at` are London's times, as `02:37`: schools are spread over each hour."""

    version: int = Field(description="0 until somebody changes something.")
    at: str = Field(description="When the MIS is asked every night.")
    usual_at: str = Field(description="When it is where the hour is left to us.")
    minute: int = Field(description="The minute of whichever hour.")
    defaults: SyncValues

    @classmethod
    def of(cls, school_id: UUID, setting: SyncSetting) -> SyncSettings:
        return cls(
            hour=setting.hour,
            parents=setting.parents,
            version=setting.version,
            at=f"{time_of_night(school_id, setting.hour):%H:%M}",
            usual_at=f"{time_of_night(school_id, None):%H:%M}",
            minute=minute_of(school_id),
            defaults=SyncValues(**SyncSetting().values()),
        )


class SyncBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    expected_version: int = Field(description="The version that was looked at.")
    hour: int | None = Field(ge=0, le=LAST_HOUR)
    parents: bool | None = Field(default=None, description="Null leaves it as it is.")

    def said(self) -> dict[str, Any]:
        return self.model_dump(exclude={"expected_version"}, exclude_none=True) | {
            "hour": self.hour
        }
