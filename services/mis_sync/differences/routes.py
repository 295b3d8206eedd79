"""What a person must decide, and what is in the MIS and not here (R19, R20). Admin only."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from services.mis_sync.context import InContext
from services.mis_sync.differences.export import not_here_file
from services.mis_sync.differences.listing import Filters, counts_by_kind, list_differences
from services.mis_sync.differences.schemas import (
    Difference,
    DifferenceCount,
    DifferencePage,
    NotHere,
    NotHereCount,
    NotHerePage,
)
from services.mis_sync.matching.records import FindingKind, Match
from shared.security.dependencies import Admin
from shared.web.paging import Line, Paging

__all__ = ["router"]

router = APIRouter(tags=["differences"])

State = Literal["open", "ignored", "resolved"]
Who = Literal["pupil", "staff", "contact"]


@router.get("/differences")
async def read_differences(
    principal: Admin,
    mis_sync: InContext,
    paging: Paging,
    kind: FindingKind | None = None,
    state: State | None = None,
    match: Match | None = None,
) -> DifferencePage:
    """By kind, then by name. Without a state, those that are open or ignored."""
    filters = Filters(alert=True, kind=kind, state=state, match=match)
    async with mis_sync.database.transaction(principal.tenant) as connection:
        listed, cursor, total = await list_differences(
            connection, principal.tenant, filters, paging
        )
        counts = await counts_by_kind(connection, principal.tenant, Filters(True, state=state))
    return DifferencePage(
        items=[Difference.of(one) for one in listed],
        next_cursor=cursor,
        total=total,
        counts=[DifferenceCount(kind=name, count=count) for name, _, count in counts],
    )


@router.get("/not-here")
async def read_not_here(
    principal: Admin,
    mis_sync: InContext,
    paging: Paging,
    kind: FindingKind | None = None,
    who: Who | None = None,
) -> NotHerePage:
    """In the MIS, not here, because …; `kind` is the reason's."""
    filters = Filters(alert=False, kind=kind, state="open", mis_kind=who)
    async with mis_sync.database.transaction(principal.tenant) as connection:
        listed, cursor, total = await list_differences(
            connection, principal.tenant, filters, paging
        )
        everybody = Filters(alert=False, state="open")
        counts = await counts_by_kind(connection, principal.tenant, everybody)
    return NotHerePage(
        items=[NotHere.of(one) for one in listed],
        next_cursor=cursor,
        total=total,
        counts=[
            NotHereCount(kind=mis_kind, reason_kind=name, count=count)
            for name, mis_kind, count in counts
        ],
    )


@router.get(
    "/not-here/export",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}}}},
)
async def export_not_here(
    principal: Admin,
    mis_sync: InContext,
    search: Annotated[Line | None, Query()] = None,
    kind: FindingKind | None = None,
    who: Who | None = None,
) -> StreamingResponse:
    """The filtered list as CSV: who, why, and who they probably are here."""
    filters = Filters(alert=False, kind=kind, state="open", mis_kind=who)
    file = await not_here_file(mis_sync, principal, filters, search)
    return StreamingResponse(
        file,
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": 'attachment; filename="in-the-mis-not-here.csv"',
            "Cache-Control": "no-store",
        },
    )
