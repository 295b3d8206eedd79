"""What the gateway asks of mis_sync: the link, its runs, the differences and their mapping."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import UUID

from gateway.clients.service import Caller
from gateway.schemas.mapping import (
    ChangesRequest,
    ChangesResult,
    DifferenceList,
    MappedList,
    MappingPreview,
    MappingRequest,
    MappingResult,
    NotHereList,
)
from gateway.schemas.mis import (
    HeldRun,
    Linked,
    MisLink,
    MisSummary,
    Run,
    RunChanges,
    RunRelease,
    SeenConnector,
    SeenLink,
    WatchedLink,
)
from gateway.schemas.set_up import MisSetUp
from gateway.schemas.settings import SyncChange, SyncSettings
from shared.web.paging import Page

__all__ = ["MisSync"]

_MAPPING_SECONDS = 15.0
"""Saving a whole school's mapping compares its last snapshot again."""
_WATCH_SECONDS = 10.0


class MisSync(Caller):
    async def summary(self) -> MisSummary:
        return await self.ask(MisSummary, "GET", "/summary")

    async def set_up(self) -> MisSetUp:
        return await self.ask(MisSetUp, "GET", "/set-up")

    async def link(self) -> MisLink:
        return await self.ask(MisLink, "GET", "/link")

    async def make_link(self, seen: SeenLink | None) -> Linked:
        return await self.ask(Linked, "POST", "/link", body=seen)

    async def renew_credentials(self, seen: SeenConnector) -> Linked:
        return await self.ask(Linked, "POST", "/link/renew", body=seen)

    async def unlink(self, seen: SeenConnector) -> MisLink:
        return await self.ask(MisLink, "POST", "/link/revoke", body=seen)

    async def request_snapshot(self) -> None:
        await self.tell("POST", "/link/request-snapshot")

    async def runs(self, query: Mapping[str, Any]) -> Page[Run]:
        return await self.ask(Page[Run], "GET", "/runs", params=query)

    async def run(self, run_id: UUID) -> Run:
        return await self.ask(Run, "GET", f"/runs/{run_id}")

    async def run_changes(self, run_id: UUID, query: Mapping[str, Any]) -> RunChanges:
        return await self.ask(RunChanges, "GET", f"/runs/{run_id}/changes", params=query)

    async def held(self, run_id: UUID) -> HeldRun:
        return await self.ask(HeldRun, "GET", f"/runs/{run_id}/held")

    async def release(self, run_id: UUID, shown: RunRelease) -> Run:
        return await self.ask(Run, "POST", f"/runs/{run_id}/release", body=shown)

    async def put_aside(self, run_id: UUID) -> Run:
        return await self.ask(Run, "POST", f"/runs/{run_id}/put-aside")

    async def watch(self, seen: str | None) -> WatchedLink:
        """The link, as soon as it is not as it was `seen`, and after a while in any case."""
        query = {"seen": seen, "seconds": _WATCH_SECONDS}
        seconds = _WATCH_SECONDS + self._service.seconds
        return await self.ask(WatchedLink, "GET", "/link/watch", params=query, seconds=seconds)

    async def differences(self, query: Mapping[str, Any]) -> DifferenceList:
        return await self.ask(DifferenceList, "GET", "/differences", params=query)

    async def not_here(self, query: Mapping[str, Any]) -> NotHereList:
        return await self.ask(NotHereList, "GET", "/not-here", params=query)

    async def not_here_export(self, query: Mapping[str, Any]) -> AsyncIterator[bytes]:
        return await self.download("/not-here/export", query)

    async def mapped(self, query: Mapping[str, Any]) -> MappedList:
        return await self.ask(MappedList, "GET", "/mapping", params=query)

    async def preview_mapping(self, mapping: MappingRequest) -> MappingPreview:
        path = "/mapping/preview"
        return await self.ask(MappingPreview, "POST", path, body=mapping, seconds=_MAPPING_SECONDS)

    async def save_mapping(self, mapping: MappingRequest) -> MappingResult:
        path = "/mapping"
        return await self.ask(MappingResult, "POST", path, body=mapping, seconds=_MAPPING_SECONDS)

    async def preview_changes(self, changes: ChangesRequest) -> MappingPreview:
        path = "/mapping/changes/preview"
        return await self.ask(MappingPreview, "POST", path, body=changes, seconds=_MAPPING_SECONDS)

    async def change_mapping(self, changes: ChangesRequest) -> ChangesResult:
        path = "/mapping/changes"
        return await self.ask(ChangesResult, "POST", path, body=changes, seconds=_MAPPING_SECONDS)

    async def settings(self) -> SyncSettings:
        return await self.ask(SyncSettings, "GET", "/settings")

    async def set_settings(self, change: SyncChange) -> SyncSettings:
        return await self.ask(SyncSettings, "PUT", "/settings", body=change)
