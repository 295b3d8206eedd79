"""What the gateway asks of reports about marks, comments, statements and files of marks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import UUID

from gateway.clients.service import Budget, Caller
from gateway.schemas.mark_imports import (
    MarkImport,
    MarkImportConfirmation,
    MarkImportRow,
    MarkImportWanted,
)
from gateway.schemas.markbook import (
    CommentChange,
    CommentKind,
    GeneralComment,
    GeneralComments,
    Mark,
    Markbook,
    MarkChange,
    Marks,
    NewStatement,
    Statement,
    StatementChange,
    Statements,
)
from shared.web.paging import Page

__all__ = ["MarkbookOfReports"]

_UPLOAD_SECONDS = 120.0
"""20 MB on the slow line of a school, and reading them."""
_IMPORT_SECONDS = 30.0
"""Looking through a thousand rows, or recording as many marks."""


class MarkbookOfReports(Caller):
    async def markbook(self) -> Markbook:
        return await self.ask(Markbook, "GET", "/markbook")

    async def marks(self, group_id: UUID, place: Mapping[str, Any]) -> Marks:
        path = f"/markbook/groups/{group_id}/marks"
        return await self.ask(Marks, "GET", path, params=place)

    async def record_mark(self, group_id: UUID, pupil_id: UUID, change: MarkChange) -> Mark:
        path = f"/markbook/groups/{group_id}/pupils/{pupil_id}/mark"
        return await self.ask(Mark, "PATCH", path, body=change)

    async def exported_marks(
        self, group_id: UUID, wanted: Mapping[str, Any]
    ) -> AsyncIterator[bytes]:
        return await self.download(f"/markbook/groups/{group_id}/marks/export", wanted)

    async def general_comments(self, group_id: UUID, term_id: UUID) -> GeneralComments:
        path = f"/markbook/groups/{group_id}/comments"
        return await self.ask(GeneralComments, "GET", path, params={"term_id": term_id})

    async def record_comment(
        self, group_id: UUID, pupil_id: UUID, kind: CommentKind, change: CommentChange
    ) -> GeneralComment:
        path = f"/markbook/groups/{group_id}/pupils/{pupil_id}/comments/{kind}"
        return await self.ask(GeneralComment, "PATCH", path, body=change)

    async def statements(self) -> Statements:
        return await self.ask(Statements, "GET", "/statements")

    async def add_statement(self, new: NewStatement) -> Statement:
        return await self.ask(Statement, "POST", "/statements", body=new)

    async def change_statement(self, statement_id: UUID, change: StatementChange) -> Statement:
        return await self.ask(Statement, "PATCH", f"/statements/{statement_id}", body=change)

    async def upload_marks(
        self, file: AsyncIterator[bytes], params: Mapping[str, Any]
    ) -> MarkImport:
        return await self.upload(
            MarkImport, "/mark-imports", file, params=params, upload=Budget(_UPLOAD_SECONDS)
        )

    async def mark_import(self, import_id: UUID) -> MarkImport:
        return await self.ask(MarkImport, "GET", f"/mark-imports/{import_id}")

    async def preview_mark_import(self, import_id: UUID, wanted: MarkImportWanted) -> MarkImport:
        path = f"/mark-imports/{import_id}/preview"
        return await self.ask(MarkImport, "PUT", path, body=wanted, seconds=_IMPORT_SECONDS)

    async def mark_import_rows(
        self, import_id: UUID, query: Mapping[str, Any]
    ) -> Page[MarkImportRow]:
        path = f"/mark-imports/{import_id}/rows"
        return await self.ask(Page[MarkImportRow], "GET", path, params=query)

    async def confirm_mark_import(
        self, import_id: UUID, confirmation: MarkImportConfirmation
    ) -> MarkImport:
        path = f"/mark-imports/{import_id}/confirmation"
        return await self.ask(MarkImport, "POST", path, body=confirmation, seconds=_IMPORT_SECONDS)

    async def rejected_mark_rows(self, import_id: UUID) -> AsyncIterator[bytes]:
        return await self.download(f"/mark-imports/{import_id}/rejected", {})

    async def cancel_mark_import(self, import_id: UUID) -> None:
        await self.tell("DELETE", f"/mark-imports/{import_id}")
