"""The hour of the overnight sync, and whether parents come by it, as the school decided (R29)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shared.contracts.mis_sync import SyncSettingsChanged

__all__ = ["SyncSetting"]


@dataclass(frozen=True)
class SyncSetting:
    """The default is that of a school that decided nothing; its version is 0."""

    hour: int | None = None
    parents: bool = False
    """Whether contacts of the MIS become parents (R20)."""
    version: int = 0

    def values(self) -> dict[str, Any]:
        """What a person sets, JSON-ready."""
        return {"hour": self.hour, "parents": self.parents}

    def for_others(self) -> SyncSettingsChanged:
        """The state that other services hear of."""
        return SyncSettingsChanged(version=self.version, hour=self.hour, parents=self.parents)
