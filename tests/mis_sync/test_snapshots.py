"""Staging: in any order, any number of times, and never half (R16)."""

from __future__ import annotations

import random
import unicodedata
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.mis_sync.connectors.csv_tables import read_csv_tables
from services.mis_sync.connectors.messages import Outgoing
from services.mis_sync.snapshots import staging
from shared.contracts.envelope import Payload
from shared.contracts.mis import Collection
from tests.eventually import eventually
from tests.mis_sync.mis import anew, messages_of, upn
from tests.mis_sync.world import SchoolInTest

Messages = list[Outgoing[Payload]]


def many_pupils(school: SchoolInTest, count: int = 1200) -> None:
    for serial in range(count):
        school.mis.pupil(f"P{serial:04}", upn=None, date_of_birth=None)
    school.mis.pupil("WITH")


async def ended(school: SchoolInTest, state: str, count: int = 1) -> dict[str, Any]:
    """The newest of so many runs in that state."""
    runs = await eventually(
        school.runs, lambda found: sum(run["state"] == state for run in found) >= count
    )
    return next(run for run in runs if run["state"] == state)


class TestAnyOrderAnyNumberOfTimes:
    @pytest.mark.parametrize("seed", [1, 2])
    async def test_comes_to_the_same(self, school: SchoolInTest, seed: int) -> None:
        """Begin last, end first, every message twice, once under another id."""
        many_pupils(school)

        def arranged(messages: Messages) -> Messages:
            mixed = [*messages, *messages, *map(anew, messages)]
            random.Random(seed).shuffle(mixed)  # noqa: S311 - a test's order
            return mixed

        run = await school.sync(arranged=arranged)
        assert run["state"] == "closed"
        assert run["counts"]["pupils_created"] == 1
        assert len(school.held.pupils) == 1

    async def test_a_snapshot_of_nothing_is_one_too(self, school: SchoolInTest) -> None:
        run = await school.sync()
        assert run["state"] == "closed"
        assert set(run["counts"].values()) == {0}


class TestSentAgain:
    async def test_a_repeated_snapshot_changes_nothing_and_stands_in_the_history(
        self, school: SchoolInTest
    ) -> None:
        school.mis.pupil("P1")
        snapshot = school.mis.snapshot()
        snapshot_id = await school.push(snapshot)
        await school.run_of(snapshot_id)
        asked = len(school.held.asked)
        school.mis.pupil("P2")
        await school.push(school.mis.snapshot(), snapshot_id=snapshot_id)
        line = await ended(school, "ignored")
        assert line["reason"] == "The same snapshot was sent again; it changed nothing."
        assert len(school.held.asked) == asked
        assert len(school.held.pupils) == 1

    async def test_of_nothing_it_leaves_the_run_as_it_was(self, school: SchoolInTest) -> None:
        """It has no part that could be missing the second time."""
        empty = school.mis.snapshot()
        snapshot_id = await school.push(empty)
        before = await school.run_of(snapshot_id)
        await school.push(empty, snapshot_id=snapshot_id)
        await ended(school, "ignored")
        await school.sync()
        assert before in await school.runs()

    async def test_one_taken_before_the_last_applied_changes_nothing_and_says_so(
        self, school: SchoolInTest
    ) -> None:
        now = datetime.now(UTC)
        school.mis.pupil("P1")
        await school.sync(school.mis.snapshot(now))
        school.mis.pupil("P2")
        run = await school.sync(school.mis.snapshot(now - timedelta(hours=1)))
        assert run["state"] == "ignored"
        assert "before the one that was applied last" in run["reason"]
        assert len(school.held.pupils) == 1


class TestNotWhole:
    async def test_is_given_up_after_six_hours(self, school: SchoolInTest) -> None:
        many_pupils(school)
        await school.push(arranged=lambda messages: messages[:2])
        await ended(school, "receiving")
        await school.hears(bool, "SELECT 1 FROM snapshot_chunks WHERE school_id = $1")
        school.world.clock.ahead = timedelta(hours=5, minutes=59)
        await school.world.rows("SELECT pg_notify('mis_sync_due', $1)", str(school.id))
        assert (await school.runs())[0]["state"] == "receiving"
        school.world.clock.ahead = timedelta(hours=6, minutes=1)
        run = await ended(school, "incomplete")
        assert run["reason"] == (
            "It was not complete after 6 hours: 1 of an unknown number of parts had arrived."
        )
        assert not school.held.pupils
        left = await school.world.rows(
            "SELECT 1 FROM snapshot_chunks WHERE school_id = $1", school.id
        )
        assert left == []

    async def test_more_than_a_snapshot_may_have_is_not_kept_until_its_end(
        self, school: SchoolInTest, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A connector that sends on and on must not fill the disk."""
        monkeypatch.setattr(staging, "MAX_RECORDS", 1000)
        many_pupils(school)
        await school.push(arranged=lambda messages: messages[:-1])
        run = await ended(school, "incomplete")
        assert run["reason"] == "It has more than 200,000 records."
        left = await school.world.rows(
            "SELECT 1 FROM snapshot_chunks WHERE school_id = $1", school.id
        )
        assert left == []

    async def test_what_its_end_does_not_vouch_for_is_never_compared(
        self, school: SchoolInTest
    ) -> None:
        """Another chunk of the same count in the place of one: the digest tells."""
        school.mis.pupil("P1")
        other = school.mis.snapshot()
        school.mis.pupils.clear()
        school.mis.pupil("P2")

        def arranged(messages: Messages) -> Messages:
            snapshot_id = messages[0].event.data.snapshot_id  # type: ignore[attr-defined]
            assert school.credentials is not None
            forged = messages_of(other, school.credentials.username, snapshot_id)
            return [messages[0], forged[1], messages[2]]

        run = await school.sync(arranged=arranged)
        assert run["state"] == "incomplete"
        assert "digest" in run["reason"]
        assert not school.held.pupils


class TestToMend:
    async def test_what_was_left_out_of_one_record_stands_with_the_sync(
        self, school: SchoolInTest, tmp_path: Path
    ) -> None:
        """R16, R17: a date of birth in the future keeps neither its pupil nor the others behind."""
        table = (
            "Pupil ID,UPN,Forename,Surname,DOB,Year group\n"
            f"p1,{upn(1)},Zoë,Rees,2018-08-31,3\np2,{upn(2)},Ada,Nowak,2071-09-01,4\n"
        )
        (tmp_path / "pupils.csv").write_text(table)
        run = await school.sync(read_csv_tables(tmp_path, datetime.now(UTC)))
        born = {pupil.legal_surname: pupil.date_of_birth for pupil in school.held.pupils.values()}
        assert born == {"Rees": date(2018, 8, 31), "Nowak": None}
        assert run["state"] == "closed"
        assert run["remarks"] == [
            "1 × dates of birth that are no dates, or cannot be ones: left out (pupils.csv line 3)"
        ]


class TestHalfSent:
    """Its connector ended, or its broker took no more; the page must not stand still with it."""

    async def test_a_newer_one_of_the_link_ends_it_as_soon_as_it_begins(
        self, school: SchoolInTest
    ) -> None:
        school.mis.pupil("P1")
        await school.push(arranged=lambda messages: messages[:2])
        await ended(school, "receiving")
        await school.push(arranged=lambda messages: messages[:1])
        run = await ended(school, "superseded")
        assert run["reason"] == (
            "Newer data came before all of it had: 1 of an unknown number of parts had arrived. "
            "It changed nothing."
        )
        assert run["finished_at"] is not None
        assert (await school.runs())[0]["state"] == "receiving"
        left = await school.world.rows(
            "SELECT 1 FROM snapshot_chunks WHERE school_id = $1", school.id
        )
        assert left == []
        third = await school.push()
        assert (await school.run_of(third))["counts"]["pupils_created"] == 1

    async def test_what_the_newer_one_does_not_tell_is_waited_for(
        self, school: SchoolInTest
    ) -> None:
        """A delta says nothing of what was in the one before; that may still come (R16)."""
        records = [school.mis.pupil("P1")]
        for _ in range(2):
            delta = school.mis.snapshot(complete=frozenset(), records=records)
            await school.push(delta, arranged=lambda messages: messages[:2])
        await ended(school, "receiving", 2)

    async def test_a_delta_ends_once_nothing_more_of_it_comes(self, school: SchoolInTest) -> None:
        """Its connector has begun another, and sends one after the other. The newest may go on."""
        records = [school.mis.pupil("P1")]
        for _ in range(2):
            delta = school.mis.snapshot(complete=frozenset(), records=records)
            await school.push(delta, arranged=lambda messages: messages[:2])
        await ended(school, "receiving", 2)
        school.world.clock.ahead = timedelta(minutes=3)
        run = await ended(school, "incomplete")
        assert run["reason"] == (
            "Its connector began anew before its end: 1 of an unknown number of parts had arrived. "
            "It changed nothing."
        )
        newest, older = await school.runs()
        assert (newest["state"], older["id"]) == ("receiving", run["id"])

    async def test_the_page_is_told_for_how_long_nothing_has_come(
        self, school: SchoolInTest
    ) -> None:
        school.mis.pupil("P1")
        await school.push(arranged=lambda messages: messages[:2])
        await ended(school, "receiving")
        told = await school.get("/link/watch", seconds=0)
        assert told["link"]["last_run"]["progress"]["quiet_minutes"] is None
        school.world.clock.ahead = timedelta(minutes=12)
        later = await school.get("/link/watch", seen=told["tag"])
        assert later["link"]["last_run"]["progress"]["quiet_minutes"] == 12

    async def test_a_connector_that_is_cut_off_leaves_none_behind(
        self, school: SchoolInTest
    ) -> None:
        school.mis.pupil("P1")
        await school.push(arranged=lambda messages: messages[:2])
        await ended(school, "receiving")
        seen = (await school.get("/link"))["connector"]["id"]
        answer = await school.ask("POST", "/link/renew", json={"connector_id": seen})
        assert answer.status_code == 201
        [run] = await school.runs()
        assert run["state"] == "incomplete"
        assert run["reason"].startswith("Its connector was cut off before its end: 1 of ")


class TestOneRunAtATime:
    async def test_the_next_waits_for_the_answers_and_a_newer_takes_its_place(
        self, school: SchoolInTest
    ) -> None:
        school.held.answering.clear()
        school.mis.pupil("P1")
        first = await school.push()
        await ended(school, "applying")
        school.mis.pupil("P2")
        second = await school.push()
        school.mis.pupil("P3")
        third = await school.push()
        await ended(school, "waiting", 2)
        school.held.answering.set()
        assert (await school.run_of(first))["state"] == "closed"
        assert (await school.run_of(second))["state"] == "superseded"
        assert (await school.run_of(third))["state"] == "closed"
        assert len(school.held.pupils) == 3

    async def test_a_delta_is_not_superseded_by_another(self, school: SchoolInTest) -> None:
        """Each tells what the other does not."""
        await school.sync()
        school.held.answering.clear()
        school.mis.pupil("P0")
        await school.push()
        await ended(school, "applying")
        for mis_id in ("P1", "P2"):
            record = school.mis.pupil(mis_id)
            await school.push(school.mis.snapshot(complete=frozenset(), records=[record]))
        school.held.answering.set()
        runs = await school.rest()
        assert {run["state"] for run in runs} == {"closed"}
        assert len(school.held.pupils) == 3


class TestWhatIsNotThere:
    async def test_absence_means_gone_in_complete_collections_only(
        self, school: SchoolInTest
    ) -> None:
        school.mis.group("G", "3 Blue")
        for serial in range(6):
            school.mis.pupil(f"P{serial}", "G")
        await school.sync()
        await school.create_all()
        (group,) = school.held.groups
        school.mis.memberships.remove(("P0", "G"))
        partly = frozenset(Collection) - {Collection.MEMBERSHIPS}
        await school.sync(school.mis.snapshot(complete=partly))
        assert len(school.held.members_of(group)) == 6
        await school.sync()
        assert len(school.held.members_of(group)) == 5


class TestTheSameLetters:
    async def test_an_accent_of_its_own_is_the_letter_with_it(self, school: SchoolInTest) -> None:
        """As macOS writes names: no other name, and none that nobody finds who types it."""
        apart = unicodedata.normalize("NFD", "Zoë")
        school.mis.pupil("P1", legal_forename=apart)
        assert (await school.sync())["state"] == "closed"
        [pupil] = school.held.pupils.values()
        assert pupil.legal_forename == "Zoë" != apart

    async def test_what_nobody_sees_in_a_name_is_left_out(self, school: SchoolInTest) -> None:
        """Of ids too nothing changes by it, and sent again it is the same."""
        school.mis.group("G\u200b1", "\ufeff3\u00a0Blue")
        school.mis.pupil("P\u00ad1", "G\u200b1", legal_forename="Zo\u00adë", middle_names="\u200b")
        await school.sync()
        await school.create_all()
        [pupil], [group] = school.held.pupils.values(), school.held.groups.values()
        assert (pupil.legal_forename, pupil.middle_names, group.name) == ("Zoë", None, "3 Blue")
        assert school.held.members_of(group.id) == {pupil.id}
        told = school.mis.pupils["P\u00ad1"]
        school.mis.pupils["P\u00ad1"] = told.model_copy(update={"legal_forename": "Zoë"})
        run = await school.sync()
        assert (run["state"], {k: v for k, v in run["counts"].items() if v}) == ("closed", {})
