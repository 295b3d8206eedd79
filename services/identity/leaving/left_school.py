"""A school that has left: until when it is kept, and which services hold nothing of it any more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

__all__ = ["SERVICES", "LeftSchool"]

SERVICES = ("identity", "roster", "mis_sync", "reports")


@dataclass(frozen=True)
class LeftSchool:
    school_id: UUID
    name: str
    left_at: datetime
    erase_after: datetime
    erasing_at: datetime | None = None
    erased: Mapping[str, int] = field(default_factory=dict)
    """Service → how many rows it held."""

    @property
    def is_gone(self) -> bool:
        """Every service has said so."""
        return all(service in self.erased for service in SERVICES)
