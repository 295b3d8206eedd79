"""What the gateway asks of reports: the school's subjects, terms and attainment scale."""

from __future__ import annotations

from gateway.clients.service import Caller
from gateway.schemas.settings import (
    ReportsSettings,
    ScaleChange,
    ScaleSettings,
    SubjectsChange,
    SubjectsSettings,
    TermsChange,
    TermsSettings,
)

__all__ = ["Reports"]


class Reports(Caller):
    async def settings(self) -> ReportsSettings:
        return await self.ask(ReportsSettings, "GET", "/settings")

    async def set_subjects(self, change: SubjectsChange) -> SubjectsSettings:
        return await self.ask(SubjectsSettings, "PUT", "/settings/subjects", body=change)

    async def set_terms(self, change: TermsChange) -> TermsSettings:
        return await self.ask(TermsSettings, "PUT", "/settings/terms", body=change)

    async def set_scale(self, change: ScaleChange) -> ScaleSettings:
        return await self.ask(ScaleSettings, "PUT", "/settings/scale", body=change)
