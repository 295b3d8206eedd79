"""What an import would do, row by row, from what the file says and what is here (R10, R26).

Rules without a database: the same rows and the same marks give the same plan, so that what was
confirmed can be held against what would be done.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from services.reports.mark_imports.mark_import import Planned, Result
from services.reports.mark_imports.rows import Said
from services.reports.markbook.problems import BandNotInUse, SubjectNotTaught
from services.reports.markbook.service import logged
from services.reports.markbook.sheet import SubjectSheet
from services.reports.visible.repository import SeenPupil
from shared.imports.uploads import FieldChange, Outcome, Remark
from shared.school.names import search_key
from shared.school.upn import normalise_upn
from shared.web.settings_changed import differences

__all__ = ["make_plan"]


def make_plan(rows: Iterable[Said], sheet: SubjectSheet) -> list[Planned]:
    """One for each row, in their order."""
    earlier: dict[UUID, int] = {}
    plan = []
    for said in rows:
        planned = _row(said, sheet, earlier)
        if planned.result.pupil_id and planned.result.outcome != "rejected":
            earlier[planned.result.pupil_id] = said.number
        plan.append(planned)
    return plan


def _row(said: Said, sheet: SubjectSheet, earlier: dict[UUID, int]) -> Planned:
    pupil = _match(said, sheet)
    if isinstance(pupil, Remark):
        return _rejected(said, said.name, pupil, *said.faults)
    name, faults = f"{pupil.forename} {pupil.surname}", list(said.faults)
    if above := earlier.get(pupil.id):
        faults.append(Remark(f"Row {above} is about {name} too."))
    before = sheet.mark(pupil.id)
    after = before.values if faults else before.values.with_(**said.values)
    try:
        sheet.require_taught(pupil)
        sheet.require_given(before.values, after)
    except SubjectNotTaught as problem:
        faults.append(Remark(problem.detail))
    except BandNotInUse as problem:
        faults.append(Remark(problem.detail, "attainment"))
    if faults:
        return _rejected(said, name, *faults, pupil=pupil)
    was, is_now = differences(logged(sheet, before.values), logged(sheet, after))
    changes = tuple(FieldChange(field, was[field], is_now[field]) for field in is_now)
    outcome: Outcome = "unchanged"
    if changes:
        outcome = "added" if before.values.empty else "updated"
    return Planned(Result(said.number, outcome, name, changes, pupil_id=pupil.id), before, after)


def _rejected(said: Said, name: str, *faults: Remark, pupil: SeenPupil | None = None) -> Planned:
    return Planned(
        Result(said.number, "rejected", name, faults=faults, pupil_id=pupil.id if pupil else None)
    )


def _match(said: Said, sheet: SubjectSheet) -> SeenPupil | Remark:
    """By UPN, else by the name that is used or the legal one; of two with one name, neither."""
    group = sheet.group.name
    if said.upn:
        wanted = normalise_upn(said.upn)
        found = [one for one in sheet.pupils if one.upn and normalise_upn(one.upn) == wanted]
        if found:
            return _not_another(said, found[0])
        if not said.name:
            return Remark(f"No pupil of {group} has this UPN.", "upn")
    if not (said.forename and said.surname):
        return Remark("Say who it is: by UPN, or by forename and surname.")
    key = search_key(said.name)
    named = [one for one in sheet.pupils if key in _names(one)]
    if said.upn:
        named = [one for one in named if one.upn is None]
    if len(named) > 1:
        return Remark(f"Several pupils of {group} have this name. Give the UPN too.")
    return named[0] if named else Remark(f"No pupil of {group} has this name or UPN.")


def _not_another(said: Said, pupil: SeenPupil) -> SeenPupil | Remark:
    """A UPN that slipped by a row would give one pupil's marks to the next."""
    surnames = {search_key(pupil.surname), search_key(pupil.legal_surname)}
    forenames = {search_key(pupil.forename), search_key(pupil.legal_forename)}
    known = (
        not said.name
        or search_key(said.surname) in surnames
        or search_key(said.forename) in forenames
    )
    if known:
        return pupil
    return Remark(
        f"The UPN is {pupil.forename} {pupil.surname}’s, and the name is quite another. Correct "
        "the one that is wrong.",
        "upn",
    )


def _names(pupil: SeenPupil) -> set[str]:
    return {
        search_key(f"{pupil.forename} {pupil.surname}"),
        search_key(f"{pupil.legal_forename} {pupil.legal_surname}"),
    }
