"""How far logo, subjects and terms are, counted now, for the set-up guide (R28). Admins."""

from __future__ import annotations

from fastapi import APIRouter

from services.reports.logo.repository import current
from services.reports.school_settings.service import SchoolSettings
from services.reports.set_up.schemas import ReportsSetUp
from shared.database.pool import Database
from shared.security.dependencies import Admin

__all__ = ["set_up_routes"]


def set_up_routes(database: Database, settings: SchoolSettings) -> APIRouter:
    router = APIRouter(tags=["set-up"])

    @router.get("/set-up")
    async def get_set_up(principal: Admin) -> ReportsSetUp:
        """A school that has none yet gets its defaults, as on the page of its settings."""
        async with database.transaction(principal.tenant) as connection:
            logo = await current(connection)
            found = await settings.read(connection, principal.tenant)
        terms = [term for term in found.terms if term.active]
        return ReportsSetUp(
            has_logo=logo is not None and logo.digest is not None,
            subjects=sum(subject.active for subject in found.subjects),
            terms=len(terms),
            terms_proposed=sum(term.proposed for term in terms),
        )

    return router
