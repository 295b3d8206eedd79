"""A school and its MIS as plain Python: what each snapshot must come to, and what it must not do.

Written from R15–R23 and not from the code. It knows no database, no messages and no versions, and
does everything anew each time: that a repeat changes nothing is a property of the rules.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

__all__ = ["Group", "Known", "Link", "ModelOfAYear", "Pupil", "Taken", "User"]

LAST = "6"
YEARS = ("R", "1", "2", "3", "4", "5", "6")
MOST_GONE = 0.2
FIRST_WEEKS = timedelta(weeks=6)
DETAILS = ("preferred_forename",)
"""Fields that are nothing but what they say; the UPN and the year group have rules of their own."""


@dataclass(eq=False)
class Pupil:
    """`called` is all that a name and a birthday tell; no two children share it."""

    called: str
    upn: str | None
    year: str | None
    preferred_forename: str | None = None
    active: bool = True
    by_hand: set[str] = field(default_factory=set)
    former: set[str] = field(default_factory=set)
    may_leave: bool = False
    """By the MIS: it has been in there (R13)."""
    id: UUID | None = None

    def has_upn(self, upn: str | None, former: Iterable[str] = ()) -> None:
        self.former = {*self.former, *former, *filter(None, (self.upn, upn))}
        self.upn = upn
        self.former -= {upn or ""}


@dataclass(eq=False)
class Group:
    name: str
    year: str | None
    from_mis: bool = False
    active: bool = True
    by_hand: set[str] = field(default_factory=set)
    id: UUID | None = None


@dataclass(eq=False)
class User:
    called: str
    email: str | None
    active: bool = True
    id: UUID | None = None


Person = Pupil | User
Kind = Literal["member", "teacher"]


@dataclass
class Link:
    present: bool
    by_hand: bool
    origin: str


@dataclass(eq=False)
class Known:
    """One record of the MIS: all that it ever said of it, and who that is here."""

    said: dict[str, Any]
    here: Any = None
    made_by_person: bool = False
    missing_since: date | None = None
    gone: bool = False
    accepted_upn: str | None = None

    @property
    def present(self) -> bool:
        return self.missing_since is None

    def says(self, said: dict[str, Any]) -> None:
        """R17: what is not said is no information."""
        self.said |= {name: value for name, value in said.items() if value is not None}
        self.missing_since, self.gone = None, False


@dataclass(frozen=True)
class Taken:
    """A snapshot as the model is told of it: `records` by kind and MIS id; `None` is 'removed'."""

    at: datetime
    year: str
    server: str | None
    complete: frozenset[str]
    pupils: dict[str, dict[str, Any] | None]
    groups: dict[str, dict[str, Any] | None]
    staff: dict[str, dict[str, Any] | None]
    members: set[tuple[str, str]]
    teachings: set[tuple[str, str]]
    left: set[tuple[str, str]] = field(default_factory=set)
    """Memberships that a delta takes away, as it does `left_off` of teachings."""
    left_off: set[tuple[str, str]] = field(default_factory=set)


@dataclass
class ModelOfAYear:
    year: str
    pupils: list[Pupil] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    users: list[User] = field(default_factory=list)
    links: dict[tuple[Kind, Group, Person], Link] = field(default_factory=dict)

    mis_pupils: dict[str, Known] = field(default_factory=dict)
    mis_groups: dict[str, Known] = field(default_factory=dict)
    mis_staff: dict[str, Known] = field(default_factory=dict)
    relations: set[tuple[Kind, str, str]] = field(default_factory=set)
    """(kind, person, group), as the MIS has them in `year_known`."""
    spoken: set[Kind] = field(default_factory=set)
    """Of which relations the MIS told all, in `year_known`: absence says nothing in others."""
    year_known: str | None = None
    """The year of which the MIS's year groups and relations are."""
    mis_year: str | None = None
    """The year of the last snapshot that was taken over."""
    applied_at: datetime | None = None
    server: str | None = None
    reinstated: bool = False
    trouble: str | None = None
    accepted: set[Any] = field(default_factory=set)
    """Who may be gone, as a person said."""

    # Snapshots

    def takes(self, taken: Taken, *, released: bool = False) -> str:
        """How its run ends: `closed`, `held` or `ignored`."""
        if self.applied_at is not None and taken.at < self.applied_at:
            return "ignored"
        other_server = None not in (self.server, taken.server) and self.server != taken.server
        if other_server and not self.reinstated:
            self.trouble = "server_changed"
            return "held"
        limited = taken.year != self.year
        ask = not limited and not released
        too_many = ask and self._too_many(self._pupils_stay(taken))
        if self.reinstated and (other_server or too_many):
            self._forget()
        elif too_many or (ask and self._groups_may_not_go(taken)):
            self.trouble = "held"
            return "held"
        if limited:
            self._take_details(taken)
        else:
            self._take_whole(taken)
        self.trouble, self.reinstated = None, False
        self.server = taken.server or self.server
        self.mis_year, self.applied_at = taken.year, taken.at
        self.compares()
        return "closed"

    def compares(self) -> None:
        """After a snapshot, and after a person has decided something (R22)."""
        limited = self.mis_year != self.year or self.year_known not in (None, self.year)
        self._compare_pupils(limited)
        if not limited:
            self._compare_groups()
            self._compare_staff()
            self._compare_links()

    def _forget(self) -> None:
        """R21: the ids of another server mean nothing."""
        self.mis_pupils, self.mis_groups, self.mis_staff = {}, {}, {}
        self.relations, self.spoken = set(), set()

    def is_released(self, taken: Taken) -> str:
        """R18: a person has seen who would be gone, and is not asked about them again."""
        self.accepted |= set(self.would_go(taken, "pupil") + self.would_go(taken, "group"))
        self.trouble = None
        return self.takes(taken, released=True)

    def would_go(self, taken: Taken, kind: str) -> list[Any]:
        stay = self._pupils_stay(taken) if kind == "pupil" else self._groups_stay(taken)
        return [one for one, stays in stay.items() if not stays]

    def _pupils_stay(self, taken: Taken) -> dict[Any, bool]:
        staged = {r["upn"] for r in taken.pupils.values() if r and r["upn"]}
        complete = "pupil" in taken.complete
        return self._stay(self.mis_pupils, taken.pupils, complete, "upn", staged)

    def _groups_stay(self, taken: Taken) -> dict[Any, bool]:
        staged = {r["name"].lower() for r in taken.groups.values() if r and r["name"]}
        complete = "group" in taken.complete
        return self._stay(self.mis_groups, taken.groups, complete, "name", staged)

    def _groups_may_not_go(self, taken: Taken) -> bool:
        first_day = datetime(int(self.year[:4]), 9, 1, tzinfo=taken.at.tzinfo)
        may = taken.at < first_day + FIRST_WEEKS
        return not may and self._too_many(self._groups_stay(taken))

    @staticmethod
    def _too_many(stay: dict[Any, bool]) -> bool:
        return bool(stay) and list(stay.values()).count(False) / len(stay) > MOST_GONE

    def _stay(
        self,
        known: dict[str, Known],
        told: dict[str, dict[str, Any] | None],
        complete: bool,
        name: str,
        staged: set[str],
    ) -> dict[Any, bool]:
        """R18, of those who are active here. Who is there under another id is not gone."""
        stays: dict[Any, bool] = {}
        for mis_id, record in known.items():
            if record.here is None or not record.here.active:
                continue
            if (record.said.get(name) or "").lower() in {one.lower() for one in staged}:
                still = True
            elif mis_id in told:
                still = told[mis_id] is not None
            else:
                still = not complete and record.present
            stays[record.here] = stays.get(record.here, False) or still
        return {one: still or one in self.accepted for one, still in stays.items()}

    def _take_details(self, taken: Taken) -> None:
        """R22: of pupils only, and not their year groups."""
        for mis_id, record in taken.pupils.items():
            if record is not None:
                said = {name: value for name, value in record.items() if name != "year"}
                self.mis_pupils.setdefault(mis_id, Known({})).says(said)

    def _take_whole(self, taken: Taken) -> None:
        if self.year_known != self.year:
            self._another_year_begins()
        day = taken.at.date()
        for kind, known, told in (
            ("pupil", self.mis_pupils, taken.pupils),
            ("group", self.mis_groups, taken.groups),
            ("staff", self.mis_staff, taken.staff),
        ):
            for mis_id, record in told.items():
                one = known.setdefault(mis_id, Known({}))
                if record is None:
                    one.missing_since, one.gone = one.missing_since or day, True
                else:
                    one.says(record)
            if kind in taken.complete:
                self._mark_missing(known, set(told), day)
        if "membership" in taken.complete:
            self.relations = {r for r in self.relations if r[0] != "member"}
            self.spoken.add("member")
        if "teaching" in taken.complete:
            self.relations = {r for r in self.relations if r[0] != "teacher"}
            self.spoken.add("teacher")
        self.relations -= {("member", person, group) for person, group in taken.left}
        self.relations -= {("teacher", person, group) for person, group in taken.left_off}
        self.relations |= {("member", person, group) for person, group in taken.members}
        self.relations |= {("teacher", person, group) for person, group in taken.teachings}

        for known in (self.mis_pupils, self.mis_groups):
            self.accepted -= set(self._stand_for(known))

    def _another_year_begins(self) -> None:
        """What was said of year groups and of who is where was of the year before (R22)."""
        self.year_known = self.year
        self.relations, self.spoken = set(), set()
        for record in self.mis_pupils.values():
            record.said.pop("year", None)

    @staticmethod
    def _mark_missing(known: dict[str, Known], told: set[str], day: date) -> None:
        """R18: gone after two complete snapshots on different days."""
        for mis_id, record in known.items():
            if mis_id in told or record.gone:
                continue
            if record.missing_since is None:
                record.missing_since = day
            elif record.missing_since < day:
                record.gone = True

    # Pupils

    def _stand_for(self, known: dict[str, Known]) -> dict[Any, str]:
        """Who is whom in the MIS: of several records the first speaks."""
        found: dict[Any, str] = {}
        for mis_id in sorted(known):
            if known[mis_id].present and known[mis_id].here is not None:
                found.setdefault(known[mis_id].here, mis_id)
        return found

    def _compare_pupils(self, limited: bool) -> None:
        stand_for = self._stand_for(self.mis_pupils)
        unknown: dict[str, Known] = {}
        for mis_id, record in sorted(self.mis_pupils.items()):
            if record.here is None:
                if record.present:
                    unknown[mis_id] = record
            elif record.present:
                if stand_for[record.here] == mis_id:
                    self._details_flow(record, record.here, limited)
            elif record.gone and record.here not in stand_for and not limited:
                self._leaves(record.here)
        upns = Counter(r.said.get("upn") for r in unknown.values())
        found = {
            mis_id: self._same_by_upn(record, mis_id, stand_for)
            for mis_id, record in unknown.items()
            if upns[record.said.get("upn")] == 1 or not record.said.get("upn")
        }
        claims = Counter(one for one in found.values() if isinstance(one, Pupil))
        for mis_id, same in found.items():
            record = unknown[mis_id]
            if isinstance(same, Pupil):
                if claims[same] == 1:
                    record.here = same
                    self._details_flow(record, same, limited)
            elif same == "nobody":
                self._perhaps_new(record, stand_for, limited)

    def _same_by_upn(
        self, record: Known, mis_id: str, stand_for: dict[Any, str]
    ) -> Pupil | Literal["nobody", "unclear"]:
        """R17: UPN, then former UPN both ways."""
        upn, former = record.said.get("upn"), record.said.get("former", ())
        for same in (
            [one for one in self.pupils if upn and one.upn == upn],
            [
                one
                for one in self.pupils
                if (upn and upn in one.former) or (one.upn and one.upn in former and one.upn != upn)
            ],
        ):
            if len(same) > 1 or any(stand_for.get(one, mis_id) != mis_id for one in same):
                return "unclear"
            if same:
                return same[0]
        return "nobody"

    def _perhaps_new(self, record: Known, stand_for: dict[Any, str], limited: bool) -> None:
        """R11, R17, R22: not without a UPN, not in another year, and a suggestion asks first."""
        upn = record.said.get("upn")
        if upn is None or limited:
            return
        namesake = any(
            one.called == record.said["called"] and one not in stand_for for one in self.pupils
        )
        if namesake and not record.made_by_person:
            return
        new = Pupil(
            record.said["called"],
            None,
            record.said.get("year") or self._year_by_age(record.said["age"]),
            preferred_forename=record.said.get("preferred_forename"),
            may_leave=True,
        )
        new.has_upn(upn, record.said.get("former", ()))
        self.pupils.append(new)
        record.here = new

    def _year_by_age(self, age: int) -> str | None:
        """`age`: the index of the year group of this birthday in 2026/27."""
        index = age + int(self.year[:4]) - 2026
        return YEARS[index] if index < len(YEARS) else None

    def _details_flow(self, record: Known, pupil: Pupil, limited: bool) -> None:
        """R13, R17, R18, R22."""
        said = record.said
        upn, former = said.get("upn"), [one for one in said.get("former", ()) if one != pupil.upn]
        wanted = pupil.upn
        if "upn" not in pupil.by_hand and upn and upn not in {pupil.upn, *pupil.former}:
            proved = pupil.upn is None or pupil.upn in said.get("former", ())
            if proved or upn == record.accepted_upn:
                wanted = upn
        if wanted != pupil.upn and any(one.upn == wanted for one in self.pupils):
            return  # Roster refuses it: a UPN is one pupil's.
        pupil.has_upn(wanted, former)
        for name in DETAILS:
            if said.get(name) is not None and name not in pupil.by_hand:
                setattr(pupil, name, said[name])
        if limited:
            return
        pupil.may_leave = True
        if said.get("year") is not None and "year" not in pupil.by_hand:
            pupil.year = said["year"]
        if "active" not in pupil.by_hand:
            pupil.active = True

    def _leaves(self, pupil: Pupil) -> None:
        """R13: not who was made active by hand, and not who was never in the MIS."""
        if pupil.may_leave and "active" not in pupil.by_hand:
            pupil.active = False

    # Groups, staff, links

    def _compare_groups(self) -> None:
        stand_for = self._stand_for(self.mis_groups)
        free = [group for group in self.groups if group not in stand_for]
        unknown: dict[str, Known] = {}
        for mis_id, record in sorted(self.mis_groups.items()):
            if record.here is None and record.present and not record.made_by_person:
                unknown[mis_id] = record
            elif record.here is None and record.present:
                record.here = Group(record.said["name"], record.said.get("year"), from_mis=True)
                self.groups.append(record.here)
            elif record.present and stand_for[record.here] == mis_id:
                self._group_follows(record, record.here)
        ours = Counter(self._key(group.name, group.year) for group in free)
        theirs = Counter(self._key(r.said["name"], r.said.get("year")) for r in unknown.values())
        for record in unknown.values():
            key = self._key(record.said["name"], record.said.get("year"))
            same = [group for group in free if self._key(group.name, group.year) == key]
            if ours[key] == theirs[key] == 1 and same[0].active:
                record.here = same[0]
                self._group_follows(record, same[0])

    @staticmethod
    def _key(name: str, year: str | None) -> tuple[str, str | None]:
        return name.lower(), year

    @staticmethod
    def _group_follows(record: Known, group: Group) -> None:
        """One that came from the MIS follows it; one that was made here keeps its own name."""
        for name in ("name", "year"):
            if group.from_mis and record.said.get(name) and name not in group.by_hand:
                setattr(group, name, record.said[name])

    def _compare_staff(self) -> None:
        """R17, R18, R20: e-mail is certain, a name only suggests; no class, no user."""
        stand_for = self._stand_for(self.mis_staff)
        unknown = {
            mis_id: record
            for mis_id, record in sorted(self.mis_staff.items())
            if record.here is None and record.present
        }
        by_email = {
            mis_id: next((u for u in self.users if u.email == record.said["email"]), None)
            for mis_id, record in unknown.items()
        }
        users = list(self.users)
        emails = Counter(record.said["email"] for record in unknown.values())
        for mis_id, record in unknown.items():
            same = by_email[mis_id]
            shared = emails[record.said["email"]] > 1
            if same is not None and not shared and same not in stand_for:
                record.here = same
                continue
            asked = (
                shared
                or same is not None
                or any(u.called == record.said["called"] and u not in stand_for for u in users)
            )
            if not self._teaches_mapped(mis_id) or (asked and not record.made_by_person):
                continue
            if any(user.email == record.said["email"] for user in self.users):
                continue  # Identity refuses it: an address is one account's (R8).
            record.here = User(record.said["called"], record.said["email"])
            self.users.append(record.here)

    def _teaches_mapped(self, mis_id: str) -> bool:
        groups = [g for kind, p, g in self.relations if (kind, p) == ("teacher", mis_id)]
        known = [self.mis_groups[group] for group in groups if group in self.mis_groups]
        return any(group.present and group.here is not None for group in known)

    def _compare_links(self) -> None:
        """R13, R18."""
        wanted: set[tuple[Kind, Group, Person]] = set()
        for kind, person_id, group_id in self.relations:
            people = self.mis_pupils if kind == "member" else self.mis_staff
            group, person = self.mis_groups.get(group_id), people.get(person_id)
            known = [one for one in (group, person) if one is not None and one.present]
            if group and person and len(known) == 2 and None not in (group.here, person.here):
                wanted.add((kind, group.here, person.here))
        for key in wanted:
            link = self.links.get(key)
            free = link is None or not (link.present or link.by_hand)
            if free and key[1].active and key[2].active:
                self.links[key] = Link(present=True, by_hand=False, origin="mis")
        here = self._stand_for(self.mis_pupils)
        for key, link in self.links.items():
            if key in wanted or link.by_hand or link.origin != "mis" or key[0] not in self.spoken:
                continue
            if key[0] == "teacher" or key[2] in here:
                link.present = False

    # By hand

    def is_edited(self, one: Pupil | Group, name: str, value: Any) -> None:
        if getattr(one, name) != value:
            if name == "upn" and isinstance(one, Pupil):
                one.has_upn(value)
            else:
                setattr(one, name, value)
            one.by_hand.add(name)

    def is_linked_by_hand(self, key: tuple[Kind, Group, Person], present: bool) -> None:
        self.links[key] = Link(present=present, by_hand=True, origin="hand")

    def link_is_handed_back(self, key: tuple[Kind, Group, Person]) -> None:
        if self.links[key].by_hand:
            self.links[key] = Link(self.links[key].present, by_hand=False, origin="mis")

    # What is decided

    def known_of(self, kind: str) -> dict[str, Known]:
        return {"pupil": self.mis_pupils, "group": self.mis_groups, "staff": self.mis_staff}[kind]

    def can_map(self, kind: str, mis_id: str, here: Any) -> bool:
        """One record of the MIS is one record here."""
        return self._stand_for(self.known_of(kind)).get(here, mis_id) == mis_id

    def is_mapped(self, kind: str, mis_id: str, here: Any) -> None:
        record = self.known_of(kind)[mis_id]
        if record.here is not here:
            record.here, record.accepted_upn = here, None
        elif kind == "pupil":
            record.accepted_upn = record.said["upn"]
        record.made_by_person = True

    def is_new(self, kind: str, mis_id: str) -> None:
        record = self.known_of(kind)[mis_id]
        record.here, record.made_by_person, record.accepted_upn = None, True, None

    # The roll-up (R12)

    def rolls_up(self) -> None:
        """Who is where afterwards is told by the roll-up's own tests."""
        for pupil in self.pupils:
            if pupil.active and pupil.year == LAST:
                pupil.active = False
                pupil.by_hand.discard("active")
            elif pupil.active and pupil.year:
                pupil.year = YEARS[YEARS.index(pupil.year) + 1]
        first = int(self.year[:4]) + 1
        self.year = f"{first}/{(first + 1) % 100:02}"

    def of_kind(self, kind: str) -> Sequence[Any]:
        kinds: dict[str, list[Any]] = {
            "pupil": [*self.pupils],
            "group": [*self.groups],
            "staff": [*self.users],
        }
        return kinds[kind]
