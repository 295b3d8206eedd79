"""A school's roll as plain Python: what must come of everything that anybody does to it.

Written from the rules and not from the code. It knows no database, no messages and no versions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

__all__ = ["ModelLink", "ModelOfARoll", "ModelPupil", "ModelRow", "year_after"]

YEARS = ("R", "1", "2", "3", "4", "5", "6")
UNDO_FOR = timedelta(days=28)
UNDO_IMPORT_FOR = timedelta(days=7)
Key = tuple[UUID, UUID]
"""A group and a pupil."""


def year_after(academic_year: str) -> str:
    first = int(academic_year[:4]) + 1
    return f"{first}/{(first + 1) % 100:02}"


@dataclass
class ModelPupil:
    upn: str | None
    forename: str
    year: str | None
    active: bool = True
    by_hand: set[str] = field(default_factory=set)
    """What was set by hand, which nobody else changes (R13)."""
    from_mis: bool = False
    known_to_mis: bool = False
    upns: set[str] = field(default_factory=set)
    """All that they ever had (R11)."""

    def has(self, **values: Any) -> None:
        for name, value in values.items():
            setattr(self, name, value)
        if self.upn:
            self.upns.add(self.upn)


@dataclass
class ModelLink:
    present: bool = False
    by_hand: bool = False
    origin: str = "hand"
    changes: int = 0

    def has(self, *, present: bool, by_hand: bool, origin: str) -> None:
        if (present, by_hand, origin) != (self.present, self.by_hand, self.origin):
            self.present, self.by_hand, self.origin = present, by_hand, origin
            self.changes += 1


@dataclass
class RollUpDone:
    began: str
    at: datetime
    before: dict[UUID, ModelPupil]
    after: dict[UUID, ModelPupil]
    links: dict[Key, ModelLink | None]
    """Those that it changed, as they were."""
    changes: dict[Key, int]
    undone: bool = False


@dataclass(frozen=True)
class ModelRow:
    """Of a file. All rows have a UPN, and all pupils one surname."""

    upn: str
    forename: str
    year: str | None


@dataclass
class ImportDone:
    at: datetime
    before: dict[UUID, ModelPupil]
    """Those that it changed, without those that it added."""
    after: dict[UUID, ModelPupil]
    undone: bool = False


@dataclass
class ModelOfARoll:
    """`classes` are by year, one in a year at most; `choir` is a set of no year."""

    year: str
    now: datetime
    classes: Mapping[str, UUID]
    choir: UUID
    pupils: dict[UUID, ModelPupil] = field(default_factory=dict)
    links: dict[Key, ModelLink] = field(default_factory=dict)
    roll_ups: list[RollUpDone] = field(default_factory=list)
    imports: list[ImportDone] = field(default_factory=list)

    def holder(self, upn: str | None) -> UUID | None:
        """Active or not (R11)."""
        found = [pupil_id for pupil_id, pupil in self.pupils.items() if upn and pupil.upn == upn]
        assert len(found) <= 1
        return found[0] if found else None

    def is_anothers(self, upn: str | None, pupil_id: UUID) -> bool:
        return self.holder(upn) not in (None, pupil_id)

    # By hand

    def is_added(self, pupil_id: UUID, upn: str | None, forename: str, year: str | None) -> None:
        self.pupils[pupil_id] = ModelPupil(upn, forename, year, upns={upn} if upn else set())

    def is_edited(self, pupil_id: UUID, name: str, value: Any) -> None:
        pupil = self.pupils[pupil_id]
        if getattr(pupil, name) != value:
            pupil.has(**{name: value})
            pupil.by_hand.add(name)

    def is_handed_back(self, pupil_id: UUID, name: str) -> None:
        self.pupils[pupil_id].by_hand.discard(name)

    def is_linked_by_hand(self, key: Key, present: bool) -> None:
        link = self.links.setdefault(key, ModelLink())
        if (link.present, link.by_hand) != (present, True):
            link.has(present=present, by_hand=True, origin="hand")

    def link_is_handed_back(self, key: Key) -> None:
        link = self.links[key]
        if link.by_hand:
            link.has(present=link.present, by_hand=False, origin="mis")

    # By the MIS

    def mis_creates(self, pupil_id: UUID, said: Mapping[str, Any], same_year: bool) -> None:
        """R18, R22: not in another year, and not without a UPN that is free."""
        upn = said.get("upn")
        if same_year and upn and self.holder(upn) is None:
            pupil = ModelPupil(None, said["forename"], said.get("year"), from_mis=True)
            pupil.known_to_mis = True
            pupil.has(upn=upn)
            self.pupils[pupil_id] = pupil

    def mis_says(self, pupil_id: UUID, said: Mapping[str, Any], same_year: bool) -> bool:
        """Field by field (R13, R17, R22); whether it was believed to be of this pupil at all."""
        pupil = self.pupils[pupil_id]
        free = {name: value for name, value in said.items() if name not in pupil.by_hand}
        if self.is_anothers(free.get("upn"), pupil_id):
            return False
        if not same_year:
            free.pop("year", None)
        pupil.has(**free, known_to_mis=True)
        return True

    def mis_takes_off_roll(self, pupil_id: UUID, same_year: bool) -> None:
        """R13, R18, R22."""
        pupil = self.pupils[pupil_id]
        if same_year and "active" not in pupil.by_hand and (pupil.from_mis or pupil.known_to_mis):
            pupil.active = False

    def mis_brings_back(self, pupil_id: UUID, said: Mapping[str, Any], same_year: bool) -> None:
        pupil = self.pupils[pupil_id]
        if self.mis_says(pupil_id, said, same_year) and same_year:
            pupil.active = pupil.active or "active" not in pupil.by_hand

    def mis_links(self, key: Key, same_year: bool) -> None:
        link = self.links.get(key)
        if same_year and not (link and link.by_hand):
            self.links.setdefault(key, ModelLink()).has(present=True, by_hand=False, origin="mis")

    def mis_unlinks(self, key: Key, same_year: bool) -> None:
        """R13, R22: only what it gave."""
        link = self.links.get(key)
        if same_year and link and link.present and not link.by_hand and link.origin == "mis":
            link.has(present=False, by_hand=False, origin="mis")

    # By a file

    def meant_by(self, row: ModelRow) -> UUID | None:
        """By the UPN of today, else by a former one (R17). Raises `LookupError` where that is not
        clear, or where somebody without a UPN has the same name."""
        holder = self.holder(row.upn)
        former = [one for one, pupil in self.pupils.items() if row.upn in pupil.upns]
        if holder is not None or len(former) == 1:
            return holder or former[0]
        namesakes = (pupil for pupil in self.pupils.values() if pupil.forename == row.forename)
        if former or any(pupil.upn is None for pupil in namesakes):
            raise LookupError
        return None

    def sorted_out(self, rows: Sequence[ModelRow]) -> tuple[dict[ModelRow, UUID | None], set[UUID]]:
        """Whom each row that is taken is about, and everybody whom any row may be about (R10)."""
        meant: dict[ModelRow, UUID | None] = {}
        mentioned: set[UUID] = set()
        for row in rows:
            try:
                meant[row] = self.meant_by(row)
            except LookupError:
                mentioned |= self._perhaps_meant(row)
        mentioned |= {one for one in meant.values() if one is not None}
        taken = dict(meant)
        for row, other in permutations(rows, 2):
            if self._numbers(row, meant) & self._numbers(other, meant) and row in taken:
                del taken[row]
                mentioned |= self._perhaps_meant(row)
        return taken, mentioned

    def _numbers(self, row: ModelRow, meant: Mapping[ModelRow, UUID | None]) -> set[str]:
        pupil = self.pupils.get(meant.get(row) or UUID(int=0))
        return {row.upn} | (pupil.upns if pupil else set())

    def _perhaps_meant(self, row: ModelRow) -> set[UUID]:
        return {
            one
            for one, pupil in self.pupils.items()
            if row.upn in pupil.upns or row.forename == pupil.forename
        }

    def is_imported(
        self, rows: Sequence[ModelRow], *, full: bool, keep: bool, ids: Mapping[str, UUID]
    ) -> None:
        """R10, R13: a person says this, so it goes before what was set by hand, which stays marked.
        `ids` are by UPN, of those who are new."""
        before = deepcopy(self.pupils)
        taken, mentioned = self.sorted_out(rows)
        for row, pupil_id in taken.items():
            if pupil_id is None:
                self.is_added(ids[row.upn], row.upn, row.forename, row.year)
                if keep:
                    said = {"upn", "forename", "legal_surname"} | ({"year"} if row.year else set())
                    self.pupils[ids[row.upn]].by_hand |= said
            else:
                pupil = self.pupils[pupil_id]
                upn = pupil.upn or row.upn
                year = row.year or pupil.year
                self._is_said(
                    pupil_id, keep, upn=upn, forename=row.forename, year=year, active=True
                )
        for pupil_id, was in before.items():
            if full and was.active and pupil_id not in mentioned:
                self._is_said(pupil_id, keep, active=False)
        changed = [one for one, now in self.pupils.items() if now != before.get(one)]
        self.imports.append(
            ImportDone(
                at=self.now,
                before={one: before[one] for one in changed if one in before},
                after={one: deepcopy(self.pupils[one]) for one in changed},
            )
        )

    def _is_said(self, pupil_id: UUID, keep: bool, **values: Any) -> None:
        pupil = self.pupils[pupil_id]
        changed = {name for name, value in values.items() if getattr(pupil, name) != value}
        pupil.has(**values)
        pupil.by_hand |= changed if keep else set()

    def would_change(self, rows: Sequence[ModelRow], *, full: bool) -> bool:
        trial = deepcopy(self)
        trial.is_imported(rows, full=full, keep=False, ids={row.upn: uuid4() for row in rows})
        return bool(trial.imports[-1].after)

    def waits_for_the_roll_up(self) -> bool:
        """From 1 June on (R12)."""
        return self.now >= datetime(int(self.year[:4]) + 1, 5, 31, 23, tzinfo=UTC)

    def can_undo_import(self) -> bool:
        last = self.imports[-1] if self.imports else None
        return last is not None and not last.undone and self.now <= last.at + UNDO_IMPORT_FOR

    def import_is_undone(self) -> None:
        """R10: each field that is still as the import left it, with its mark."""
        done = self.imports[-1]
        done.undone = True
        for pupil_id, left in done.after.items():
            now = self.pupils[pupil_id]
            if pupil_id not in done.before:
                marked = ("active" in now.by_hand) == ("active" in left.by_hand)
                if now.active and marked and not now.known_to_mis:
                    now.active = False
                    now.by_hand.discard("active")
                continue
            was = done.before[pupil_id]
            for name in ("upn", "forename", "year", "active"):
                if getattr(was, name) == getattr(left, name):
                    continue
                as_left = (getattr(now, name), name in now.by_hand) == (
                    *(getattr(left, name), name in left.by_hand),
                )
                taken = name == "upn" and self.is_anothers(was.upn, pupil_id)
                if as_left and not taken:
                    setattr(now, name, getattr(was, name))
                    now.by_hand.discard(name)
                    now.by_hand |= was.by_hand & {name}

    # The roll-up

    def rolls_up(self) -> None:
        """R12."""
        before = deepcopy(self.pupils)
        stood = deepcopy(self.links)
        for pupil_id, pupil in self.pupils.items():
            if pupil.active and pupil.year:
                if pupil.year == YEARS[-1]:
                    pupil.active = False
                    pupil.by_hand.discard("active")
                else:
                    self._move_memberships(pupil_id, pupil.year)
                    pupil.year = YEARS[YEARS.index(pupil.year) + 1]
            elif pupil.active:
                self._move_memberships(pupil_id, None)
        self.year = year_after(self.year)
        moved = [one for one, was in before.items() if was.active and was.year]
        changed = [key for key, link in self.links.items() if link != stood.get(key)]
        self.roll_ups.append(
            RollUpDone(
                began=self.year,
                at=self.now,
                before={one: before[one] for one in moved},
                after={one: deepcopy(self.pupils[one]) for one in moved},
                links={key: stood.get(key) for key in changed},
                changes={key: self.links[key].changes for key in changed},
            )
        )

    def _following(self, group_id: UUID, year: str | None) -> UUID | None:
        if group_id == self.choir:
            return group_id
        if year is None or year == YEARS[-1]:
            return None
        return self.classes.get(YEARS[YEARS.index(year) + 1])

    def _move_memberships(self, pupil_id: UUID, year: str | None) -> None:
        """An unlink by hand stands; what is there already, and follows, stays as it is (R13)."""
        groups = sorted(
            group for (group, one), link in self.links.items() if one == pupil_id and link.present
        )
        following = {group: self._following(group, year) for group in groups}
        kept = {group for group in groups if group in following.values()}
        for group in groups:
            goes_on = following[group]
            if goes_on is not None and goes_on not in kept:
                link = self.links.setdefault((goes_on, pupil_id), ModelLink())
                if not link.by_hand:
                    came_from = self.links[group, pupil_id].origin
                    link.present, link.origin = True, came_from
        for group in groups:
            if group not in kept:
                link = self.links[group, pupil_id]
                link.has(present=False, by_hand=False, origin=link.origin)
        for made in set(following.values()) - kept:
            if made is not None:
                self.links[made, pupil_id].changes += 1

    def can_undo(self) -> bool:
        last = self.roll_ups[-1] if self.roll_ups else None
        return (
            last is not None
            and not last.undone
            and last.began == self.year
            and self.now <= last.at + UNDO_FOR
        )

    def is_undone(self) -> None:
        """R12: who is as it left them goes back."""
        done = self.roll_ups[-1]
        done.undone = True
        for pupil_id, was in done.before.items():
            now, left = self.pupils[pupil_id], done.after[pupil_id]
            if (now.year, now.active) == (left.year, left.active):
                now.year, now.active = was.year, True
                now.by_hand |= was.by_hand & {"active"}
        for key, stood in done.links.items():
            link = self.links[key]
            if link.changes == done.changes[key]:
                before = stood or ModelLink(origin=link.origin)
                link.has(present=before.present, by_hand=before.by_hand, origin=before.origin)
        self.year = f"{int(self.year[:4]) - 1}/{self.year[2:4]}"

    def can_run_again(self) -> bool:
        last = self.roll_ups[-1] if self.roll_ups else None
        return last is not None and last.undone and last.began == year_after(self.year)

    def the_day(self) -> datetime:
        """When this year's roll-up comes: midnight in London, where it is summer."""
        return datetime(int(self.year[:4]) + 1, 8, 25, 23, tzinfo=UTC)
