"""Data Management: MIS Mapping, and who is in the MIS and not here (R18–R20)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from gateway.downloads import download, file_answer
from gateway.rights import Admin
from gateway.schemas.mapping import (
    ChangesRequest,
    ChangesResult,
    DifferenceList,
    MappedList,
    MappedOrigin,
    MappingPreview,
    MappingRequest,
    MappingResult,
    NotHereKind,
    NotHereList,
    RecordKind,
)
from gateway.schemas.mis import DifferenceKind, DifferenceState
from shared.web.paging import Line, Paging

__all__ = ["router"]

router = APIRouter(prefix="/api/mis", tags=["mis"])

ReasonKind = Annotated[str | None, Query(pattern=r"^[a-z_]{1,40}$")]


async def _not_here_filters(
    search: Annotated[Line | None, Query()] = None,
    kind: NotHereKind | None = None,
    because: ReasonKind = None,
) -> dict[str, Any]:
    """For the list and its file alike. `kind` is who they are, `because` the kind of reason."""
    return {"search": search, "who": kind, "kind": because}


NotHereFilters = Annotated[dict[str, Any], Depends(_not_here_filters)]


@router.get("/differences")
async def list_differences(
    visit: Admin,
    paging: Paging,
    kind: DifferenceKind | None = None,
    state: DifferenceState | None = None,
    match: Literal["not_matched", "may_match", "new", "matched"] | None = None,
) -> DifferenceList:
    """What a person must decide; `open` ones raise the mapping alert."""
    filters = {"kind": kind, "state": state, "match": match}
    return await visit.mis_sync.differences(asdict(paging) | filters)


@router.get("/not-here")
async def list_not_here(visit: Admin, paging: Paging, filters: NotHereFilters) -> NotHereList:
    """Who is in the MIS and not here, each with the reason."""
    return await visit.mis_sync.not_here(asdict(paging) | filters)


@router.get("/not-here/export", response_class=StreamingResponse, responses=file_answer("text/csv"))
async def export_not_here(visit: Admin, filters: NotHereFilters) -> StreamingResponse:
    """The filtered list as CSV, to be worked through beside the MIS."""
    file = await visit.mis_sync.not_here_export(filters)
    return download(file, "in-the-mis-not-here.csv")


@router.get("/mapping")
async def list_mapped(
    visit: Admin,
    paging: Paging,
    kind: RecordKind | None = None,
    origin: MappedOrigin | None = None,
) -> MappedList:
    """All that is mapped, by kind and name, with who mapped it, when and why."""
    return await visit.mis_sync.mapped(asdict(paging) | {"kind": kind, "origin": origin})


@router.post("/mapping/preview")
async def preview_mapping(mapping: MappingRequest, visit: Admin) -> MappingPreview:
    """What saving these decisions would do. Nothing is changed."""
    return await visit.mis_sync.preview_mapping(mapping)


@router.post("/mapping")
async def save_mapping(mapping: MappingRequest, visit: Admin) -> MappingResult:
    """Decide differences, one or many at once; the sync goes on with what they settle.

    `409` with `conflicts` where another admin was faster: then nothing is saved.
    """
    return await visit.mis_sync.save_mapping(mapping)


@router.post("/mapping/changes/preview")
async def preview_mapping_changes(changes: ChangesRequest, visit: Admin) -> MappingPreview:
    """What these changes of the mapping would do. Nothing is changed."""
    return await visit.mis_sync.preview_changes(changes)


@router.post("/mapping/changes")
async def change_mapping(changes: ChangesRequest, visit: Admin) -> ChangesResult:
    """Move what is mapped to another record, or take it apart. `409` as when saving decisions."""
    return await visit.mis_sync.change_mapping(changes)
