"""What the gateway asks of identity about users from a file."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import UUID

from gateway.clients.service import Budget, Caller
from gateway.schemas.user_imports import ImportConfirmation, ImportRow, ImportWanted, UserImport
from shared.web.paging import Page

__all__ = ["UserImports"]

_UPLOAD_SECONDS = 120.0
"""20 MB on the slow line of a school, and reading them."""
_IMPORT_SECONDS = 60.0
"""Looking through thousands of rows, or making as many users."""


class UserImports(Caller):
    async def upload_users(self, file: AsyncIterator[bytes], file_name: str) -> UserImport:
        return await self.upload(
            UserImport,
            "/user-imports",
            file,
            params={"file_name": file_name},
            upload=Budget(_UPLOAD_SECONDS),
        )

    async def user_import(self, import_id: UUID) -> UserImport:
        return await self.ask(UserImport, "GET", f"/user-imports/{import_id}")

    async def preview_user_import(self, import_id: UUID, wanted: ImportWanted) -> UserImport:
        path = f"/user-imports/{import_id}/preview"
        return await self.ask(UserImport, "PUT", path, body=wanted, seconds=_IMPORT_SECONDS)

    async def user_import_rows(self, import_id: UUID, query: Mapping[str, Any]) -> Page[ImportRow]:
        path = f"/user-imports/{import_id}/rows"
        return await self.ask(Page[ImportRow], "GET", path, params=query)

    async def confirm_user_import(
        self, import_id: UUID, confirmation: ImportConfirmation
    ) -> UserImport:
        path = f"/user-imports/{import_id}/confirmation"
        return await self.ask(UserImport, "POST", path, body=confirmation, seconds=_IMPORT_SECONDS)

    async def import_file(self, name: str) -> AsyncIterator[bytes]:
        """The template, or the rejected rows of an import."""
        return await self.download(f"/user-imports/{name}", {})

    async def cancel_user_import(self, import_id: UUID) -> None:
        await self.tell("DELETE", f"/user-imports/{import_id}")
