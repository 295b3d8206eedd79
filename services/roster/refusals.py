"""Why an item of a proposal was not applied: stable codes, each with a sentence for an office."""

from __future__ import annotations

from dataclasses import dataclass

from shared.contracts import roster
from shared.contracts.vocabulary import Outcome

__all__ = [
    "CHANGED_SINCE",
    "NAME_MISSING",
    "NEVER_IN_MIS",
    "NOT_FROM_MIS",
    "OTHER_ACADEMIC_YEAR",
    "SET_BY_HAND",
    "UNKNOWN_RECORD",
    "UPN_INVALID",
    "UPN_MISSING",
    "UPN_TAKEN",
    "WAITS",
    "Refusal",
]


@dataclass(frozen=True)
class Refusal:
    """`code` and `sentence` are the `reason_code` and `reason` of an answer."""

    code: str
    outcome: Outcome
    sentence: str


OTHER_ACADEMIC_YEAR = Refusal(
    roster.OTHER_ACADEMIC_YEAR,
    Outcome.REFUSED,
    "The MIS reports another academic year than the school's own: year groups, classes and who is "
    "on roll stay as they are until both agree.",
)
SET_BY_HAND = Refusal(
    "set_by_hand",
    Outcome.OVERRIDDEN,
    "This was set by hand and stays so until it is handed back to the MIS.",
)
CHANGED_SINCE = Refusal(
    "changed_since",
    Outcome.STALE,
    "The record was changed while the snapshot was being compared; the next sync looks again.",
)
UNKNOWN_RECORD = Refusal(
    "unknown_record",
    Outcome.REFUSED,
    "There is no such record here; the next sync looks again.",
)
NEVER_IN_MIS = Refusal(
    "never_in_mis",
    Outcome.REFUSED,
    "The pupil was added here and has never been in the MIS, so the MIS can not make them leave.",
)
UPN_MISSING = Refusal(
    "upn_missing",
    Outcome.REFUSED,
    "The pupil has no UPN in the MIS. Add it there; the next sync brings them in.",
)
UPN_INVALID = Refusal(
    "upn_invalid",
    Outcome.REFUSED,
    "The UPN in the MIS is not a valid one. Correct it there; the next sync brings it in.",
)
UPN_TAKEN = Refusal(
    "upn_taken",
    Outcome.REFUSED,
    "Another pupil of the school has this UPN. Correct the one that is wrong.",
)
NAME_MISSING = Refusal(
    "name_missing",
    Outcome.REFUSED,
    "The MIS gives no name for this record. Add it there; the next sync brings it in.",
)
NOT_FROM_MIS = Refusal(
    "not_from_mis",
    Outcome.OVERRIDDEN,
    "The link was not made by the sync, so the sync does not take it away.",
)
WAITS = Refusal(
    "waits",
    Outcome.WAITING,
    "The group or the person is not here yet; the link is made as soon as both are.",
)
