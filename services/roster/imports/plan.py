"""What an import would do, row by row, from what the file says and who is here (R10, R11, R13).

Rules without a database: the same rows and the same school give the same plan, so that what was
confirmed can be held against what would be done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from services.roster.groups.group import Group
from services.roster.imports.cells import read_cells
from services.roster.imports.changes import NOBODY, Changed, changed_by, misfit
from services.roster.imports.matching import Match, called, match, perhaps_meant, twins
from services.roster.imports.memberships import Classes, LinkChange, Memberships
from services.roster.imports.pupil_import import OUTCOMES, How, Listed, Outcome, PupilImport, Result
from services.roster.imports.roll import Roll
from services.roster.imports.rows import Said, said_by_all
from services.roster.imports.shapes import MOST_SHAPES, Shape, by_fate, shapes
from services.roster.imports.usual import NEW, Usual, coming_near, looks_usual
from services.roster.pupils.pupil import Pupil
from services.roster.roll_up.guard import YearChange, raised
from shared.imports.uploads import FieldChange, Remark
from shared.school.year_groups import year_group_disagrees, year_group_label

__all__ = ["Here", "Plan", "make_plan", "plan_file"]


@dataclass(frozen=True)
class Here:
    """The school as it is. `day` is the one on which a full import says that somebody has gone."""

    roll: Roll
    memberships: Memberships
    academic_year: str
    day: str


@dataclass
class Plan:
    """`pupils` and `links` are those that change, before (`None`: new) and after.

    Of the rows that are `usual`, and of their pupils, only those that are `alike` are known, by the
    row's place; they stand in no other list.
    """

    results: list[Listed] = field(default_factory=list)
    pupils: list[tuple[Pupil | None, Pupil]] = field(default_factory=list)
    alike: Mapping[Shape, Sequence[int]] = field(default_factory=dict)
    usual: Usual | None = None
    links: list[LinkChange] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    missing_classes: list[str] = field(default_factory=list)
    active_roll: int = 0

    def counts(self) -> dict[str, int]:
        counted = Counter(one.outcome for one in self.results)
        for shape, places in self.alike.items():
            counted[shape.fate] += len(places)
        came_back = sum(
            was is not None and not was.active and now.active for was, now in self.pupils
        )
        probable = sum(one.result.probable for one in self.results)
        return {
            **{outcome: counted[outcome] for outcome in OUTCOMES},
            "made_active": came_back,
            "probable": probable,
        }

    def changing(self) -> int:
        """Pupils and memberships that change."""
        alike = sum(len(some) for shape, some in self.alike.items() if shape.fate != "unchanged")
        return len(self.pupils) + len(self.links) + alike

    def raised(self) -> int:
        """How many who are on roll go to a later year group (R12)."""
        alike = by_fate(self.alike, "updated")
        more = self.usual.raised(alike) if self.usual and alike else 0
        return raised(self.year_changes()) + more

    def year_changes(self) -> list[YearChange]:
        """Of pupils who are on roll already (R12)."""
        return [
            YearChange(was.year_group, now.year_group)
            for was, now in self.pupils
            if was is not None and was.active
        ]


@dataclass(frozen=True)
class _Looked:
    """A row, with whom it is about, where that is known."""

    said: Said
    matched: Match | None
    faults: tuple[Remark, ...] = ()

    @property
    def pupil(self) -> Pupil | None:
        return self.matched.pupil if self.matched else None


def plan_file(
    rows: Sequence[Sequence[Any]],
    wanted: PupilImport,
    here: Here,
    today: date,
    most_shapes: int = MOST_SHAPES,
) -> Plan:
    """As `make_plan`, of rows as they are kept; those that are alike are judged at once."""
    cells, how = read_cells(rows, wanted, today), wanted.how
    usual = looks_usual(cells, here.roll)

    def look(places: Collection[int]) -> dict[int, _Looked]:
        said = said_by_all((cells.staged(place) for place in places), wanted, today)
        return {n: _look(one, here.roll, how) for n, one in zip(places, said, strict=True)}

    odd = look(sorted(set(range(len(rows))).difference(usual.places)))
    near = coming_near(usual, [(one.said, one.pupil) for one in odd.values()])
    usual = usual.without(near)
    alike = shapes(usual, here.academic_year, most_shapes)
    rest = near | set(usual.places).difference(*alike.values())
    odd |= look(sorted(rest))
    plan = Plan(active_roll=here.roll.active, usual=usual, alike=alike)
    return _planned(plan, [odd[place] for place in sorted(odd)], here, how)


def make_plan(rows: Iterable[Said], here: Here, how: How) -> Plan:
    """One result for each row, in their order; then one for each pupil whom a full file misses."""
    looked = [_look(said, here.roll, how) for said in rows]
    return _planned(Plan(active_roll=here.roll.active), looked, here, how)


def _planned(plan: Plan, looked: Sequence[_Looked], here: Here, how: How) -> Plan:
    doubled = twins((one.said, one.pupil) for one in looked)
    classes = Classes(here.memberships, how)
    for one in looked:
        if twin := doubled.get(one.said.number):
            one = replace(one, faults=(*one.faults, twin))  # noqa: PLW2901 - the same row
        _plan_row(plan, one, classes, here, how)
    if how.scope == "full":
        _miss(plan, looked, here, how)
    plan.groups = classes.made()
    plan.missing_classes = list(classes.missing.values())
    return plan


def _look(said: Said, roll: Roll, how: How) -> _Looked:
    """Also of a row that cannot be read whole: whom it is about is not missing from the file."""
    matched = match(said, roll, same_pupils=how.same_pupils)
    if isinstance(matched, Remark):
        unclear = any(fault.field in ("upn", "former_upns") for fault in said.faults)
        return _Looked(said, None, said.faults if unclear else (*said.faults, matched))
    faults = said.faults
    if matched is None and not faults:
        faults = tuple(_lacking(said))
    return _Looked(said, matched, faults)


def _lacking(said: Said) -> Iterable[Remark]:
    """What somebody new needs. Without a UPN, only the date of birth tells namesakes apart."""
    for name, word in (("legal_forename", "forename"), ("legal_surname", "surname")):
        if not said.values.get(name):
            yield Remark(f"There is no {word}, and nobody here has this UPN.", name)
    if said.upn is None and said.born is None:
        yield Remark("Give the UPN, or at least the date of birth, of a new pupil.", "upn")


def _plan_row(plan: Plan, one: _Looked, classes: Classes, here: Here, how: How) -> None:
    said, pupil = one.said, one.pupil
    if one.faults:
        plan.results.append(_rejected(one, one.faults))
        return
    changed = changed_by(said, pupil or NOBODY, keep=how.keep_over_mis)
    groups, faults = classes.wanted(said.classes, changed.after.year_group)
    if faults:
        plan.results.append(_rejected(one, faults))
        return
    links, membership = classes.put(changed.after, groups)
    plan.links += links
    if changed.after is not pupil:
        plan.pupils.append((pupil, changed.after))
    outcome: Outcome = "updated" if changed.shown or membership else "unchanged"
    shown = [*changed.shown, *([membership] if membership else [])]
    result = Result(
        said.number,
        "added" if pupil is None else outcome,
        changed.after.name,
        changed.after.upn,
        pupil.id if pupil else None,
        probable=one.matched is not None and one.matched.probable,
        changes=tuple(shown),
        notes=tuple(_notes(one, changed, here)),
    )
    plan.results.append(Listed(said.number, result.outcome, result))


def _notes(one: _Looked, changed: Changed, here: Here) -> Iterable[Remark]:
    yield from one.said.notes
    yield from changed.notes
    before, after = one.pupil, changed.after
    if before is not None and one.matched and one.matched.probable:
        yield Remark(
            f"Taken for {called(before)}: only the names and the date of birth say so. Please "
            "look whether it is the same pupil."
        )
    if before is not None and not before.active:
        yield Remark("Is inactive here, and is made active again.")
    if after.upn is None and (before is None or changed.shown):
        yield Remark("Has no UPN, and stands under ‘missing UPN’ until there is one.")
    asked = (after.year_group, after.date_of_birth, here.academic_year, after.year_offset)
    if (before is None or changed.shown) and year_group_disagrees(*asked) and after.year_group:
        yield misfit(year_group_label(after.year_group))


def _rejected(one: _Looked, faults: Sequence[Remark]) -> Listed:
    said, pupil = one.said, one.pupil
    result = Result(
        said.number,
        "rejected",
        said.name or (pupil.name if pupil else ""),
        said.upn or (pupil.upn if pupil else None),
        pupil.id if pupil else None,
        faults=tuple(faults),
    )
    return Listed(said.number, "rejected", result)


def _miss(plan: Plan, looked: Sequence[_Looked], here: Here, how: How) -> None:
    """Active pupils whom a full file does not list. Whom a rejected row may mean is listed."""
    rejected = {one.place for one in plan.results if one.outcome == "rejected"}
    listed = {one.pupil.id for one in looked if one.pupil}
    numbers = [one.place for one in plan.results]
    if usual := plan.usual:
        ids = here.roll.columns["id"]
        listed |= {ids[at] for n in usual.places if (at := usual.on_roll[n]) != NEW}
        numbers += usual.cells.numbers
    for one in looked:
        if one.said.number in rejected:
            listed |= perhaps_meant(one.said, here.roll)
    place = max(numbers, default=0)
    gone = here.roll.active_but(listed)
    for pupil in sorted(gone, key=lambda pupil: (pupil.name.casefold(), pupil.id)):
        place += 1
        by_hand = "active" in pupil.overrides
        after = replace(pupil, active=False, active_reason=f"Not in the full import of {here.day}")
        if how.keep_over_mis:
            after = after.overriding("active")
        plan.pupils.append((pupil, replace(after, version=after.version + 1)))
        change = FieldChange("active", "Active", "Inactive", by_hand=by_hand)
        result = Result(None, "made_inactive", pupil.name, pupil.upn, pupil.id, changes=(change,))
        plan.results.append(Listed(place, "made_inactive", result))
