"""A school's templates: read, made, copied, saved in versions, taken up again, inactive (R25).

A school has one of each kind from the first time somebody asks. Each save is a version, and none is
changed or deleted, so that a report can be made again as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from services.reports.activity import about_school, person
from services.reports.announcements import Announcements
from services.reports.clock import Clock
from services.reports.school_settings.repository import lock as lock_school
from services.reports.school_settings.service import SchoolSettings
from services.reports.subjects.subject import Subject
from services.reports.templates import repository
from services.reports.templates.defaults import DEFAULT_NAMES, default_layout
from services.reports.templates.history import in_words
from services.reports.templates.problems import (
    NoSuchTemplate,
    TemplateChangedMeanwhile,
    TemplateNameTaken,
    TemplateRefused,
    TooManyTemplates,
)
from services.reports.templates.repository import Saved, Template
from services.reports.templates.rules import faults_of_layout
from services.reports.templates.template import Layout, TemplateKind, TemplateVersion
from shared.database.pool import Connection
from shared.security.principals import Principal
from shared.web.settings_changed import differences

__all__ = ["MOST_TEMPLATES", "TemplateWhole", "Templates"]

MOST_TEMPLATES = 100


@dataclass(frozen=True)
class TemplateWhole:
    """A template with what one of its versions says, mostly the newest."""

    template: Template
    saved: Saved
    said: TemplateVersion


class Templates:
    """Each call in a transaction of the school's."""

    def __init__(self, settings: SchoolSettings, announcements: Announcements, now: Clock) -> None:
        self._settings = settings
        self._announcements = announcements
        self._now = now

    async def of_school(
        self, connection: Connection, school_id: UUID, *, active_only: bool = False
    ) -> list[Template]:
        """With the school's first ones, where it has had none."""
        await self.subjects(connection, school_id)
        if await repository.begun(connection):
            for kind in TemplateKind:
                saved = Saved(1, DEFAULT_NAMES[kind], self._now(), None)
                first = Template(uuid7(), kind, True, saved)
                await repository.add(connection, school_id, first, default_layout(kind))
        return await repository.list_all(connection, active_only=active_only)

    async def subjects(self, connection: Connection, school_id: UUID) -> list[Subject]:
        """Those that a template can choose from, inactive ones too."""
        return list((await self._settings.read(connection, school_id)).subjects)

    async def read(
        self, connection: Connection, template_id: UUID, version: int | None = None
    ) -> TemplateWhole:
        """At its newest version, or at an earlier one. Raises `NoSuchTemplate`."""
        template = await repository.find(connection, template_id)
        if template is None:
            raise NoSuchTemplate
        found = await repository.find_version(
            connection, template_id, version or template.saved.version
        )
        if found is None:
            raise NoSuchTemplate
        said, saved = found
        return TemplateWhole(template, saved, said)

    async def history(self, connection: Connection, template_id: UUID) -> list[Saved]:
        """The newest first. Raises `NoSuchTemplate`."""
        found = await repository.history(connection, template_id)
        if not found:
            raise NoSuchTemplate
        return found

    async def add(
        self, connection: Connection, principal: Principal, kind: TemplateKind, name: str | None
    ) -> TemplateWhole:
        """From what its kind begins with. Raises `TemplateNameTaken`, `TooManyTemplates`."""
        return await self._add(
            connection, principal, kind, name, DEFAULT_NAMES[kind], default_layout(kind)
        )

    async def copy(
        self, connection: Connection, principal: Principal, template_id: UUID, name: str | None
    ) -> TemplateWhole:
        """A new one that says what another does now. Raises as `add`, and `NoSuchTemplate`."""
        other = (await self.read(connection, template_id)).said
        base = f"Copy of {other.name}"[:60].rstrip()
        return await self._add(connection, principal, other.kind, name, base, other.layout)

    async def save(
        self,
        connection: Connection,
        principal: Principal,
        template_id: UUID,
        expected: int,
        name: str,
        layout: Layout,
    ) -> TemplateWhole:
        """As a new version; what is there already is none.

        Raises `NoSuchTemplate`, `TemplateChangedMeanwhile`, `TemplateNameTaken`, `TemplateRefused`.
        """
        subjects = await self._to_change(connection, principal)
        before = await self._as_expected(connection, template_id, expected)
        await self._refuse(connection, name, layout, template_id, subjects)
        if (before.said.name, before.said.layout) == (name, layout):
            return before
        return await self._save(connection, principal, before, name, layout, subjects)

    async def take_up(
        self,
        connection: Connection,
        principal: Principal,
        template_id: UUID,
        version: int,
        expected: int,
    ) -> TemplateWhole:
        """An earlier version again, as a new one. Raises as `save`."""
        subjects = await self._to_change(connection, principal)
        before = await self._as_expected(connection, template_id, expected)
        earlier = (await self.read(connection, template_id, version)).said
        await self._refuse(connection, earlier.name, earlier.layout, template_id, subjects)
        if (before.said.name, before.said.layout) == (earlier.name, earlier.layout):
            return before
        return await self._save(
            connection, principal, before, earlier.name, earlier.layout, subjects, version
        )

    async def set_active(
        self, connection: Connection, principal: Principal, template_id: UUID, active: bool
    ) -> Template:
        """Inactive ones are offered to nobody; what they made stays. Raises `NoSuchTemplate`."""
        await self._to_change(connection, principal)
        template = await repository.find(connection, template_id)
        if template is None:
            raise NoSuchTemplate
        if template.active == active:
            return template
        await repository.set_active(connection, template_id, active)
        action = "template.made_active" if active else "template.made_inactive"
        await self._log(connection, principal, action, template.saved.name, None, None)
        return replace(template, active=active)

    async def _add(
        self,
        connection: Connection,
        principal: Principal,
        kind: TemplateKind,
        name: str | None,
        base: str,
        layout: Layout,
    ) -> TemplateWhole:
        subjects = await self._to_change(connection, principal)
        if len(await self.of_school(connection, principal.tenant)) >= MOST_TEMPLATES:
            raise TooManyTemplates(MOST_TEMPLATES)
        name = name or await self._free_name(connection, base)
        if await repository.is_name_taken(connection, name, None):
            raise TemplateNameTaken(name)
        saved = Saved(1, name, self._now(), principal.name)
        template = Template(uuid7(), kind, True, saved)
        await repository.add(connection, principal.tenant, template, layout)
        after = in_words(name, layout, subjects)
        await self._log(connection, principal, "template.created", name, None, after)
        said = TemplateVersion(template.id, 1, kind, name, layout)
        return TemplateWhole(template, saved, said)

    async def _save(
        self,
        connection: Connection,
        principal: Principal,
        before: TemplateWhole,
        name: str,
        layout: Layout,
        subjects: Mapping[UUID, str],
        taken_up: int | None = None,
    ) -> TemplateWhole:
        version = before.saved.version + 1
        saved = Saved(version, name, self._now(), principal.name, taken_up)
        said = replace(before.said, version=version, name=name, layout=layout)
        template = replace(before.template, saved=saved)
        await repository.add_version(connection, principal.tenant, template.id, saved, layout)
        was, is_now = differences(
            in_words(before.said.name, before.said.layout, subjects),
            in_words(name, layout, subjects),
        )
        action = "template.changed" if taken_up is None else "template.taken_up"
        await self._log(connection, principal, action, name, was, is_now)
        return TemplateWhole(template, saved, said)

    async def _to_change(self, connection: Connection, principal: Principal) -> dict[UUID, str]:
        """The school's subjects; from now on nobody else changes its templates."""
        await self.of_school(connection, principal.tenant)
        await lock_school(connection)
        return {one.id: one.name for one in await self.subjects(connection, principal.tenant)}

    async def _as_expected(
        self, connection: Connection, template_id: UUID, expected: int
    ) -> TemplateWhole:
        whole = await self.read(connection, template_id)
        if whole.saved.version != expected:
            raise TemplateChangedMeanwhile(whole.saved)
        return whole

    async def _refuse(
        self,
        connection: Connection,
        name: str,
        layout: Layout,
        template_id: UUID,
        subjects: Mapping[UUID, str],
    ) -> None:
        if faults := faults_of_layout(layout, subjects):
            raise TemplateRefused(faults)
        if await repository.is_name_taken(connection, name, template_id):
            raise TemplateNameTaken(name)

    async def _free_name(self, connection: Connection, base: str) -> str:
        """`Written report`, `Written report 2` …"""
        for number in range(1, MOST_TEMPLATES + 2):
            name = base if number == 1 else f"{base} {number}"
            if not await repository.is_name_taken(connection, name, None):
                return name
        raise AssertionError("there are more names than templates")

    async def _log(
        self,
        connection: Connection,
        principal: Principal,
        action: str,
        name: str,
        before: Mapping[str, Any] | None,
        after: Mapping[str, Any] | None,
    ) -> None:
        line = about_school(
            self._now(),
            person(principal),
            action,
            principal.tenant,
            name,
            before=before,
            after=after,
        )
        await self._announcements.activity(connection, principal.tenant, [line])
