"""What teachers and leaders do in the markbook, as tests ask for it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from tests.eventually import eventually
from tests.reports.assessed import AssessedSchool

__all__ = ["Book", "book_of"]

Headers = dict[str, str]


@dataclass
class Book:
    """A class of two pupils in Year 3, its teacher, and what the school records."""

    school: AssessedSchool
    group: UUID
    pupils: list[UUID]
    teacher_id: UUID
    subjects: dict[str, str]
    terms: dict[str, str]
    bands: dict[str, str]

    @property
    def teacher(self) -> Headers:
        return self.school.as_teacher(self.teacher_id)

    @property
    def leader(self) -> Headers:
        return self.school.as_slt()

    async def ask(
        self,
        method: str,
        path: str,
        headers: Headers | None = None,
        body: Any = None,
        **query: Any,
    ) -> httpx.Response:
        return await self.school.door.client.request(
            method, path, headers=headers or self.teacher, json=body, params=query
        )

    def place(self, subject: str = "English", term: str = "Autumn") -> dict[str, Any]:
        return {"subject_id": self.subjects[subject], "term_id": self.terms[term]}

    async def sheet(
        self, headers: Headers | None = None, group: UUID | None = None, **place: Any
    ) -> httpx.Response:
        path = f"/markbook/groups/{group or self.group}/marks"
        return await self.ask("GET", path, headers, **self.place(**place))

    async def marks(self, **place: Any) -> list[dict[str, Any]]:
        """Of each pupil, by name."""
        answer = await self.sheet(**place)
        assert answer.status_code == 200, answer.text
        return [row["mark"] for row in answer.json()["rows"]]

    async def record(
        self,
        pupil: UUID | None = None,
        version: int = 0,
        headers: Headers | None = None,
        *,
        group: UUID | None = None,
        subject: str = "English",
        term: str = "Autumn",
        **said: Any,
    ) -> httpx.Response:
        """`band` by its code; other values as they are sent."""
        if "band" in said:
            said["band_id"] = self.bands.get(said.pop("band"))
        body = {**self.place(subject, term), "expected_version": version, **said}
        path = f"/markbook/groups/{group or self.group}/pupils/{pupil or self.pupils[0]}/mark"
        return await self.ask("PATCH", path, headers, body)

    async def comment(
        self,
        kind: str,
        comment: str,
        version: int = 0,
        headers: Headers | None = None,
        *,
        pupil: UUID | None = None,
        group: UUID | None = None,
        term: str = "Autumn",
    ) -> httpx.Response:
        body = {"term_id": self.terms[term], "expected_version": version, "comment": comment}
        pupil, group = pupil or self.pupils[0], group or self.group
        path = f"/markbook/groups/{group}/pupils/{pupil}/comments/{kind}"
        return await self.ask("PATCH", path, headers, body)

    async def while_another_writes(
        self, asking: Coroutine[Any, Any, httpx.Response], comment: str = "Theirs"
    ) -> httpx.Response:
        """The answer, where the first pupil's first mark is written by somebody else who commits
        once the asked one waits for it."""
        door = self.school.door
        other = await asyncpg.connect(door.admin_dsn)
        try:
            writing = other.transaction()
            await writing.start()
            await other.execute(
                "INSERT INTO marks (school_id, pupil_id, subject_id, term_id, version, comment, "
                "recorded_at, recorded_by) VALUES ($1, $2, $3, $4, 1, $5, now(), $1)",
                *(self.school.id, self.pupils[0], self.subjects["English"]),
                *(self.terms["Autumn"], comment),
            )
            asked = asyncio.create_task(asking)
            waits = "SELECT FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid))"
            await eventually(lambda: door.rows(waits, other.get_server_pid()))
            await writing.commit()
            return await asked
        finally:
            await other.close()

    async def settings(self, section: str, entries: list[dict[str, Any]]) -> None:
        version = (await self.school.get("/settings"))[section]["version"]
        name = {"scale": "bands"}.get(section, section)
        body = {"expected_version": version, name: entries}
        answer = await self.school.by_hand("PUT", f"/settings/{section}", body)
        assert answer.status_code == 200, answer.text

    async def logged(self) -> list[dict[str, Any]]:
        events = await self.school.told("activity.recorded.v1")
        lines = [entry for event in events for entry in event["data"]["entries"]]
        return [line for line in lines if line["action"].startswith(("mark", "comment", "statem"))]


async def book_of(school: AssessedSchool) -> Book:
    await school.begins()
    zoe = await school.pupil(legal_forename="Zoë", legal_surname="Bell", sex="F")
    adam = await school.pupil(legal_forename="Adam", legal_surname="Cole", sex="M")
    group = await school.group("3 Blue", zoe, adam)
    settings = await school.get("/settings")
    return Book(
        school=school,
        group=group,
        pupils=[zoe, adam],
        teacher_id=await school.teacher(group),
        subjects={one["name"]: one["id"] for one in settings["subjects"]["subjects"]},
        terms={one["name"]: one["id"] for one in settings["terms"]["terms"]},
        bands={one["code"]: one["id"] for one in settings["scale"]["bands"]},
    )
