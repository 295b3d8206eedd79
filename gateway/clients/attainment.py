"""What the gateway asks of reports about attainment and progress."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.clients.service import Caller
from gateway.schemas.attainment import (
    AttainmentChoices,
    AttainmentFigures,
    ProgressFigures,
    PupilsProgress,
)

__all__ = ["AttainmentOfReports"]


class AttainmentOfReports(Caller):
    async def attainment_choices(self) -> AttainmentChoices:
        return await self.ask(AttainmentChoices, "GET", "/attainment/choices")

    async def attainment(self, asked: Mapping[str, Any]) -> AttainmentFigures:
        return await self.ask(AttainmentFigures, "GET", "/attainment", params=asked)

    async def progress(self, asked: Mapping[str, Any]) -> ProgressFigures:
        return await self.ask(ProgressFigures, "GET", "/attainment/progress", params=asked)

    async def pupils_progress(self, asked: Mapping[str, Any]) -> PupilsProgress:
        return await self.ask(PupilsProgress, "GET", "/attainment/pupils", params=asked)
