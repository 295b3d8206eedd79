"""The activity log over HTTP, for the admin (R9). There is no route that changes it."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from services.identity.activity import log
from services.identity.activity.entry import Wanted
from services.identity.activity.schemas import (
    ActivityChoices,
    ActivityView,
    ActorKind,
    SubjectKind,
)
from services.identity.context import InContext
from shared.security.dependencies import Admin
from shared.web.paging import Line, Page, Paging

__all__ = ["router"]

router = APIRouter(tags=["activity"])

Action = Annotated[str, Query(pattern=r"^[a-z_.]{1,60}$")]


def _wanted(
    first_day: date | None = None,
    last_day: date | None = None,
    actor_kind: ActorKind | None = None,
    actor_account_id: UUID | None = None,
    subject_kind: SubjectKind | None = None,
    action: Action | None = None,
    event_id: UUID | None = None,
    search: Annotated[Line | None, Query()] = None,
    about: Annotated[
        UUID | None, Query(description="One record's id; of a person, with their links to groups.")
    ] = None,
) -> Wanted:
    return Wanted(
        actor_kind=actor_kind,
        actor_account_id=actor_account_id,
        subject_kind=subject_kind,
        action=action,
        event_id=event_id,
        search=search,
        about=about,
    ).between(first_day, last_day)


WantedEntries = Annotated[Wanted, Depends(_wanted)]


@router.get("/activity")
async def list_activity(
    identity: InContext,
    principal: Admin,
    page: Paging,
    wanted: WantedEntries,
    together: bool = False,
) -> Page[ActivityView]:
    """Newest first. `together`: what one event did many times is one line."""
    async with identity.database.transaction(principal.tenant) as connection:
        found = await log.read_log(connection, wanted, page, together=together)
    return Page(
        items=[ActivityView.of(entry) for entry in found.entries],
        next_cursor=found.next_cursor,
        total=found.total,
    )


@router.get("/activity/choices")
async def list_activity_choices(identity: InContext, principal: Admin) -> ActivityChoices:
    async with identity.database.transaction(principal.tenant) as connection:
        return ActivityChoices.of(await log.choices(connection))


@router.get("/activity/export", response_class=StreamingResponse)
async def export_activity(
    identity: InContext, principal: Admin, wanted: WantedEntries
) -> StreamingResponse:
    """The same entries as CSV, each by itself."""
    text = await log.exported(identity, principal, wanted)
    return StreamingResponse(text, media_type="text/csv; charset=utf-8")
