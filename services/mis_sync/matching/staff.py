"""Which user a member of staff of the MIS is, and who gets a new one (R8, R17, R18, R20).

E-mail, then staff code, is certain; the same name only suggests. Only who teaches a mapped group
gets a user or is asked about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.mis_sync.matching.records import Finding, FindingKind, Match, MisStaff, OwnUser
from shared.contracts.mis_sync import ProposalAction, StaffProposal

__all__ = ["StaffIdentity", "finding_of_mapped", "identify_staff", "proposal_of_new_user"]


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffIdentity:
    """Who a record certainly is (`own`), someone `new`, or the finding that says why not."""

    record: MisStaff
    own: OwnUser | None = None
    new: bool = False
    reason: str = ""
    finding: Finding | None = None


def identify_staff(records: Sequence[MisStaff], users: Sequence[OwnUser]) -> list[StaffIdentity]:
    """Who the unmapped `records` are, in their order. `users` are all of the school's."""
    emails = Counter(_folded(record.email) for record in records)
    codes = Counter(_folded(record.staff_code) for record in records)
    found = [
        _identify(
            record,
            users,
            shared_email=bool(record.email) and emails[_folded(record.email)] > 1,
            shared_code=bool(record.staff_code) and codes[_folded(record.staff_code)] > 1,
        )
        for record in records
    ]
    claims = Counter(identity.own.id for identity in found if identity.own is not None)
    return [
        _asked(identity.record, FindingKind.STAFF_EMAIL_CLASH, _CLAIMED_TWICE, identity.own)
        if identity.own is not None and claims[identity.own.id] > 1
        else identity
        for identity in found
    ]


def finding_of_mapped(record: MisStaff, own: OwnUser | None, *, gone: bool) -> Finding | None:
    """What should be seen of staff who are mapped; users are never made inactive by the sync."""
    if own is None or own.mapped_to not in (None, record.mis_id):
        return None
    if gone:
        return _finding(record, FindingKind.STAFF_GONE, _GONE, own) if own.active else None
    if not own.active:
        return _finding(record, FindingKind.STAFF_INACTIVE, _INACTIVE, own)
    return None


def proposal_of_new_user(record: MisStaff, user_id: UUID) -> StaffProposal:
    """A user for staff who match nobody (R20)."""
    return StaffProposal(
        user_id=user_id,
        action=ProposalAction.CREATE,
        mis_id=record.mis_id,
        title=record.title,
        forename=record.forename,
        surname=record.surname,
        email=record.email,
        staff_code=record.staff_code,
    )


def _identify(
    record: MisStaff, users: Sequence[OwnUser], *, shared_email: bool, shared_code: bool
) -> StaffIdentity:
    by_email = _only(users, lambda user: _same(user.email, record.email))
    by_code = _only(users, lambda user: _same(user.staff_code, record.staff_code))
    clash = _clash(by_email, by_code, shared_email=shared_email)
    if clash is not None:
        return _asked(record, FindingKind.STAFF_EMAIL_CLASH, clash, by_email or by_code)
    if by_email is not None and not shared_email:
        return StaffIdentity(record=record, own=by_email, reason="same e-mail address")
    if by_code is not None and by_code.mapped_to is None and not shared_code:
        return StaffIdentity(record=record, own=by_code, reason="same staff code")
    namesake = next(
        (u for u in users if u.mapped_to is None and u.name_keys() & record.name_keys()), None
    )
    if namesake is not None:
        return _asked(record, FindingKind.STAFF_SUGGESTION, _same_name(record, namesake), namesake)
    return _nobody(record)


def _clash(by_email: OwnUser | None, by_code: OwnUser | None, *, shared_email: bool) -> str | None:
    """Why an e-mail address proves nothing here, if it does not (R8)."""
    if shared_email:
        return "Several members of staff have the same e-mail address in the MIS. Correct it there."
    if by_email is None:
        return None
    if by_email.mapped_to is not None:
        return (
            f"The e-mail address belongs to {by_email.label}, who is somebody else in the MIS. "
            "Take it off one of them first."
        )
    if by_code is not None and by_code.id != by_email.id:
        return (
            f"The e-mail address is that of {by_email.label}, but the staff code is that of "
            f"{by_code.label}."
        )
    return None


def _nobody(record: MisStaff, namesake: OwnUser | None = None) -> StaffIdentity:
    if not record.teaches:
        return _listed(record, FindingKind.STAFF_WITHOUT_CLASS, _WITHOUT_CLASS, namesake)
    if not record.teaches_mapped:
        return _listed(record, FindingKind.STAFF_CLASS_UNMAPPED, _CLASS_UNMAPPED, namesake)
    if not record.forename or not record.surname:
        return _listed(record, FindingKind.STAFF_WITHOUT_NAME, _WITHOUT_NAME)
    return StaffIdentity(record=record, new=True, reason="teaches a mapped group, matches nobody")


def _asked(record: MisStaff, kind: FindingKind, reason: str, own: OwnUser | None) -> StaffIdentity:
    """A person is asked only about staff of a mapped group; the others stand in the list."""
    if not record.teaches_mapped:
        return _nobody(record, own)
    return _listed(record, kind, reason, own)


def _listed(
    record: MisStaff, kind: FindingKind, reason: str, own: OwnUser | None = None
) -> StaffIdentity:
    return StaffIdentity(record=record, finding=_finding(record, kind, reason, own))


def _finding(
    record: MisStaff, kind: FindingKind, reason: str, own: OwnUser | None = None
) -> Finding:
    return Finding(
        kind=kind,
        label=record.label,
        reason_code=kind.value,
        reason=reason,
        match=Match.MAY_MATCH if own else Match.NOT_MATCHED,
        suggestion=own.id if own else None,
    )


def _only(users: Sequence[OwnUser], fits: Callable[[OwnUser], bool]) -> OwnUser | None:
    found = [user for user in users if fits(user)]
    return found[0] if len(found) == 1 else None


def _same(one: str | None, other: str | None) -> bool:
    return bool(one) and _folded(one) == _folded(other)


def _folded(text: str | None) -> str:
    return (text or "").strip().casefold()


def _same_name(record: MisStaff, own: OwnUser) -> str:
    if record.email and own.email:
        return "Same name, but another e-mail address."
    return "Same name, and no e-mail address or staff code to tell by."


_CLAIMED_TWICE = "Two members of staff of the MIS lead to this user, by e-mail and by staff code."
_WITHOUT_CLASS = "They teach no group in the MIS. Who teaches a mapped group gets a user."
_CLASS_UNMAPPED = "None of the groups they teach is mapped yet. Map one, and they get a user."
_WITHOUT_NAME = "The MIS gives no forename or surname. Add it there; the next sync looks again."
_GONE = "They are no longer in the MIS. Their user keeps what was given by hand."
_INACTIVE = "Their user was made inactive here, so no new one is made. Map them to another account?"
