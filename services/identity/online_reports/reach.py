"""Whether the parents of pupils would see what is published for them (R27)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Literal, TypeAlias
from uuid import UUID

from services.identity.accounts.repository import find_accounts
from services.identity.context import Identity
from services.identity.online_reports.repository import parents_of
from services.identity.parents.family import Family
from services.identity.parents.service import families
from shared.database.pool import Connection

__all__ = ["ParentsReach", "reach_of_pupils"]

ParentsReach: TypeAlias = Literal["see", "invited", "not_invited", "none"]
_BEST_FIRST: tuple[ParentsReach, ...] = ("see", "invited", "not_invited", "none")


async def reach_of_pupils(
    identity: Identity, connection: Connection, pupils: Sequence[UUID]
) -> dict[UUID, ParentsReach]:
    """What is best among the active parents of each: one who sees the child, one who was invited
    and has not come so far, one whom nobody has invited, or none."""
    ids = await parents_of(connection, pupils)
    accounts = [one for one in (await find_accounts(connection, ids)).values() if one.active]
    best: defaultdict[UUID, ParentsReach] = defaultdict(lambda: "none")
    for family in await families(identity, connection, accounts):
        for child in family.children:
            reach = _reach(family, seen=child.seen)
            best[child.pupil_id] = min(best[child.pupil_id], reach, key=_BEST_FIRST.index)
    return {pupil: best[pupil] for pupil in pupils}


def _reach(family: Family, *, seen: bool) -> ParentsReach:
    if family.state == "claimed":
        return "see" if seen else "invited"
    return "not_invited" if family.state == "not_invited" else "invited"
