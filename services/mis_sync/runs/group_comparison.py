"""Compares the groups that must be looked at (R17–R19)."""

from __future__ import annotations

from uuid import UUID

from services.mis_sync.matching.groups import (
    change_of_mapped_group,
    identify_groups,
    proposal_of_new_group,
)
from services.mis_sync.matching.records import MisGroup, OwnGroup, School
from services.mis_sync.runs import sides
from services.mis_sync.runs.compared import Compared
from services.mis_sync.runs.sides import Look
from shared.contracts.mis_sync import GroupProposal
from shared.database.pool import Connection

__all__ = ["compare_groups"]


async def compare_groups(
    connection: Connection, school_id: UUID, school: School
) -> Compared[GroupProposal]:
    """A group that nobody mapped and that is not certainly one of ours waits for a person."""
    compared = Compared[GroupProposal]("group")
    looks = await sides.groups_to_look_at(connection, school_id)
    if not looks:
        return compared
    here = await sides.groups_here(connection, school_id)
    by_id = {group.id: group for group in here}
    unknown: list[Look[MisGroup]] = []
    for look in looks:
        compared.looked_at.append(look.record.mis_id)
        if look.record_id is None:
            unknown.append(look)
        else:
            _compare_mapped(compared, look, look.record_id, by_id.get(look.record_id), school)
    identities = identify_groups([look.record for look in unknown], here)
    for look, identity in zip(unknown, identities, strict=True):
        record, own = look.record, identity.own
        compared.find(record.mis_id, identity.finding)
        if own is not None:
            reason = "same name and year group"
            compared.map(record.mis_id, own.id, "matched", reason, record.label)
            _compare_mapped(compared, look, own.id, own, school)
    return compared


def _compare_mapped(
    compared: Compared[GroupProposal],
    look: Look[MisGroup],
    group_id: UUID,
    own: OwnGroup | None,
    school: School,
) -> None:
    """One that a person said is new is made, with the id that the mapping has for it.

    Of two records that were both this group, the other is followed, or they would take turns.
    """
    if own is not None and not look.gone and own.mapped_to not in (None, look.record.mis_id):
        return
    proposal = None
    if own is None and not look.gone:
        proposal = proposal_of_new_group(look.record, group_id)
        compared.arriving.append(group_id)
    elif own is not None and not look.gone:
        proposal = change_of_mapped_group(look.record, own, school)
    if proposal is not None:
        compared.propose(look.record.mis_id, proposal)
    else:
        version = own.version if own is not None else 0
        compared.settled.append((look.record.mis_id, look.hash, version))
