"""Compares the pupils that must be looked at (R11, R17, R18, R22)."""

from __future__ import annotations

from uuid import UUID

from uuid_utils.compat import uuid7

from services.mis_sync.matching.pupil_changes import (
    PupilChange,
    change_of_leaver,
    change_of_mapped,
    change_of_newly_mapped,
    proposal_of_new,
)
from services.mis_sync.matching.pupils import (
    PupilIdentity,
    PupilIndex,
    identify_pupils,
    there_twice,
)
from services.mis_sync.matching.records import FindingKind, MisPupil, OwnPupil, School
from services.mis_sync.runs import sides
from services.mis_sync.runs.compared import Compared
from services.mis_sync.runs.sides import Look
from shared.contracts.mis_sync import ProposalAction, PupilProposal
from shared.database.pool import Connection

__all__ = ["compare_pupils"]


async def compare_pupils(
    connection: Connection, school_id: UUID, school: School
) -> Compared[PupilProposal]:
    """Mapped pupils get what changed; the others are known by UPN, or new, or listed."""
    compared = Compared[PupilProposal]("pupil")
    looks = await sides.pupils_to_look_at(connection, school_id)
    if not looks:
        return compared
    here = await sides.pupils_here(connection, school_id, looks)
    by_id = {pupil.id: pupil for pupil in here}
    unknown: list[Look[MisPupil]] = []
    leaving: list[tuple[Look[MisPupil], OwnPupil]] = []
    for look in looks:
        compared.looked_at.append(look.record.mis_id)
        own = by_id.get(look.record_id) if look.record_id else None
        if own is not None and look.gone:
            leaving.append((look, own))
        elif own is not None:
            _compare_mapped(compared, look, own, school)
        elif look.gone:
            compared.settled.append((look.record.mis_id, look.hash, 0))
        else:
            unknown.append(look)
    identities = identify_pupils([look.record for look in unknown], PupilIndex(here), school)
    for look, identity in zip(unknown, identities, strict=True):
        _take_identity(compared, look, identity, school)
    # Last, since who went under one id may just have come under another.
    stay = {mapped.record_id for mapped, _ in compared.mapped}
    for look, own in leaving:
        change = PupilChange() if own.id in stay else change_of_leaver(own, school)
        _take_change(compared, look, own, change, school)
    return compared


def _compare_mapped(
    compared: Compared[PupilProposal], look: Look[MisPupil], own: OwnPupil, school: School
) -> None:
    if own.mapped_to not in (None, look.record.mis_id):
        compared.find(look.record.mis_id, there_twice(look.record, own))
        return
    compare = change_of_mapped if look.compared_before else change_of_newly_mapped
    change = compare(look.record, own, school, accepted_upn=look.accepted_upn)
    _take_change(compared, look, own, change, school)


def _take_identity(
    compared: Compared[PupilProposal],
    look: Look[MisPupil],
    identity: PupilIdentity,
    school: School,
) -> None:
    """An id that was made before for this record is used again; a person's 'new' stands."""
    record, own = look.record, identity.own
    said_new = look.origin == "person" and look.record_id is not None
    if own is not None:
        compared.map(record.mis_id, own.id, "matched", identity.reason, record.label)
        _take_change(compared, look, own, change_of_newly_mapped(record, own, school), school)
    elif identity.new or (said_new and _only_suggested(identity) and not school.limited):
        pupil_id = look.record_id or uuid7()
        if look.record_id is None:
            compared.map(record.mis_id, pupil_id, "new", identity.reason, record.label)
        compared.propose(record.mis_id, proposal_of_new(record, pupil_id, school))
        compared.arriving.append(pupil_id)
    else:
        compared.find(record.mis_id, identity.finding)


def _only_suggested(identity: PupilIdentity) -> bool:
    return identity.finding is not None and identity.finding.kind is FindingKind.PUPIL_SUGGESTION


def _take_change(
    compared: Compared[PupilProposal],
    look: Look[MisPupil],
    own: OwnPupil,
    change: PupilChange,
    school: School,
) -> None:
    compared.find(look.record.mis_id, change.finding)
    if change.proposal is None:
        if not school.limited:
            compared.settled.append((look.record.mis_id, look.hash, own.version))
        return
    compared.propose(look.record.mis_id, change.proposal)
    if change.proposal.action is ProposalAction.REACTIVATE:
        compared.arriving.append(own.id)
