"""A school's subjects, terms and attainment scale over HTTP, for its admin (R29)."""

from __future__ import annotations

from fastapi import APIRouter

from services.reports.school_settings.schemas import (
    ReportsSettings,
    ScaleBody,
    ScaleSettings,
    SubjectsBody,
    SubjectsSettings,
    TermsBody,
    TermsSettings,
)
from services.reports.school_settings.service import SchoolSettings
from shared.database.pool import Database
from shared.security.dependencies import Admin

__all__ = ["settings_routes"]


def settings_routes(database: Database, settings: SchoolSettings) -> APIRouter:
    router = APIRouter(prefix="/settings", tags=["settings"])

    @router.get("")
    async def read_settings(principal: Admin) -> ReportsSettings:
        """All sections. A school that is new has the defaults."""
        async with database.transaction(principal.tenant) as connection:
            return ReportsSettings.of(await settings.read(connection, principal.tenant))

    @router.put("/subjects")
    async def set_subjects(principal: Admin, body: SubjectsBody) -> SubjectsSettings:
        """All subjects, in the school's order."""
        said = [subject.said() for subject in body.subjects]
        async with database.transaction(principal.tenant) as connection:
            saved = await settings.set_subjects(connection, principal, said, body.expected_version)
        return SubjectsSettings.of(saved)

    @router.put("/terms")
    async def set_terms(principal: Admin, body: TermsBody) -> TermsSettings:
        """The terms of the school's academic year."""
        said = [term.said() for term in body.terms]
        async with database.transaction(principal.tenant) as connection:
            saved = await settings.set_terms(connection, principal, said, body.expected_version)
        return TermsSettings.of(saved)

    @router.put("/scale")
    async def set_scale(principal: Admin, body: ScaleBody) -> ScaleSettings:
        """All bands of the attainment scale, from the lowest to the highest."""
        said = [band.said() for band in body.bands]
        async with database.transaction(principal.tenant) as connection:
            saved = await settings.set_scale(connection, principal, said, body.expected_version)
        return ScaleSettings.of(saved)

    return router
