"""A school that publishes its reports, and the parents who read them (R27)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx

from shared.security.principals import Kind, Principal, Scope
from tests.reports.generation import ReportingSchool
from tests.roster.door import Door

__all__ = ["Parent", "PublishingSchool"]


@dataclass
class Parent:
    """Whom the gateway signs as the parent of these children, of this school."""

    door: Door
    school_id: UUID
    children: tuple[UUID, ...]
    id: UUID
    name: str = "Anna Adams"

    @property
    def headers(self) -> dict[str, str]:
        principal = Principal(
            self.id,
            self.school_id,
            Kind.PARENT,
            None,
            Scope.FULL,
            uuid4(),
            self.name,
            children=self.children,
        )
        return {"Authorization": f"Bearer {self.door.signer.sign(principal, self.door.service)}"}

    async def asks(self, child: UUID, path: str = "") -> httpx.Response:
        return await self.door.client.get(f"/children/{child}/reports{path}", headers=self.headers)

    async def sees(self, child: UUID) -> list[str]:
        """The ids of what stands in the list."""
        answer = await self.asks(child)
        assert answer.status_code == 200, answer.text
        return [report["id"] for report in answer.json()["items"]]


@dataclass
class PublishingSchool(ReportingSchool):
    def parent(self, *children: UUID, name: str = "Anna Adams") -> Parent:
        return Parent(self.door, self.id, children, uuid4(), name)

    async def publish(self, job_id: str, headers: dict[str, str], *pupils: UUID) -> httpx.Response:
        body = {"pupil_ids": [str(pupil) for pupil in pupils]}
        return await self.post(f"/online-reports/{job_id}/publication", body, headers)

    async def withdraw(self, job_id: str, headers: dict[str, str], *pupils: UUID) -> httpx.Response:
        body = {"pupil_ids": [str(pupil) for pupil in pupils] or None}
        return await self.post(f"/online-reports/{job_id}/withdrawal", body, headers)

    async def states(self, job_id: str, headers: dict[str, str]) -> dict[str, Any]:
        """By the pupils' names, in the order of the reports."""
        view = await self.get(f"/online-reports/{job_id}", headers)
        return {pupil["name"]: pupil for pupil in view["pupils"]}

    async def news(self) -> list[tuple[str, int, int]]:
        """published or withdrawn, at which version, of how many."""
        return [
            (event["type"].split(".")[2], event["data"]["version"], len(event["data"]["pupil_ids"]))
            for event in await self.told()
            if event["type"].startswith("reports.online_reports.")
        ]
