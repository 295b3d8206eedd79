"""What becomes of the pupils that mis_sync proposes: the rules, without a database.

Overrides go first (R13), the school year is checked (R22), a UPN is one pupil's (R11), and what the
MIS does not say blanks nothing (R17).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from services.roster.fields.field import OPTIONAL_FIELDS, coded
from services.roster.pupils.pupil import DETAIL_FIELDS, Pupil, with_upn
from services.roster.refusals import (
    CHANGED_SINCE,
    NAME_MISSING,
    NEVER_IN_MIS,
    OTHER_ACADEMIC_YEAR,
    SET_BY_HAND,
    UNKNOWN_RECORD,
    UPN_INVALID,
    UPN_MISSING,
    UPN_TAKEN,
    Refusal,
)
from shared.contracts.mis_sync import ProposalAction, PupilDetails, PupilProposal
from shared.contracts.vocabulary import Origin, Outcome
from shared.school.upn import check_upn, normalise_upn

__all__ = [
    "LEFT_THE_MIS",
    "PupilDecisions",
    "PupilResult",
    "applied_new",
    "former_upns_of_new",
    "proposed_upns",
    "refusal_but_for_number",
    "refusal_of_new",
]

LEFT_THE_MIS = "No longer in the MIS"
_detail_fields = attrgetter(*DETAIL_FIELDS)
_UNKNOWN = Pupil(
    id=UUID(int=0), legal_forename="", legal_surname="", origin=Origin.MIS, seen_in_mis=True
)
"""What a new pupil is made of."""


@dataclass(frozen=True)
class PupilResult:
    """`saved` are the rows to write; `changed` those of them that the others hear of; `outcomes`
    the fields of each `RecordOutcome`."""

    saved: list[Pupil]
    changed: list[tuple[Pupil | None, Pupil]]
    outcomes: list[dict[str, Any]]


class _Verdict(NamedTuple):
    pupil: Pupil | None
    refusal: Refusal | None = None
    in_the_way: UUID | None = None


def proposed_upns(proposals: Iterable[PupilProposal]) -> set[str]:
    """The UPNs that the proposals would set, in their normal form."""
    return {normalise_upn(proposal.details.upn) for proposal in proposals if proposal.details.upn}


def refusal_of_new(proposal: PupilProposal, *, same_year: bool) -> Refusal | None:
    """Why a pupil who is not here is not brought in, whoever else is (R11, R18, R22)."""
    refusal = refusal_but_for_number(proposal, same_year=same_year)
    if refusal is None and check_upn(proposal.details.upn or "").errors:
        return UPN_INVALID
    return refusal


def refusal_but_for_number(proposal: PupilProposal, *, same_year: bool) -> Refusal | None:
    """The same, without a look at whether the UPN is one: of many, that is found out together."""
    details = proposal.details
    if proposal.action is not ProposalAction.CREATE:
        return UNKNOWN_RECORD
    if not same_year:
        return OTHER_ACADEMIC_YEAR
    if details.legal_forename is None or details.legal_surname is None:
        return NAME_MISSING
    return UPN_MISSING if details.upn is None else None


def applied_new(pupil_id: UUID) -> dict[str, Any]:
    """The outcome of one who was brought in, and of whom nothing was before."""
    return {"id": pupil_id, "outcome": Outcome.APPLIED, "version": 1}


def former_upns_of_new(details: PupilDetails, upn: str) -> tuple[str, ...]:
    """Each once, without the one that the pupil has."""
    if not details.former_upns:
        return ()
    return tuple(dict.fromkeys(former for former in _former(details) if former != upn))


class PupilDecisions:
    """One batch against the pupils as they stand; each proposal sees what the ones before it did.

    `pupils` holds those with the ids and those with the UPNs that are proposed; `kept` are the
    optional fields that the school keeps: of others nothing is taken over (R29).
    """

    def __init__(
        self, pupils: Iterable[Pupil], *, same_year: bool, kept: Collection[str] = ()
    ) -> None:
        self._before = {pupil.id: pupil for pupil in pupils}
        self._now = dict(self._before)
        self._holders = {pupil.upn: pupil.id for pupil in self._before.values() if pupil.upn}
        self._same_year = same_year
        self._optional = [name for name in OPTIONAL_FIELDS if name in kept]
        self._decided: list[tuple[UUID, _Verdict, bool]] = []

    def decide(self, proposal: PupilProposal) -> None:
        standing = self._now.get(proposal.pupil_id)
        if standing is None:
            verdict = self._create(proposal)
        elif proposal.action is ProposalAction.DEACTIVATE:
            verdict = self._deactivate(standing, proposal)
        elif proposal.action is ProposalAction.REACTIVATE and not standing.active:
            verdict = self._reactivate(standing, proposal)
        else:
            verdict = self._merge(standing, proposal.details)
        self._decided.append((proposal.pupil_id, verdict, verdict.pupil == standing))
        if verdict.pupil is not None:
            self._take(standing, verdict.pupil)

    def result(self) -> PupilResult:
        """What is to be saved, with its next version, and the answer to each proposal in order."""
        saved, changed = [], []
        for pupil_id, pupil in self._now.items():
            before = self._before.get(pupil_id)
            if before != pupil:
                pupil = pupil.having({"version": pupil.version + 1})  # noqa: PLW2901
                self._now[pupil_id] = pupil
                changed.append((before, pupil))
                saved.append(pupil)
            elif before is not None and before.seen_in_mis != pupil.seen_in_mis:
                saved.append(pupil)
        outcomes = [self._became(*decided) for decided in self._decided]
        return PupilResult(saved, changed, outcomes)

    def _create(self, proposal: PupilProposal) -> _Verdict:
        details = proposal.details
        refusal = refusal_of_new(proposal, same_year=self._same_year)
        if refusal is not None:
            return _Verdict(None, refusal)
        upn = normalise_upn(details.upn or "")
        holder = self._holders.get(upn)
        if holder is not None:
            return _Verdict(None, UPN_TAKEN, holder)
        # All at once, where a blank one filled in field by field would come to the same.
        former = former_upns_of_new(details, upn)
        new = {"id": proposal.pupil_id, "upn": upn, "former_upns": former}
        return _Verdict(_UNKNOWN.having(self._said(details) | new))

    def _deactivate(self, pupil: Pupil, proposal: PupilProposal) -> _Verdict:
        """A leaver (R18), unless made active by hand or never heard of in the MIS (R13)."""
        if not pupil.active:
            return _Verdict(pupil)
        if "active" in pupil.overrides:
            return _Verdict(pupil, SET_BY_HAND)
        if not self._same_year:
            return _Verdict(pupil, OTHER_ACADEMIC_YEAR)
        if pupil.origin is not Origin.MIS and not pupil.seen_in_mis:
            return _Verdict(pupil, NEVER_IN_MIS)
        if _is_stale(pupil, proposal):
            return _Verdict(pupil, CHANGED_SINCE)
        return _Verdict(replace(pupil, active=False, active_reason=LEFT_THE_MIS))

    def _reactivate(self, pupil: Pupil, proposal: PupilProposal) -> _Verdict:
        """A pupil who came back (R17). Plain details flow even where they stay inactive."""
        refusal = None
        if "active" in pupil.overrides:
            refusal = SET_BY_HAND
        elif not self._same_year:
            refusal = OTHER_ACADEMIC_YEAR
        elif _is_stale(pupil, proposal):
            return _Verdict(pupil, CHANGED_SINCE)
        verdict = self._merge(pupil, proposal.details)
        if verdict.pupil is None or verdict.refusal in (UPN_INVALID, UPN_TAKEN):
            return verdict
        if refusal is not None:
            return verdict._replace(refusal=refusal)
        return verdict._replace(pupil=replace(verdict.pupil, active=True, active_reason=None))

    def _merge(self, pupil: Pupil, details: PupilDetails) -> _Verdict:
        """Field by field: what was set by hand is held back, the rest is taken over."""
        wanted = self._wanted(pupil, details)
        held = wanted.keys() & set(pupil.overrides)
        taken = {name: wanted[name] for name in wanted.keys() - held}
        upn = taken.pop("upn", pupil.upn)
        if upn != pupil.upn:
            if check_upn(upn).errors:
                return _Verdict(pupil, UPN_INVALID)
            if self._holders.get(upn, pupil.id) != pupil.id:
                return _Verdict(pupil, UPN_TAKEN, self._holders[upn])
        refusal = SET_BY_HAND if held else None
        if "year_group" in taken and not self._same_year:
            del taken["year_group"]
            refusal = OTHER_ACADEMIC_YEAR
        if taken or not pupil.seen_in_mis:
            pupil = replace(pupil, **taken, seen_in_mis=True)
        return _Verdict(with_upn(pupil, upn, _former(details)), refusal)

    def _wanted(self, pupil: Pupil, details: PupilDetails) -> dict[str, Any]:
        """What the MIS says and what does not stand here already. What is no code is not said."""
        said = self._said(details)
        if details.upn is not None:
            said["upn"] = normalise_upn(details.upn)
        return {
            name: value
            for name, value in said.items()
            if value is not None and value != getattr(pupil, name)
        }

    def _said(self, details: PupilDetails) -> dict[str, Any]:
        said = dict(zip(DETAIL_FIELDS, _detail_fields(details), strict=True))
        return said | {name: coded(name, getattr(details, name)) for name in self._optional}

    def _became(self, pupil_id: UUID, verdict: _Verdict, unchanged: bool) -> dict[str, Any]:
        refusal, pupil = verdict.refusal, self._now.get(pupil_id)
        outcome = Outcome.UNCHANGED if unchanged else Outcome.APPLIED
        return _outcome(
            pupil_id,
            refusal.outcome if refusal else outcome,
            pupil.version if pupil else None,
            refusal,
            verdict.in_the_way,
        )

    def _take(self, standing: Pupil | None, pupil: Pupil) -> None:
        if standing is not None and standing.upn != pupil.upn:
            self._holders.pop(standing.upn or "", None)
        if pupil.upn:
            self._holders[pupil.upn] = pupil.id
        self._now[pupil.id] = pupil


def _outcome(
    pupil_id: UUID,
    outcome: Outcome,
    version: int | None,
    refusal: Refusal | None = None,
    in_the_way: UUID | None = None,
) -> dict[str, Any]:
    """The fields of a `RecordOutcome`."""
    return {
        "id": pupil_id,
        "outcome": outcome,
        "version": version,
        "reason_code": refusal and refusal.code,
        "reason": refusal and refusal.sentence,
        "in_the_way": in_the_way,
    }


def _former(details: PupilDetails) -> tuple[str, ...]:
    checks = (check_upn(text) for text in details.former_upns)
    return tuple(check.normalised for check in checks if not check.errors)


def _is_stale(pupil: Pupil, proposal: PupilProposal) -> bool:
    return proposal.expected_version is not None and proposal.expected_version != pupil.version
