"""What the gateway asks of reports: subjects, terms and attainment scale, and the logo."""

from __future__ import annotations

from collections.abc import AsyncIterator

from gateway.clients.service import Budget, Caller
from gateway.schemas.logo import Logo, LogoState
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

_LOGO_SECONDS = 90.0
"""5 MiB on the slow line of a school, and making it anew after others."""


class Reports(Caller):
    async def settings(self) -> ReportsSettings:
        return await self.ask(ReportsSettings, "GET", "/settings")

    async def set_subjects(self, change: SubjectsChange) -> SubjectsSettings:
        return await self.ask(SubjectsSettings, "PUT", "/settings/subjects", body=change)

    async def set_terms(self, change: TermsChange) -> TermsSettings:
        return await self.ask(TermsSettings, "PUT", "/settings/terms", body=change)

    async def set_scale(self, change: ScaleChange) -> ScaleSettings:
        return await self.ask(ScaleSettings, "PUT", "/settings/scale", body=change)

    async def logo(self) -> LogoState:
        return await self.ask(LogoState, "GET", "/logo")

    async def upload_logo(self, file: AsyncIterator[bytes]) -> Logo:
        return await self.upload(Logo, "/logo", file, params={}, upload=Budget(_LOGO_SECONDS))

    async def take_logo_away(self) -> None:
        await self.tell("DELETE", "/logo")

    async def logo_picture(self, version: int) -> bytes:
        pieces = await self.download(f"/logo/{version}/school-logo.png", {})
        return b"".join([piece async for piece in pieces])
