"""The contacts of a CTF's pupils as records (R17).

CTF has no ids of contacts. One with an e-mail address is known by it, so that brothers and sisters
who have the same share one contact; the id does not show the address. One without is known by
their pupil and their place among the pupil's contacts.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from services.mis_sync.connectors.ctf.document import Block
from services.mis_sync.connectors.findings import Findings, Remark
from services.mis_sync.connectors.values import email_of, flag_of, relationship_of
from shared.contracts.mis import ContactRecord, RelationshipRecord
from shared.contracts.vocabulary import ContactRelationship

__all__ = ["ContactReader"]


@dataclass
class ContactReader:
    """Gathers the contacts of one pupil after the other."""

    findings: Findings
    contacts: dict[str, ContactRecord] = field(default_factory=dict)
    relationships: list[RelationshipRecord] = field(default_factory=list)

    def read(self, block: Block, pupil: str) -> None:
        """`pupil` is the id of the pupil whose block it is."""
        taken: set[str] = set()
        found = block.several("Contacts/Contact")
        for place, contact in sorted(enumerate(found, start=1), key=_order):
            email = self._email(contact)
            if email is not None and email.casefold() in taken:
                self._remark(Remark.EMAIL_SHARED, contact)
                email = None
            if email is not None:
                taken.add(email.casefold())
            mis_id = _id(pupil, place, email)
            self.contacts.setdefault(
                mis_id,
                ContactRecord(
                    mis_id=mis_id,
                    title=contact.text("Title"),
                    forename=contact.text("Forename"),
                    surname=contact.text("Surname"),
                    email=email,
                ),
            )
            self.relationships.append(
                RelationshipRecord(
                    contact_mis_id=mis_id,
                    pupil_mis_id=pupil,
                    relationship=self._relationship(contact),
                    responsibility=flag_of(contact.text("Responsibility") or ""),
                )
            )

    def _email(self, contact: Block) -> str | None:
        given = contact.text("Email")
        email = None if given is None else email_of(given)
        if given is not None and email is None:
            self._remark(Remark.EMAIL_NOT_UNDERSTOOD, contact)
        return email

    def _relationship(self, contact: Block) -> ContactRelationship | None:
        words = contact.text("Relationship")
        found = None if words is None else relationship_of(words)
        if words is not None and found is None:
            self._remark(Remark.RELATIONSHIP_NOT_UNDERSTOOD, contact)
        return found

    def _remark(self, remark: Remark, contact: Block) -> None:
        self.findings.remark(remark, f"line {contact.line}")


def _order(numbered: tuple[int, Block]) -> tuple[int, int]:
    """By `Order`; those without one come after, as they stand."""
    place, contact = numbered
    order = contact.text("Order") or ""
    return (int(order) if order.isascii() and order.isdigit() else 10**9, place)


def _id(pupil: str, place: int, email: str | None) -> str:
    if email is None:
        return f"{pupil} contact {place}"
    return f"contact {hashlib.sha256(email.casefold().encode()).hexdigest()[:32]}"
