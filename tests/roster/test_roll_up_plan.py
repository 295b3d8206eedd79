"""The page before the roll-up and the rows after it: what was shown is what happened (R12)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from hypothesis import given, settings
from hypothesis import strategies as st

from services.roster.groups.repository import GroupRepository
from services.roster.links.link import Link
from services.roster.links.repository import LinkRepository
from services.roster.pupils.repository import PupilRepository
from shared.contracts.roster import LinkState, MembershipsChanged, PupilState
from shared.contracts.vocabulary import Origin
from tests.roster.door import Door, SchoolInTest
from tests.roster.test_roll_up import DUE, THE_DAY
from tests.roster.test_roll_up_rules import group, member, pupil

GROUPS = [
    group(1, "3 Ash", "3"),
    group(2, "4 Ash", "4"),
    group(3, "4 Elm", "4"),
    group(4, "5/6 Oak"),
    group(5, "6 Ash", "6"),
    group(6, "Choir", kind="set"),
    group(7, "Maths 3", "3", kind="set"),
    replace(group(8, "5 Ash", "5"), active=False),
]
LEAVERS = group(9, "Leavers", kind="set")
YEARS = st.lists(st.sampled_from(["3", "4", "5", "6", "7", None]), min_size=1, max_size=6)
LINKS = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 7), st.booleans(), st.booleans()),
    max_size=12,
    unique_by=lambda link: link[:2],
)
Rows = dict[UUID, dict[str, Any]]


class ASchool:
    """Its rows are put there; what happens to it happens through the doors."""

    def __init__(self, door: Door) -> None:
        self.school = SchoolInTest(door)

    async def begins(
        self, years: list[str | None], links: list[tuple[int, int, bool, bool]], leavers: bool
    ) -> None:
        await self.school.is_heard_of()
        # Ids are of one school only.
        ids = {one.id: uuid4() for one in (*GROUPS, LEAVERS)}
        groups = [replace(one, id=ids[one.id]) for one in (*GROUPS, LEAVERS)]
        pupils = [pupil(uuid4(), year) for year in years]
        tied: list[Link] = [
            member(groups[place], pupils[number].id, present=present, override=by_hand)
            for number, place, present, by_hand in links
            if number < len(pupils)
        ]
        connection = await asyncpg.connect(self.school.door.admin_dsn)
        try:
            await GroupRepository().save(connection, self.school.id, groups)
            await PupilRepository().save(connection, self.school.id, pupils)
            await LinkRepository().save(connection, self.school.id, tied)
        finally:
            await connection.close()
        if leavers:
            body = {"expected_version": 0, "leavers_group_id": str(ids[LEAVERS.id])}
            answer = await self.school.by_hand("PUT", "/roll-up/settings", body)
            assert answer.status_code == 200, answer.text

    async def pupils(self) -> Rows:
        rows = await self._rows("pupils")
        return {row["id"]: row for row in rows}

    async def memberships(self) -> dict[tuple[UUID, UUID], dict[str, Any]]:
        rows = await self._rows("links")
        return {(row["group_id"], row["person_id"]): row for row in rows}

    async def classes(self) -> set[UUID]:
        return {row["id"] for row in await self._rows("groups") if row["kind"] == "class"}

    async def _rows(self, table: str) -> list[dict[str, Any]]:
        return await self.school.door.rows(
            f"SELECT * FROM {table} WHERE school_id = $1",  # noqa: S608 - one of three
            self.school.id,
        )


def those(pupils: list[dict[str, Any]]) -> set[UUID]:
    return {UUID(one["id"]) for one in pupils}


@settings(max_examples=12)
@given(years=YEARS, links=LINKS, leavers=st.booleans())
async def test_what_the_plan_shows_is_what_happens_and_undoing_is_the_way_back(
    door: Door,
    years: list[str | None],
    links: list[tuple[int, int, bool, bool]],
    leavers: bool,
) -> None:
    """R12, R13: who goes up, who leaves, which group follows, who is without one; and what the
    others are told is how the rows are."""
    a = ASchool(door)
    await a.begins(years, links, leavers)
    before, tied, classes = await a.pupils(), await a.memberships(), await a.classes()
    plan = await a.school.get("/roll-up")
    with door.clock.at(THE_DAY):
        await a.school.hears(DUE)
    after, now = await a.pupils(), await a.memberships()

    assert those(plan["leaving"]) == {key for key, row in after.items() if not row["active"]}
    up = [k for k, row in after.items() if row["year_group"] != before[k]["year_group"]]
    assert plan["moving_up"] == len(up)
    assert those(plan["without_year"]) == {k for k, row in after.items() if not row["year_group"]}
    had = {p for (g, p), row in tied.items() if row["present"] and g in classes}
    has = {p for (g, p), row in now.items() if row["present"] and g in classes}
    assert those(plan["without_class"]) == had - has
    shown = Counter((one["group_id"], one["year_group"]) for one in plan["groups"])
    assert set(shown.values()) <= {1}
    for one in plan["groups"]:
        here = UUID(one["group_id"])
        members = [
            p
            for (g, p), row in tied.items()
            if g == here and row["present"] and before[p]["year_group"] == one["year_group"]
        ]
        assert one["pupils"] == len(members)
        following = UUID(one["next_group_id"]) if one["next_group_id"] else None
        for p in members:
            stays = one["leaving"] or following == here
            by_hand = tied.get((following, p)) if following else None
            if stays:
                assert now[here, p]["present"]
            elif following and not (by_hand and by_hand["override"] and not by_hand["present"]):
                assert now[following, p]["present"]

    told_pupils, told_links = await told(a.school)
    changed = {key for key, row in after.items() if row != before[key]}
    assert {key: state.version for key, state in told_pupils.items()} == {
        key: after[key]["version"] for key in changed
    }
    assert {key: (one.version, one.present, one.origin) for key, one in told_links.items()} == {
        key: (row["version"], row["present"], Origin(row["origin"]))
        for key, row in now.items()
        if row != tied.get(key)
    }

    last = (await a.school.get("/roll-up"))["last"]
    assert (last["moved_up"], last["left_school"]) == (len(up), len(plan["leaving"]))
    with door.clock.at(THE_DAY):
        answer = await a.school.by_hand("POST", f"/roll-up/{last['id']}/undo")
    assert answer.json()["last"]["changed_since"] == []
    assert {k: as_before(row) for k, row in (await a.pupils()).items()} == {
        k: as_before(row) for k, row in before.items()
    }
    back = {k: as_before(r) for k, r in (await a.memberships()).items() if k in tied}
    assert back == {k: as_before(row) for k, row in tied.items()}
    made = {k: r for k, r in (await a.memberships()).items() if k not in tied}
    assert not any(row["present"] for row in made.values())


async def told(
    school: SchoolInTest,
) -> tuple[dict[UUID, PupilState], dict[tuple[UUID, UUID], LinkState]]:
    """What roster said of pupils and memberships, by the contracts."""
    pupils = [
        PupilState.model_validate(state)
        for event in await school.told("roster.pupils.changed.v1")
        for state in event["data"]["pupils"]
    ]
    links = [
        link
        for event in await school.told("roster.memberships.changed.v1")
        for link in MembershipsChanged.model_validate(event["data"]).links
    ]
    return (
        {one.id: one for one in pupils},
        {(one.group_id, one.person_id): one for one in links},
    )


def as_before(row: dict[str, Any]) -> dict[str, Any]:
    """Whatever was changed and changed back, its version went on."""
    return {name: value for name, value in row.items() if name != "version"}
