"""A school's year: whatever its MIS, its office and the calendar do, in any order (R15–R23).

mis_sync, roster and identity are all real. Beside them a plain model says what must come of each
snapshot; after every step all rows are as it says, and the same snapshot once more changes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
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
from stdnum.gb import upn as standard
from uuid_utils.compat import uuid7

from services.mis_sync.connectors.snapshot import AnyRecord
from shared.contracts.mis import (
    Collection,
    GroupRecord,
    MembershipRecord,
    PupilRecord,
    StaffRecord,
    TeachingRecord,
)
from shared.contracts.vocabulary import YearGroup
from tests.mis_sync.mis import EVERYTHING, Mis, upn
from tests.together.model_of_a_year import Group, Kind, Link, ModelOfAYear, Pupil, Taken, User
from tests.together.opening import BEGINS, Together, WholeSchool
from tests.mis_sync.world import decision

STEPS = 14
EXAMPLES = max(2, int(settings().max_examples) // 5)
THOROUGH = EXAMPLES > 10
"""Asked for by CLASSROOM_TEST_EXAMPLES; only then is a history that fails made shorter, which takes
longer than finding it."""
FIRST_IN = 7
"""Of the children, so many are in the MIS at first: one that leaves is less than a fifth of them."""
T = TypeVar("T")


@dataclass
class Child:
    """In the world, not in any system. `age`: index of their year group in 2026/27."""

    number: int
    age: int
    mis_id: str
    upn: str | None
    former: tuple[str, ...] = ()
    upns: int = 0

    @property
    def surname(self) -> str:
        return f"Heron{self.number}"

    @property
    def born(self) -> date:
        return date(2021 - self.age, 9, 10 + self.number)

    def next_upn(self) -> str:
        self.upns += 1
        return upn(1000 + self.number * 10 + self.upns)


def temporary_upn(number: int) -> str:
    rest = f"80120000{number:03}A"
    return str(standard.calc_check_digit(rest)) + rest


def children() -> list[Child]:
    """Two of each year from 3 to 6, and one more; the first has a temporary UPN."""
    made = [Child(n, 3 + n % 4, f"P{n}", upn(1000 + n * 10)) for n in range(9)]
    made[0].upn = temporary_upn(100)
    return made


CLASSES = {"G3": ("Oak", "3"), "G4": ("Elm", "4"), "G5": ("Ash", "5"), "G6": ("Yew", "6")}
SETS = {"GC": ("Choir", None), "GD": ("Chess", None)}
NAMES = ("Oak", "Elm", "Ash", "Yew", "Fir", "Bay")
FORENAMES = ("Ann", "Bea", "Cy")

child = st.integers(0, 8)
place = st.integers(0, 5)
member_of_staff = st.integers(0, 2)
edit = st.one_of(
    st.tuples(st.just("joins"), child, st.booleans()),
    st.tuples(st.just("leaves"), child),
    st.tuples(st.just("moves"), child, place, st.booleans()),
    st.tuples(st.just("year"), child, st.none() | st.sampled_from(["3", "4", "5", "6"])),
    st.tuples(st.just("called"), child, st.none() | st.sampled_from(FORENAMES)),
    st.tuples(st.just("upn"), child, st.sampled_from(["proved", "unproved", "none", "back"])),
    st.tuples(st.just("another_id"), child),
    st.tuples(st.just("is_there_twice"), child, st.sampled_from(FORENAMES)),
    st.tuples(st.just("is_there_once"), child, st.booleans()),
    st.tuples(st.just("renamed"), place, st.sampled_from(NAMES)),
    st.tuples(st.just("class_goes"), place),
    st.tuples(st.just("class_comes"), place),
    st.tuples(st.just("teaches"), member_of_staff, place, st.booleans()),
    st.tuples(st.just("staff_goes"), member_of_staff),
    st.tuples(st.just("staff_comes"), member_of_staff),
)
edits = st.lists(edit, max_size=3)
Edits = list[tuple[Any, ...]]
How = Literal["whole", "delta", "pupils", "year before", "year after", "stale"]
index = st.integers(0, 30)


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
        self.children = children()
        self.mis = Mis(instance_id="server-1")
        self.server = 1
        self.told: dict[str, AnyRecord] = {}
        self.school = self.do(self._new_school())
        for mis_id in (*CLASSES, *SETS):
            self.class_comes(mis_id)
        for number in range(FIRST_IN):
            self.joins(number, fresh=False)
        for number, groups in enumerate((("G3", "G4"), ("G5",), ("G6", "GC"))):
            self.staff_comes(number)
            for group in groups:
                self.mis.teachings.add((f"S{number}", group))
        self._sync("whole", again=False)
        if mapped:
            self.decide_all()

    async def _new_school(self) -> WholeSchool:
        school = await self.together.new_school()
        school.mis = self.mis
        await school.link()
        return school

    # What changes in the MIS, which nobody hears of before the next snapshot

    def _sorted_groups(self) -> list[str]:
        return sorted(self.mis.groups)

    def _group(self, number: int) -> str | None:
        there = self._sorted_groups()
        return there[number % len(there)] if there else None

    def joins(self, number: int, fresh: bool) -> None:
        one = self.children[number]
        if one.mis_id in self.mis.pupils:
            return
        if fresh:
            one.mis_id += "x"
        self._say(one, year_group=self._year_of(one), preferred_forename="Ann")
        for group in self.mis.groups.values():
            if group.year_group and group.year_group == self._year_of(one):
                self.mis.memberships.add((one.mis_id, group.mis_id))

    def _year_of(self, one: Child) -> str | None:
        years = ("R", "1", "2", "3", "4", "5", "6")
        now = one.age + int(self.model.year[:4]) - 2026
        return years[now] if now < len(years) else "6"

    def _say(self, one: Child, **changed: Any) -> None:
        before = self.mis.pupils.get(one.mis_id)
        self.mis.pupils[one.mis_id] = PupilRecord.model_validate(
            {
                **(before.model_dump() if before else {}),
                "mis_id": one.mis_id,
                "upn": one.upn,
                "former_upns": one.former,
                "legal_forename": "Kit",
                "legal_surname": one.surname,
                "date_of_birth": one.born,
                **changed,
            }
        )

    def leaves(self, number: int) -> None:
        one = self.children[number]
        if self.mis.pupils.pop(one.mis_id, None):
            self.mis.memberships = {m for m in self.mis.memberships if m[0] != one.mis_id}

    def moves(self, number: int, where: int, into: bool) -> None:
        one, group = self.children[number], self._group(where)
        if one.mis_id in self.mis.pupils and group:
            change = self.mis.memberships.add if into else self.mis.memberships.discard
            change((one.mis_id, group))

    def year(self, number: int, year: str | None) -> None:
        one = self.children[number]
        if one.mis_id in self.mis.pupils:
            self._say(one, year_group=year)

    def called(self, number: int, forename: str | None) -> None:
        one = self.children[number]
        if one.mis_id in self.mis.pupils:
            self._say(one, preferred_forename=forename)

    def upn(self, number: int, what: str) -> None:
        one = self.children[number]
        if one.mis_id not in self.mis.pupils:
            return
        if what == "none":
            one.upn = None
        elif what == "back":
            one.upn, one.former = upn(1000 + one.number * 10), ()
        else:
            proof = (one.upn,) if one.upn and what == "proved" else ()
            one.upn, one.former = one.next_upn(), (*proof, *one.former) if proof else ()
        self._say(one)

    def another_id(self, number: int) -> None:
        one = self.children[number]
        before = self.mis.pupils.pop(one.mis_id, None)
        if before is None:
            return
        was, one.mis_id = one.mis_id, one.mis_id + "y"
        self.mis.pupils[one.mis_id] = before.model_copy(update={"mis_id": one.mis_id})
        self.mis.memberships = {
            (one.mis_id if p == was else p, g) for p, g in self.mis.memberships
        }

    def is_there_twice(self, number: int, forename: str) -> None:
        """A second record of the same child, as offices make them."""
        one = self.children[number]
        before = self.mis.pupils.get(one.mis_id)
        if before is not None and not one.mis_id.endswith("-2"):
            second = {"mis_id": f"{one.mis_id}-2", "preferred_forename": forename}
            self.mis.pupils[f"{one.mis_id}-2"] = before.model_copy(update=second)

    def is_there_once(self, number: int, the_second: bool) -> None:
        """One of the two records goes; or the first comes back for the second."""
        one = self.children[number]
        first = one.mis_id.removesuffix("-2")
        there = self.mis.pupils.get(first), self.mis.pupils.get(f"{first}-2")
        if None not in there or one.mis_id.endswith("-2"):
            one.mis_id = f"{first}-2" if the_second else first
            for mis_id in (first, f"{first}-2"):
                self.mis.pupils.pop(mis_id, None)
            self._say(one, preferred_forename="Bea")
            self.mis.memberships = {
                (one.mis_id if pupil in (first, f"{first}-2") else pupil, group)
                for pupil, group in self.mis.memberships
            }

    def renamed(self, where: int, name: str) -> None:
        group = self._group(where)
        if group and name not in {one.name for one in self.mis.groups.values()}:
            renamed = self.mis.groups[group].model_copy(update={"name": name})
            self.mis.groups[group] = renamed

    def class_goes(self, where: int) -> None:
        group = self._group(where)
        if group:
            del self.mis.groups[group]
            self.mis.memberships = {m for m in self.mis.memberships if m[1] != group}
            self.mis.teachings = {t for t in self.mis.teachings if t[1] != group}

    def class_comes(self, mis_id: str | int) -> None:
        if isinstance(mis_id, int):
            mis_id = sorted((*CLASSES, *SETS))[mis_id]
        name, year = (CLASSES | SETS)[mis_id]
        mis_id = self._here(mis_id)
        if mis_id not in self.mis.groups and name not in {
            group.name for group in self.mis.groups.values()
        }:
            self.mis.group(mis_id, name, year)
            kind = "set" if year is None else "class"
            record = self.mis.groups[mis_id].model_dump() | {"group_kind": kind}
            self.mis.groups[mis_id] = GroupRecord.model_validate(record)

    def _here(self, mis_id: str) -> str:
        return mis_id if self.server == 1 else f"N{self.server}{mis_id}"

    def staff_comes(self, number: int) -> None:
        self.mis.teacher(self._here(f"S{number}"), email=f"{self._email(number)}")

    def _email(self, number: int) -> str:
        return f"s{number}-{self.school.id.hex}@school.example"

    def staff_goes(self, number: int) -> None:
        mis_id = self._here(f"S{number}")
        self.mis.staff.pop(mis_id, None)
        self.mis.teachings = {t for t in self.mis.teachings if t[0] != mis_id}

    def teaches(self, number: int, where: int, does: bool) -> None:
        mis_id, group = self._here(f"S{number}"), self._group(where)
        if mis_id in self.mis.staff and group:
            change = self.mis.teachings.add if does else self.mis.teachings.discard
            change((mis_id, group))

    # Snapshots

    @rule(edits=edits, again=st.booleans())
    def a_night_passes(self, edits: Edits, again: bool) -> None:
        self._time_passes(timedelta(days=1))
        self._change(edits)
        self._sync("whole", again=again)

    @rule(edits=edits, again=st.booleans())
    def admin_asks_for_a_snapshot(self, edits: Edits, again: bool) -> None:
        """On the same day."""
        self._change(edits)
        self._sync("whole", again=again)

    @rule(edits=edits, again=st.booleans())
    def mis_tells_what_changed(self, edits: Edits, again: bool) -> None:
        self._change(edits)
        self._sync("delta", again=again)

    @rule(edits=edits, again=st.booleans())
    def mis_tells_of_pupils_only(self, edits: Edits, again: bool) -> None:
        self._change(edits)
        self._sync("pupils", again=again)

    @rule(edits=edits, how=st.sampled_from(["year before", "year after"]), again=st.booleans())
    def mis_is_in_another_year(self, edits: Edits, how: How, again: bool) -> None:
        self._change(edits)
        self._sync(how, again=again)

    @rule(edits=edits)
    def an_old_snapshot_comes_late(self, edits: Edits) -> None:
        self._change(edits)
        self._sync("stale", again=False)

    def _change(self, edits: Edits) -> None:
        for name, *said in edits:
            getattr(self, name)(*said)

    def _time_passes(self, span: timedelta) -> None:
        self.now += span
        self.together.it_is(max(self.together.clock() + timedelta(milliseconds=1), self.now))
        self.now = self.together.clock()

    def _sync(self, how: How, *, again: bool) -> None:
        self._one_snapshot(how)
        self.all_is_as_the_model_says()
        if again:
            self._again(how)

    def _one_snapshot(self, how: How) -> UUID:
        taken_at = self.together.clock()
        if how == "stale":
            taken_at -= timedelta(days=30)
        records = self.mis.records()
        complete = EVERYTHING
        if how == "delta":
            records, complete = self._changes(), frozenset()
        elif how == "pupils":
            records = tuple(r for r in records if isinstance(r, PupilRecord))
            complete = frozenset({Collection.PUPILS})
        first = int(self.model.year[:4]) + {"year before": -1, "year after": 1}.get(how, 0)
        self.mis.academic_year = f"{first}/{(first + 1) % 100:02}"
        snapshot = self.mis.snapshot(taken_at, complete=complete, records=records)
        snapshot_id = uuid7()
        taken = taken_from(records, taken_at, self.mis, complete)
        self.expected = self.model.takes(taken)
        run = self.do(self.school.sync(snapshot, snapshot_id=snapshot_id))
        assert run["state"] == self.expected, (run, self.expected)
        if how in ("whole", "delta") and self.expected == "closed":
            self.told = {key_of(record): record for record in self.mis.records()}
        self.last = snapshot, snapshot_id
        return snapshot_id

    def _changes(self) -> tuple[AnyRecord, ...]:
        """What is not as it was in the last snapshot; who is not there any more is removed."""
        now = {key_of(record): record for record in self.mis.records()}
        changed = [record for key, record in now.items() if self.told.get(key) != record]
        gone = [
            record.model_copy(update={"removed": True})
            for key, record in self.told.items()
            if key not in now
        ]
        return (*changed, *gone)

    def _again(self, how: How) -> None:
        """R16: neither the same snapshot nor the same content in another changes anything."""
        before, told = self.do(self._versions()), self.do(self.school.told())
        snapshot, snapshot_id = self.last
        self.do(self.school.push(snapshot, snapshot_id=snapshot_id))
        if self.expected == "closed":
            later = replace(snapshot, taken_at=snapshot.taken_at + timedelta(microseconds=1))
            run = self.do(self.school.sync(later))
            assert run["state"] == "closed"
            taken = taken_from(snapshot.records, later.taken_at, self.mis, snapshot.complete)
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

    # Another server (R21)

    @precondition(lambda self: self.server < 3)
    @rule()
    def server_changes(self) -> None:
        """All ids are new, and some of them were somebody else's."""
        self.server += 1
        mis = self.mis
        mis.instance_id = f"server-{self.server}"
        for one in self.children:
            before = mis.pupils.pop(one.mis_id, None)
            was, one.mis_id = one.mis_id, f"P{(one.number + 1) % 9}" + "z" * self.server
            if before is not None:
                mis.memberships = {
                    (one.mis_id if p == was else p, g) for p, g in mis.memberships
                }
                mis.pupils[one.mis_id] = before.model_copy(update={"mis_id": one.mis_id})
        new = {}
        for mis_id in (*mis.groups, *mis.staff):
            bare = mis_id[2:] if mis_id.startswith("N") else mis_id
            new[mis_id] = self._here(bare)
        mis.groups = {
            new[i]: record.model_copy(update={"mis_id": new[i]}) for i, record in mis.groups.items()
        }
        mis.staff = {
            new[i]: record.model_copy(update={"mis_id": new[i]}) for i, record in mis.staff.items()
        }
        mis.memberships = {(p, new[g]) for p, g in mis.memberships}
        mis.teachings = {(new[s], new[g]) for s, g in mis.teachings}
        self.told = {}

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
        one = self.children[number]
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
            one
            for one in (self.model.pupils if member else self.model.users)
            if one.active
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
        called, email = f"ReidS{number}", self._email(number) if with_email else None
        if any(user.called == called for user in self.model.users):
            return
        body = {"forename": "Tom", "surname": called, "role": "teacher", "email": email}
        answer = self.do(self.school.of_users("POST", "/users", body))
        assert answer.status_code == 201, answer.text
        made = User(called, email, id=UUID(answer.json()["id"]))
        self.model.users.append(made)

    # Decisions (R19, R20)

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
                one
                for one in self.model.of_kind(kind)
                if str(one.id) == each["suggestion"]["id"]
            ]
        if what == "map" and here is None:
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
            one.id: (
                one.called, one.upn, one.preferred_forename, one.year, one.active, one.by_hand
            )
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
        for ours, rows, same in (
            (self.model.pupils, found["pupils"], lambda one, row: one.upn == row["upn"]),
            (self.model.groups, found["groups"], lambda one, row: one.name == row["name"]),
            (self.model.users, found["users"], lambda one, row: one.email == row["email"]),
        ):
            known = {one.id for one in ours}
            for one in ours:
                if one.id is None:
                    ids = [
                        row["id"] for row in rows if row["id"] not in known and same(one, row)
                    ]
                    assert len(ids) == 1, (one, rows)
                    one.id = ids[0]

    def _learn_links(self) -> None:
        """What the roll-up made of them, which its own tests show."""
        people = {one.id: one for one in (*self.model.pupils, *self.model.users)}
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


def key_of(record: AnyRecord) -> str:
    match record:
        case MembershipRecord():
            return f"member {record.pupil_mis_id} {record.group_mis_id}"
        case TeachingRecord():
            return f"teacher {record.staff_mis_id} {record.group_mis_id}"
        case _:
            return f"{record.kind} {record.mis_id}"


def taken_from(
    records: tuple[AnyRecord, ...], at: datetime, mis: Mis, complete: frozenset[Collection]
) -> Taken:
    """A snapshot in the model's own words."""
    taken = Taken(
        at, mis.academic_year or "", mis.instance_id, frozenset(complete), {}, {}, {}, set(), set()
    )
    for record in records:
        match record:
            case PupilRecord():
                age = 2021 - record.date_of_birth.year if record.date_of_birth else 0
                taken.pupils[record.mis_id] = None if record.removed else {
                    "called": record.legal_surname,
                    "upn": record.upn,
                    "former": record.former_upns or None,
                    "preferred_forename": record.preferred_forename,
                    "year": record.year_group and record.year_group.value,
                    "age": age,
                }
            case GroupRecord():
                year = record.year_group and record.year_group.value
                said = {"name": record.name, "year": year}
                taken.groups[record.mis_id] = None if record.removed else said
            case StaffRecord():
                said = {"called": record.surname, "email": record.email}
                taken.staff[record.mis_id] = None if record.removed else said
            case MembershipRecord():
                pair = (record.pupil_mis_id, record.group_mis_id)
                (taken.left if record.removed else taken.members).add(pair)
            case TeachingRecord():
                pair = (record.staff_mis_id, record.group_mis_id)
                (taken.left_off if record.removed else taken.teachings).add(pair)
    return taken


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
