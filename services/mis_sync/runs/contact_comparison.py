"""Compares contacts of the MIS with the parents here (R8, R13, R17, R18, R20).

Only where the school has parents come from its MIS. Several contacts may be one parent, so that
what is compared is a parent with all of their contacts.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from uuid_utils.compat import uuid7

from services.mis_sync.matching.contact_changes import (
    change_of_orphan,
    change_of_parent,
    proposal_of_new_parent,
)
from services.mis_sync.matching.contacts import (
    OwnParent,
    identify_contacts,
    why_no_parent,
)
from services.mis_sync.runs import contact_sides
from services.mis_sync.runs.compared import Compared
from services.mis_sync.runs.contact_sides import ContactLook
from services.mis_sync.snapshots.keeping import what_is_kept
from shared.contracts.mis_sync import ParentProposal
from shared.database.pool import Connection

__all__ = ["compare_contacts"]


async def compare_contacts(
    connection: Connection, school_id: UUID, arriving: Sequence[UUID]
) -> Compared[ParentProposal]:
    """`arriving` are pupils who come, or come back, by the same run."""
    compared = Compared[ParentProposal]("contact")
    if not (await what_is_kept(connection, school_id)).contacts:
        return compared
    looks = await contact_sides.contacts_to_look_at(connection, school_id, arriving)
    orphans = await contact_sides.orphans(connection, school_id)
    mapped, unknown = _sorted_out(compared, looks)
    if mapped or unknown or orphans:
        here = await contact_sides.parents_here(connection, school_id)
        comparison = _Comparison(connection, school_id, arriving, compared, here)
        await comparison.run(mapped, unknown, orphans)
    return compared


def _sorted_out(
    compared: Compared[ParentProposal], looks: Sequence[ContactLook]
) -> tuple[list[ContactLook], list[ContactLook]]:
    """Those who are mapped, and those who may become a parent; the others are listed (R20)."""
    mapped, unknown = [], []
    for look in looks:
        compared.looked_at.append(look.record.mis_id)
        if look.parent_id is not None:
            mapped.append(look)
        elif (finding := why_no_parent(look.record)) is not None:
            compared.find(look.record.mis_id, finding)
        else:
            unknown.append(look)
    return mapped, unknown


class _Comparison:
    def __init__(
        self,
        connection: Connection,
        school_id: UUID,
        arriving: Sequence[UUID],
        compared: Compared[ParentProposal],
        here: Sequence[OwnParent],
    ) -> None:
        self._connection = connection
        self._school_id = school_id
        self._arriving = arriving
        self._compared = compared
        self._here = here
        self._by_id = {parent.id: parent for parent in here}

    async def run(
        self,
        mapped: Sequence[ContactLook],
        unknown: Sequence[ContactLook],
        orphans: set[UUID],
    ) -> None:
        touched = {look.parent_id for look in mapped if look.parent_id in self._by_id}
        unmade = [look for look in mapped if look.parent_id not in self._by_id]
        joining = self._identify([*unmade, *unknown])
        # Of a parent whom somebody joins, all contacts count, settled ones too.
        more = joining.keys() - touched
        looks = list(mapped)
        if more:
            looks += await contact_sides.contacts_of(
                self._connection, self._school_id, more, self._arriving
            )
        families = {parent_id: joining.get(parent_id, []) for parent_id in touched | more}
        joined = {look.record.mis_id for family in joining.values() for look in family}
        for look in looks:
            if look.parent_id in families and look.record.mis_id not in joined:
                families[look.parent_id].append(look)
        suggested = {finding.suggestion for _, finding in self._compared.findings}
        await self._compare(families, orphans - families.keys() - suggested)

    def _identify(self, looks: Sequence[ContactLook]) -> dict[UUID, list[ContactLook]]:
        """Who they are: the contacts that join a parent here, by the parent's id."""
        joining: dict[UUID, list[ContactLook]] = {}
        families: dict[str, list[ContactLook]] = {}
        candidates = [look for look in looks if self._may_be_one(look)]
        identities = identify_contacts([look.record for look in candidates], self._here)
        for look, identity in zip(candidates, identities, strict=True):
            self._compared.find(look.record.mis_id, identity.finding)
            if identity.own is not None:
                joining.setdefault(identity.own.id, []).append(look)
                self._map(look, identity.own.id, "matched", "same e-mail address")
            elif identity.leader is not None:
                families.setdefault(identity.leader, []).append(look)
        for leader, family in families.items():
            self._make(leader, family)
        return joining

    def _may_be_one(self, look: ContactLook) -> bool:
        """A new one who was mapped before they were made may have lost what makes them a parent."""
        if look.parent_id is None:
            return True
        if look.missing:
            self._compared.settled.append((look.record.mis_id, look.hash, 0))
            return False
        finding = why_no_parent(look.record)
        self._compared.find(look.record.mis_id, finding)
        return finding is None

    def _make(self, leader: str, family: Sequence[ContactLook]) -> None:
        """An id that was made before for one of them is used again."""
        made = (look.parent_id for look in family if look.parent_id is not None)
        parent_id = next(made, None) or uuid7()
        ordered = sorted(
            family, key=lambda look: (look.record.mis_id != leader, look.record.mis_id)
        )
        for look in ordered:
            self._map(look, parent_id, "new", "parental relationship and an e-mail address")
        proposal = proposal_of_new_parent(parent_id, [look.record for look in ordered])
        self._propose(proposal, [look.record.mis_id for look in ordered])

    def _map(self, look: ContactLook, parent_id: UUID, origin: str, reason: str) -> None:
        if look.parent_id != parent_id:
            self._compared.map(look.record.mis_id, parent_id, origin, reason, look.record.label)

    async def _compare(self, families: dict[UUID, list[ContactLook]], orphans: set[UUID]) -> None:
        given = {
            child
            for parent_id in families.keys() | orphans
            for child in self._by_id[parent_id].mis_children
        }
        stays = await contact_sides.leavers_among(self._connection, self._school_id, given)
        for parent_id, family in sorted(families.items()):
            self._compare_one(self._by_id[parent_id], family, stays)
        for parent_id in sorted(orphans):
            proposal = change_of_orphan(self._by_id[parent_id], stays)
            if proposal is not None:
                self._propose(proposal, [])

    def _compare_one(self, own: OwnParent, family: Sequence[ContactLook], stays: set[UUID]) -> None:
        there = sorted(
            ((look.record, look.accepted_email) for look in family if not look.missing),
            key=lambda one: one[0].mis_id,
        )
        change = change_of_parent(
            own,
            there,
            self._here,
            stays=stays,
            waits=any(look.missing and not look.gone for look in family),
        )
        for mis_id, finding in change.findings.items():
            self._compared.find(mis_id, finding)
        ids = [look.record.mis_id for look in family]
        if change.proposal is not None:
            self._propose(change.proposal, ids)
            return
        self._compared.settled += [(look.record.mis_id, look.hash, own.version) for look in family]

    def _propose(self, proposal: ParentProposal, mis_ids: Sequence[str]) -> None:
        self._compared.proposals.append(proposal)
        self._compared.proposed_for += mis_ids
