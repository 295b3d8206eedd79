"""The table of contacts as records: a line for each pupil that somebody belongs to (R17)."""

from __future__ import annotations

from dataclasses import dataclass, field

from services.mis_sync.connectors.csv_tables.records import (
    Known,
    email_in,
    must_be_known,
    one_way,
)
from services.mis_sync.connectors.csv_tables.rows import Row, Sheet
from services.mis_sync.connectors.findings import Remark
from services.mis_sync.connectors.values import relationship_of
from shared.contracts.mis import ContactRecord, RelationshipRecord
from shared.contracts.vocabulary import ContactRelationship

__all__ = ["Contacts", "read_contacts"]


@dataclass
class Contacts:
    """Contacts by id, what they are to pupils by (pupil, contact)."""

    contacts: dict[str, ContactRecord] = field(default_factory=dict)
    relationships: dict[tuple[str, str], RelationshipRecord] = field(default_factory=dict)
    _lines: dict[str, int] = field(default_factory=dict)

    def add(self, row: Row, contact: ContactRecord) -> None:
        """Whoever stands on several lines must be the same on each."""
        before = self.contacts.setdefault(contact.mis_id, contact)
        line = self._lines.setdefault(contact.mis_id, row.line)
        if before != contact:
            row.problem(f"Line {line} says otherwise of the same contact.", "mis_id")


def read_contacts(sheet: Sheet, known: Known, *, whole: bool) -> Contacts:
    """Without a column of ids the e-mail address is the id, and who has none cannot be told."""
    found = Contacts()
    for row in sheet.rows:
        mis_id, pupil = _id(row, whole=whole), row.required("pupil_id")
        if mis_id is None or pupil is None:
            continue
        pupil = one_way(pupil)
        must_be_known(row, "pupil_id", pupil, known.pupils, "pupil")
        found.add(
            row,
            ContactRecord(
                mis_id=mis_id,
                title=row.text("title"),
                forename=row.text("forename"),
                surname=row.text("surname"),
                email=email_in(row),
            ),
        )
        if (pupil, mis_id) in found.relationships:
            row.problem("This contact of this pupil is there twice.", "pupil_id")
        found.relationships[pupil, mis_id] = RelationshipRecord(
            contact_mis_id=mis_id,
            pupil_mis_id=pupil,
            relationship=_relationship(row),
            responsibility=row.yes_or_no("responsibility"),
        )
    return found


def _id(row: Row, *, whole: bool) -> str | None:
    if row.headings.get("mis_id") != row.headings.get("email"):
        return row.required("mis_id")
    email = row.text("email")
    if email is not None:
        return email.casefold()
    if whole:
        row.problem("A contact without an address, in a complete table without ids.", "email")
    else:
        row.remark(Remark.LEFT_OUT_WITHOUT_EMAIL)
    return None


def _relationship(row: Row) -> ContactRelationship | None:
    words = row.text("relationship")
    found = None if words is None else relationship_of(words)
    if words is not None and found is None:
        row.remark(Remark.RELATIONSHIP_NOT_UNDERSTOOD)
    return found
