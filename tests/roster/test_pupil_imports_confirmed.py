"""An import of pupils is done as it was shown, once, whole or not at all (R9, R10, R12, R13)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import asyncpg

from shared.contracts.envelope import payload_type
from shared.contracts.mis_sync import ProposalAction, PupilProposal
from shared.contracts.vocabulary import YearGroup
from tests.eventually import eventually
from tests.roster.door import Door, SchoolInTest, details, problem_of
from tests.roster.pupil_imports import (
    by_row,
    confirm,
    imported,
    preview,
    pupils_of,
    row,
    rows_of,
    undo,
    upn,
)
from tests.roster.running import NOW

SUMMER = datetime(2027, 6, 1, 9, 0, tzinfo=UTC)
SPRING = datetime(2027, 5, 31, 9, 0, tzinfo=UTC)


async def entries_of(school: SchoolInTest) -> list[dict[str, Any]]:
    told = await school.told("activity.recorded.v1")
    return [entry for event in told for entry in event["data"]["entries"]]


@asynccontextmanager
async def the_last_part_held_up(door: Door, school: SchoolInTest, upn: str) -> AsyncIterator[None]:
    """Somebody else is about to add a pupil with this UPN, and never does."""
    connection = await asyncpg.connect(door.admin_dsn)
    try:
        async with connection.transaction():
            await connection.execute(
                "INSERT INTO pupils (school_id, id, version, active, upn, former_upns, "
                "legal_forename, legal_surname, origin, overrides, seen_in_mis, surname_key, "
                "forename_key, search_text) VALUES ($1, $2, 1, true, $3, '{}', 'Jo', 'Hall', "
                "'hand', '{}', false, 'hall', 'jo', 'jo hall')",
                school.id,
                uuid4(),
                upn,
            )
            yield
            raise _NeverDone
    except _NeverDone:
        pass
    finally:
        await connection.close()


class _NeverDone(Exception):
    pass


def roll(count: int, year: str = "3", surname: str = "Hall") -> list[list[str]]:
    return [row(upn(n), f"Jo{n}", surname, "01/02/2019", year) for n in range(1, count + 1)]


class TestConfirming:
    async def test_does_what_the_preview_said_and_tells_everybody(
        self, school: SchoolInTest
    ) -> None:
        """R9, R13: values from a file are no overrides."""
        known = await school.has_pupil(upn=upn(9))
        made = await preview(
            school,
            [
                row(upn(9), "New", "Name", year="4", class_name="4 Oak"),
                row(upn(8), "Al", "Jones", "01/02/2018", "4", "4 Oak"),
                row("nonsense"),
            ],
            make_classes=True,
        )
        answer = await confirm(school, made)
        assert answer.status_code == 200, answer.text
        done = answer.json()
        assert (done["state"], done["counts"]) == ("confirmed", made["counts"])
        pupils = await pupils_of(school)
        assert (pupils["New Name"]["id"], pupils["New Name"]["origin"]) == (str(known), "mis")
        assert (pupils["Al Jones"]["origin"], pupils["Al Jones"]["overrides"]) == ("import", [])
        rows = await by_row(school, done)
        assert rows[3]["pupil_id"] == pupils["Al Jones"]["id"]
        entries = await entries_of(school)
        assert [entry["action"] for entry in entries[-6:]] == [
            *("group.created", "pupil.changed", "pupil.created", "link.added", "link.added"),
            "pupils.imported",
        ]
        assert entries[-1]["after"]["added"] == 1
        assert entries[-5]["before"]["legal_forename"] == "Zoë"
        for event in await school.told():
            payload_type(event["type"]).model_validate(event["data"])
        again = await confirm(school, made)
        assert (again.status_code, again.json()["version"]) == (200, done["version"])
        assert len(await entries_of(school)) == len(entries)

    async def test_what_is_kept_over_the_mis_no_sync_undoes(self, school: SchoolInTest) -> None:
        """R13: only what the file changed is marked."""
        pupil = await school.has_pupil(upn=upn(1), year_group=YearGroup.Y3)
        await imported(school, [row(upn(1), "Kept", "O’Neill", year="3")], keep_over_mis=True)
        change = PupilProposal(
            pupil_id=pupil,
            action=ProposalAction.UPDATE,
            details=details(upn=upn(1), legal_forename="Mis", year_group=YearGroup.Y4),
        )
        (outcome,) = await school.pupils_approved(change)
        assert outcome["outcome"] == "overridden"
        found = (await pupils_of(school))["Kept O’Neill"]
        assert (found["year_group"], found["overrides"]) == ("4", ["legal_forename"])

    async def test_rows_that_change_nothing_cost_nothing(self, school: SchoolInTest) -> None:
        await imported(school, roll(3))
        told = len(await school.told())
        made = await preview(school, [*roll(2), row(upn(3), "Jo3", "Hall", year="4")])
        assert made["counts"]["unchanged"] == 2
        assert (await confirm(school, made)).status_code == 200
        events = (await school.told())[told:]
        assert [len(e["data"]["pupils"]) for e in events if "pupils" in e["data"]] == [1]
        versions = sorted(pupil["version"] for pupil in (await pupils_of(school)).values())
        assert versions == [1, 1, 2]
        nothing = await confirm(school, await preview(school, roll(2)))
        assert problem_of(nothing) == (409, "nothing-to-import")

    async def test_somebody_else_was_quicker(self, school: SchoolInTest) -> None:
        """R10: nothing is imported, and the preview is anew, as things are now."""
        pupil = await school.has_pupil(upn=upn(1))
        made = await preview(school, [row(upn(1), "Jo", "Hall"), row(upn(2), "Al", "Hall")])
        change = {"expected_version": 1, "legal_forename": "Jo"}
        await school.by_hand("PATCH", f"/pupils/{pupil}", change)
        answer = await confirm(school, made)
        assert problem_of(answer) == (409, "changed-meanwhile")
        assert len(await pupils_of(school)) == 1
        now = await school.get(f"/pupil-imports/{made['id']}")
        assert (now["state"], now["version"]) == ("previewed", answer.json()["version"])
        assert [c["field"] for c in (await by_row(school, now))[2]["changes"]] == ["legal_surname"]
        assert (await confirm(school, now)).status_code == 200

    async def test_what_somebody_else_changed_beside_it_is_not_lost(
        self, school: SchoolInTest
    ) -> None:
        """R10: what was looked at is still what would be done, and is done to how things are now.

        As long as nobody changed the roll, what was kept with the preview is written as it is.
        """
        pupil = await school.has_pupil(upn=upn(1), legal_surname="Hall")
        made = await preview(school, [row(upn(1), "Zoë", "Hill")])
        change = {"expected_version": 1, "middle_names": "Ann"}
        assert (await school.by_hand("PATCH", f"/pupils/{pupil}", change)).status_code == 200
        assert (await confirm(school, made)).status_code == 200
        found = await school.get(f"/pupils/{pupil}")
        assert (found["legal_surname"], found["middle_names"]) == ("Hill", "Ann")
        assert (found["version"], found["overrides"]) == (3, ["middle_names"])
        told = (await school.told("roster.pupils.changed.v1"))[-1]["data"]["pupils"]
        assert [(one["version"], one["middle_names"]) for one in told] == [(3, "Ann")]

    async def test_it_was_put_into_the_class_meanwhile(self, school: SchoolInTest) -> None:
        pupil = await school.has_pupil(upn=upn(1))
        oak = await school.has_class("Oak", "3")
        made = await preview(school, [row(upn(1), class_name="Oak")])
        assert (await school.by_hand("PUT", f"/groups/{oak}/pupils/{pupil}")).status_code == 200
        assert problem_of(await confirm(school, made)) == (409, "changed-meanwhile")

    async def test_a_night_went_by(self, door: Door, school: SchoolInTest) -> None:
        """Somebody is made inactive on the day on which it is confirmed, and that is shown."""
        await imported(school, roll(10))
        made = await preview(school, roll(9), scope="full")
        with door.clock.at(NOW + timedelta(days=1)):
            assert (await confirm(school, made)).status_code == 200
        left = (await pupils_of(school))["Jo10 Hall"]
        assert left["active_reason"] == "Not in the full import of 25 November 2026"

    async def test_every_change_of_the_roll_is_counted(
        self, door: Door, school: SchoolInTest
    ) -> None:
        async def version() -> Any:
            query = "SELECT roll_version FROM schools WHERE school_id = $1"
            return (await door.rows(query, school.id))[0]["roll_version"]

        seen = [await version()]
        pupil = await school.has_pupil(upn=upn(1))
        seen.append(await version())
        oak = await school.has_class("Oak", "3")
        seen.append(await version())
        await school.by_hand("PUT", f"/groups/{oak}/pupils/{pupil}")
        seen.append(await version())
        await school.by_hand("PATCH", f"/pupils/{pupil}", {"expected_version": 1, "sex": "F"})
        seen.append(await version())
        await school.by_hand("PATCH", f"/groups/{oak}", {"expected_version": 1, "name": "Elm"})
        seen.append(await version())
        assert sorted(set(seen)) == seen
        await preview(school, [row(upn(2), "Al", "Hall")])
        assert await version() == seen[-1]

    async def test_two_at_once_do_it_once(self, school: SchoolInTest) -> None:
        made = await preview(school, roll(2))
        answers = await asyncio.gather(*(confirm(school, made) for _ in range(3)))
        assert [answer.status_code for answer in answers] == [200, 200, 200]
        assert len(await pupils_of(school)) == 2
        actions = [entry["action"] for entry in await entries_of(school)]
        assert actions.count("pupils.imported") == 1


class TestAFullImport:
    async def test_makes_inactive_whom_it_does_not_list_and_nobody_whom_it_may_mean(
        self, school: SchoolInTest
    ) -> None:
        """R10. Whoever is in a row that was rejected is in the file."""
        await imported(school, roll(10))
        file = [
            *roll(7),
            row("nonsense", "Jo8", "Hall", "31/02/2019"),
            row(upn(9), "Jo9", "Hall", year="33"),
        ]
        made = await preview(school, file, scope="full")
        gone = await rows_of(school, made, "made_inactive")
        assert [(one["row"], one["name"]) for one in gone] == [(None, "Jo10 Hall")]
        assert (await confirm(school, made)).status_code == 200
        left = (await pupils_of(school))["Jo10 Hall"]
        assert not left["active"]
        assert left["active_reason"] == "Not in the full import of 24 November 2026"
        back = await imported(school, [row(upn(10), "Jo10", "Hall")])
        assert back["counts"]["made_active"] == 1
        assert (await pupils_of(school))["Jo10 Hall"]["active"]

    async def test_of_more_than_a_fifth_asks_again(self, school: SchoolInTest) -> None:
        await imported(school, roll(10))
        fine = await preview(school, roll(8), scope="full")
        assert not fine["makes_many_inactive"]
        many = await preview(school, roll(7), scope="full")
        assert many["makes_many_inactive"]
        answer = await confirm(school, many)
        assert problem_of(answer) == (409, "many-inactive")
        assert (answer.json()["made_inactive"], answer.json()["active_roll"]) == (3, 10)
        assert sum(p["active"] for p in (await pupils_of(school)).values()) == 10
        assert (await confirm(school, many, make_many_inactive=True)).status_code == 200
        assert sum(p["active"] for p in (await pupils_of(school)).values()) == 7


class TestFromTheFirstOfJune:
    async def test_whole_years_wait_for_the_roll_up(self, door: Door, school: SchoolInTest) -> None:
        """R12: more than a fifth of the roll, until it has run; a single pupil does not wait."""
        await imported(school, roll(10))
        up = [*roll(3, "4"), *roll(10)[3:]]
        with door.clock.at(SPRING):
            assert (await preview(school, up))["refused_because"] is None
        with door.clock.at(SUMMER):
            made = await preview(school, up)
            assert "26 August 2027" in made["refused_because"]
            answer = await confirm(school, made)
            assert problem_of(answer) == (409, "waits-for-roll-up")
            one = await preview(school, [*roll(1, "4"), *roll(10)[1:]])
            assert one["refused_because"] is None
            assert (await confirm(school, one)).status_code == 200
        years = [pupil["year_group"] for pupil in (await pupils_of(school)).values()]
        assert years.count("4") == 1


class TestProgress:
    async def test_is_seen_while_it_is_written_and_an_end_in_the_middle_leaves_nothing(
        self, door: Door, school: SchoolInTest
    ) -> None:
        """A service that goes away: all or nothing, and confirmed again it is whole."""
        made = await preview(school, roll(2_500))
        told = len(await school.told())

        async def seen() -> Any:
            found = await school.get(f"/pupil-imports/{made['id']}")
            return found["progress"] and found["progress"]["done"] and found

        async with the_last_part_held_up(door, school, upn(2_500)):
            work = asyncio.create_task(confirm(school, made))
            found = await eventually(
                seen, lambda found: found and found["progress"]["done"] == 2_000
            )
            assert (found["state"], found["progress"]["total"]) == ("applying", 2_500)
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
        assert (await school.told())[told:] == []
        assert await pupils_of(school) == {}
        again = await school.get(f"/pupil-imports/{made['id']}")
        assert (again["state"], again["progress"]) == ("previewed", None)
        answer = await confirm(school, again)
        assert answer.status_code == 200, answer.text
        assert len(await pupils_of(school)) == 2_500
        for event, part in (
            ("roster.pupils.changed.v1", "pupils"),
            ("activity.recorded.v1", "entries"),
        ):
            sizes = [len(e["data"][part]) for e in (await school.told(event)) if e["data"][part]]
            assert max(sizes) == 500
        assert (await undo(school, made)).status_code == 200
