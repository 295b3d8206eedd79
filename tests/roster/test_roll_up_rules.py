"""Who goes where at the roll-up: the rules, as they are written and shown (R12)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

import asyncpg
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.roster.groups.group import Group
from services.roster.groups.repository import GroupRepository
from services.roster.links.link import Link, LinkKey
from services.roster.links.repository import LinkRepository
from services.roster.pupils.pupil import Pupil
from services.roster.pupils.repository import PupilRepository
from services.roster.roll_up.moves import Steps, steps_of
from services.roster.roll_up.moves_in_sql import MEMBERSHIP_MOVES, PUPIL_MOVES
from services.roster.roll_up.repository import RollUpRepository
from services.roster.roll_up.successions import Place, Successions
from services.roster.schools.repository import SchoolRepository
from shared.contracts.vocabulary import GroupKind, LinkKind, Origin, YearGroup
from shared.school.year_groups import YEAR_GROUP_ORDER, class_stem, next_year_group
from tests.roster.door import Door

YEAR = "2026/27"
P, Q = UUID(int=1), UUID(int=2)


def group(number: int, name: str, year: str | None = None, *, kind: str = "class") -> Group:
    year_group = YearGroup(year) if year else None
    return Group(
        id=UUID(int=100 + number),
        version=1,
        name=name,
        kind=GroupKind(kind),
        year_group=year_group,
        origin=Origin.MIS,
    )


def pupil(pupil_id: UUID, year: str | None, **given: object) -> Pupil:
    return Pupil(
        id=pupil_id,
        version=1,
        legal_forename="Zoë",
        legal_surname="Hall",
        year_group=YearGroup(year) if year else None,
        origin=Origin.MIS,
        **given,  # type: ignore[arg-type]
    )


def member(of: Group, pupil_id: UUID, **given: object) -> Link:
    key = LinkKey(LinkKind.MEMBER, of.id, pupil_id)
    values: dict[str, object] = {"present": True, "origin": Origin.MIS} | given
    return Link(key=key, version=1, **values)  # type: ignore[arg-type]


@dataclass
class Moves:
    """Before and after, of what changes."""

    pupils: list[tuple[Pupil, Pupil]]
    links: list[tuple[Link | None, Link]]
    without_class: list[UUID]
    without_year: list[UUID]


@dataclass
class Rolling:
    """Runs the rules on a school that is there only for as long."""

    connection: asyncpg.Connection[asyncpg.Record]

    async def __call__(
        self,
        pupils: list[Pupil],
        links: list[Link],
        groups: list[Group],
        named: dict[Place, UUID | None] | None = None,
        last: str = "6",
        leavers_group: UUID | None = None,
    ) -> Moves:
        transaction = self.connection.transaction()
        await transaction.start()
        try:
            await self._make(pupils, links, groups)
            steps = steps_of(
                academic_year=YEAR,
                last_year_group=last,
                places=(await RollUpRepository().basis(self.connection)).places,
                groups=groups,
                named=named or {},
                leavers_group=leavers_group,
            )
            return await self._moves(steps, pupils, links)
        finally:
            await transaction.rollback()

    async def _make(self, pupils: list[Pupil], links: list[Link], groups: list[Group]) -> None:
        school_id = uuid4()
        await self.connection.execute(
            "SELECT set_config('app.school_id', $1, true)", str(school_id)
        )
        await SchoolRepository().add(self.connection, school_id, YEAR)
        await GroupRepository().save(self.connection, school_id, groups)
        await PupilRepository().save(self.connection, school_id, pupils)
        await LinkRepository().save(self.connection, school_id, links)

    async def _moves(self, steps: Steps, pupils: list[Pupil], links: list[Link]) -> Moves:
        people, stood = {one.id: one for one in pupils}, {one.key: one for one in links}
        moved = await self.connection.fetch(
            f"WITH {PUPIL_MOVES} SELECT * FROM pupil_moves ORDER BY id",  # noqa: S608 - our own
            *steps.of_pupils,
        )
        tied = await self.connection.fetch(
            f"WITH {MEMBERSHIP_MOVES} SELECT * FROM membership_moves "  # noqa: S608 - our own
            "ORDER BY present, group_id, person_id",
            *steps.of_memberships,
        )
        plan = await RollUpRepository().plan(self.connection, steps)
        assert plan.moving_up == sum(row["active"] for row in moved)
        assert list(plan.leaving) == [row["id"] for row in moved if not row["active"]]
        return Moves(
            [(people[row["id"]], pupil_after(people[row["id"]], row)) for row in moved],
            [link_after(stood, row) for row in tied],
            list(plan.without_class),
            list(plan.without_year),
        )


def pupil_after(before: Pupil, row: asyncpg.Record) -> Pupil:
    assert row["version"] == before.version + 1
    was = (row["was_active"], row["had_reason"], row["was_in"], tuple(row["had_overrides"]))
    assert was == (before.active, before.active_reason, before.year_group, before.overrides)
    return replace(
        before,
        active=row["active"],
        active_reason=row["active_reason"],
        year_group=YearGroup(row["year_group"]),
        overrides=tuple(row["overrides"]),
    )


def link_after(stood: dict[LinkKey, Link], row: asyncpg.Record) -> tuple[Link | None, Link]:
    key = LinkKey(LinkKind.MEMBER, row["group_id"], row["person_id"])
    before = stood.get(key)
    version = before.version if before else 0
    assert (row["at"] is not None, row["version"]) == (before is not None, version + 1)
    was = (row["was_present"], row["was_waiting"], row["was_origin"], row["was_override"])
    assert was == (
        (before.present, before.waiting, before.origin, before.override)
        if before
        else (False, False, None, False)
    )
    after = Link(
        key=key,
        version=version,
        present=row["present"],
        waiting=row["waiting"],
        origin=Origin(row["origin"]),
        override=row["override"],
    )
    return before, after


@pytest.fixture(scope="module")
async def rolled_up(door: Door) -> AsyncIterator[Rolling]:
    connection = await asyncpg.connect(door.service_dsn)
    yield Rolling(connection)
    await connection.close()


class TestWhichClassFollows:
    @pytest.mark.parametrize(
        ("name", "year", "others", "follows"),
        [
            ("3 Blue", "3", [("4 Blue", "4"), ("4 Red", "4")], "4 Blue"),
            ("RB", "R", [("1B", "1"), ("1G", "1")], "1B"),
            ("Reception Blue", "R", [("1 Blue", "1"), ("1 Red", "1")], "1 Blue"),
            ("Oak (Year 3)", "3", [("Oak (Year 4)", "4"), ("Elm (Year 4)", "4")], "Oak (Year 4)"),
            # One form a year: whatever they are called.
            ("Robins", "R", [("Owls", "1"), ("Eagles", "2")], "Owls"),
            ("3 Blue", "3", [("4 Red", "4"), ("4 Green", "4")], None),
            ("6 Blue", "6", [("5 Blue", "5")], None),
            ("Year 12 A", "12", [("Year 13 A", "13")], "Year 13 A"),
        ],
    )
    def test_is_told_by_the_names(
        self, name: str, year: str, others: list[tuple[str, str]], follows: str | None
    ) -> None:
        first = group(0, name, year)
        rest = [group(number, *other) for number, other in enumerate(others, 1)]
        found = Successions([first, *rest], {}).of(Place(first.id, year))
        assert found.group_id == next((g.id for g in rest if g.name == follows), None)
        assert found.how == ("proposed" if follows else "none")

    def test_of_a_joint_class_one_year_stays_and_the_other_goes_on(self) -> None:
        """R12."""
        oak, elm = group(1, "3/4 Oak"), group(2, "5/6 Elm")
        successions = Successions([oak, elm], {})
        assert successions.of(Place(oak.id, "3")).group_id == oak.id
        assert successions.of(Place(oak.id, "4")).group_id == elm.id

    def test_is_what_the_admin_named_before_what_the_names_tell(self) -> None:
        first, second, other = group(1, "3A", "3"), group(2, "4A", "4"), group(3, "4B", "4")
        place = Place(first.id, "3")
        successions = Successions([first, second, other], {place: other.id})
        assert (successions.of(place).group_id, successions.of(place).how) == (other.id, "named")
        assert Successions([first, second], {place: None}).of(place).group_id is None
        gone = Successions([first, second], {place: other.id}).of(place)
        assert gone.group_id is None, "what was named is not guessed anew when it is gone"

    def test_is_no_inactive_one(self) -> None:
        first, second = group(1, "3A", "3"), replace(group(2, "4A", "4"), active=False)
        assert Successions([first, second], {}).of(Place(first.id, "3")).group_id is None

    def test_of_a_set_is_one_of_the_same_name_only_and_a_choir_stays(self) -> None:
        maths = group(1, "Year 3 Maths 1", "3", kind="set")
        other = group(2, "Year 4 Maths 2", "4", kind="set")
        choir = group(3, "Choir", kind="set")
        successions = Successions([maths, other, choir], {})
        assert successions.of(Place(maths.id, "3")).group_id is None
        assert successions.of(Place(choir.id, "3")).group_id == choir.id


class TestPupils:
    async def test_go_up_and_the_last_year_leaves(self, rolled_up: Rolling) -> None:
        moves = await rolled_up([pupil(P, "3"), pupil(Q, "6")], [], [])
        (_, up), (_, out) = moves.pupils
        assert (up.year_group, up.active) == (YearGroup.Y4, True)
        assert (out.year_group, out.active) == (YearGroup.Y6, False)
        assert out.active_reason == "Left at the end of 2026/27"

    async def test_with_a_year_group_set_by_hand_go_up_too_and_stay_marked(
        self, rolled_up: Rolling
    ) -> None:
        """R12, R22."""
        ((_, after),) = (await rolled_up([pupil(P, "2", overrides=("year_group",))], [], [])).pupils
        assert (after.year_group, after.overrides) == (YearGroup.Y3, ("year_group",))

    async def test_made_active_by_hand_leave_with_the_others(self, rolled_up: Rolling) -> None:
        """R13: and are the MIS's again, which may bring them back."""
        ((_, after),) = (
            await rolled_up([pupil(P, "6", overrides=("active", "upn"))], [], [])
        ).pupils
        assert (after.active, after.overrides) == (False, ("upn",))

    async def test_without_a_year_group_are_listed(self, rolled_up: Rolling) -> None:
        moves = await rolled_up([pupil(P, None)], [], [])
        assert (moves.pupils, moves.without_year) == ([], [P])

    async def test_beyond_the_last_year_leave(self, rolled_up: Rolling) -> None:
        ((_, after),) = (await rolled_up([pupil(P, "7")], [], [])).pupils
        assert not after.active


class TestMemberships:
    async def test_follow_and_the_mis_may_take_them_away_again(self, rolled_up: Rolling) -> None:
        first, second = group(1, "3 Blue", "3"), group(2, "4 Blue", "4")
        moves = await rolled_up([pupil(P, "3")], [member(first, P)], [first, second])
        (_, old), (was, new) = moves.links
        assert (old.key.group_id, old.present) == (first.id, False)
        assert was is None
        assert (new.key.group_id, new.present, new.origin) == (second.id, True, Origin.MIS)
        assert not new.override

    async def test_made_by_hand_follow_as_well(self, rolled_up: Rolling) -> None:
        first, second = group(1, "3 Blue", "3"), group(2, "4 Blue", "4")
        by_hand = member(first, P, override=True, origin=Origin.HAND)
        moves = await rolled_up([pupil(P, "3")], [by_hand], [first, second])
        (_, old), (_, new) = moves.links
        assert (old.present, old.override) == (False, False)
        assert (new.present, new.origin) == (True, Origin.HAND)

    async def test_that_were_removed_by_hand_are_not_made(self, rolled_up: Rolling) -> None:
        """R13."""
        first, second = group(1, "3 Blue", "3"), group(2, "4 Blue", "4")
        removed = member(second, P, present=False, override=True, origin=Origin.HAND)
        moves = await rolled_up([pupil(P, "3")], [member(first, P), removed], [first, second])
        assert [link.key.group_id for _, link in moves.links] == [first.id]
        assert moves.without_class == [P]

    async def test_that_lead_to_a_group_that_the_pupil_is_in_leave_them_in_it(
        self, rolled_up: Rolling
    ) -> None:
        """Also where that one leads on; of two that lead to one, one is made."""
        red, blue, green = group(1, "3 R", "3"), group(2, "3 B", "3"), group(3, "4 G", "4")
        named: dict[Place, UUID | None] = {
            Place(red.id, "3"): blue.id,
            Place(blue.id, "3"): green.id,
        }
        both = [member(red, P), member(blue, P, origin=Origin.HAND)]
        moves = await rolled_up([pupil(P, "3")], both, [red, blue, green], named)
        found = [(link.key.group_id, link.present, link.origin) for _, link in moves.links]
        assert found == [(red.id, False, Origin.MIS), (green.id, True, Origin.HAND)]
        one_form = [red, blue, group(4, "4 X", "4")]
        moves = await rolled_up([pupil(P, "3")], both, one_form)
        assert [link.present for _, link in moves.links] == [False, False, True]
        assert moves.without_class == []

    async def test_of_leavers_stay_so_that_they_have_all_they_had(self, rolled_up: Rolling) -> None:
        """R6."""
        last = group(1, "6 Blue", "6")
        assert (await rolled_up([pupil(P, "6")], [member(last, P)], [last])).links == []

    async def test_without_a_class_that_follows_end_and_are_listed(
        self, rolled_up: Rolling
    ) -> None:
        first, red, green = group(1, "3 Blue", "3"), group(2, "4 Red", "4"), group(3, "4 G", "4")
        moves = await rolled_up([pupil(P, "3")], [member(first, P)], [first, red, green])
        ((_, link),) = moves.links
        assert (link.key.group_id, link.present) == (first.id, False)
        assert moves.without_class == [P]


YEARS = ("N2", "R", "1", "2", "3", "4", "5", "6")
GROUPS = [group(2 * place + form, f"{y} {('Blue', 'Red')[form]}", y)
          for place, y in enumerate(YEARS) for form in (0, 1)]  # fmt: skip


@given(
    years=st.lists(st.sampled_from([*YEARS, "7", None]), min_size=1, max_size=8),
    forms=st.lists(st.integers(0, 1), min_size=8, max_size=8),
    data=st.data(),
)
async def test_nobody_is_lost_and_nobody_is_in_two_classes(
    rolled_up: Rolling, years: list[str | None], forms: list[int], data: st.DataObject
) -> None:
    """R12: up by one or out, in one class at most, and in the blue one who was in a blue one."""
    pupils = [pupil(UUID(int=number), year) for number, year in enumerate(years, 1)]
    links, home = [], {}
    for one, form in zip(pupils, forms, strict=False):
        if one.year_group is not None and one.year_group.value in YEARS:
            home[one.id] = GROUPS[2 * YEARS.index(one.year_group.value) + form]
            links.append(member(home[one.id], one.id))
    standing = data.draw(st.lists(st.sampled_from(pupils), unique_by=lambda one: one.id))
    for one in standing:
        extra = data.draw(st.sampled_from(GROUPS))
        if home.get(one.id) != extra:
            links.append(member(extra, one.id, present=False, origin=Origin.MIS))
    moves = await rolled_up(pupils, links, GROUPS)
    after = {one.id: one for one in pupils} | {after.id: after for _, after in moves.pupils}
    now = {link.key: link for link in links} | {link.key: link for _, link in moves.links}
    assert after.keys() == {one.id for one in pupils}
    for before in pupils:
        is_now = after[before.id]
        classes = [key for key, link in now.items() if key.person_id == before.id and link.present]
        if before.year_group is None:
            assert is_now == before
        elif YEAR_GROUP_ORDER.index(before.year_group) >= YEAR_GROUP_ORDER.index("6"):
            assert not is_now.active
        else:
            following = next_year_group(before.year_group.value)
            assert is_now.year_group == following
            names = {one.id: one.name for one in GROUPS}
            (key,) = classes
            assert class_stem(names[key.group_id]) == class_stem(home[before.id].name)
            assert names[key.group_id].startswith(
                str(is_now.year_group and is_now.year_group.value)
            )


LEAVERS = group(90, "Leavers", kind="set")
STANDING = ("none", "present", "removed", "by hand in", "by hand out")


@example(pupils=[("6", how) for how in STANDING], usable=True)
@given(
    pupils=st.lists(
        st.tuples(st.sampled_from(["3", "6", "7", None]), st.sampled_from(STANDING)),
        min_size=1,
        max_size=8,
    ),
    usable=st.booleans(),
)
async def test_a_set_for_leavers_takes_the_leavers_and_changes_nothing_else(
    rolled_up: Rolling, pupils: list[tuple[str | None, str]], usable: bool
) -> None:
    """R12, R13, R29: who was taken out of it by hand stays out; nobody else is put in."""
    people = [pupil(UUID(int=number), year) for number, (year, _) in enumerate(pupils, 1)]
    stood = {
        one.id: member(
            LEAVERS,
            one.id,
            present=how in ("present", "by hand in"),
            override=how.startswith("by hand"),
            origin=Origin.HAND,
        )
        for one, (_, how) in zip(people, pupils, strict=True)
        if how != "none"
    }
    groups = [*GROUPS, replace(LEAVERS, active=usable)]
    with_set = await rolled_up(people, list(stood.values()), groups, leavers_group=LEAVERS.id)
    without = await rolled_up(people, list(stood.values()), groups)
    made_anyway = [link for _, link in without.links]
    of_the_set = [link for _, link in with_set.links if link not in made_anyway]
    assert with_set.pupils == without.pupils
    assert [one for one in with_set.links if one[1] not in of_the_set] == without.links
    leavers = {after.id for _, after in with_set.pupils if not after.active} if usable else set()
    put_in = {
        pupil_id
        for pupil_id in leavers
        if pupil_id not in stood or not (stood[pupil_id].present or stood[pupil_id].override)
    }
    assert {link.key.person_id for link in of_the_set} == put_in
    assert all(
        link.key.group_id == LEAVERS.id and link.present and not link.override
        for link in of_the_set
    )
