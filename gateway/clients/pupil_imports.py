"""What the gateway asks of roster about pupils from a file."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import UUID

from gateway.clients.service import Budget, Caller
from gateway.schemas.pupil_imports import (
    PupilImport,
    PupilImportConfirmation,
    PupilImportList,
    PupilImportRow,
    PupilImportWanted,
)
from shared.web.paging import Page

__all__ = ["PupilImports"]

_UPLOAD_SECONDS = 180.0
"""20 MB on the slow line of a school, and reading them."""
_IMPORT_SECONDS = 120.0
"""Looking through 50,000 rows, or writing as many pupils."""


class PupilImports(Caller):
    async def upload_pupils(
        self, file: AsyncIterator[bytes], file_name: str, import_id: UUID | None
    ) -> PupilImport:
        return await self.upload(
            PupilImport,
            "/pupil-imports",
            file,
            params={"file_name": file_name, "import_id": import_id},
            upload=Budget(_UPLOAD_SECONDS),
        )

    async def pupil_imports(self) -> PupilImportList:
        return await self.ask(PupilImportList, "GET", "/pupil-imports")

    async def pupil_import(self, import_id: UUID) -> PupilImport:
        return await self.ask(PupilImport, "GET", f"/pupil-imports/{import_id}")

    async def preview_pupil_import(self, import_id: UUID, wanted: PupilImportWanted) -> PupilImport:
        path = f"/pupil-imports/{import_id}/preview"
        return await self.ask(PupilImport, "PUT", path, body=wanted, seconds=_IMPORT_SECONDS)

    async def pupil_import_rows(
        self, import_id: UUID, query: Mapping[str, Any]
    ) -> Page[PupilImportRow]:
        path = f"/pupil-imports/{import_id}/rows"
        return await self.ask(Page[PupilImportRow], "GET", path, params=query)

    async def confirm_pupil_import(
        self, import_id: UUID, confirmation: PupilImportConfirmation
    ) -> PupilImport:
        path = f"/pupil-imports/{import_id}/confirmation"
        return await self.ask(PupilImport, "POST", path, body=confirmation, seconds=_IMPORT_SECONDS)

    async def undo_pupil_import(self, import_id: UUID) -> PupilImport:
        path = f"/pupil-imports/{import_id}/undo"
        return await self.ask(PupilImport, "POST", path, seconds=_IMPORT_SECONDS)

    async def pupil_import_file(self, name: str, query: Mapping[str, Any]) -> AsyncIterator[bytes]:
        """A file about imports, such as the rejected rows of one."""
        return await self.download(f"/pupil-imports/{name}", query)

    async def cancel_pupil_import(self, import_id: UUID) -> None:
        await self.tell("DELETE", f"/pupil-imports/{import_id}")
