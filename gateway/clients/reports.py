"""What the gateway asks of reports: settings, logo, templates, markbook, figures, and files."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import UUID

from gateway.clients.attainment import AttainmentOfReports
from gateway.clients.markbook import MarkbookOfReports
from gateway.clients.service import Budget
from gateway.schemas.generated import (
    GeneratedReports,
    GeneratedReportsList,
    ReportChoices,
    ReportPreviewWanted,
    ReportsLook,
    ReportsLookWanted,
    ReportsWanted,
)
from gateway.schemas.logo import Logo, LogoState
from gateway.schemas.set_up import ReportsSetUp
from gateway.schemas.settings import (
    ReportsSettings,
    ScaleChange,
    ScaleSettings,
    SubjectsChange,
    SubjectsSettings,
    TermsChange,
    TermsSettings,
)
from gateway.schemas.templates import (
    NewTemplate,
    PreviewPages,
    PreviewWanted,
    Template,
    TemplateActive,
    TemplateCopy,
    TemplateList,
    TemplateRow,
    TemplateSave,
    TemplateTakeUp,
    TemplateVersions,
)

__all__ = ["Reports"]

_LOGO_SECONDS = 90.0
"""5 MiB on the slow line of a school, and making it anew after others."""
_PREVIEW_SECONDS = 40.0
"""A press is started first, and another is given up after 30."""
_GATHERING_SECONDS = 20.0
"""All that is recorded of a whole year group."""


class Reports(MarkbookOfReports, AttainmentOfReports):
    async def set_up(self) -> ReportsSetUp:
        return await self.ask(ReportsSetUp, "GET", "/set-up")

    async def settings(self) -> ReportsSettings:
        return await self.ask(ReportsSettings, "GET", "/settings")

    async def set_subjects(self, change: SubjectsChange) -> SubjectsSettings:
        return await self.ask(SubjectsSettings, "PUT", "/settings/subjects", body=change)

    async def set_terms(self, change: TermsChange) -> TermsSettings:
        return await self.ask(TermsSettings, "PUT", "/settings/terms", body=change)

    async def set_scale(self, change: ScaleChange) -> ScaleSettings:
        return await self.ask(ScaleSettings, "PUT", "/settings/scale", body=change)

    async def logo(self) -> LogoState:
        return await self.ask(LogoState, "GET", "/logo")

    async def upload_logo(self, file: AsyncIterator[bytes]) -> Logo:
        return await self.upload(Logo, "/logo", file, params={}, upload=Budget(_LOGO_SECONDS))

    async def take_logo_away(self) -> None:
        await self.tell("DELETE", "/logo")

    async def logo_picture(self, version: int) -> bytes:
        pieces = await self.download(f"/logo/{version}/school-logo.png", {})
        return b"".join([piece async for piece in pieces])

    async def templates(self) -> TemplateList:
        return await self.ask(TemplateList, "GET", "/templates")

    async def template(self, template_id: UUID) -> Template:
        return await self.ask(Template, "GET", f"/templates/{template_id}")

    async def add_template(self, new: NewTemplate) -> Template:
        return await self.ask(Template, "POST", "/templates", body=new)

    async def copy_template(self, template_id: UUID, copy: TemplateCopy) -> Template:
        return await self.ask(Template, "POST", f"/templates/{template_id}/copy", body=copy)

    async def save_template(self, template_id: UUID, save: TemplateSave) -> Template:
        return await self.ask(Template, "PUT", f"/templates/{template_id}", body=save)

    async def set_template_active(self, template_id: UUID, change: TemplateActive) -> TemplateRow:
        return await self.ask(TemplateRow, "PUT", f"/templates/{template_id}/active", body=change)

    async def template_versions(self, template_id: UUID) -> TemplateVersions:
        return await self.ask(TemplateVersions, "GET", f"/templates/{template_id}/versions")

    async def template_version(self, template_id: UUID, version: int) -> Template:
        return await self.ask(Template, "GET", f"/templates/{template_id}/versions/{version}")

    async def take_up_template_version(
        self, template_id: UUID, version: int, take_up: TemplateTakeUp
    ) -> Template:
        path = f"/templates/{template_id}/versions/{version}/take-up"
        return await self.ask(Template, "POST", path, body=take_up)

    async def preview_template(self, wanted: PreviewWanted) -> bytes:
        return await self.file("/templates/preview", body=wanted, seconds=_PREVIEW_SECONDS)

    async def preview_template_pages(self, wanted: PreviewWanted) -> PreviewPages:
        path = "/templates/preview/pages"
        return await self.ask(PreviewPages, "POST", path, body=wanted, seconds=_PREVIEW_SECONDS)

    async def choices_of_reports(self) -> ReportChoices:
        return await self.ask(ReportChoices, "GET", "/generated/choices")

    async def look_at_reports(self, wanted: ReportsLookWanted) -> ReportsLook:
        path, seconds = "/generated/look", _GATHERING_SECONDS
        return await self.ask(ReportsLook, "POST", path, body=wanted, seconds=seconds)

    async def preview_of_report(self, wanted: ReportPreviewWanted) -> bytes:
        return await self.file("/generated/preview", body=wanted, seconds=_PREVIEW_SECONDS)

    async def preview_pages_of_report(self, wanted: ReportPreviewWanted) -> PreviewPages:
        path, seconds = "/generated/preview/pages", _PREVIEW_SECONDS
        return await self.ask(PreviewPages, "POST", path, body=wanted, seconds=seconds)

    async def generate(self, wanted: ReportsWanted) -> GeneratedReports:
        path, seconds = "/generated", _GATHERING_SECONDS
        return await self.ask(GeneratedReports, "POST", path, body=wanted, seconds=seconds)

    async def generated(self, page: Mapping[str, Any]) -> GeneratedReportsList:
        return await self.ask(GeneratedReportsList, "GET", "/generated", params=page)

    async def generated_one(self, job_id: UUID) -> GeneratedReports:
        return await self.ask(GeneratedReports, "GET", f"/generated/{job_id}")

    async def cancel_generated(self, job_id: UUID) -> GeneratedReports:
        return await self.ask(GeneratedReports, "POST", f"/generated/{job_id}/cancellation")

    async def make_again(self, job_id: UUID) -> GeneratedReports:
        path, seconds = f"/generated/{job_id}/again", _GATHERING_SECONDS
        return await self.ask(GeneratedReports, "POST", path, seconds=seconds)

    async def generated_file(self, job_id: UUID) -> AsyncIterator[bytes]:
        return await self.download(f"/generated/{job_id}/file", {})
