"""What the gateway asks of mis_sync: the link, its runs, the differences and their mapping."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from gateway.clients.service import Caller
from gateway.schemas.mis import (
    Difference,
    Linked,
    MappingPreview,
    MappingRequest,
    MappingResult,
    MisLink,
    MisSummary,
    NotHere,
    Run,
)
from gateway.schemas.settings import SyncChange, SyncSettings
from shared.web.paging import Page

__all__ = ["MisSync"]

_MAPPING_SECONDS = 15.0
"""Saving a whole school's mapping compares its last snapshot again."""


class MisSync(Caller):
    async def summary(self) -> MisSummary:
        return await self.ask(MisSummary, "GET", "/summary")

    async def link(self) -> MisLink:
        return await self.ask(MisLink, "GET", "/link")

    async def make_link(self) -> Linked:
        return await self.ask(Linked, "POST", "/link")

    async def request_snapshot(self) -> None:
        await self.tell("POST", "/link/request-snapshot")

    async def runs(self, query: Mapping[str, Any]) -> Page[Run]:
        return await self.ask(Page[Run], "GET", "/runs", params=query)

    async def run(self, run_id: UUID) -> Run:
        return await self.ask(Run, "GET", f"/runs/{run_id}")

    async def differences(self, query: Mapping[str, Any]) -> Page[Difference]:
        return await self.ask(Page[Difference], "GET", "/differences", params=query)

    async def not_here(self, query: Mapping[str, Any]) -> Page[NotHere]:
        return await self.ask(Page[NotHere], "GET", "/not-here", params=query)

    async def preview_mapping(self, mapping: MappingRequest) -> MappingPreview:
        path = "/mapping/preview"
        return await self.ask(MappingPreview, "POST", path, body=mapping, seconds=_MAPPING_SECONDS)

    async def save_mapping(self, mapping: MappingRequest) -> MappingResult:
        path = "/mapping"
        return await self.ask(MappingResult, "POST", path, body=mapping, seconds=_MAPPING_SECONDS)

    async def settings(self) -> SyncSettings:
        return await self.ask(SyncSettings, "GET", "/settings")

    async def set_settings(self, change: SyncChange) -> SyncSettings:
        return await self.ask(SyncSettings, "PUT", "/settings", body=change)
