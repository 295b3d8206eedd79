"""The MIS of a school, and all that may change in it before anybody hears of it.

Each child is one child, whatever records there are of them. What changed is told by snapshots only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from stdnum.gb import upn as standard

from services.mis_sync.connectors.snapshot import AnyRecord
from shared.contracts.mis import (
    Collection,
    GroupRecord,
    MembershipRecord,
    PupilRecord,
    StaffRecord,
    TeachingRecord,
)
from tests.mis_sync.mis import Mis, upn
from tests.together.model_of_a_year import Taken

__all__ = ["FORENAMES", "Edits", "MisOfASchool", "child", "edits", "member_of_staff", "taken_from"]

Edits = list[tuple[Any, ...]]
FIRST_IN = 7
"""Of the children, so many are in the MIS at first: one who leaves is less than a fifth."""


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


@dataclass
class MisOfASchool:
    """`told` is what the last snapshot that was taken over left known, for the next delta."""

    school: UUID
    year_of_school: str = "2026/27"
    mis: Mis = field(default_factory=lambda: Mis(instance_id="server-1"))
    children: list[Child] = field(default_factory=children)
    server: int = 1
    told: dict[str, AnyRecord] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for mis_id in (*CLASSES, *SETS):
            self.class_comes(mis_id)
        for number in range(FIRST_IN):
            self.joins(number, fresh=False)
        for number, groups in enumerate((("G3", "G4"), ("G5",), ("G6", "GC"))):
            self.staff_comes(number)
            for group in groups:
                self.mis.teachings.add((f"S{number}", group))

    def change(self, edits: Edits) -> None:
        for name, *said in edits:
            getattr(self, name)(*said)

    def is_told(self) -> None:
        self.told = {key_of(record): record for record in self.mis.records()}

    def changes(self) -> tuple[AnyRecord, ...]:
        """What is not as it was in the last snapshot; who is not there any more is removed."""
        now = {key_of(record): record for record in self.mis.records()}
        changed = [record for key, record in now.items() if self.told.get(key) != record]
        gone = [
            record.model_copy(update={"removed": True})
            for key, record in self.told.items()
            if key not in now
        ]
        return (*changed, *gone)

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
        now = one.age + int(self.year_of_school[:4]) - 2026
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
        self.mis.memberships = {(one.mis_id if p == was else p, g) for p, g in self.mis.memberships}

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
        self.mis.teacher(self._here(f"S{number}"), email=f"{self.email(number)}")

    def email(self, number: int) -> str:
        return f"s{number}-{self.school.hex}@school.example"

    def staff_goes(self, number: int) -> None:
        mis_id = self._here(f"S{number}")
        self.mis.staff.pop(mis_id, None)
        self.mis.teachings = {t for t in self.mis.teachings if t[0] != mis_id}

    def teaches(self, number: int, where: int, does: bool) -> None:
        mis_id, group = self._here(f"S{number}"), self._group(where)
        if mis_id in self.mis.staff and group:
            change = self.mis.teachings.add if does else self.mis.teachings.discard
            change((mis_id, group))

    def moves_to_another_server(self) -> None:
        """All ids are new, and some of them were somebody else's."""
        self.server += 1
        mis = self.mis
        mis.instance_id = f"server-{self.server}"
        for one in self.children:
            before = mis.pupils.pop(one.mis_id, None)
            was, one.mis_id = one.mis_id, f"P{(one.number + 1) % 9}" + "z" * self.server
            if before is not None:
                mis.memberships = {(one.mis_id if p == was else p, g) for p, g in mis.memberships}
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


def key_of(record: AnyRecord) -> str:
    match record:
        case MembershipRecord():
            return f"member {record.pupil_mis_id} {record.group_mis_id}"
        case TeachingRecord():
            return f"teacher {record.staff_mis_id} {record.group_mis_id}"
        case PupilRecord() | StaffRecord() | GroupRecord():
            return f"{record.kind} {record.mis_id}"
        case _:
            raise AssertionError(record)


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
                taken.pupils[record.mis_id] = (
                    None
                    if record.removed
                    else {
                        "called": record.legal_surname,
                        "upn": record.upn,
                        "former": record.former_upns or None,
                        "preferred_forename": record.preferred_forename,
                        "year": record.year_group and record.year_group.value,
                        "age": age,
                    }
                )
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
