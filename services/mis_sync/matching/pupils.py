"""Which pupil a record of the MIS is, and what is to be done about it (R11, R17, R18, R22).

Order: the mapping that is there; UPN, then former UPN both ways. Name and date of birth only
suggest, and where there is a suggestion nothing new is made.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from services.mis_sync.matching.records import (
    Finding,
    FindingKind,
    Match,
    MisPupil,
    OwnPupil,
    School,
)
from shared.school.upn import check_upn, normalise_upn
from shared.school.year_groups import year_group_of_birth, year_group_of_class_name

__all__ = [
    "PupilIdentity",
    "PupilIndex",
    "former_upns_of",
    "identify_pupils",
    "there_twice",
    "year_group_of_new_pupil",
]


@dataclass(frozen=True, kw_only=True, slots=True)
class PupilIdentity:
    """Who a record is: someone here (`own`), someone `new`, or the finding that says why not."""

    record: MisPupil
    own: OwnPupil | None = None
    new: bool = False
    reason: str = ""
    finding: Finding | None = None


@dataclass(frozen=True)
class PupilIndex:
    """The pupils here who may be meant, by what they are known by."""

    pupils: Sequence[OwnPupil]
    _by_upn: dict[str, list[OwnPupil]] = field(init=False, default_factory=dict)
    _by_former: dict[str, list[OwnPupil]] = field(init=False, default_factory=dict)
    _by_name: dict[tuple[str, date], list[OwnPupil]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for pupil in self.pupils:
            if pupil.upn:
                self._by_upn.setdefault(pupil.upn, []).append(pupil)
            for former in pupil.former_upns:
                self._by_former.setdefault(former, []).append(pupil)
            if pupil.date_of_birth:
                for key in pupil.name_keys():
                    self._by_name.setdefault((key, pupil.date_of_birth), []).append(pupil)

    def with_upn(self, upn: str) -> list[OwnPupil]:
        return self._by_upn.get(upn, [])

    def with_former_upn(self, upn: str, former: Iterable[str]) -> list[OwnPupil]:
        """Both ways: who had this UPN, and whose UPN is among those that the record had."""
        found = [*self._by_former.get(upn, ())] if upn else []
        for old in former:
            found += self.with_upn(old)
        return list({pupil.id: pupil for pupil in found}.values())

    def with_name(self, record: MisPupil) -> list[OwnPupil]:
        """Who has this name and date of birth, and is nobody else in the MIS."""
        if record.date_of_birth is None:
            return []
        found = {
            pupil.id: pupil
            for key in record.name_keys()
            for pupil in self._by_name.get((key, record.date_of_birth), ())
            if pupil.mapped_to is None
        }
        return [found[key] for key in sorted(found)]


def identify_pupils(
    records: Sequence[MisPupil], index: PupilIndex, school: School
) -> list[PupilIdentity]:
    """Who the unmapped `records` are, in their order, which makes no difference."""
    upns = Counter(normalise_upn(record.upn) for record in records if record.upn)
    found = [_identify(record, index, school, upns) for record in records]
    claims = Counter(identity.own.id for identity in found if identity.own is not None)
    return [
        _claimed_twice(identity)
        if identity.own is not None and claims[identity.own.id] > 1
        else identity
        for identity in found
    ]


def _identify(
    record: MisPupil, index: PupilIndex, school: School, upns: Counter[str]
) -> PupilIdentity:
    check = check_upn(record.upn) if record.upn else None
    upn = check.normalised if check is not None and check.valid else ""
    if upn and upns[upn] > 1:
        return _listed(record, FindingKind.PUPIL_DUPLICATE_UPN, _duplicate(upn))
    former = former_upns_of(record)
    for candidates, reason in (
        (index.with_upn(upn) if upn else [], "same UPN"),
        (index.with_former_upn(upn, former), "former UPN"),
    ):
        if len(candidates) == 1:
            return _certain(record, candidates[0], reason)
        if candidates:
            return _suggested(record, candidates[0], "Several pupils here have had its UPNs.")
    namesake = next(iter(index.with_name(record)), None)
    if not record.upn:
        return _listed(record, FindingKind.PUPIL_WITHOUT_UPN, _WITHOUT_UPN, namesake)
    if check is not None and not check.valid:
        reason = f"The UPN in the MIS is not valid. {check.errors[0].message}"
        return _listed(record, FindingKind.PUPIL_INVALID_UPN, reason, namesake)
    if namesake is not None:
        what = "but another UPN" if namesake.upn else "but no UPN here"
        return _suggested(record, namesake, f"Same name and date of birth, {what}.")
    return _new(record, school)


def _new(record: MisPupil, school: School) -> PupilIdentity:
    if not _forename(record) or not _surname(record):
        return _listed(record, FindingKind.PUPIL_WITHOUT_NAME, _WITHOUT_NAME)
    if school.limited:
        return _listed(record, FindingKind.PUPIL_OTHER_YEAR, _OTHER_YEAR)
    return PupilIdentity(record=record, new=True, reason="new in the MIS, with a valid UPN")


def _certain(record: MisPupil, own: OwnPupil, reason: str) -> PupilIdentity:
    if own.mapped_to is not None and own.mapped_to != record.mis_id:
        upn = normalise_upn(record.upn or own.upn or "")
        return _listed(record, FindingKind.PUPIL_DUPLICATE_UPN, _duplicate(upn), own)
    return PupilIdentity(record=record, own=own, reason=reason)


def _suggested(record: MisPupil, own: OwnPupil, reason: str) -> PupilIdentity:
    return PupilIdentity(
        record=record,
        finding=Finding(
            kind=FindingKind.PUPIL_SUGGESTION,
            label=record.label,
            reason_code="may_match",
            reason=reason,
            match=Match.MAY_MATCH,
            suggestion=own.id,
        ),
    )


def _listed(
    record: MisPupil, kind: FindingKind, reason: str, own: OwnPupil | None = None
) -> PupilIdentity:
    return PupilIdentity(record=record, finding=_found(record, kind, reason, own))


def _found(record: MisPupil, kind: FindingKind, reason: str, own: OwnPupil | None) -> Finding:
    return Finding(
        kind=kind,
        label=record.label,
        reason_code=kind.value,
        reason=reason,
        match=Match.MAY_MATCH if own else Match.NOT_MATCHED,
        suggestion=own.id if own else None,
    )


def _claimed_twice(identity: PupilIdentity) -> PupilIdentity:
    """Two records that lead to one pupil: neither is certain any more."""
    assert identity.own is not None  # noqa: S101 - the caller counted by it
    return _suggested(
        identity.record, identity.own, "Two records in the MIS lead to this pupil by their UPNs."
    )


def there_twice(record: MisPupil, own: OwnPupil) -> Finding:
    """Of two records that were both this pupil, the other is followed, or they would take turns."""
    upn = normalise_upn(record.upn or own.upn or "")
    return _found(record, FindingKind.PUPIL_DUPLICATE_UPN, _duplicate(upn), own)


def former_upns_of(record: MisPupil) -> tuple[str, ...]:
    """Its former UPNs that are valid, normalised, without the present one."""
    checks = (check_upn(upn) for upn in record.former_upns)
    present = normalise_upn(record.upn or "")
    valid = (check.normalised for check in checks if check.valid)
    return tuple(dict.fromkeys(upn for upn in valid if upn != present))


def year_group_of_new_pupil(record: MisPupil, school: School) -> str | None:
    """The MIS's own; else that of the birth date in the school's year; else that of the class.

    Only for new pupils: someone who is here keeps the year group they have (R22).
    """
    if record.year_group:
        return record.year_group
    of_birth = (
        year_group_of_birth(record.date_of_birth, school.academic_year)
        if record.date_of_birth
        else None
    )
    if of_birth in school.year_groups:
        return of_birth
    of_classes = {year_group_of_class_name(name) for name in record.class_names} - {None}
    return of_classes.pop() if len(of_classes) == 1 else None


def _forename(record: MisPupil) -> str | None:
    return record.legal_forename or record.preferred_forename


def _surname(record: MisPupil) -> str | None:
    return record.legal_surname or record.preferred_surname


def _duplicate(upn: str) -> str:
    return f"Another pupil in the MIS has the same UPN, {upn}. Correct the one that is wrong there."


_WITHOUT_UPN = "The pupil has no UPN in the MIS. Add it there; the next sync brings them in."
_WITHOUT_NAME = "The MIS gives no name for this pupil. Add it there; the next sync brings them in."
_OTHER_YEAR = (
    "The MIS reports another academic year than the school's own. "
    "New pupils wait until the two agree."
)
