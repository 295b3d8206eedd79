"""Which parent a contact of the MIS is, and who becomes one (R8, R17, R20).

A contact becomes a parent only with a parental relationship to a pupil here and an e-mail address.
The same address is the same parent, so that brothers and sisters share one; the same name only
suggests, and where there is a suggestion nobody new is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.mis_sync.matching.records import Finding, FindingKind, Match, name_keys_of
from services.mis_sync.matching.staff_changes import folded
from shared.contracts.vocabulary import ContactRelationship

__all__ = [
    "PARENTAL",
    "ContactIdentity",
    "MisContact",
    "OwnParent",
    "identify_contacts",
    "why_no_parent",
]

PARENTAL = frozenset(
    {
        ContactRelationship.MOTHER,
        ContactRelationship.FATHER,
        ContactRelationship.PARENT,
        ContactRelationship.STEP_PARENT,
        ContactRelationship.FOSTER_PARENT,
        ContactRelationship.GUARDIAN,
    }
)
"""Anybody else is a parent only with parental responsibility by law."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MisContact:
    """A contact of pupils who are here, `pupils` by name. `children` are those whose parent they
    are, by their ids here; `said_new`: a person said that they are nobody who is here."""

    mis_id: str
    title: str | None = None
    forename: str | None = None
    surname: str | None = None
    email: str | None = None
    children: frozenset[UUID] = frozenset()
    pupils: tuple[str, ...] = ()
    said_new: bool = False

    @property
    def label(self) -> str:
        return f"{self.forename or ''} {self.surname or ''}".strip() or "A contact without a name"

    def name_keys(self) -> frozenset[str]:
        return name_keys_of((self.forename, self.surname))


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnParent:
    """A parent here. `mapped_to` is the first of the contacts, present in the MIS, that are mapped
    to them; `mis_emails` are what those have for an address."""

    id: UUID
    version: int
    active: bool
    forename: str
    surname: str
    email: str | None = None
    title: str | None = None
    children: frozenset[UUID] = frozenset()
    mis_children: frozenset[UUID] = frozenset()
    kept_apart: frozenset[UUID] = frozenset()
    overrides: frozenset[str] = frozenset()
    mapped_to: str | None = None
    mis_emails: frozenset[str] = frozenset()

    @property
    def label(self) -> str:
        return f"{self.forename} {self.surname}"

    def name_keys(self) -> frozenset[str]:
        return name_keys_of((self.forename, self.surname))


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactIdentity:
    """Who a record is: somebody here (`own`), the new parent that `leader` is, or the finding that
    says why not. A new parent's leader is the first of those with the address."""

    record: MisContact
    own: OwnParent | None = None
    leader: str | None = None
    finding: Finding | None = None


def why_no_parent(record: MisContact) -> Finding | None:
    """What is missing in the MIS, if anything is (R20)."""
    if not record.children:
        return _listed(record, FindingKind.CONTACT_NOT_PARENTAL, _NOT_PARENTAL)
    if not record.email:
        return _listed(record, FindingKind.CONTACT_WITHOUT_EMAIL, _WITHOUT_EMAIL)
    return None


def identify_contacts(
    records: Sequence[MisContact], parents: Sequence[OwnParent]
) -> list[ContactIdentity]:
    """Who the unmapped `records` are, in their order; each has children and an address.

    `parents` are all of the school's.
    """
    by_email = _by_email(parents)
    families: dict[str, list[MisContact]] = {}
    for record in records:
        families.setdefault(folded(record.email), []).append(record)
    found: dict[str, ContactIdentity] = {}
    for email, sharing in families.items():
        own = by_email.get(email)
        for identity in _of_one_address(sharing, own, parents):
            found[identity.record.mis_id] = identity
    return [found[record.mis_id] for record in records]


def _of_one_address(
    sharing: Sequence[MisContact], own: OwnParent | None, parents: Sequence[OwnParent]
) -> Iterable[ContactIdentity]:
    if own is not None:
        return [ContactIdentity(record=record, own=own) for record in sharing]
    named = sorted((r for r in sharing if r.forename and r.surname), key=lambda r: r.mis_id)
    if not named:
        return [
            ContactIdentity(
                record=record,
                finding=_listed(record, FindingKind.CONTACT_WITHOUT_NAME, _WITHOUT_NAME),
            )
            for record in sharing
        ]
    namesake = _namesake(sharing, parents)
    if namesake is not None and not any(record.said_new for record in sharing):
        return [ContactIdentity(record=r, finding=_suggested(r, namesake)) for r in sharing]
    # An id that was made before for one of them is used again.
    leader = next((record for record in named if record.said_new), named[0])
    return [ContactIdentity(record=record, leader=leader.mis_id) for record in sharing]


def _by_email(parents: Sequence[OwnParent]) -> dict[str, OwnParent]:
    """An address that a parent has goes before one that only their contact in the MIS has."""
    found: dict[str, OwnParent] = {}
    for parent in parents:
        for email in parent.mis_emails:
            found.setdefault(email, parent)
    return found | {folded(parent.email): parent for parent in parents if parent.email}


def _namesake(sharing: Sequence[MisContact], parents: Sequence[OwnParent]) -> OwnParent | None:
    names = frozenset(key for record in sharing for key in record.name_keys())
    return next((p for p in parents if p.mapped_to is None and p.name_keys() & names), None)


def _suggested(record: MisContact, own: OwnParent) -> Finding:
    here = own.email or "no e-mail address"
    return Finding(
        kind=FindingKind.CONTACT_SUGGESTION,
        label=record.label,
        reason_code="same_name",
        reason=(
            f"A parent with the same name is here, with another e-mail address: the MIS has "
            f"{record.email}, here there is {here}. Is it the same person?"
        ),
        match=Match.MAY_MATCH,
        suggestion=own.id,
    )


def _listed(record: MisContact, kind: FindingKind, reason: str) -> Finding:
    reason = f"A contact of {_names(record.pupils)}. {reason}" if record.pupils else reason
    return Finding(kind=kind, label=record.label, reason_code=kind.value, reason=reason)


def _names(pupils: Sequence[str]) -> str:
    shown = list(pupils[:_NAMED])
    if len(pupils) > _NAMED:
        shown.append(f"{len(pupils) - _NAMED} more")
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else shown[0]


_NAMED = 4

_NOT_PARENTAL = (
    "The MIS does not say that they are a parent: neither by their relationship to a pupil nor by "
    "parental responsibility. If they are one, say so there; the next sync looks again."
)
_WITHOUT_EMAIL = (
    "The MIS has no e-mail address for them, and parents sign in with one. Add it there; the next "
    "sync looks again."
)
_WITHOUT_NAME = "The MIS gives no forename or surname. Add it there; the next sync looks again."
