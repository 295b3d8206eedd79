"""Whom somebody sees in reports: a teacher their groups, senior leaders the school (R14)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from services.reports.visible.reach import AssessmentsAreTheUsers
from services.reports.visible.service import (
    GroupNotSeen,
    PupilNotSeen,
    group_for,
    groups_for,
    pupils_for,
    pupils_of_group_for,
)
from shared.contracts.vocabulary import GroupKind, LinkKind, StaffRole
from shared.database.pool import Database
from shared.security.principals import Kind, Principal, Scope
from tests.reports.assessed import AssessedSchool
from tests.roster.door import Door


@dataclass
class TwoClasses:
    """A teacher is linked to the first class; a pupil of it is also in the second."""

    school: AssessedSchool
    database: Database
    mine: UUID
    other: UUID
    my_pupil: UUID
    shared_pupil: UUID
    other_pupil: UUID
    teacher: UUID

    def somebody(
        self, role: StaffRole | None = None, account: UUID | None = None, kind: Kind = Kind.USER
    ) -> Principal:
        account = account or uuid4()
        return Principal(account, self.school.id, kind, role, Scope.FULL, uuid4(), "Sam Reed")

    @property
    def as_teacher(self) -> Principal:
        return self.somebody(StaffRole.TEACHER, self.teacher)

    async def seen(self, principal: Principal) -> tuple[list[str], list[str]]:
        """Names of groups, and surnames of those in them and of those asked for by their ids."""
        async with self.database.transaction(principal.tenant) as connection:
            groups = await groups_for(connection, principal)
            found = [
                pupil.surname
                for group in groups
                for pupil in await pupils_of_group_for(connection, principal, group.id)
            ]
            return [group.name for group in groups], found

    async def refused(self, principal: Principal) -> list[type[Exception]]:
        """What asking for the other class, for its pupils and for the other pupil comes to."""
        raised: list[type[Exception]] = []
        async with self.database.transaction(principal.tenant) as connection:
            for asked in (
                group_for(connection, principal, self.other),
                pupils_of_group_for(connection, principal, self.other),
                pupils_for(connection, principal, [self.my_pupil, self.other_pupil]),
                pupils_for(connection, principal, [self.other_pupil]),
            ):
                with pytest.raises((GroupNotSeen, PupilNotSeen, AssessmentsAreTheUsers)) as caught:
                    await asked
                raised.append(caught.type)
        return raised


@pytest.fixture
async def classes(reports: Door) -> AsyncIterator[TwoClasses]:
    school = AssessedSchool(reports)
    mine, shared, other = [await school.pupil(legal_surname=name) for name in ("A", "B", "C")]
    first = await school.group("3 Blue", mine, shared)
    second = await school.group("4 Blue", shared, other)
    teacher = await school.teacher(first)
    database = Database(reports.service_dsn, name="visible-test", max_size=1)
    await database.open()
    try:
        yield TwoClasses(school, database, first, second, mine, shared, other, teacher)
    finally:
        await database.close()


async def test_nobody_sees_another_school(classes: TwoClasses, reports: Door) -> None:
    """Whatever ids they know, with the same account's id."""
    elsewhere = AssessedSchool(reports)
    for role in StaffRole:
        stranger = Principal(
            classes.teacher, elsewhere.id, Kind.USER, role, Scope.FULL, uuid4(), "Sam Reed"
        )
        assert await classes.seen(stranger) == ([], [])
        assert set(await classes.refused(stranger)) == {GroupNotSeen, PupilNotSeen}


async def test_neither_the_admin_nor_parents_nor_operators_see_anybody(classes: TwoClasses) -> None:
    """R1, even with the account's id of a teacher who is linked, and the role of a leader."""
    for kind in (Kind.ADMIN, Kind.PARENT, Kind.OPERATOR):
        for role in (None, StaffRole.SLT):
            somebody = classes.somebody(role, classes.teacher, kind)
            assert set(await classes.refused(somebody)) == {AssessmentsAreTheUsers}
            with pytest.raises(AssessmentsAreTheUsers):
                await classes.seen(somebody)


async def test_a_teacher_sees_their_groups_and_the_pupils_in_them(classes: TwoClasses) -> None:
    assert await classes.seen(classes.as_teacher) == (["3 Blue"], ["A", "B"])
    group, pupils, *others = await classes.refused(classes.as_teacher)
    assert (group, pupils) == (GroupNotSeen, GroupNotSeen)
    assert set(others) == {PupilNotSeen}
    assert await classes.seen(classes.somebody(StaffRole.TEACHER)) == ([], [])
    assert await classes.seen(classes.somebody(None)) == ([], []), "no role is no leader's"


async def test_senior_leaders_see_the_school(classes: TwoClasses) -> None:
    leader = classes.somebody(StaffRole.SLT)
    assert await classes.seen(leader) == (["3 Blue", "4 Blue"], ["A", "B", "B", "C"])
    async with classes.database.transaction(leader.tenant) as connection:
        group = await group_for(connection, leader, classes.mine)
        found = await pupils_for(connection, leader, [classes.other_pupil, classes.my_pupil])
    assert (group.kind, group.pupils, group.year_groups) == (GroupKind.CLASS, 2, ("3",))
    assert [pupil.surname for pupil in found] == ["A", "C"]


async def test_nothing_is_seen_through_what_ended(classes: TwoClasses) -> None:
    """An unlink, a pupil who left, an inactive group; and all is back when these are."""
    school = classes.school
    await school.pupil(classes.my_pupil, active=False)
    assert await classes.seen(classes.as_teacher) == (["3 Blue"], ["B"])
    await school.link(LinkKind.MEMBER, classes.mine, classes.shared_pupil, present=False)
    assert await classes.seen(classes.as_teacher) == (["3 Blue"], [])
    await school.pupil(classes.my_pupil, active=True)
    await school.link(LinkKind.TEACHER, classes.mine, classes.teacher, present=False)
    assert await classes.seen(classes.as_teacher) == ([], [])
    await school.link(LinkKind.TEACHER, classes.mine, classes.teacher)
    await school.group("3 Blue", group_id=classes.mine, active=False)
    assert await classes.seen(classes.as_teacher) == ([], [])
    assert (await classes.seen(classes.somebody(StaffRole.SLT)))[0] == ["4 Blue"]
    await school.group("3 Blue", group_id=classes.mine, active=True)
    assert await classes.seen(classes.as_teacher) == (["3 Blue"], ["A"])


async def test_names_are_those_that_are_used_and_sets_come_after_classes(
    classes: TwoClasses,
) -> None:
    school = classes.school
    await school.pupil(classes.other_pupil, preferred_surname="Aa", preferred_forename="Bo")
    await school.group("Set 1", classes.other_pupil, kind=GroupKind.SET, year_group=None)
    names, pupils = await classes.seen(classes.somebody(StaffRole.SLT))
    assert names == ["3 Blue", "4 Blue", "Set 1"]
    assert pupils == ["A", "B", "Aa", "B", "Aa"]
