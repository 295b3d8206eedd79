"""A school whose reports are made: with marks, whoever asks, and what comes of it (R27)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
from pypdf import PdfReader
from uuid_utils.compat import uuid7

from services.reports.templates.template import (
    Attainment,
    Details,
    GeneralComment,
    Layout,
    SubjectComments,
    layout_to_json,
)
from shared.contracts.roster import LinksChanged, LinkState, PupilsChanged, PupilState
from shared.contracts.vocabulary import LinkKind, Origin, YearGroup
from tests.eventually import eventually
from tests.reports.assessed import AssessedSchool

__all__ = ["ReportingSchool", "names_in", "pages_of"]

Headers = dict[str, str]


@dataclass
class ReportingSchool(AssessedSchool):
    template: UUID = field(default_factory=uuid4)
    terms: dict[str, UUID] = field(default_factory=dict)
    subjects: dict[str, UUID] = field(default_factory=dict)
    bands: dict[str, UUID] = field(default_factory=dict)

    async def begins_reports(self) -> None:
        """With a template of its own, and the terms, subjects and scale that it begins with."""
        await self.begins()
        settings = await self.get("/settings")
        self.terms = {one["name"]: UUID(one["id"]) for one in settings["terms"]["terms"]}
        self.subjects = {one["name"]: UUID(one["id"]) for one in settings["subjects"]["subjects"]}
        self.bands = {one["code"]: UUID(one["id"]) for one in settings["scale"]["bands"]}
        sections = (Details(), Attainment(), SubjectComments(), GeneralComment())
        layout = Layout(title="Report to parents", sections=sections)
        await self.execute(
            "INSERT INTO templates (school_id, id, kind, version, name, active) "
            "VALUES ($1, $2, 'written_report', 1, 'To parents', true)",
            [(self.id, self.template)],
        )
        await self.execute(
            "INSERT INTO template_versions "
            "(school_id, template_id, version, name, layout, saved_at) "
            "VALUES ($1, $2, 1, 'To parents', $3, now())",
            [(self.id, self.template, layout_to_json(layout))],
        )

    async def children(self, *names: str, year_group: str = "3") -> list[UUID]:
        """`Amy Hall`: forename and surname. Told of in one event."""
        states = [self._child(name, year_group) for name in names]
        await self.hears(PupilsChanged(pupils=tuple(states)))
        return [state.id for state in states]

    async def a_class(self, name: str, *pupils: UUID) -> UUID:
        """As `group`, its members in one event."""
        group_id = await self.group(name)
        links = [self._membership(group_id, pupil) for pupil in pupils]
        await self.hears(LinksChanged(links=tuple(links)))
        return group_id

    def _child(self, name: str, year_group: str) -> PupilState:
        pupil_id = uuid7()
        forename, _, surname = name.partition(" ")
        state: PupilState = self._next(
            ("pupil", pupil_id),
            PupilState,
            {
                "id": pupil_id,
                "active": True,
                "upn": None,
                "legal_forename": forename,
                "legal_surname": surname,
                "year_group": YearGroup(year_group),
                "origin": Origin.MIS,
            },
            {},
        )
        return state

    def _membership(self, group_id: UUID, pupil: UUID) -> LinkState:
        state: LinkState = self._next(
            ("link", LinkKind.MEMBER, group_id, pupil),
            LinkState,
            {
                "kind": LinkKind.MEMBER,
                "group_id": group_id,
                "person_id": pupil,
                "origin": Origin.MIS,
                "override": False,
            },
            {"present": True},
        )
        return state

    async def marks(self, pupils: Iterable[UUID], comment: str = "Works hard.") -> None:
        """In English, in the autumn; with a general comment."""
        rows = [
            (self.id, pupil, self.subjects["English"], self.terms["Autumn"], self.bands["J"],
             comment, datetime(2026, 11, 1, tzinfo=UTC), uuid4())
            for pupil in pupils
        ]  # fmt: skip
        await self.execute(
            "INSERT INTO marks "
            "(school_id, pupil_id, subject_id, term_id, version, band_id, effort, comment, "
            "year_group, recorded_at, recorded_by) "
            "VALUES ($1, $2, $3, $4, 1, $5, 'good', $6, '3', $7, $8) "
            "ON CONFLICT (school_id, pupil_id, subject_id, term_id) "
            "DO UPDATE SET comment = excluded.comment",
            rows,
        )
        await self.execute(
            "INSERT INTO general_comments (school_id, pupil_id, term_id, kind, version, comment, "
            "recorded_at, recorded_by) VALUES ($1, $2, $3, 'class_teacher', 1, $4, $5, $6) "
            "ON CONFLICT DO NOTHING",
            [(row[0], row[1], row[3], *row[5:]) for row in rows],
        )

    async def execute(self, query: str, rows: list[tuple[Any, ...]]) -> None:
        """Past row-level security, as what other parts of reports would have written."""
        connection = await asyncpg.connect(self.door.admin_dsn)
        try:
            await connection.executemany(query, rows)
        finally:
            await connection.close()

    def body(self, kind: str, scope: UUID | str, form: str = "pdf", **more: Any) -> dict[str, Any]:
        key = "year_group" if kind == "year_group" else "id"
        return {
            "id": str(uuid7()),
            "template_id": str(self.template),
            "term_id": str(self.terms["Autumn"]),
            "scope": {"kind": kind, key: str(scope)},
            "form": form,
            **more,
        }

    async def post(self, path: str, body: Any, headers: Headers) -> httpx.Response:
        return await self.door.client.post(path, json=body, headers=headers)

    async def asked(self, body: dict[str, Any], headers: Headers) -> dict[str, Any]:
        answer = await self.post("/generated", body, headers)
        assert answer.status_code == 201, answer.text
        job: dict[str, Any] = answer.json()
        return job

    async def ends(self, job_id: str, headers: Headers, state: str = "done") -> dict[str, Any]:
        """The job, once nothing is done for it any more."""

        async def look() -> dict[str, Any]:
            job: dict[str, Any] = await self.get(f"/generated/{job_id}", headers)
            return job

        over = ("done", "failed", "cancelled", "gone", "stalled")
        job = await eventually(look, lambda job: job["state"] in over, seconds=60)
        assert job["state"] == state, job
        return job

    async def made(self, body: dict[str, Any], headers: Headers) -> dict[str, Any]:
        return await self.ends((await self.asked(body, headers))["id"], headers)

    async def file(self, job_id: str, headers: Headers) -> httpx.Response:
        return await self.door.client.get(f"/generated/{job_id}/file", headers=headers)

    async def files_are_deleted(self) -> None:
        """The scheduler has deleted all whose time is over by the clock."""

        async def due() -> list[dict[str, Any]]:
            return await self.door.rows(
                "SELECT * FROM report_files_due WHERE school_id = $1 AND due_at <= $2",
                self.id,
                self.door.clock(),
            )

        await eventually(due, lambda rows: not rows)

    async def logged(self) -> list[str]:
        events = await self.told("activity.recorded.v1")
        entries = [entry for event in events for entry in event["data"]["entries"]]
        return [entry["action"] for entry in entries if entry["action"].startswith("report.")]


def pages_of(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def names_in(archive: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        assert opened.testzip() is None
        return opened.namelist()
