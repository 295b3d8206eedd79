"""The markbook over HTTP, for teachers and senior leaders (R26)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response

from services.reports.markbook.export import MarkbookFiles
from services.reports.markbook.mark import CommentKind
from services.reports.markbook.schemas import (
    CommentBody,
    CommentsView,
    CommentView,
    MarkBody,
    MarkbookView,
    MarksView,
    MarkView,
)
from services.reports.markbook.service import Markbook
from shared.security.dependencies import User

__all__ = ["markbook_routes"]


def markbook_routes(markbook: Markbook, files: MarkbookFiles) -> APIRouter:
    router = APIRouter(prefix="/markbook", tags=["markbook"])

    @router.get("")
    async def read_markbook(principal: User) -> MarkbookView:
        """Groups that one sees, and what there is to record of them."""
        return MarkbookView.of(await markbook.choices(principal))

    @router.get("/groups/{group_id}/marks")
    async def read_marks(
        principal: User, group_id: UUID, term_id: UUID, subject_id: UUID
    ) -> MarksView:
        """Of the group's active pupils, by name."""
        return MarksView.of(await markbook.read(principal, group_id, term_id, subject_id))

    @router.patch("/groups/{group_id}/pupils/{pupil_id}/mark")
    async def record_mark(
        principal: User, group_id: UUID, pupil_id: UUID, body: MarkBody
    ) -> MarkView:
        """409 `changed-meanwhile` with what is there where somebody else was quicker.

        What is there already is no change: the same can be sent again.
        """
        _, mark = await markbook.record(
            principal,
            group_id,
            body.term_id,
            body.subject_id,
            pupil_id,
            body.said(),
            body.expected_version,
        )
        return MarkView.of(mark)

    @router.get("/groups/{group_id}/comments")
    async def read_comments(principal: User, group_id: UUID, term_id: UUID) -> CommentsView:
        """General comments: the class teacher's and the head teacher's."""
        return CommentsView.of(*await markbook.read_comments(principal, group_id, term_id))

    @router.patch("/groups/{group_id}/pupils/{pupil_id}/comments/{kind}")
    async def record_comment(
        principal: User, group_id: UUID, pupil_id: UUID, kind: CommentKind, body: CommentBody
    ) -> CommentView:
        """As `record_mark`. The head teacher's comment is for senior leaders."""
        comment = await markbook.comment(
            principal,
            group_id,
            body.term_id,
            pupil_id,
            kind,
            body.comment,
            body.expected_version,
        )
        return CommentView.of(comment)

    @router.get("/groups/{group_id}/marks/export", response_class=Response)
    async def export_marks(
        principal: User,
        group_id: UUID,
        term_id: UUID,
        subject_id: UUID,
        empty: Annotated[
            bool, Query(description="The pupils alone: a list to be filled in.")
        ] = False,
    ) -> Response:
        """As CSV, with the headings that an import knows."""
        text = await files.marks(principal, group_id, term_id, subject_id, empty=empty)
        return Response(text, media_type="text/csv; charset=utf-8")

    return router
