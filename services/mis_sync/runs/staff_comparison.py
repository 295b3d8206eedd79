"""Compares the staff that must be looked at (R8, R17, R18, R20)."""

from __future__ import annotations

from uuid import UUID

from uuid_utils.compat import uuid7

from services.mis_sync.matching.records import FindingKind, MisStaff, OwnUser
from services.mis_sync.matching.staff import (
    StaffIdentity,
    finding_of_mapped,
    identify_staff,
    proposal_of_new_user,
)
from services.mis_sync.matching.staff_changes import StaffChange, change_of_mapped_staff
from services.mis_sync.runs import sides
from services.mis_sync.runs.compared import Compared
from services.mis_sync.runs.sides import Look
from shared.contracts.mis_sync import StaffProposal
from shared.database.pool import Connection

__all__ = ["compare_staff"]

_ASKED = frozenset(
    {
        FindingKind.STAFF_SUGGESTION,
        FindingKind.STAFF_EMAIL_CLASH,
        FindingKind.STAFF_WITHOUT_CLASS,
        FindingKind.STAFF_CLASS_UNMAPPED,
    }
)
"""A person's 'make a new one' stands against these."""


async def compare_staff(connection: Connection, school_id: UUID) -> Compared[StaffProposal]:
    """Who teaches a mapped group and matches nobody gets a user, in the order of MIS ids (R20)."""
    compared = Compared[StaffProposal]("staff")
    looks = await sides.staff_to_look_at(connection, school_id)
    if not looks:
        return compared
    here = await sides.users_here(connection, school_id)
    by_id = {user.id: user for user in here}
    unknown: list[Look[MisStaff]] = []
    for look in looks:
        compared.looked_at.append(look.record.mis_id)
        own = by_id.get(look.record_id) if look.record_id else None
        if own is not None:
            _compare_mapped(compared, look, own)
        elif look.gone:
            compared.settled.append((look.record.mis_id, look.hash, 0))
        else:
            unknown.append(look)
    identities = identify_staff([look.record for look in unknown], here)
    for look, identity in zip(unknown, identities, strict=True):
        _take_identity(compared, look, identity)
    return compared


def _compare_mapped(compared: Compared[StaffProposal], look: Look[MisStaff], own: OwnUser) -> None:
    """What the MIS knows better of them, and what should be seen of them (R13, R18)."""
    record = look.record
    compared.find(record.mis_id, finding_of_mapped(record, own, gone=look.gone))
    change = StaffChange()
    if not look.gone:
        change = change_of_mapped_staff(record, own, accepted_email=look.accepted_email)
    compared.find(record.mis_id, change.finding)
    if change.proposal is not None:
        compared.propose(record.mis_id, change.proposal)
    else:
        compared.settled.append((record.mis_id, look.hash, own.version))


def _take_identity(
    compared: Compared[StaffProposal], look: Look[MisStaff], identity: StaffIdentity
) -> None:
    """An id that was made before for this record is used again; a person's 'new' stands."""
    record, own = look.record, identity.own
    said_new = look.origin == "person" and look.record_id is not None
    asked = identity.finding is not None and identity.finding.kind in _ASKED
    if own is not None:
        compared.map(record.mis_id, own.id, "matched", identity.reason, record.label)
        _compare_mapped(compared, look, own)
    elif identity.new or (said_new and asked):
        user_id = look.record_id or uuid7()
        if look.record_id is None:
            compared.map(record.mis_id, user_id, "new", identity.reason, record.label)
        compared.propose(record.mis_id, proposal_of_new_user(record, user_id))
        compared.arriving.append(user_id)
    else:
        compared.find(record.mis_id, identity.finding)
