"""A school in reports, as roster and identity tell of it: classes, pupils, teachers, links."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from uuid_utils.compat import uuid7

from shared.contracts.roster import (
    GroupsChanged,
    GroupState,
    LinksChanged,
    LinkState,
    PupilsChanged,
    PupilState,
    SchoolYearChanged,
)
from shared.contracts.vocabulary import GroupKind, LinkKind, Origin, YearGroup
from tests.roster.door import SchoolInTest

__all__ = ["AssessedSchool"]


@dataclass
class AssessedSchool(SchoolInTest):
    """What was said last of each record, so that saying another is one line of a test."""

    said: dict[Any, Any] = field(default_factory=dict)

    async def begins(self) -> None:
        await self.is_heard_of()
        await self.hears(SchoolYearChanged(version=1, academic_year=self.year))

    async def pupil(self, pupil_id: UUID | None = None, **given: Any) -> UUID:
        pupil_id = pupil_id or uuid7()
        state = self._next(
            ("pupil", pupil_id),
            PupilState,
            {
                "id": pupil_id,
                "active": True,
                "upn": None,
                "legal_forename": "Zoë",
                "legal_surname": "Hall",
                "year_group": YearGroup.Y3,
                "origin": Origin.MIS,
            },
            given,
        )
        await self.hears(PupilsChanged(pupils=(state,)))
        return pupil_id

    async def group(
        self, name: str, *pupils: UUID, group_id: UUID | None = None, **given: Any
    ) -> UUID:
        group_id = group_id or uuid7()
        state = self._next(
            ("group", group_id),
            GroupState,
            {
                "id": group_id,
                "active": True,
                "kind": GroupKind.CLASS,
                "year_group": YearGroup.Y3,
                "origin": Origin.MIS,
            },
            {"name": name, **given},
        )
        await self.hears(GroupsChanged(groups=(state,)))
        for pupil_id in pupils:
            await self.link(LinkKind.MEMBER, group_id, pupil_id)
        return group_id

    async def teacher(self, *groups: UUID) -> UUID:
        """The id of one who is linked to these."""
        teacher = uuid4()
        for group_id in groups:
            await self.link(LinkKind.TEACHER, group_id, teacher)
        return teacher

    async def link(
        self, kind: LinkKind, group_id: UUID, person_id: UUID, *, present: bool = True
    ) -> None:
        state = self._next(
            ("link", kind, group_id, person_id),
            LinkState,
            {
                "kind": kind,
                "group_id": group_id,
                "person_id": person_id,
                "origin": Origin.MIS,
                "override": False,
            },
            {"present": present},
        )
        await self.hears(LinksChanged(links=(state,)))

    def _next(self, key: Any, of: type[Any], base: dict[str, Any], given: dict[str, Any]) -> Any:
        before = self.said.get(key, {**base, "version": 0})
        self.said[key] = {**before, **given, "version": before["version"] + 1}
        return of(**self.said[key])
