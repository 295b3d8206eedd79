"""Attainment and progress over HTTP (R26): teachers of their groups, senior leaders of all."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from services.reports.attainment.files import AttainmentFiles
from services.reports.attainment.roll import Scope
from services.reports.attainment.schemas import (
    AttainmentView,
    ChoicesView,
    ProgressView,
    PupilsView,
)
from services.reports.attainment.service import Attainment
from shared.contracts.vocabulary import YearGroup
from shared.security.dependencies import User

__all__ = ["attainment_routes"]

_CSV: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}}}
}


def _scope(year_group: YearGroup | None = None, group_id: UUID | None = None) -> Scope:
    return Scope(year_group, group_id)


AScope = Annotated[Scope, Depends(_scope)]
"""Neither: the whole school."""
Term = Annotated[UUID, Query()]


def attainment_routes(attainment: Attainment, files: AttainmentFiles) -> APIRouter:
    router = APIRouter(prefix="/attainment", tags=["attainment"])

    @router.get("/choices")
    async def list_attainment_choices(principal: User) -> ChoicesView:
        """Whom and which terms and subjects one can ask for."""
        return ChoicesView.of(await attainment.choices(principal))

    @router.get("")
    async def read_attainment(principal: User, scope: AScope, term_id: Term) -> AttainmentView:
        """All subjects in a term: how many pupils are in which band, and by whom compared."""
        return AttainmentView.made(await attainment.attainment(principal, scope, term_id))

    @router.get("/export", response_class=Response, responses=_CSV)
    async def export_attainment(principal: User, scope: AScope, term_id: Term) -> Response:
        """The same as CSV."""
        return _file(await files.attainment(principal, scope, term_id))

    @router.get("/progress")
    async def read_progress(
        principal: User, scope: AScope, from_term: Term, to_term: Term
    ) -> ProgressView:
        """Between two terms, also of two academic years: how many moved up, stayed, moved down."""
        return ProgressView.made(await attainment.progress(principal, scope, from_term, to_term))

    @router.get("/progress/export", response_class=Response, responses=_CSV)
    async def export_progress(
        principal: User, scope: AScope, from_term: Term, to_term: Term
    ) -> Response:
        """The same as CSV."""
        return _file(await files.progress(principal, scope, from_term, to_term))

    @router.get("/pupils")
    async def list_pupils_progress(
        principal: User, group_id: UUID, subject_id: UUID, from_term: Term, to_term: Term
    ) -> PupilsView:
        """The pupils of a group one by one, with the bands of each term from one to the other."""
        table = await attainment.pupils(principal, group_id, subject_id, from_term, to_term)
        return PupilsView.made(table)

    @router.get("/pupils/export", response_class=Response, responses=_CSV)
    async def export_pupils_progress(
        principal: User, group_id: UUID, subject_id: UUID, from_term: Term, to_term: Term
    ) -> Response:
        """The same as CSV."""
        return _file(await files.pupils(principal, group_id, subject_id, from_term, to_term))

    return router


def _file(text: str) -> Response:
    return Response(text, media_type="text/csv; charset=utf-8")
