"""Many users at once: chosen by filters, looked through, changed; and the list as a file."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from gateway.rights import Admin
from gateway.schemas.many_users import (
    ManyUsers,
    ManyUsersChange,
    ManyUsersChanged,
    ManyUsersPreview,
    UserSelection,
)
from shared.contracts.vocabulary import StaffRole
from shared.web.paging import Line

__all__ = ["UserFilters", "router"]

router = APIRouter(prefix="/api/users", tags=["users"])

_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}}}
}


async def _filters(
    active: bool = True,
    role: StaffRole | None = None,
    leadership: Literal["head", "deputy"] | None = None,
    claimed: bool | None = None,
    default_password: bool | None = None,
    no_class: bool | None = None,
    search: Annotated[Line | None, Query()] = None,
) -> dict[str, Any]:
    """`no_class`: linked to no active class, such as PPA teachers and some SLT."""
    return {
        "active": active,
        "role": role,
        "leadership": leadership,
        "claimed": claimed,
        "default_password": default_password,
        "no_class": no_class,
        "search": search,
    }


UserFilters = Annotated[dict[str, Any], Depends(_filters)]


@router.get("/ids")
async def select_users(visit: Admin, filters: UserFilters) -> UserSelection:
    """All that fit the filters, as many as can be changed at once."""
    return await visit.identity.select_users(filters)


@router.get("/export", response_class=StreamingResponse, responses=_FILE)
async def export_users(visit: Admin, filters: UserFilters) -> StreamingResponse:
    """The filtered list as CSV, with the names of each user's groups."""
    return StreamingResponse(
        await visit.identity.users_export(filters),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": 'attachment; filename="users.csv"',
            "Cache-Control": "no-store",
        },
    )


@router.post("/many/preview")
async def preview_many_users(change: ManyUsersChange, visit: Admin) -> ManyUsersPreview:
    """What the action would do to each, and what follows. Nothing is changed."""
    if change.group_id is None:
        return await visit.identity.preview_many(_of_identity(change))
    linked = await visit.roster.preview_links_of_users(
        change.group_id, change.ids, present=change.action == "link"
    )
    return ManyUsersPreview(changed=linked.changed, items=linked.fates())


@router.post("/many")
async def change_many_users(change: ManyUsersChange, visit: Admin) -> ManyUsersChanged:
    """All in one, or nothing; who cannot be changed is told with the reason and left."""
    if change.group_id is None:
        return await visit.identity.change_many(_of_identity(change))
    linked = await visit.roster.set_links_of_users(
        change.group_id, change.ids, present=change.action == "link"
    )
    return ManyUsersChanged(changed=linked.changed, items=linked.fates())


def _of_identity(change: ManyUsersChange) -> ManyUsers:
    return ManyUsers(**change.model_dump(exclude={"group_id"}))
