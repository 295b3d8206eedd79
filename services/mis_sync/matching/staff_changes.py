"""What the MIS knows better of a user here: names, title and staff code follow it (R13).

What was set by hand stays, and what the MIS does not say blanks nothing (R17). An e-mail address is
what people sign in with, and no rule calls it certain: a person is asked (R18).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from services.mis_sync.matching.records import Finding, FindingKind, Match, MisStaff, OwnUser
from shared.contracts.mis_sync import ProposalAction, StaffProposal
from shared.school.names import search_key

__all__ = ["StaffChange", "change_of_mapped_staff", "folded", "may_be_somebody_else"]

_DETAILS = ("title", "forename", "surname", "staff_code")


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffChange:
    """A proposal, if anything differs, and a finding, if the address does."""

    proposal: StaffProposal | None = None
    finding: Finding | None = None


def change_of_mapped_staff(
    record: MisStaff, own: OwnUser, *, accepted_email: str | None = None
) -> StaffChange:
    """`accepted_email`: a person said that it is right. Nothing of who is inactive here (R6)."""
    if not own.active or own.mapped_to not in (None, record.mis_id):
        return StaffChange()
    moved = _email_moved(record, own)
    accepted = moved and folded(record.email) == folded(accepted_email)
    asks = moved and not accepted
    finding = _email_changed(record, own) if asks else None
    if asks and may_be_somebody_else(record, own):
        return StaffChange(finding=finding)
    details: dict[str, Any] = {
        name: value
        for name in _DETAILS
        if (value := getattr(record, name)) is not None
        and value != getattr(own, name)
        and name not in own.overrides
    }
    if accepted:
        details["email"] = record.email
    if not details:
        return StaffChange(finding=finding)
    proposal = StaffProposal(
        user_id=own.id,
        action=ProposalAction.UPDATE,
        expected_version=own.version,
        mis_id=record.mis_id,
        **details,
    )
    return StaffChange(proposal=proposal, finding=finding)


def may_be_somebody_else(record: Any, own: Any) -> bool:
    """Neither name is the same: the MIS may have given its id to another person."""
    return not any(
        search_key(getattr(record, name) or "") == search_key(getattr(own, name) or "")
        for name in ("forename", "surname")
    )


def folded(text: str | None) -> str:
    """An e-mail address as it is compared: without case."""
    return (text or "").strip().casefold()


def _email_moved(record: MisStaff, own: OwnUser) -> bool:
    return (
        record.email is not None
        and folded(record.email) != folded(own.email)
        and "email" not in own.overrides
    )


def _email_changed(record: MisStaff, own: OwnUser) -> Finding:
    here = f"here it is {own.email}" if own.email else "here there is none"
    return Finding(
        kind=FindingKind.STAFF_EMAIL_CHANGED,
        label=record.label,
        reason_code="email_changed",
        reason=(
            f"The MIS now has the e-mail address {record.email}, {here}. They sign in with it and "
            "get links by it, so it is not changed by itself. Map them to their user to take it "
            "over, or ignore it."
        ),
        match=Match.MAY_MATCH,
        suggestion=own.id,
    )
