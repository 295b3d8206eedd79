"""The page Attainment and Progress, for teachers and senior leaders (R26)."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from gateway.downloads import download, file_answer
from gateway.rights import User
from gateway.schemas.attainment import (
    AttainmentChoices,
    AttainmentFigures,
    ProgressFigures,
    PupilsProgress,
)
from shared.contracts.vocabulary import YearGroup

__all__ = ["router"]

router = APIRouter(prefix="/api/attainment", tags=["attainment"])

_CSV = file_answer("text/csv")


def _of(year_group: YearGroup | None = None, group_id: UUID | None = None) -> dict[str, Any]:
    return {"year_group": year_group, "group_id": group_id}


def _between(
    from_term: Annotated[UUID, Query()], to_term: Annotated[UUID, Query()]
) -> dict[str, Any]:
    return {"from_term": from_term, "to_term": to_term}


def _pupils(group_id: UUID, subject_id: UUID) -> dict[str, Any]:
    return {"group_id": group_id, "subject_id": subject_id}


Of = Annotated[dict[str, Any], Depends(_of)]
"""A year group, or a class or set; neither is the whole school."""
Between = Annotated[dict[str, Any], Depends(_between)]
Pupils = Annotated[dict[str, Any], Depends(_pupils)]


@router.get("/choices")
async def read_attainment_choices(visit: User) -> AttainmentChoices:
    """Whom, which terms and which subjects one can ask for."""
    return await visit.reports.attainment_choices()


@router.get("")
async def read_attainment(visit: User, of: Of, term_id: UUID) -> AttainmentFigures:
    """In each subject how many pupils are in which band, all and compared."""
    return await visit.reports.attainment({**of, "term_id": term_id})


@router.get("/export", response_class=StreamingResponse, responses=_CSV)
async def export_attainment(visit: User, of: Of, term_id: UUID) -> StreamingResponse:
    """The same as CSV."""
    file = await visit.reports.download("/attainment/export", {**of, "term_id": term_id})
    return download(file, "attainment.csv")


@router.get("/progress")
async def read_progress(visit: User, of: Of, between: Between) -> ProgressFigures:
    """Between two terms, how many pupils moved up, stayed or moved down, all and compared."""
    return await visit.reports.progress({**of, **between})


@router.get("/progress/export", response_class=StreamingResponse, responses=_CSV)
async def export_progress(visit: User, of: Of, between: Between) -> StreamingResponse:
    """The same as CSV."""
    file = await visit.reports.download("/attainment/progress/export", {**of, **between})
    return download(file, "progress.csv")


@router.get("/pupils")
async def read_pupils_progress(visit: User, pupils: Pupils, between: Between) -> PupilsProgress:
    """The pupils of a group in a subject, one by one, term beside term."""
    return await visit.reports.pupils_progress({**pupils, **between})


@router.get("/pupils/export", response_class=StreamingResponse, responses=_CSV)
async def export_pupils_progress(
    visit: User, pupils: Pupils, between: Between
) -> StreamingResponse:
    """The same as CSV."""
    file = await visit.reports.download("/attainment/pupils/export", {**pupils, **between})
    return download(file, "pupils-progress.csv")
