"""A school's year: whatever its MIS, its office and the calendar do, in any order (R15–R23).

mis_sync, roster and identity are all real. Beside them a plain model says what must come of each
snapshot; after every step all rows are as it says, and the same snapshot once more changes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Literal, TypeVar
from uuid import UUID

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from uuid_utils.compat import uuid7

from shared.contracts.mis import Collection, PupilRecord
from tests.mis_sync.mis import EVERYTHING
from tests.mis_sync.world import decision
from tests.together.mis_of_a_school import (
    FORENAMES,
    Edits,
    MisOfASchool,
    child,
    edits,
    member_of_staff,
    taken_from,
)
from tests.together.model_of_a_year import Kind, Link, ModelOfAYear, Pupil, Taken, User
from tests.together.opening import BEGINS, Together

STEPS = 14
EXAMPLES = max(2, int(settings().max_examples) // 5)
THOROUGH = EXAMPLES > 10
"""Asked for by CLASSROOM_TEST_EXAMPLES; only then is a history that fails made shorter, which
takes longer than finding it."""
How = Literal["whole", "delta", "pupils", "year before", "year after", "stale"]
index = st.integers(0, 30)
T = TypeVar("T")


class ASchoolsYear(RuleBasedStateMachine):
    """Runs in a thread; the doors are in the loop of the tests."""

    together: ClassVar[Together]
    loop: ClassVar[asyncio.AbstractEventLoop]

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(180)

    @initialize(mapped=st.sampled_from([True, True, True, False]))
    def a_school(self, mapped: bool) -> None:
        """Linked, with one snapshot in, and its groups made here, mostly."""
        self.now = BEGINS
        self.together.it_is(self.now)
        self.model = ModelOfAYear(year="2026/27")
        self.held: Taken | None = None
        self.school = self.do(self.together.new_school())
        self.side = MisOfASchool(self.school.id)
        self.school.mis = self.side.mis
        self.do(self.school.link())
        self._sync("whole", again=False)
        if mapped:
            self.decide_all()

    # Snapshots

    @rule(edits=edits, again=st.booleans())
    def a_night_passes(self, edits: Edits, again: bool) -> None:
        self._time_passes(timedelta(days=1))
        self.side.change(edits)
        self._sync("whole", again=again)

    @rule(edits=edits, again=st.booleans())
    def admin_asks_for_a_snapshot(self, edits: Edits, again: bool) -> None:
        """On the same day."""
        self.side.change(edits)
        self._sync("whole", again=again)

    @rule(edits=edits, again=st.booleans())
    def mis_tells_what_changed(self, edits: Edits, again: bool) -> None:
        self.side.change(edits)
        self._sync("delta", again=again)

    @rule(edits=edits, again=st.booleans())
    def mis_tells_of_pupils_only(self, edits: Edits, again: bool) -> None:
        self.side.change(edits)
        self._sync("pupils", again=again)

    @rule(edits=edits, how=st.sampled_from(["year before", "year after"]), again=st.booleans())
    def mis_is_in_another_year(self, edits: Edits, how: How, again: bool) -> None:
        self.side.change(edits)
        self._sync(how, again=again)

    @rule(edits=edits)
    def an_old_snapshot_comes_late(self, edits: Edits) -> None:
        self.side.change(edits)
        self._sync("stale", again=False)

    def _time_passes(self, span: timedelta) -> None:
        self.now += span
        self.together.it_is(max(self.together.clock() + timedelta(milliseconds=1), self.now))
        self.now = self.together.clock()

    def _sync(self, how: How, *, again: bool) -> None:
        self._one_snapshot(how)
        self.all_is_as_the_model_says()
        if again:
            self._again()

    def _one_snapshot(self, how: How) -> UUID:
        taken_at = self.together.clock()
        if how == "stale":
            taken_at -= timedelta(days=30)
        records = self.side.mis.records()
        complete = EVERYTHING
        if how == "delta":
            records, complete = self.side.changes(), frozenset()
        elif how == "pupils":
            records = tuple(r for r in records if isinstance(r, PupilRecord))
            complete = frozenset({Collection.PUPILS})
        first = int(self.model.year[:4]) + {"year before": -1, "year after": 1}.get(how, 0)
        self.side.mis.academic_year = f"{first}/{(first + 1) % 100:02}"
        snapshot = self.side.mis.snapshot(taken_at, complete=complete, records=records)
        snapshot_id = uuid7()
        taken = taken_from(records, taken_at, self.side.mis, complete)
        self.expected = self.model.takes(taken)
        run = self.do(self.school.sync(snapshot, snapshot_id=snapshot_id))
        assert run["state"] == self.expected, (run, self.expected)
        if how in ("whole", "delta") and self.expected == "closed":
            self.side.is_told()
        self.last = snapshot, snapshot_id
        self.held = taken if self.model.trouble == "held" and self.expected == "held" else None
        self.held_run = run["id"]
        return snapshot_id

    def _again(self) -> None:
        """R16: neither the same snapshot nor the same content in another changes anything."""
        before, told = self.do(self._versions()), self.do(self.school.told())
        snapshot, snapshot_id = self.last
        self.do(self.school.push(snapshot, snapshot_id=snapshot_id))
        if self.expected == "closed":
            later = replace(snapshot, taken_at=snapshot.taken_at + timedelta(microseconds=1))
            run = self.do(self.school.sync(later))
            assert run["state"] == "closed"
            taken = taken_from(snapshot.records, later.taken_at, self.side.mis, snapshot.complete)
            assert self.model.takes(taken) == "closed"
        assert self.do(self._versions()) == before
        assert self.do(self.school.told()) == told

    async def _versions(self) -> list[Any]:
        await self.school.comes_to_rest()
        pupils = await self.school.rows(
            "roster", "SELECT id, version FROM pupils WHERE school_id = $1 ORDER BY 1"
        )
        groups = await self.school.rows(
            "roster", "SELECT id, version FROM groups WHERE school_id = $1 ORDER BY 1"
        )
        return [*pupils, *groups]

    @precondition(lambda self: self.held is not None)
    @rule(put_aside=st.sampled_from([False, False, True]))
    def held_is_looked_at(self, put_aside: bool) -> None:
        """R18: it goes on as it was staged, or changes nothing."""
        taken, self.held = self.held, None
        assert taken is not None
        path = f"/runs/{self.held_run}"
        if put_aside:
            answer = self.do(self.school.ask("POST", f"{path}/put-aside"))
            assert answer.status_code == 200, answer.text
            self.model.trouble = None
            return
        shown = {
            f"{kind}s_gone": len(self.model.would_go(taken, kind)) for kind in ("pupil", "group")
        }
        shown |= {"who": self.do(self.school.get(f"{path}/held"))["who"]}
        answer = self.do(self.school.ask("POST", f"{path}/release", json=shown))
        assert answer.status_code == 202, answer.text
        self.do(self.school.rest())
        self.model.is_released(taken)
        self.side.told = {}

    # Another server (R21)

    @precondition(lambda self: self.side.server < 3)
    @rule()
    def server_changes(self) -> None:
        self.side.moves_to_another_server()

    @rule()
    def link_is_reinstated(self) -> None:
        self.do(self.school.link())
        self.model.reinstated = True
        if self.model.trouble == "server_changed":
            self.model.trouble = None

    # By hand

    def _one_of(self, what: list[T], number: int) -> T | None:
        return what[number % len(what)] if what else None

    @rule(
        number=index,
        change=st.one_of(
            st.tuples(st.just("preferred_forename"), st.none() | st.sampled_from(FORENAMES)),
            st.tuples(st.just("year"), st.sampled_from(["3", "4", "5", "6"])),
            st.tuples(st.just("active"), st.booleans()),
        ),
    )
    def pupil_is_edited(self, number: int, change: tuple[str, Any]) -> None:
        pupil = self._one_of(self.model.pupils, number)
        if pupil is None:
            return
        name, value = change
        field = "year_group" if name == "year" else name
        self._at_roster("PATCH", f"/pupils/{pupil.id}", pupil, {field: value})
        self.model.is_edited(pupil, name, value)

    def _at_roster(self, method: str, path: str, one: Any, body: dict[str, Any]) -> None:
        table = "pupils" if isinstance(one, Pupil) else "groups"
        rows = self.do(
            self.school.rows("roster", f"SELECT id, version FROM {table} WHERE school_id = $1")  # noqa: S608
        )
        version = next(row["version"] for row in rows if row["id"] == one.id)
        if method == "PATCH":
            work = self.school.by_hand(method, path, {"expected_version": version, **body})
        else:
            work = self.school.by_hand(method, path, expected_version=version)
        answer = self.do(work)
        assert answer.status_code == 200, answer.text

    @rule(number=index, name=st.sampled_from(["preferred_forename", "year", "active"]))
    def pupil_is_handed_back(self, number: int, name: str) -> None:
        pupil = self._one_of([one for one in self.model.pupils if name in one.by_hand], number)
        if pupil is None:
            return
        field = "year_group" if name == "year" else name
        self._at_roster("DELETE", f"/pupils/{pupil.id}/overrides/{field}", pupil, {})
        pupil.by_hand.discard(name)

    @rule(number=child, with_upn=st.booleans())
    def pupil_is_added(self, number: int, with_upn: bool) -> None:
        one = self.side.children[number]
        upn = one.upn if with_upn else None
        body = {
            "upn": upn,
            "legal_forename": "Kit",
            "legal_surname": one.surname,
            "date_of_birth": one.born.isoformat(),
            "year_group": "4",
        }
        if any(pupil.called == one.surname for pupil in self.model.pupils):
            return
        answer = self.do(self.school.by_hand("POST", "/pupils", body))
        assert answer.status_code == 201, answer.text
        pupil = Pupil(one.surname, None, "4", id=UUID(answer.json()["id"]))
        pupil.has_upn(upn)
        self.model.pupils.append(pupil)

    @rule(where=index, who=index, member=st.booleans(), present=st.booleans())
    def link_is_set(self, where: int, who: int, member: bool, present: bool) -> None:
        people: list[Any] = [
            one for one in (self.model.pupils if member else self.model.users) if one.active
        ]
        group = self._one_of([one for one in self.model.groups if one.active], where)
        person = self._one_of(people, who)
        if group is None or person is None:
            return
        kind: Kind = "member" if member else "teacher"
        path = f"/groups/{group.id}/{'pupils' if member else 'users'}/{person.id}"
        answer = self.do(self.school.by_hand("PUT" if present else "DELETE", path))
        assert answer.status_code == 200, answer.text
        self.model.is_linked_by_hand((kind, group, person), present)

    @rule(number=index)
    def link_is_handed_back(self, number: int) -> None:
        by_hand = [key for key, link in self.model.links.items() if link.by_hand]
        key = self._one_of(by_hand, number)
        if key is None:
            return
        kind, group, person = key
        people = "pupils" if kind == "member" else "users"
        path = f"/groups/{group.id}/{people}/{person.id}/override"
        answer = self.do(self.school.by_hand("DELETE", path))
        assert answer.status_code == 200, answer.text
        self.model.link_is_handed_back(key)

    @rule(number=index, change=st.sampled_from([("name", "Fox"), ("name", "Owl"), ("active", 0)]))
    def group_is_edited(self, number: int, change: tuple[str, Any]) -> None:
        group = self._one_of(self.model.groups, number)
        if group is None:
            return
        name, value = change[0], (bool(change[1]) if change[0] == "active" else change[1])
        if name == "active":
            value = not group.active
        elif any(value == one.name for one in self.model.groups):
            return
        self._at_roster("PATCH", f"/groups/{group.id}", group, {name: value})
        self.model.is_edited(group, name, value)

    @rule(number=index)
    def user_is_made_inactive_or_active(self, number: int) -> None:
        user = self._one_of(self.model.users, number)
        if user is None:
            return
        user.active = not user.active
        path, body = f"/users/{user.id}/active", {"active": user.active}
        answer = self.do(self.school.of_users("PUT", path, body))
        assert answer.status_code == 200, answer.text

    @rule(number=member_of_staff, with_email=st.booleans())
    def user_is_added(self, number: int, with_email: bool) -> None:
        called, email = f"ReidS{number}", self.side.email(number) if with_email else None
        if any(user.called == called for user in self.model.users):
            return
        body = {"forename": "Tom", "surname": called, "role": "teacher", "email": email}
        answer = self.do(self.school.of_users("POST", "/users", body))
        assert answer.status_code == 201, answer.text
        made = User(called, email, id=UUID(answer.json()["id"]))
        self.model.users.append(made)

    # What is decided

    async def _asked(self) -> list[dict[str, Any]]:
        """What a person may decide of a record: differences, and what is not here, alike."""
        found = [
            {**each, "kind": each["reason_code"], "mis_kind": each["kind"]}
            | {"suggestion": each["probably"]}
            for each in await self.school.not_here()
        ]
        found += await self.school.differences()
        return [each for each in found if each["mis_kind"] in KINDS]

    @rule()
    def decide_all(self) -> None:
        """Each group that is not mapped is new."""
        asked = [one for one in self.do(self._asked()) if one["kind"] == "group_unmapped"]
        if asked:
            self.do(self.school.decide(*(decision(each, "create") for each in asked)))
            for each in asked:
                self.model.is_new("group", each["mis"]["mis_id"])
            self.model.compares()

    @rule(
        number=index,
        what=st.sampled_from(["map", "map", "create", "ignore", "unignore"]),
        suggested=st.booleans(),
        to=index,
    )
    def decide(self, number: int, what: str, suggested: bool, to: int) -> None:
        each = self._one_of(self.do(self._asked()), number)
        if each is None:
            return
        kind, mis_id = each["mis_kind"], each["mis"]["mis_id"]
        here = self._one_of(list(self.model.of_kind(kind)), to)
        if suggested and each["suggestion"]:
            (here,) = [
                one for one in self.model.of_kind(kind) if str(one.id) == each["suggestion"]["id"]
            ]
        if here is None:
            return
        sent = decision(each, what, here.id if what == "map" else None)
        outcome = self.do(self.school.decide(sent))["results"][0]["outcome"]
        if what == "map":
            allowed = self.model.can_map(kind, mis_id, here)
            assert outcome == ("mapped" if allowed else "refused")
        elif what == "create" and each["kind"].startswith("refused_"):
            assert outcome == "retried"
        elif what == "create":
            assert outcome == ("created" if each["kind"] in CREATES else "refused")
        if outcome == "mapped":
            self.model.is_mapped(kind, mis_id, here)
        elif outcome == "created":
            self.model.is_new(kind, mis_id)
        if outcome in ("mapped", "created", "retried"):
            self.model.compares()

    # The roll-up (R12)

    @precondition(lambda self: self.model.year < "2028/29")
    @rule()
    def the_day_comes(self) -> None:
        first = int(self.model.year[:4]) + 1
        self._time_passes(datetime(first, 8, 26, 6, tzinfo=UTC) - self.now)
        self.do(self.school.comes_to_rest())
        self.do(self.school.rolls_up(self.model.year))
        self.model.rolls_up()
        self.side.year_of_school = self.model.year
        self.do(self.school.comes_to_rest())
        self._learn_links()

    # What must be so

    def _found(self) -> dict[str, list[dict[str, Any]]]:
        async def look() -> dict[str, list[dict[str, Any]]]:
            await self.school.comes_to_rest()
            return {
                "pupils": await self.school.rows(
                    "roster", "SELECT * FROM pupils WHERE school_id = $1"
                ),
                "groups": await self.school.rows(
                    "roster", "SELECT * FROM groups WHERE school_id = $1"
                ),
                "links": await self.school.rows(
                    "roster", "SELECT * FROM links WHERE school_id = $1"
                ),
                "schools": await self.school.rows(
                    "roster", "SELECT academic_year FROM schools WHERE school_id = $1"
                ),
                "users": await self.school.rows(
                    "identity",
                    "SELECT account_id AS id, surname, email, active FROM accounts"
                    " WHERE school_id = $1 AND kind = 'user'",
                ),
            }

        return self.do(look())

    @invariant()
    def all_is_as_the_model_says(self) -> None:
        found = self._found()
        self._learn_ids(found)
        assert found["schools"][0]["academic_year"] == self.model.year
        assert {
            row["id"]: (
                row["legal_surname"],
                row["upn"],
                row["preferred_forename"],
                row["year_group"],
                row["active"],
                {"year" if name == "year_group" else name for name in row["overrides"]},
            )
            for row in found["pupils"]
        } == {
            one.id: (one.called, one.upn, one.preferred_forename, one.year, one.active, one.by_hand)
            for one in self.model.pupils
        }
        for pupil in self.model.pupils:
            (row,) = (row for row in found["pupils"] if row["id"] == pupil.id)
            assert set(row["former_upns"]) == pupil.former
        assert {
            row["id"]: (row["name"], row["year_group"], row["active"], set(row["overrides"]))
            for row in found["groups"]
        } == {one.id: (one.name, one.year, one.active, one.by_hand) for one in self.model.groups}
        assert {
            row["id"]: (row["surname"], row["email"], row["active"]) for row in found["users"]
        } == {one.id: (one.called, one.email, one.active) for one in self.model.users}
        assert {
            (row["kind"], row["group_id"], row["person_id"]): (
                row["present"],
                row["override"],
                row["origin"],
            )
            for row in found["links"]
        } == {
            (kind, group.id, person.id): (link.present, link.by_hand, link.origin)
            for (kind, group, person), link in self.model.links.items()
        }
        assert not any(row["waiting"] for row in found["links"])
        state = self.do(self.school.link_state())
        assert (state if state in ("held", "server_changed") else None) == self.model.trouble

    def _learn_ids(self, found: dict[str, list[dict[str, Any]]]) -> None:
        """Of those whom the sync has made. mis_sync makes their ids, so the model is told."""
        for kind, table, name in (
            ("pupil", "pupils", "upn"),
            ("group", "groups", "name"),
            ("staff", "users", "email"),
        ):
            ours, rows = self.model.of_kind(kind), found[table]
            known = {one.id for one in ours}
            for one in ours:
                if one.id is None:
                    wanted = getattr(one, name)
                    new = [row["id"] for row in rows if row["id"] not in known]
                    ids = [row["id"] for row in rows if row[name] == wanted and row["id"] in new]
                    assert len(ids) == 1, (one, rows)
                    one.id = ids[0]

    def _learn_links(self) -> None:
        """What the roll-up made of them, which its own tests show."""
        everybody: list[Any] = [*self.model.pupils, *self.model.users]
        people = {one.id: one for one in everybody}
        groups = {one.id: one for one in self.model.groups}
        self.model.links = {
            (row["kind"], groups[row["group_id"]], people[row["person_id"]]): Link(
                row["present"], row["override"], row["origin"]
            )
            for row in self._found()["links"]
        }


KINDS = ("pupil", "group", "staff")
CREATES = (
    "group_unmapped",
    "staff_suggestion",
    "staff_email_clash",
    "pupil_suggestion",
    "pupil_upn_changed",
)


@pytest.mark.timeout(14_400)
async def test_whatever_happens_in_a_year_the_school_is_as_the_model_says(
    together: Together,
) -> None:
    """R13, R16–R22."""

    class OfThisRun(ASchoolsYear):
        pass

    OfThisRun.together = together
    OfThisRun.loop = asyncio.get_running_loop()
    chosen = settings(
        settings.default,
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        phases=[*Phase] if THOROUGH else [Phase.reuse, Phase.generate],
    )
    await asyncio.to_thread(run_state_machine_as_test, OfThisRun, settings=chosen)
