"""Markbook: marks and comments as they are typed, and the statement bank (R26)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from gateway.downloads import CSV, download, file_answer
from gateway.rights import User
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

__all__ = ["router"]

router = APIRouter(prefix="/api/markbook", tags=["markbook"])


@router.get("")
async def read_markbook(visit: User) -> Markbook:
    """Groups that one sees, and what there is to record of them."""
    return await visit.reports.markbook()


@router.get("/groups/{group_id}/marks")
async def read_marks(group_id: UUID, term_id: UUID, subject_id: UUID, visit: User) -> Marks:
    """Of the group's active pupils, by name."""
    place = {"term_id": term_id, "subject_id": subject_id}
    return await visit.reports.marks(group_id, place)


@router.patch("/groups/{group_id}/pupils/{pupil_id}/mark")
async def record_mark(group_id: UUID, pupil_id: UUID, change: MarkChange, visit: User) -> Mark:
    """409 `changed-meanwhile` has in `current` what is there, where somebody else was quicker."""
    return await visit.reports.record_mark(group_id, pupil_id, change)


@router.get("/groups/{group_id}/comments")
async def read_general_comments(group_id: UUID, term_id: UUID, visit: User) -> GeneralComments:
    return await visit.reports.general_comments(group_id, term_id)


@router.patch("/groups/{group_id}/pupils/{pupil_id}/comments/{kind}")
async def record_general_comment(
    group_id: UUID, pupil_id: UUID, kind: CommentKind, change: CommentChange, visit: User
) -> GeneralComment:
    """As `record_mark`. The head teacher's comment is for senior leaders."""
    return await visit.reports.record_comment(group_id, pupil_id, kind, change)


@router.get(
    "/groups/{group_id}/marks/export",
    response_class=StreamingResponse,
    responses=file_answer(CSV),
)
async def export_marks(
    group_id: UUID,
    term_id: UUID,
    subject_id: UUID,
    visit: User,
    empty: Annotated[bool, Query(description="The pupils alone: a list to be filled in.")] = False,
) -> StreamingResponse:
    """As CSV, with the headings that an import knows."""
    wanted = {"term_id": term_id, "subject_id": subject_id, "empty": empty}
    file = await visit.reports.exported_marks(group_id, wanted)
    return download(file, "marks-to-fill-in.csv" if empty else "marks.csv")


@router.get("/statements")
async def list_statements(visit: User) -> Statements:
    """All of the school's, inactive ones too."""
    return await visit.reports.statements()


@router.post("/statements", status_code=201)
async def add_statement(new: NewStatement, visit: User) -> Statement:
    return await visit.reports.add_statement(new)


@router.patch("/statements/{statement_id}")
async def change_statement(statement_id: UUID, change: StatementChange, visit: User) -> Statement:
    return await visit.reports.change_statement(statement_id, change)
