"""The roll-up through the doors: once a year, whatever happens, and undone again (R12, R22)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from stdnum.gb import upn as upns
from uuid_utils.compat import uuid7

from services.roster.fields.field import OPTIONAL_FIELDS
from services.roster.roll_up.repository import RollUpRepository
from services.roster.roll_up.scheduler import ask_for_roll_ups
from shared.contracts.activity import ActivityEntry, ActivityRecorded, Actor
from shared.contracts.mis_sync import ProposalAction, PupilProposal
from shared.contracts.roster import RollUpDue
from shared.contracts.vocabulary import LinkKind, YearGroup
from shared.database.pool import Database
from shared.messaging.outbox import Outbox
from tests.eventually import eventually
from tests.roster.door import Door, SchoolInTest, details, problem_of
from tests.roster.running import NOW

THE_DAY = datetime(2027, 8, 25, 23, 0, tzinfo=UTC)
"""Midnight in London, where it is summer."""
DUE = RollUpDue(academic_year="2026/27")


def upn(number: int) -> str:
    digits = f"801200001{number:03}"
    return upns.calc_check_digit("A" + digits) + digits


def each_of(entry: ActivityEntry) -> list[ActivityEntry]:
    """The entry for each of its subjects, in their order."""
    subjects = (entry.subject, *entry.also)
    return [entry.model_copy(update={"subject": one, "also": ()}) for one in subjects]


class ARoll:
    """Four pupils: in 3 Blue, in 3 Red, which nothing follows, in 6 Blue, and without a year."""

    def __init__(self, school: SchoolInTest) -> None:
        self.school = school
        self.pupils: dict[str, UUID] = {}
        self.groups: dict[str, UUID] = {}

    async def begins(self) -> None:
        places = {"3 Blue": "3", "3 Red": "3", "6 Blue": "6"}
        for number, (name, year) in enumerate(places.items(), 1):
            pupil = await self.school.has_pupil(upn=upn(number), year_group=YearGroup(year))
            self.pupils[name] = pupil
            self.groups[name] = await self.school.has_class(name, year, pupil)
        self.pupils["no year"] = await self.school.has_pupil(upn=upn(9), year_group=None)
        for name in ("4 Blue", "4 Green"):
            self.groups[name] = await self.school.has_class(name, "4")

    async def is_rolled_up(self, at: datetime = THE_DAY) -> None:
        with self.school.door.clock.at(at):
            await self.school.hears(DUE)

    async def stands(self) -> dict[str, Any]:
        """Of each pupil: year group, active, classes."""
        found = {}
        for name, pupil_id in self.pupils.items():
            pupil = await self.school.get(f"/pupils/{pupil_id}")
            names = sorted(group["name"] for group in pupil["groups"])
            found[name] = (pupil["year_group"], pupil["active"], names)
        return found

    async def page(self) -> dict[str, Any]:
        page: dict[str, Any] = await self.school.get("/roll-up")
        return page

    async def acts(
        self, method: str, path: str, body: Any = None, *, at: datetime = THE_DAY
    ) -> Any:
        with self.school.door.clock.at(at):
            return await self.school.by_hand(method, path, body)


FIVE_CLASSES = """
    WITH classes AS (
        INSERT INTO groups (school_id, id, version, active, name, name_key, kind, year_group,
            origin, overrides)
        SELECT $1, gen_random_uuid(), 1, true, 'Many ' || n, 'many ' || n, 'class', '5', 'hand',
            '{}'
        FROM generate_series(1, 5) AS n RETURNING id
    ), children AS (
        INSERT INTO pupils (school_id, id, version, active, former_upns, legal_forename,
            legal_surname, year_group, origin, overrides, seen_in_mis, surname_key, forename_key,
            search_text)
        SELECT $1, gen_random_uuid(), 1, true, '{}', 'Ann', 'Many', '5', 'hand', '{}', false,
            'many', 'ann', 'ann many'
        FROM generate_series(1, 500) RETURNING id
    )
    INSERT INTO links (school_id, kind, group_id, person_id, version, present, waiting, origin,
        override)
    SELECT $1, 'member', classes.id, children.id, 1, true, false, 'hand', false
    FROM classes, children
"""
"""Each of 500 children is in all of them."""
BEFORE = {
    "3 Blue": ("3", True, ["3 Blue"]),
    "3 Red": ("3", True, ["3 Red"]),
    "6 Blue": ("6", True, ["6 Blue"]),
    "no year": (None, True, []),
}
AFTER = {
    "3 Blue": ("4", True, ["4 Blue"]),
    "3 Red": ("4", True, []),
    "6 Blue": ("6", False, ["6 Blue"]),
    "no year": (None, True, []),
}


@pytest.fixture
async def roll(school: SchoolInTest) -> ARoll:
    roll = ARoll(school)
    await roll.begins()
    return roll


@pytest.fixture
async def database(door: Door) -> AsyncIterator[Database]:
    database = Database(door.service_dsn, name="scheduler-test", max_size=4)
    await database.open()
    yield database
    await database.close()


def names(pupils: list[dict[str, Any]]) -> list[str]:
    return [pupil["id"] for pupil in pupils]


class TestTheDay:
    async def test_moves_everybody_up_and_the_year_on(self, roll: ARoll) -> None:
        assert await roll.stands() == BEFORE
        await roll.is_rolled_up()
        assert await roll.stands() == AFTER
        page = await roll.page()
        assert page["academic_year"] == "2027/28"
        last = page["last"]
        assert (last["academic_year"], last["moved_up"], last["left_school"]) == ("2027/28", 2, 1)
        assert names(last["without_class"]) == [str(roll.pupils["3 Red"])]
        assert names(last["without_year"]) == [str(roll.pupils["no year"])]

    async def test_is_told_whole_and_logged(self, roll: ARoll) -> None:
        """R9: and the year, with a version of its own."""
        await roll.is_rolled_up()
        (year,) = (await roll.school.told("roster.school_year.changed.v1"))[-1:]
        assert year["data"] == {"version": 2, "academic_year": "2027/28"}
        told = (await roll.school.told("roster.pupils.changed.v1"))[-1]["data"]["pupils"]
        assert {one["id"] for one in told} == {
            str(roll.pupils[name]) for name in ("3 Blue", "3 Red", "6 Blue")
        }
        entries = [
            one
            for event in await roll.school.told("activity.recorded.v1")
            for entry in ActivityRecorded.model_validate(event["data"]).entries
            if entry.actor == Actor(kind="system", name="Roll-up")
            for one in each_of(entry)
        ]
        pupils = {str(pupil_id): name for name, pupil_id in roll.pupils.items()}
        logged = {
            (one.action, pupils.get(str(one.subject.id), "")): (one.before, one.after)
            for one in entries
        }
        assert len(logged) == len(entries)
        up = ({"year_group": "3"}, {"year_group": "4"})
        reason = "Left at the end of 2026/27"
        left = (
            {"active": True, "active_reason": None},
            {"active": False, "active_reason": reason},
        )
        removed = ({"present": True}, {"present": False})
        added = ({"present": False}, {"present": True})
        for one, (was, now) in logged.items():
            if one[0].startswith("link."):
                assert was is not None
                assert now is not None
                logged[one] = {"present": was["present"]}, {"present": now["present"]}
        assert logged == {
            ("link.added", "3 Blue"): added,
            ("link.removed", "3 Blue"): removed,
            ("link.removed", "3 Red"): removed,
            ("pupil.left", "6 Blue"): left,
            ("pupil.moved_up", "3 Blue"): up,
            ("pupil.moved_up", "3 Red"): up,
            ("year.rolled_up", ""): ({"academic_year": "2026/27"}, {"academic_year": "2027/28"}),
        }
        labels = {one.subject.label for one in entries if one.action == "link.added"}
        assert labels == {"Zoë O’Neill in 4 Blue"}

    async def test_tells_of_whole_classes_in_events_that_do_not_grow_with_the_school(
        self, roll: ARoll, database: Database
    ) -> None:
        """Of five classes of 500, whose memberships end: 2,000 in an event, and then another."""
        async with database.transaction(roll.school.id) as connection:
            await connection.execute(FIVE_CLASSES, roll.school.id)
        before = len(await roll.school.told("roster.memberships.changed.v1"))
        await roll.is_rolled_up()
        told = (await roll.school.told("roster.memberships.changed.v1"))[before:]
        sizes = [sum(len(one["members"]) for one in event["data"]["groups"]) for event in told]
        assert len(sizes) == 2
        assert max(sizes) < 2_000 + 500
        assert sum(sizes) > 5 * 500

    async def test_comes_once_whatever_is_repeated(self, roll: ARoll) -> None:
        """R12: other ids, as after a restart, and two at once."""
        with roll.school.door.clock.at(THE_DAY):
            said = [await roll.school.door.say(roll.school.id, DUE) for _ in range(4)]
            for one in said:
                await roll.school.door.is_taken(one)
        assert await roll.stands() == AFTER
        await roll.is_rolled_up(THE_DAY + timedelta(days=9))
        assert await roll.stands() == AFTER

    async def test_does_not_come_early(self, roll: ARoll) -> None:
        """Also not in the last hour that is the 25th in UTC and in London.

        Clocks of two machines may differ by a minute; the scheduler's own says when it is asked.
        """
        with roll.school.door.clock.at(THE_DAY - timedelta(seconds=61)):
            await roll.school.door.say(roll.school.id, DUE)
            dead = await eventually(
                lambda: roll.school.door.rows(
                    "SELECT reason FROM dead_letters WHERE school_id = $1", roll.school.id
                )
            )
        assert "2027/28 has not begun" in dead[0]["reason"]
        assert await roll.stands() == BEFORE

    async def test_leaves_what_the_mis_says_of_the_old_year_aside(self, roll: ARoll) -> None:
        """R22."""
        await roll.is_rolled_up()
        old = PupilProposal(
            pupil_id=roll.pupils["3 Blue"],
            action=ProposalAction.UPDATE,
            details=details(upn=upn(1), year_group=YearGroup.Y3),
        )
        (outcome,) = await roll.school.pupils_approved(old, year="2026/27")
        assert outcome["reason_code"] == "other_academic_year"
        back = PupilProposal(
            pupil_id=roll.pupils["6 Blue"],
            action=ProposalAction.REACTIVATE,
            details=details(upn=upn(3), year_group=YearGroup.Y6),
        )
        (outcome,) = await roll.school.pupils_approved(back, year="2026/27")
        assert outcome["reason_code"] == "other_academic_year"
        assert await roll.stands() == AFTER


@pytest.fixture
async def alone(door: Door, roll: ARoll) -> None:
    """The schools of other tests were all asked, long ago."""
    await door.rows(
        "UPDATE school_directory SET asked_for = '2099/00' WHERE school_id <> $1", roll.school.id
    )


@pytest.mark.usefixtures("alone")
class TestAsking:
    async def test_asks_each_school_once_and_catches_up_year_by_year(
        self, door: Door, roll: ARoll, database: Database
    ) -> None:
        """R12: down for two summers, with two schedulers side by side."""
        late = datetime(2028, 9, 30, 9, 0, tzinfo=UTC)

        async def asked() -> list[str]:
            told = await roll.school.told("roster.roll_up.due.v1")
            return [event["data"]["academic_year"] for event in told]

        async def ask() -> None:
            await ask_for_roll_ups(database, Outbox("roster"), RollUpRepository(), door.clock)

        with door.clock.at(late):
            await asyncio.gather(ask(), ask())
            assert await asked() == ["2026/27"]
            await eventually(roll.page, lambda page: page["academic_year"] == "2027/28")
            await asyncio.gather(ask(), ask())
            await eventually(roll.page, lambda page: page["academic_year"] == "2028/29")
            await ask()
            assert await asked() == ["2026/27", "2027/28"]
        assert (await roll.stands())["3 Blue"][0] == "5"

    async def test_asks_nobody_before_the_day(
        self, door: Door, roll: ARoll, database: Database
    ) -> None:
        with door.clock.at(THE_DAY - timedelta(seconds=1)):
            await ask_for_roll_ups(database, Outbox("roster"), RollUpRepository(), door.clock)
        assert await roll.school.told("roster.roll_up.due.v1") == []

    async def test_asks_nobody_again_who_undid_it(
        self, door: Door, roll: ARoll, database: Database
    ) -> None:
        """R12: it runs again only when the admin says so."""
        with door.clock.at(THE_DAY):
            await ask_for_roll_ups(database, Outbox("roster"), RollUpRepository(), door.clock)
            page = await eventually(roll.page, lambda page: page["last"] is not None)
            await roll.acts("POST", f"/roll-up/{page['last']['id']}/undo")
            await ask_for_roll_ups(database, Outbox("roster"), RollUpRepository(), door.clock)
        assert len(await roll.school.told("roster.roll_up.due.v1")) == 1
        await roll.is_rolled_up(THE_DAY + timedelta(days=1))
        assert await roll.stands() == BEFORE, "nor by a message that was late"


class TestUndoing:
    async def test_brings_everybody_back_and_it_can_be_run_again(self, roll: ARoll) -> None:
        await roll.is_rolled_up()
        roll_up = (await roll.page())["last"]["id"]
        undone = (await roll.acts("POST", f"/roll-up/{roll_up}/undo")).json()
        assert await roll.stands() == BEFORE
        assert undone["academic_year"] == "2026/27"
        assert undone["last"]["can_run_again"]
        assert (await roll.acts("POST", f"/roll-up/{roll_up}/undo")).status_code == 409
        again = await roll.acts("POST", "/roll-up/run", at=THE_DAY + timedelta(days=40))
        assert again.status_code == 200, again.text
        assert await roll.stands() == AFTER
        assert (await roll.acts("POST", "/roll-up/run")).status_code == 409

    async def test_leaves_and_lists_who_was_changed_since(self, roll: ARoll) -> None:
        await roll.is_rolled_up()
        pupil = await roll.school.get(f"/pupils/{roll.pupils['3 Blue']}")
        change = {"expected_version": pupil["version"], "year_group": "5"}
        await roll.acts("PATCH", f"/pupils/{pupil['id']}", change)
        roll_up = (await roll.page())["last"]["id"]
        undone = (await roll.acts("POST", f"/roll-up/{roll_up}/undo")).json()
        assert names(undone["last"]["changed_since"]) == [pupil["id"]]
        stands = await roll.stands()
        assert stands["3 Blue"] == ("5", True, ["3 Blue"])
        assert stands["3 Red"] == BEFORE["3 Red"]

    async def test_and_running_leave_an_offset_and_what_the_school_keeps(self, roll: ARoll) -> None:
        """R12, R13: taught a year above their age before, they are so afterwards; and what the
        others are told is whole."""
        kept = dict.fromkeys(OPTIONAL_FIELDS, False) | {"sen_provision": True}
        body = kept | {"expected_version": 0}
        assert (await roll.acts("PUT", "/settings/pupil-fields", body)).status_code == 200
        path = f"/pupils/{roll.pupils['3 Blue']}"
        version = (await roll.school.get(path))["version"]
        said = {"date_of_birth": "2019-09-01", "year_offset": 1, "sen_provision": "K"}
        await roll.acts("PATCH", path, said | {"expected_version": version})
        await roll.is_rolled_up()
        for year in ("4", "3"):
            pupil = await roll.school.get(path)
            assert (pupil["year_group"], pupil["year_offset"]) == (year, 1)
            assert not pupil["year_disagrees"]
            told = [
                state
                for event in await roll.school.told("roster.pupils.changed.v1")
                for state in event["data"]["pupils"]
                if state["id"] == pupil["id"]
            ][-1]
            assert (told["version"], told["year_group"]) == (pupil["version"], year)
            assert (told["year_offset"], told["sen_provision"]) == (1, "K")
            if year == "4":
                roll_up = (await roll.page())["last"]["id"]
                await roll.acts("POST", f"/roll-up/{roll_up}/undo")

    async def test_leaves_a_membership_that_was_changed_since(self, roll: ARoll) -> None:
        """R13: taken out of the new class by hand, the pupil stays out by hand, and is listed."""
        await roll.is_rolled_up()
        pupil, blue = str(roll.pupils["3 Blue"]), str(roll.groups["4 Blue"])
        gone = await roll.acts("DELETE", f"/groups/{blue}/pupils/{pupil}")
        assert gone.status_code == 200, gone.text
        roll_up = (await roll.page())["last"]["id"]
        undone = (await roll.acts("POST", f"/roll-up/{roll_up}/undo")).json()
        assert (await roll.stands())["3 Blue"] == BEFORE["3 Blue"]
        assert names(undone["last"]["changed_since"]) == [pupil]
        removed = await roll.school.get("/links", pupil_id=pupil, present=False)
        assert [one["override"] for one in removed["items"] if one["group_id"] == blue] == [True]

    async def test_is_possible_for_28_days(self, roll: ARoll) -> None:
        await roll.is_rolled_up()
        path = f"/roll-up/{(await roll.page())['last']['id']}/undo"
        late = await roll.acts("POST", path, at=THE_DAY + timedelta(days=28, seconds=1))
        assert problem_of(late) == (409, "cannot-undo-roll-up")
        in_time = await roll.acts("POST", path, at=THE_DAY + timedelta(days=28))
        assert in_time.status_code == 200

    async def test_of_another_school_s_or_none_is_not_found(self, door: Door, roll: ARoll) -> None:
        await roll.is_rolled_up()
        other = SchoolInTest(door)
        await other.is_heard_of()
        for roll_up in ((await roll.page())["last"]["id"], uuid7()):
            answer = await other.by_hand("POST", f"/roll-up/{roll_up}/undo")
            assert problem_of(answer) == (404, "roll-up-not-found")
        assert await roll.stands() == AFTER


class TestThePlan:
    async def test_shows_what_will_happen(self, roll: ARoll) -> None:
        page = await roll.page()
        assert (page["academic_year"], page["due_on"]) == ("2026/27", "2027-08-26")
        rows = {row["name"]: row for row in page["groups"]}
        assert set(rows) == {"3 Blue", "3 Red", "6 Blue"}, "who is empty has nobody to move"
        blue = rows["3 Blue"]
        assert (blue["next_group_id"], blue["how"]) == (str(roll.groups["4 Blue"]), "proposed")
        assert (rows["3 Red"]["next_group_id"], rows["3 Red"]["how"]) == (None, "none")
        assert rows["6 Blue"]["leaving"]
        assert names(page["leaving"]) == [str(roll.pupils["6 Blue"])]
        assert page["moving_up"] == 2
        assert await roll.stands() == BEFORE, "looking changes nothing"

    async def test_is_followed_as_the_admin_changes_it(self, roll: ARoll) -> None:
        green, red = str(roll.groups["4 Green"]), str(roll.groups["3 Red"])
        place = {"group_id": red, "year_group": "3", "next_group_id": green}
        body = {"expected_version": 0, "places": [place]}
        answer = await roll.acts("PUT", "/roll-up/successions", body, at=NOW)
        assert answer.status_code == 200, answer.text
        assert answer.json()["version"] == 1
        again = await roll.acts("PUT", "/roll-up/successions", body, at=NOW)
        assert problem_of(again) == (409, "changed-since")
        await roll.is_rolled_up()
        assert (await roll.stands())["3 Red"] == ("4", True, ["4 Green"])

    async def test_can_be_left_to_the_names_again(self, roll: ARoll) -> None:
        blue = str(roll.groups["3 Blue"])
        place = {"group_id": blue, "year_group": "3", "next_group_id": None}
        await roll.acts("PUT", "/roll-up/successions", {"expected_version": 0, "places": [place]})
        (row,) = [r for r in (await roll.page())["groups"] if r["group_id"] == blue]
        assert (row["next_group_id"], row["how"]) == (None, "named")
        body = {"expected_version": 1, "places": [place | {"by_name": True}]}
        page = (await roll.acts("PUT", "/roll-up/successions", body)).json()
        (row,) = [r for r in page["groups"] if r["group_id"] == blue]
        assert row["how"] == "proposed"

    async def test_names_no_group_of_another_school(self, door: Door, roll: ARoll) -> None:
        other = SchoolInTest(door)
        await other.is_heard_of()
        foreign = str(await other.has_group("4 Blue", year_group="4"))
        place = {"group_id": str(roll.groups["3 Red"]), "year_group": "3", "next_group_id": foreign}
        body = {"expected_version": 0, "places": [place]}
        answer = await roll.acts("PUT", "/roll-up/successions", body)
        assert problem_of(answer) == (404, "group-not-found")

    @pytest.mark.parametrize("role", ["slt", "teacher"])
    async def test_is_the_admin_s(self, school: SchoolInTest, role: str) -> None:
        headers = school.as_slt() if role == "slt" else school.as_teacher(uuid7())
        answer = await school.door.client.get("/roll-up", headers=headers)
        assert answer.status_code == 403
        answer = await school.door.client.post("/roll-up/run", headers=headers)
        assert answer.status_code == 403


class TestSideBySide:
    async def test_with_edits_and_the_sync_the_school_is_in_one_year_or_the_other(
        self, roll: ARoll
    ) -> None:
        """R12: each transaction of the school comes before it or after it."""
        school = roll.school
        blue = await school.get(f"/pupils/{roll.pupils['3 Blue']}")
        with school.door.clock.at(THE_DAY):
            edit = school.by_hand(
                "PATCH",
                f"/pupils/{blue['id']}",
                {"expected_version": blue["version"], "preferred_forename": "Zed"},
            )
            link = school.has_link(LinkKind.MEMBER, roll.groups["3 Red"], roll.pupils["no year"])
            edited, *_ = await asyncio.gather(edit, school.hears(DUE), link)
        stands = await roll.stands()
        assert stands["3 Blue"] == AFTER["3 Blue"]
        now = await school.get(f"/pupils/{blue['id']}")
        expected = "Zed" if edited.status_code == 200 else None
        assert now["preferred_forename"] == expected
