"""Which contact belongs to which pupil: OneRoster calls it agents, and says it on either side."""

from __future__ import annotations

from collections.abc import Iterator

from services.mis_sync.connectors.findings import Findings, Remark
from services.mis_sync.connectors.oneroster.export import Export
from services.mis_sync.connectors.oneroster.people import People
from shared.contracts.mis import RelationshipRecord

__all__ = ["read_families"]


def read_families(
    export: Export, people: People, findings: Findings
) -> dict[tuple[str, str], RelationshipRecord]:
    """By (pupil, contact), each once. What OneRoster does not say is who is responsible by law."""
    found = {}
    for pupil, contact in _pairs(export, people, findings):
        found[pupil, contact] = RelationshipRecord(
            pupil_mis_id=pupil,
            contact_mis_id=contact,
            relationship=people.relations.get(contact),
        )
    return found


def _pairs(export: Export, people: People, findings: Findings) -> Iterator[tuple[str, str]]:
    pupils = {mis_id for mis_id, record in people.pupils.items() if not record.removed}
    contacts = {mis_id for mis_id, record in people.contacts.items() if not record.removed}
    for user in export.users.rows:
        for agent in user.agent_sourced_ids:
            known = False
            if user.sourced_id in pupils and agent in contacts:
                known = True
                yield user.sourced_id, agent
            if user.sourced_id in contacts and agent in pupils:
                known = True
                yield agent, user.sourced_id
            if not known and user.sourced_id in pupils:
                findings.remark(Remark.AGENT_NOT_FAMILY, export.users.place(user))
