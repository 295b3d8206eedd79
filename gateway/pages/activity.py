"""The activity log, and the same as a file (R9)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from gateway.rights import Admin
from gateway.schemas.activity import ActivityChoices, ActivityList
from shared.web.paging import Line, Paging

__all__ = ["router"]

router = APIRouter(prefix="/api/activity", tags=["activity"])

_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}}}
}


async def _filters(
    first_day: date | None = None,
    last_day: date | None = None,
    actor_kind: Literal["person", "mis", "system", "operator"] | None = None,
    actor_account_id: UUID | None = None,
    subject_kind: Annotated[str | None, Query(pattern=r"^[a-z_]{1,40}$")] = None,
    action: Annotated[str | None, Query(pattern=r"^[a-z_.]{1,60}$")] = None,
    event_id: UUID | None = None,
    search: Annotated[Line | None, Query()] = None,
    about: Annotated[
        UUID | None, Query(description="One record's id; of a person, with their links to groups.")
    ] = None,
) -> dict[str, Any]:
    """Days are the school's own, both included. `event_id`: what happened in one go."""
    return {
        "first_day": first_day,
        "last_day": last_day,
        "actor_kind": actor_kind,
        "actor_account_id": actor_account_id,
        "subject_kind": subject_kind,
        "action": action,
        "event_id": event_id,
        "search": search,
        "about": about,
    }


Filters = Annotated[dict[str, Any], Depends(_filters)]


@router.get("")
async def list_activity(
    visit: Admin, paging: Paging, filters: Filters, together: bool = False
) -> ActivityList:
    """Newest first. `together`: what was done many times in one go is one line."""
    page = await visit.identity.activity(asdict(paging) | filters | {"together": together})
    return ActivityList(items=page.items, next_cursor=page.next_cursor, total=page.total)


@router.get("/choices")
async def read_activity_choices(visit: Admin) -> ActivityChoices:
    """Who and what stands in the log."""
    return await visit.identity.activity_choices()


@router.get("/export", response_class=StreamingResponse, responses=_FILE)
async def export_activity(visit: Admin, filters: Filters) -> StreamingResponse:
    """The filtered log as CSV, to be kept as a file."""
    return StreamingResponse(
        await visit.identity.activity_export(filters),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": 'attachment; filename="activity-log.csv"',
            "Cache-Control": "no-store",
        },
    )
