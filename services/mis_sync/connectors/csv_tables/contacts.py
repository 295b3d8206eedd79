"""The table of contacts as records: a line for each pupil that somebody belongs to (R17)."""

from __future__ import annotations

from dataclasses import dataclass, field

from services.mis_sync.connectors.csv_tables.records import (
    Known,
    Told,
    email_in,
    is_known,
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


def read_contacts(sheet: Sheet, known: Known, *, whole: bool) -> Contacts:
    """Without a column of ids the e-mail address is the id, and who has none cannot be told."""
    contacts, relationships = Told[ContactRecord](), Told[RelationshipRecord]()
    for row in sheet.rows:
        mis_id = _id(row, whole=whole)
        pupil = None if mis_id is None else row.id("pupil_id")
        if mis_id is None or pupil is None or not is_known(row, one_way(pupil), known.pupils):
            continue
        pupil = one_way(pupil)
        contacts.add(
            row,
            mis_id,
            ContactRecord(
                mis_id=mis_id,
                title=row.text("title"),
                forename=row.text("forename"),
                surname=row.text("surname"),
                email=email_in(row),
            ),
        )
        relationship = RelationshipRecord(
            contact_mis_id=mis_id,
            pupil_mis_id=pupil,
            relationship=_relationship(row),
            responsibility=row.flag("responsibility"),
        )
        relationships.add(row, (pupil, mis_id), relationship)
    return Contacts(contacts.agreed(), relationships.agreed())


def _id(row: Row, *, whole: bool) -> str | None:
    if row.headings.get("mis_id") != row.headings.get("email"):
        return row.id("mis_id")
    email = row.text("email")
    if email is not None:
        return email.casefold()
    if whole:
        row.leave_out(Remark.LEFT_OUT_WITHOUT_EMAIL, fault=False)
    else:
        row.remark(Remark.LEFT_OUT_WITHOUT_EMAIL)
    return None


def _relationship(row: Row) -> ContactRelationship | None:
    words = row.text("relationship")
    found = None if words is None else relationship_of(words)
    if words is not None and found is None:
        row.remark(Remark.RELATIONSHIP_NOT_UNDERSTOOD)
    return found
