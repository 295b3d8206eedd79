"""A school whose figures are counted once more, pupil by pupil, from the words of R26.

Its rows are written as they lie in the database; what matters here is what comes of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from random import Random
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from hypothesis import strategies as st
from uuid_utils.compat import uuid7

from shared.school.year_groups import YEAR_GROUP_ORDER

__all__ = ["SIDES", "TERMS", "Child", "FiguresModel", "Mark", "Where", "schools"]

TERMS = ("2024/25", "2025/26", "2026/27", "2026/27")
"""The academic year of each term; the school is in the last one."""
SUBJECTS: tuple[tuple[str, ...], ...] = ((), ("2", "3"))
"""The year groups that each is taught in; none stands for all."""
BANDS = 4
EXPECTED = 1
NOW = 2026
SIDES = {"sex": "F", "pupil_premium": True, "eal": True, "sen": True}
"""The value of those on the first side; everybody else is on the second."""


@dataclass(frozen=True)
class Child:
    year_group: str | None = "2"
    active: bool = True
    sex: str | None = "F"
    pupil_premium: bool | None = False
    eal: bool | None = False
    sen: bool | None = False
    groups: frozenset[int] = frozenset()
    id: UUID = field(default_factory=uuid7)


@dataclass(frozen=True)
class Mark:
    band: int | None
    year_group: str | None


@dataclass(frozen=True)
class Where:
    """The whole school where neither is given."""

    year_group: str | None = None
    group: int | None = None


@dataclass
class FiguresModel:
    """`marks`: child, subject, term → mark, all by their places."""

    children: list[Child]
    marks: dict[tuple[int, int, int], Mark]
    groups: int = 3
    first: str = "1"
    kept: tuple[str, ...] = ("pupil_premium", "first_language", "sen_provision")
    school_id: UUID = field(default_factory=uuid4)
    group_ids: list[UUID] = field(default_factory=lambda: [uuid7() for _ in range(9)])
    term_ids: list[UUID] = field(default_factory=lambda: [uuid7() for _ in TERMS])
    subject_ids: list[UUID] = field(default_factory=lambda: [uuid7() for _ in SUBJECTS])
    band_ids: list[UUID] = field(default_factory=lambda: [uuid7() for _ in range(BANDS)])

    def everywhere(self) -> list[Where]:
        years = [Where(year_group=year) for year in ("R", "1", "2", "3", "4")]
        return [Where(), *years, *(Where(group=one) for one in range(self.groups))]

    def attained(self, who: int, where: Where, term: int, subject: int) -> int | str | None:
        """The band; `none` without one; `None` for who does not count there."""
        child = self.children[who]
        mark = self.marks.get((who, subject, term))
        if not child.active or (where.group is not None and where.group not in child.groups):
            return None
        if mark and mark.band is not None:
            counts = where.year_group in (None, mark.year_group)
            return mark.band if counts else None
        year = self.year_then(child, term)
        counts = self.here(child, term) and where.year_group in (None, year)
        taught = not SUBJECTS[subject] or year in SUBJECTS[subject]
        return "none" if counts and taught else None

    def moved(self, who: int, where: Where, earlier: int, later: int, subject: int) -> str | None:
        now = self.attained(who, where, later, subject)
        before = self.marks.get((who, subject, earlier))
        had = before.band if before else None
        if now is None or (had is None and not self.here(self.children[who], earlier)):
            return None
        if now == "none" or had is None:
            return "none"
        assert isinstance(now, int)
        return "up" if now > had else "down" if now < had else "same"

    def in_term(self, term: int) -> Callable[[int, Where, int], Any]:
        return lambda who, where, subject: self.attained(who, where, term, subject)

    def between(self, earlier: int, later: int) -> Callable[[int, Where, int], Any]:
        return lambda who, where, subject: self.moved(who, where, earlier, later, subject)

    def here(self, child: Child, term: int) -> bool:
        """Whether they were old enough; of the present year everybody is."""
        back = NOW - int(TERMS[term][:4])
        if back == 0 or child.year_group is None:
            return True
        first = YEAR_GROUP_ORDER.index(self.first)
        return YEAR_GROUP_ORDER.index(child.year_group) - back >= first

    def year_then(self, child: Child, term: int) -> str | None:
        if child.year_group is None:
            return None
        place = YEAR_GROUP_ORDER.index(child.year_group) - (NOW - int(TERMS[term][:4]))
        return YEAR_GROUP_ORDER[place] if place >= 0 else None

    def side(self, name: str, who: int) -> int:
        return 0 if getattr(self.children[who], name) == SIDES[name] else 1

    def query(self, where: Where) -> dict[str, Any]:
        if where.group is not None:
            return {"group_id": str(self.group_ids[where.group])}
        return {"year_group": where.year_group} if where.year_group else {}

    async def write(self, dsn: str) -> None:
        connection = await asyncpg.connect(dsn)
        try:
            async with connection.transaction():
                for table, columns, rows in self._tables():
                    await connection.copy_records_to_table(
                        table, columns=["school_id", *columns], records=rows
                    )
        finally:
            await connection.close()

    def _tables(self) -> list[tuple[str, list[str], list[tuple[Any, ...]]]]:
        own = self.school_id
        at, by = datetime(2026, 11, 2, 9, tzinfo=UTC), uuid4()
        return [
            ("schools", ["version", "name", "first_year_group", "last_year_group"],
             [(own, 1, "Heron Park", self.first, "6")]),
            ("school_years", ["version", "academic_year"], [(own, 1, "2026/27")]),
            ("pupil_fields", ["version", "kept"], [(own, 1, list(self.kept))]),
            ("pupils",
             ["id", "version", "active", "legal_forename", "legal_surname", "sex", "year_group"],
             [(own, one.id, 1, one.active, "Zoë", f"Hall {place:03}", one.sex, one.year_group)
              for place, one in enumerate(self.children)]),
            ("pupil_characteristics", ["id", "version", "pupil_premium", "eal", "sen"],
             [(own, one.id, 1, one.pupil_premium, one.eal, one.sen) for one in self.children]),
            ("groups", ["id", "version", "active", "name", "kind", "year_group"],
             [(own, self.group_ids[place], 1, True, f"Class {place}", "class", None)
              for place in range(self.groups)]),
            ("links", ["kind", "group_id", "person_id", "version", "present"],
             [(own, "member", self.group_ids[group], one.id, 1, True)
              for one in self.children for group in one.groups]),
            ("settings_versions", [], [(own,)]),
            ("subjects", ["id", "position", "name", "year_groups", "active"],
             [(own, self.subject_ids[place], place, f"Subject {place}", list(years), True)
              for place, years in enumerate(SUBJECTS)]),
            ("terms",
             ["id", "academic_year", "name", "first_day", "last_day", "active", "proposed"],
             [(own, self.term_ids[place], year, f"Term {place}",
               date(int(year[:4]), 9, 1 + place), date(int(year[:4]), 9, 1 + place), True, False)
              for place, year in enumerate(TERMS)]),
            ("scale_bands",
             ["id", "position", "code", "name", "meaning", "expectation", "active"],
             [(own, self.band_ids[place], place, f"B{place}", f"Band {place}", "",
               place == EXPECTED, True) for place in range(BANDS)]),
            ("marks",
             ["pupil_id", "subject_id", "term_id", "version", "band_id", "year_group",
              "recorded_at", "recorded_by"],
             [(own, self.children[who].id, self.subject_ids[subject], self.term_ids[term], 1,
               None if mark.band is None else self.band_ids[mark.band], mark.year_group, at, by)
              for (who, subject, term), mark in self.marks.items()]),
        ]  # fmt: skip


@st.composite
def schools(draw: st.DrawFn) -> FiguresModel:
    """Of up to two hundred children, with a few of each oddity in some."""
    chance = Random(draw(st.integers(0, 2**32)))  # noqa: S311 - no secret, the same again
    rare = draw(st.sampled_from([0.0, 0.01, 0.1]))
    children = []
    for _ in range(draw(st.integers(10, 200))):
        year = chance.choice(["1", "1", "2", "3", "3", "R"])
        unsure = chance.random() < rare
        child = Child(
            year_group=None if chance.random() < rare else year,
            active=chance.random() >= rare,
            sex=chance.choice(["U", None] if unsure else ["F", "M"]),
            pupil_premium=chance.choice([True, False, False]),
            eal=chance.choice([True, False, None]),
            sen=chance.random() < 0.15,
            groups=frozenset({int(year == "1"), 2 if unsure else chance.randrange(2)}),
        )
        children.append(child)
    model = FiguresModel(children, {})
    recorded = draw(st.sampled_from([0.5, 0.95, 1.0]))
    for who, child in enumerate(children):
        for term in range(len(TERMS)):
            for subject in range(len(SUBJECTS)):
                then = model.year_then(child, term)
                if chance.random() < rare / 10:
                    then = chance.choice(["1", "2", None])
                band = None if chance.random() < 0.02 else chance.randrange(BANDS)
                if model.here(child, term) and chance.random() < recorded:
                    model.marks[who, subject, term] = Mark(band, then)
    return model
