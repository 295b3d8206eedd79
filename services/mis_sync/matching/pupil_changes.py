"""What is to be proposed for a pupil who is mapped, or new: details, joining again, leaving (R18).

What was set by hand stays (R13), what the MIS does not say blanks nothing (R17), and in another
academic year than the school's only details flow (R22).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.mis_sync.matching.pupils import former_upns_of, year_group_of_new_pupil
from services.mis_sync.matching.records import (
    Finding,
    FindingKind,
    Match,
    MisPupil,
    OwnPupil,
    School,
)
from shared.contracts.mis_sync import ProposalAction, PupilDetails, PupilProposal
from shared.contracts.vocabulary import Origin
from shared.school.upn import check_upn

__all__ = [
    "PupilChange",
    "change_of_leaver",
    "change_of_mapped",
    "change_of_newly_mapped",
    "proposal_of_new",
]

_PLAIN_FIELDS = (
    "legal_forename",
    "legal_surname",
    "preferred_forename",
    "preferred_surname",
    "middle_names",
    "date_of_birth",
    "sex",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class PupilChange:
    """A proposal, if anything differs, and a finding, if something differs that is not certain."""

    proposal: PupilProposal | None = None
    finding: Finding | None = None


def change_of_mapped(
    record: MisPupil, own: OwnPupil, school: School, *, accepted_upn: str | None = None
) -> PupilChange:
    """What the MIS knows better of a pupil here. `accepted_upn`: a person said it is right."""
    details: dict[str, Any] = {
        name: value
        for name in _PLAIN_FIELDS
        if (value := getattr(record, name)) is not None
        and value != getattr(own, name)
        and name not in own.overrides
    }
    details |= {n: value for n, value in record.optional.items() if n not in own.overrides}
    if _year_group_moves(record, own, school):
        details["year_group"] = record.year_group
    upns, finding = _upns(record, own, accepted_upn)
    if finding is not None and not _is_namesake(record, own):
        return PupilChange(finding=finding)  # It may be somebody else under the same MIS id.
    details |= upns
    returns = not own.active and "active" not in own.overrides and not school.limited
    if not details and not returns:
        return PupilChange(finding=finding)
    return PupilChange(
        proposal=PupilProposal(
            pupil_id=own.id,
            action=ProposalAction.REACTIVATE if returns else ProposalAction.UPDATE,
            expected_version=own.version,
            details=PupilDetails(**details),
        ),
        finding=finding,
    )


def change_of_newly_mapped(
    record: MisPupil, own: OwnPupil, school: School, *, accepted_upn: str | None = None
) -> PupilChange:
    """As `change_of_mapped`; and who was made here is said to be in the MIS, even if all agrees.

    Only so their owner knows that they may leave by it (R13).
    """
    change = change_of_mapped(record, own, school, accepted_upn=accepted_upn)
    if change.proposal is not None or own.origin == Origin.MIS or school.limited:
        return change
    return PupilChange(
        proposal=PupilProposal(
            pupil_id=own.id, action=ProposalAction.UPDATE, expected_version=own.version
        ),
        finding=change.finding,
    )


def change_of_leaver(own: OwnPupil, school: School) -> PupilChange:
    """A pupil who is gone from the MIS and whom no other record there stands for."""
    if not own.active or "active" in own.overrides or school.limited or own.mapped_to is not None:
        return PupilChange()
    return PupilChange(
        proposal=PupilProposal(
            pupil_id=own.id, action=ProposalAction.DEACTIVATE, expected_version=own.version
        )
    )


def proposal_of_new(record: MisPupil, pupil_id: UUID, school: School) -> PupilProposal:
    """A new pupil, as whole as the MIS has them. The record has a valid UPN and a name."""
    check = check_upn(record.upn or "")
    plain = {name: getattr(record, name) for name in _PLAIN_FIELDS}
    plain["legal_forename"] = record.legal_forename or record.preferred_forename
    plain["legal_surname"] = record.legal_surname or record.preferred_surname
    return PupilProposal(
        pupil_id=pupil_id,
        action=ProposalAction.CREATE,
        details=PupilDetails(
            upn=check.normalised,
            former_upns=former_upns_of(record),
            year_group=year_group_of_new_pupil(record, school),
            **plain,
            **record.optional,
        ),
    )


def _is_namesake(record: MisPupil, own: OwnPupil) -> bool:
    born = record.date_of_birth or own.date_of_birth
    return born == own.date_of_birth and bool(record.name_keys() & own.name_keys())


def _year_group_moves(record: MisPupil, own: OwnPupil, school: School) -> bool:
    return (
        record.year_group is not None
        and record.year_group != own.year_group
        and "year_group" not in own.overrides
        and not school.limited
    )


def _upns(
    record: MisPupil, own: OwnPupil, accepted: str | None
) -> tuple[dict[str, Any], Finding | None]:
    """A UPN changes with a former UPN as proof, or by a person's word; else one is asked."""
    former = former_upns_of(record)
    learnt = tuple(upn for upn in former if upn not in own.former_upns and upn != own.upn)
    details: dict[str, Any] = {"former_upns": learnt} if learnt else {}
    check = check_upn(record.upn) if record.upn else None
    if check is None or not check.valid or "upn" in own.overrides:
        return details, None
    upn = check.normalised
    if upn == own.upn or upn in own.former_upns:
        return details, None
    if own.upn is None or own.upn in former or upn == accepted:
        proved = (own.upn,) if own.upn in former else ()
        return {"upn": upn, "former_upns": (*learnt, *(p for p in proved if p))}, None
    return details, Finding(
        kind=FindingKind.PUPIL_UPN_CHANGED,
        label=record.label,
        reason_code="upn_changed",
        reason=(
            f"The MIS now has the UPN {upn}, here it is {own.upn}, and the MIS does not name the "
            "old one as a former UPN. Is it the same pupil?"
        ),
        match=Match.MAY_MATCH,
        suggestion=own.id,
    )
