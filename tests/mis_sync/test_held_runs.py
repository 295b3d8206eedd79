"""A snapshot after which too many would be gone: who, and a person's word on it (R18, R21)."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from shared.contracts.vocabulary import Origin
from shared.security.principals import Kind
from tests.eventually import eventually
from tests.mis_sync.test_later_snapshots import AFTER, TODAY, TOMORROW, leave, settle
from tests.mis_sync.world import SchoolInTest, change

NOBODY = hashlib.sha256(b"").hexdigest()

pytestmark = pytest.mark.usefixtures("school")


async def hold(school: SchoolInTest) -> dict[str, Any]:
    """Three of ten pupils are not in the second snapshot: the run that is held."""
    await settle(school)
    for mis_id in ("P1", "P4", "P7"):
        leave(school, mis_id)
    run = await school.sync(school.mis.snapshot(TODAY + timedelta(minutes=1)))
    assert run["state"] == "held"
    return run


async def release(
    school: SchoolInTest, run: dict[str, Any], pupils: int = 3, who: str | None = None
) -> Any:
    """As a person does: by what they were shown, unless that is another."""
    held = await school.ask("GET", f"/runs/{run['id']}/held")
    who = who or (held.json()["who"] if held.is_success else NOBODY)
    shown = {"pupils_gone": pupils, "groups_gone": 0, "who": who}
    return await school.ask("POST", f"/runs/{run['id']}/release", json=shown)


class TestWhoWouldBeGone:
    async def test_they_are_named_with_their_classes(self, school: SchoolInTest) -> None:
        run = await hold(school)
        held = await school.get(f"/runs/{run['id']}/held")
        assert held["pupils"] == {"mapped": 10, "gone": 3}
        assert held["groups"] == {"mapped": 1, "gone": 0}
        assert not held["server_changed"]
        assert [(gone["label"], gone["groups"]) for gone in held["gone"]] == [
            (f"Maya PatelP{serial}", ["3 Blue"]) for serial in (1, 4, 7)
        ]

    async def test_groups_are_named_too(self, school: SchoolInTest) -> None:
        for serial in range(4):
            school.mis.group(f"G{serial}", f"{serial + 1} Blue")
            school.mis.pupil(f"P{serial}", f"G{serial}")
        await school.sync(school.mis.snapshot(TODAY))
        await school.create_all()
        for serial in range(2):
            del school.mis.groups[f"G{serial}"]
            school.mis.memberships.discard((f"P{serial}", f"G{serial}"))
        run = await school.sync(school.mis.snapshot(TOMORROW))
        held = await school.get(f"/runs/{run['id']}/held")
        assert [(gone["kind"], gone["label"]) for gone in held["gone"]] == [
            ("group", "1 Blue"),
            ("group", "2 Blue"),
        ]

    async def test_nobody_else_sees_or_decides_it(self, school: SchoolInTest, world: Any) -> None:
        run = await hold(school)
        other = await world.linked_school(name="Elsewhere")
        for method, what, body in (
            ("GET", "held", None),
            ("POST", "release", {"pupils_gone": 3, "groups_gone": 0, "who": NOBODY}),
            ("POST", "put-aside", None),
            ("GET", "changes", None),
        ):
            path = f"/runs/{run['id']}/{what}"
            assert (await other.ask(method, path, json=body)).status_code == 404
            by_user = await school.ask(method, path, kind=Kind.USER, json=body)
            assert by_user.status_code == 403
        assert (await school.rest())[0]["state"] == "held"


class TestNewerDataApplied:
    async def test_nobody_is_asked_about_what_can_no_longer_be_applied(
        self, school: SchoolInTest
    ) -> None:
        """A delta is applied, which holds nobody up; what is held is older than that now (R16)."""
        run = await hold(school)
        changed = school.mis.pupil("P2", legal_forename="Ada")
        delta = school.mis.snapshot(
            TODAY + timedelta(minutes=2), complete=frozenset(), records=[changed]
        )
        assert (await school.sync(delta))["state"] == "closed"
        [held] = [each for each in await school.runs() if each["id"] == run["id"]]
        assert held["state"] == "superseded"
        assert held["reason"].startswith("Newer data were applied")
        link = await school.get("/link")
        assert link["held_run"] is None
        assert link["state"] != "held"
        assert await school.differences(kind="held_run", state="open") == []


class TestReleased:
    async def test_it_goes_on_as_it_was_staged_and_nobody_is_asked_again(
        self, school: SchoolInTest
    ) -> None:
        """They leave as all leavers do, after a second snapshot on another day (R18)."""
        run = await hold(school)
        assert (await release(school, run)).status_code == 202
        runs = await school.rest()
        assert runs[0]["id"] == run["id"]
        assert runs[0]["state"] == "closed"
        assert await school.link_state() != "held"
        assert await school.differences() == []
        assert all(pupil.active for pupil in school.held.pupils.values())
        run = await school.sync(school.mis.snapshot(TOMORROW))
        assert (run["state"], run["counts"]["pupils_deactivated"]) == ("closed", 3)

    async def test_who_comes_back_is_asked_about_when_they_go_again(
        self, school: SchoolInTest
    ) -> None:
        run = await hold(school)
        gone = dict(school.mis.pupils)
        assert (await release(school, run)).status_code == 202
        await school.rest()
        for serial in (1, 4, 7):
            school.mis.pupil(f"P{serial}", "G", upn=self._upn_of(school, serial))
        assert (await school.sync(school.mis.snapshot(TOMORROW)))["state"] == "closed"
        school.mis.pupils = gone
        school.mis.memberships = {m for m in school.mis.memberships if m[0] in gone}
        assert (await school.sync(school.mis.snapshot(AFTER)))["state"] == "held"

    def _upn_of(self, school: SchoolInTest, serial: int) -> str | None:
        name = f"PatelP{serial}"
        return next(p.upn for p in school.held.pupils.values() if p.legal_surname == name)

    async def test_more_than_was_shown_is_not_released(self, school: SchoolInTest) -> None:
        run = await hold(school)
        response = await release(school, run, pupils=2)
        assert response.status_code == 409
        assert response.json()["detail"].startswith("3 mapped pupils would be gone now")
        assert (await school.rest())[0]["state"] == "held"

    async def test_as_many_others_as_were_shown_are_not_released(
        self, school: SchoolInTest
    ) -> None:
        """Who looked at three names has not agreed to another three."""
        run = await hold(school)
        shown = await school.get(f"/runs/{run['id']}/held")
        gone = next(p for p in school.held.pupils.values() if p.legal_surname == "PatelP4")
        other = gone.model_copy(update={"id": uuid7(), "upn": None, "origin": Origin.HAND})
        await school.world.owners.keep_pupil(school.id, other)
        await school.hears(
            lambda rows: other.id in {row["id"] for row in rows},
            "SELECT id FROM own_pupils WHERE school_id = $1",
        )
        (mapped,) = await school.mapped(kind="pupil", search="PatelP4")
        await school.change(change(mapped, "move", other.id))
        now = await school.get(f"/runs/{run['id']}/held")
        assert now["pupils"] == shown["pupils"]
        response = await release(school, run, who=shown["who"])
        assert response.status_code == 409
        assert "not the same ones" in response.json()["detail"]
        assert (await school.get(f"/runs/{run['id']}"))["state"] == "held"
        assert (await release(school, run, who=now["who"])).status_code == 202

    async def test_two_people_cannot_decide_it_twice(self, school: SchoolInTest) -> None:
        run = await hold(school)
        assert (await release(school, run)).status_code == 202
        again = await release(school, run)
        aside = await school.ask("POST", f"/runs/{run['id']}/put-aside")
        assert (again.status_code, aside.status_code) == (409, 409)


class TestPutAside:
    async def test_it_changes_nothing_and_the_next_is_looked_at_afresh(
        self, school: SchoolInTest
    ) -> None:
        run = await hold(school)
        response = await school.ask("POST", f"/runs/{run['id']}/put-aside")
        assert response.json()["state"] == "ignored"
        assert response.json()["reason"] == "The office put it aside; it changed nothing."
        assert await school.link_state() != "held"
        assert await school.differences() == []
        assert (await school.sync(school.mis.snapshot(TOMORROW)))["state"] == "held"


class TestAnotherServer:
    async def test_is_not_for_releasing(self, school: SchoolInTest) -> None:
        """R21: re-instating the link is the only way."""
        school.mis.instance_id = "one"
        await settle(school)
        school.mis.instance_id = "two"
        run = await school.sync(school.mis.snapshot(TOMORROW))
        assert (await school.get(f"/runs/{run['id']}/held"))["server_changed"]
        response = await release(school, run, pupils=0)
        assert response.status_code == 409
        assert "Re-instate the link" in response.json()["detail"]
        assert await school.link_state() == "server_changed"
        await school.ask("POST", f"/runs/{run['id']}/put-aside")
        assert await school.link_state() == "server_changed"


async def test_both_are_in_the_activity_log(school: SchoolInTest) -> None:
    run = await hold(school)
    await release(school, run)

    async def told() -> list[str]:
        rows = await school.world.rows("SELECT body FROM outbox WHERE school_id = $1", school.id)
        return [str(row["body"]) for row in rows]

    await eventually(told, lambda said: any("mis_link.run_released" in one for one in said))
