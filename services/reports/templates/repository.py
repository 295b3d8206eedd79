"""The SQL of a school's templates and of their versions, of which none is changed or deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from services.reports.templates.template import (
    Layout,
    TemplateKind,
    TemplateVersion,
    layout_from_json,
    layout_to_json,
)
from shared.database.pool import Connection

__all__ = ["Saved", "Template", "add", "add_version", "begun", "find", "find_version", "history",
           "is_name_taken", "list_all", "lock", "set_active"]  # fmt: skip


@dataclass(frozen=True)
class Saved:
    """That a version was saved: who, when, and which earlier version it took up again, if one."""

    version: int
    name: str
    saved_at: datetime
    saved_by: str | None
    taken_up: int | None = None


@dataclass(frozen=True)
class Template:
    """A template at its newest version."""

    id: UUID
    kind: TemplateKind
    active: bool
    saved: Saved


_FIND = """
    SELECT t.id, t.kind, t.active, v.version, v.name, v.saved_at, v.saved_by, v.taken_up
    FROM templates t
    JOIN template_versions v ON v.template_id = t.id AND v.version = t.version
"""


async def begun(connection: Connection) -> bool:
    """Whether this transaction is the one that gives the tenant its first templates."""
    first = await connection.fetchval(
        "UPDATE settings_versions SET templates_begun = true WHERE NOT templates_begun "
        "RETURNING true"
    )
    return first is True


async def list_all(connection: Connection, *, active_only: bool = False) -> list[Template]:
    """By kind and name, inactive ones last."""
    rows = await connection.fetch(
        f"{_FIND} WHERE t.active OR NOT $1 ORDER BY NOT t.active, t.kind, t.name_key", active_only
    )
    return [_template(row) for row in rows]


async def find(connection: Connection, template_id: UUID) -> Template | None:
    row = await connection.fetchrow(f"{_FIND} WHERE t.id = $1", template_id)
    return _template(row) if row else None


async def lock(connection: Connection, template_id: UUID) -> Template | None:
    """As `find`; nobody else changes it until this transaction ends."""
    await connection.execute("SELECT 1 FROM templates WHERE id = $1 FOR UPDATE", template_id)
    return await find(connection, template_id)


async def find_version(
    connection: Connection, template_id: UUID, version: int
) -> tuple[TemplateVersion, Saved] | None:
    """Any version that there ever was, with what is known of its saving."""
    row = await connection.fetchrow(
        "SELECT t.kind, v.version, v.name, v.layout, v.saved_at, v.saved_by, v.taken_up "
        "FROM template_versions v JOIN templates t ON t.id = v.template_id "
        "WHERE v.template_id = $1 AND v.version = $2",
        template_id,
        version,
    )
    if row is None:
        return None
    layout = layout_from_json(row["layout"])
    kind = TemplateKind(row["kind"])
    return TemplateVersion(template_id, version, kind, row["name"], layout), _saved(row)


async def history(connection: Connection, template_id: UUID) -> list[Saved]:
    """The newest first."""
    rows = await connection.fetch(
        "SELECT version, name, saved_at, saved_by, taken_up FROM template_versions "
        "WHERE template_id = $1 ORDER BY version DESC",
        template_id,
    )
    return [_saved(row) for row in rows]


async def is_name_taken(connection: Connection, name: str, template_id: UUID | None) -> bool:
    """By another template, inactive ones too, whatever its case."""
    taken = await connection.fetchval(
        "SELECT EXISTS (SELECT 1 FROM templates "
        "WHERE name_key = lower($1) AND id IS DISTINCT FROM $2)",
        name,
        template_id,
    )
    return bool(taken)


async def add(connection: Connection, school_id: UUID, template: Template, layout: Layout) -> None:
    await connection.execute(
        "INSERT INTO templates (school_id, id, kind, version, name, active) "
        "VALUES ($1, $2, $3, $4, $5, $6)",
        school_id,
        template.id,
        template.kind.value,
        template.saved.version,
        template.saved.name,
        template.active,
    )
    await _add_row(connection, school_id, template.id, template.saved, layout)


async def add_version(
    connection: Connection, school_id: UUID, template_id: UUID, saved: Saved, layout: Layout
) -> None:
    """The next one, which is in use from now on."""
    await _add_row(connection, school_id, template_id, saved, layout)
    await connection.execute(
        "UPDATE templates SET version = $2, name = $3 WHERE id = $1",
        template_id,
        saved.version,
        saved.name,
    )


async def set_active(connection: Connection, template_id: UUID, active: bool) -> None:
    await connection.execute("UPDATE templates SET active = $2 WHERE id = $1", template_id, active)


async def _add_row(
    connection: Connection, school_id: UUID, template_id: UUID, saved: Saved, layout: Layout
) -> None:
    await connection.execute(
        "INSERT INTO template_versions "
        "(school_id, template_id, version, name, layout, saved_at, saved_by, taken_up) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        school_id,
        template_id,
        saved.version,
        saved.name,
        layout_to_json(layout),
        saved.saved_at,
        saved.saved_by,
        saved.taken_up,
    )


def _template(row: asyncpg.Record) -> Template:
    return Template(row["id"], TemplateKind(row["kind"]), row["active"], _saved(row))


def _saved(row: asyncpg.Record) -> Saved:
    return Saved(row["version"], row["name"], row["saved_at"], row["saved_by"], row["taken_up"])
