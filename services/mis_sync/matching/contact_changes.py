"""What is to be proposed of a parent whom contacts of the MIS are mapped to (R13, R18, R20).

Their children by the MIS are those of all their contacts together. What a person linked, unlinked
or wrote stays; another e-mail address is asked about, since parents sign in with it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from services.mis_sync.matching.contacts import MisContact, OwnParent
from services.mis_sync.matching.records import Finding, FindingKind, Match
from services.mis_sync.matching.staff_changes import folded, may_be_somebody_else
from shared.contracts.mis_sync import ParentProposal, ProposalAction

__all__ = ["ParentChange", "change_of_orphan", "change_of_parent", "proposal_of_new_parent"]

_DETAILS = ("title", "forename", "surname")


@dataclass(frozen=True, kw_only=True, slots=True)
class ParentChange:
    """A proposal, if anything differs, and what a person should see, by the contact's MIS id."""

    proposal: ParentProposal | None = None
    findings: dict[str, Finding] = field(default_factory=dict)


def change_of_parent(
    own: OwnParent,
    contacts: Sequence[tuple[MisContact, str | None]],
    others: Sequence[OwnParent] = (),
    *,
    stays: Collection[UUID] = (),
    waits: bool = False,
) -> ParentChange:
    """`contacts` are all that are mapped to them and in the MIS, in the order of their ids, each
    with the address that a person accepted; the first one's details count.

    `stays` are leavers, whose links are left. `waits`: a contact is missing for the first time, so
    nothing is taken away yet.
    """
    findings = _addresses(own, contacts, others)
    lead = contacts[0][0] if contacts else None
    if lead is not None and lead.mis_id in findings and may_be_somebody_else(lead, own):
        return ParentChange(findings=findings)
    wanted = frozenset(child for contact, _ in contacts for child in contact.children)
    unlink = frozenset() if waits else own.mis_children - wanted - frozenset(stays)
    if not own.active:
        findings |= {contact.mis_id: _inactive(contact, own) for contact, _ in contacts}
        return ParentChange(proposal=_update(own, lead, {}, (), unlink), findings=findings)
    link = wanted - own.children - own.kept_apart
    details = _details(own, contacts) if contacts else {}
    return ParentChange(proposal=_update(own, lead, details, link, unlink), findings=findings)


def change_of_orphan(own: OwnParent, stays: Collection[UUID]) -> ParentProposal | None:
    """A parent with children of the MIS's whom no contact there stands for any more."""
    return _update(own, None, {}, (), own.mis_children - frozenset(stays))


def proposal_of_new_parent(parent_id: UUID, contacts: Sequence[MisContact]) -> ParentProposal:
    """The first of `contacts` has a whole name; the children are those of all of them."""
    lead = contacts[0]
    return ParentProposal(
        parent_id=parent_id,
        action=ProposalAction.CREATE,
        mis_id=lead.mis_id,
        title=lead.title,
        forename=lead.forename,
        surname=lead.surname,
        email=lead.email,
        link=tuple(sorted({child for contact in contacts for child in contact.children})),
    )


def _details(own: OwnParent, contacts: Sequence[tuple[MisContact, str | None]]) -> dict[str, Any]:
    lead, accepted = contacts[0]
    details: dict[str, Any] = {
        name: value
        for name in _DETAILS
        if (value := getattr(lead, name)) is not None
        and value != getattr(own, name)
        and name not in own.overrides
    }
    if accepted and folded(accepted) == folded(lead.email) != folded(own.email):
        details["email"] = lead.email
    return details


def _update(
    own: OwnParent,
    lead: MisContact | None,
    details: dict[str, Any],
    link: Collection[UUID],
    unlink: Collection[UUID],
) -> ParentProposal | None:
    if not details and not link and not unlink:
        return None
    return ParentProposal(
        parent_id=own.id,
        action=ProposalAction.UPDATE,
        expected_version=own.version,
        mis_id=lead.mis_id if lead else "",
        link=tuple(sorted(link)),
        unlink=tuple(sorted(unlink)),
        **details,
    )


def _addresses(
    own: OwnParent,
    contacts: Sequence[tuple[MisContact, str | None]],
    others: Sequence[OwnParent],
) -> dict[str, Finding]:
    """The contacts whose address is another than the parent's, unless a person set or took it."""
    if "email" in own.overrides:
        return {}
    holders = {folded(other.email): other for other in others if other.email}
    return {
        contact.mis_id: _email_changed(contact, own, holders.get(folded(contact.email)))
        for contact, accepted in contacts
        if contact.email and folded(contact.email) not in (folded(own.email), folded(accepted))
    }


def _email_changed(contact: MisContact, own: OwnParent, holder: OwnParent | None) -> Finding:
    here = f"{own.label}’s here is {own.email}" if own.email else f"{own.label} has none here"
    if holder is not None and holder.id != own.id:
        said = f"It is that of {holder.label} here. Map them to {holder.label} if they are the same"
        said += " person, or correct it in the MIS."
    else:
        said = (
            "Parents sign in with it, so it is not changed by itself. Map them to their account to "
            "take it over, create a new parent if it is somebody else, or ignore it."
        )
    return Finding(
        kind=FindingKind.CONTACT_EMAIL_CHANGED,
        label=contact.label,
        reason_code="email_changed",
        reason=f"The MIS now has the e-mail address {contact.email}; {here}. {said}",
        match=Match.MAY_MATCH,
        suggestion=(holder or own).id,
    )


def _inactive(contact: MisContact, own: OwnParent) -> Finding:
    return Finding(
        kind=FindingKind.CONTACT_INACTIVE,
        label=contact.label,
        reason_code="contact_inactive",
        reason="Their parent account was made inactive here, so nothing is changed in it.",
        match=Match.MAY_MATCH,
        suggestion=own.id,
    )
