"""What reports knows of the school, as figures."""

from __future__ import annotations

from fastapi import APIRouter

from services.reports.summary.repository import figures
from services.reports.summary.schemas import ReportsSummary
from shared.contracts.vocabulary import StaffRole
from shared.database.pool import Database
from shared.security.dependencies import AnyUser
from shared.security.principals import Kind
from shared.web.problems import Forbidden

__all__ = ["summary_routes"]


class WholeSchoolOnly(Forbidden):
    slug, title = "whole-school-only", "This is about the whole school"


def summary_routes(database: Database) -> APIRouter:
    router = APIRouter(tags=["summary"])

    @router.get("/summary")
    async def get_summary(principal: AnyUser) -> ReportsSummary:
        """Figures of the school: for those who see all of it (R14)."""
        if principal.kind is not Kind.ADMIN and principal.role != StaffRole.SLT:
            raise WholeSchoolOnly("Only the admin and senior leaders see the whole school.")
        async with database.transaction(principal.tenant) as connection:
            return ReportsSummary(**await figures(connection))

    return router
