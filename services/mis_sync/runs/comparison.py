"""Compares what the MIS says with what is here (R17–R20, R22): the same after a snapshot and after
a person has mapped something.

It writes down who is who and what a person must decide, and returns what is to be proposed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from services.mis_sync.differences import repository as differences
from services.mis_sync.differences.repository import Found
from services.mis_sync.mapping import by_hand
from services.mis_sync.mapping import repository as mapping
from services.mis_sync.matching.records import School
from services.mis_sync.runs import (
    contact_comparison,
    group_comparison,
    pupil_comparison,
    staff_comparison,
)
from services.mis_sync.runs.compared import Compared
from services.mis_sync.runs.link_sides import link_sides
from shared.contracts.mis_sync import (
    GroupProposal,
    LinkAction,
    LinkProposal,
    ParentProposal,
    ProposalAction,
    PupilProposal,
    StaffProposal,
)
from shared.contracts.vocabulary import LinkKind
from shared.database.pool import Connection

__all__ = ["Proposals", "compare", "link_key"]


@dataclass(frozen=True)
class Proposals:
    """What is certain and differs. `matched` tells the records that were mapped by themselves."""

    pupils: Sequence[PupilProposal] = ()
    groups: Sequence[GroupProposal] = ()
    staff: Sequence[StaffProposal] = ()
    links: Sequence[LinkProposal] = ()
    parents: Sequence[ParentProposal] = ()
    matched: Sequence[tuple[mapping.Mapped, str]] = field(default=(), repr=False)

    def counts(self) -> dict[str, int]:
        """Kind and action → how many, all kinds named."""
        return {
            "pupils_created": _having(self.pupils, ProposalAction.CREATE),
            "pupils_updated": _having(self.pupils, ProposalAction.UPDATE),
            "pupils_deactivated": _having(self.pupils, ProposalAction.DEACTIVATE),
            "pupils_reactivated": _having(self.pupils, ProposalAction.REACTIVATE),
            "groups_created": _having(self.groups, ProposalAction.CREATE),
            "groups_updated": _having(self.groups, ProposalAction.UPDATE),
            "users_created": _having(self.staff, ProposalAction.CREATE),
            "users_updated": _having(self.staff, ProposalAction.UPDATE),
            "parents_created": _having(self.parents, ProposalAction.CREATE),
            "parents_updated": _having(self.parents, ProposalAction.UPDATE),
            "links_added": sum(p.action is LinkAction.ADD for p in self.links),
            "links_removed": sum(p.action is LinkAction.REMOVE for p in self.links),
        }


async def compare(
    connection: Connection, school_id: UUID, school: School, now: datetime
) -> Proposals:
    """In another academic year than the school's only details of mapped pupils flow (R22)."""
    await mapping.unsettle_unblocked(connection, school_id)
    pupils = await pupil_comparison.compare_pupils(connection, school_id, school)
    await _keep(connection, school_id, pupils, now)
    if school.limited:
        return Proposals(pupils=pupils.proposals, matched=pupils.labelled())
    groups = await group_comparison.compare_groups(connection, school_id, school)
    await _keep(connection, school_id, groups, now)
    staff = await staff_comparison.compare_staff(connection, school_id)
    await _keep(connection, school_id, staff, now)
    contacts = await contact_comparison.compare_contacts(connection, school_id, pupils.arriving)
    await _keep(connection, school_id, contacts, now)
    await differences.resolve_unlooked(
        connection, school_id, contacts.kind, contacts.looked_at, now
    )
    await differences.resolve_gone(connection, school_id, now)
    await by_hand.ask_again(connection, school_id, now)
    arriving = [*pupils.arriving, *groups.arriving, *staff.arriving]
    links = await _compare_links(connection, school_id, arriving, now)
    return Proposals(
        pupils=pupils.proposals,
        groups=groups.proposals,
        staff=staff.proposals,
        links=links,
        parents=contacts.proposals,
        matched=[
            *pupils.labelled(),
            *groups.labelled(),
            *staff.labelled(),
            *contacts.labelled(),
        ],
    )


def link_key(kind: str, group_id: UUID, person_id: UUID) -> str:
    """What a refused link is known by."""
    return f"{kind}:{group_id}:{person_id}"


async def _keep(
    connection: Connection, school_id: UUID, compared: Compared[Any], now: datetime
) -> None:
    """Who is who, what is settled, and what was found of whom."""
    kind = compared.kind
    await mapping.keep(connection, school_id, [each for each, _ in compared.mapped], now)
    await mapping.settle(connection, school_id, kind, compared.settled)
    found = [Found(kind, mis_id, finding) for mis_id, finding in compared.findings]
    await differences.record(connection, school_id, found, now)
    await differences.resolve_unfound(
        connection,
        school_id,
        kind,
        looked_at=compared.looked_at,
        found=[(each.finding.kind.value, each.key) for each in found],
        proposed=compared.proposed_for,
        at=now,
    )


async def _compare_links(
    connection: Connection, school_id: UUID, arriving: Sequence[UUID], now: datetime
) -> list[LinkProposal]:
    """What the MIS has and is not here; what it gave and has no longer (R13, R18)."""
    found = await link_sides(connection, school_id, arriving)
    await differences.resolve_links(
        connection, school_id, unless=[link_key(*link) for link in found.refused], at=now
    )
    return [
        LinkProposal(kind=LinkKind(kind), group_id=group_id, person_id=person_id, action=action)
        for action, links in ((LinkAction.ADD, found.add), (LinkAction.REMOVE, found.remove))
        for kind, group_id, person_id in links
    ]


def _having(
    proposals: Sequence[PupilProposal | GroupProposal | StaffProposal | ParentProposal],
    action: ProposalAction,
) -> int:
    return sum(proposal.action is action for proposal in proposals)
