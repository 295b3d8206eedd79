"""The statement bank: read, added to, edited, made inactive; nothing of it is deleted (R6, R26).

It is the whole school's, so every user may look after it; each change is in the activity log (R9).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

import asyncpg
from uuid_utils.compat import uuid7

from services.reports.activity import about_school, person
from services.reports.announcements import Announcements
from services.reports.clock import Clock
from services.reports.school_settings.service import SchoolSettings
from services.reports.statements import repository
from services.reports.statements.problems import (
    NoSuchStatement,
    StatementChangedMeanwhile,
    StatementThere,
    UnknownPlace,
    UnknownPlaceholder,
)
from services.reports.statements.statement import (
    Statement,
    default_statements,
    unknown_placeholders,
)
from shared.database.pool import Connection, Database
from shared.security.principals import Principal
from shared.web.settings_changed import differences

__all__ = ["StatementBank"]


class StatementBank:
    def __init__(
        self,
        database: Database,
        settings: SchoolSettings,
        announcements: Announcements,
        now: Clock,
    ) -> None:
        self._database = database
        self._settings = settings
        self._announcements = announcements
        self._now = now

    async def all(self, principal: Principal) -> list[Statement]:
        """A school that has none is given some to begin with."""
        async with self._database.transaction(principal.tenant) as connection:
            found = await repository.all_statements(connection)
            if not found:
                settings = await self._settings.read(connection, principal.tenant)
                begun = default_statements(principal.tenant, settings.bands)
                await repository.insert_statements(
                    connection, principal.tenant, begun, self._now(), "Classroom Monitor"
                )
                found = await repository.all_statements(connection)
            return found

    async def add(self, principal: Principal, said: Mapping[str, Any]) -> Statement:
        """Raises `UnknownPlaceholder`, `UnknownPlace` or `StatementThere`."""
        new = Statement(id=uuid7(), **said)
        async with self._database.transaction(principal.tenant) as connection:
            await self._look_at(connection, principal, new)
            added = await repository.insert_statements(
                connection, principal.tenant, [new], self._now(), principal.name
            )
            if not added:
                raise StatementThere
            await self._log(connection, principal, "statement.created", None, new)
        return new

    async def change(
        self, principal: Principal, statement_id: UUID, said: Mapping[str, Any], expected: int
    ) -> Statement:
        """Of it what is `said`. Raises as `add`, and `StatementChangedMeanwhile`."""
        async with self._database.transaction(principal.tenant) as connection:
            before = await repository.lock_statement(connection, statement_id)
            if before is None:
                raise NoSuchStatement
            after = replace(before, **said)
            if after == before:
                return before
            if before.version != expected:
                raise StatementChangedMeanwhile(
                    {"version": before.version, "text": before.text, "active": before.active}
                )
            await self._look_at(connection, principal, after)
            after = replace(after, version=before.version + 1)
            try:
                kept = await repository.keep_statement(
                    connection, after, self._now(), principal.name
                )
            except asyncpg.UniqueViolationError:
                raise StatementThere from None
            if not kept:
                raise StatementThere
            await self._log(connection, principal, _action(before, after), before, after)
        return after

    async def _look_at(
        self, connection: Connection, principal: Principal, statement: Statement
    ) -> None:
        if unknown := unknown_placeholders(statement.text):
            raise UnknownPlaceholder(unknown)
        settings = await self._settings.read(connection, principal.tenant)
        subjects = {one.id for one in settings.subjects} if statement.kind == "subject" else set()
        if statement.subject_id not in {None, *subjects}:
            raise UnknownPlace
        if statement.band_id not in {None, *(band.id for band in settings.bands)}:
            raise UnknownPlace

    async def _log(
        self,
        connection: Connection,
        principal: Principal,
        action: str,
        before: Statement | None,
        after: Statement,
    ) -> None:
        was, is_now = differences(before.logged() if before else {}, after.logged())
        label = after.text if len(after.text) <= 60 else f"{after.text[:60]}…"
        entry = about_school(
            self._now(),
            person(principal),
            action,
            principal.tenant,
            label,
            before=was if before else None,
            after=is_now,
        )
        await self._announcements.activity(connection, principal.tenant, [entry])


def _action(before: Statement, after: Statement) -> str:
    if before.active != after.active:
        return "statement.made_active" if after.active else "statement.made_inactive"
    return "statement.changed"
