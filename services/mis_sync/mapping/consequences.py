"""What saving would do, counted and said: by doing all of it and taking it back (R19)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from services.mis_sync.differences import listing
from services.mis_sync.differences.listing import Reason
from services.mis_sync.links.repository import find_link
from services.mis_sync.mapping.outcomes import Became
from services.mis_sync.runs import history
from services.mis_sync.runs.comparison import Proposals, compare
from services.mis_sync.runs.service import school_rules
from services.mis_sync.runs.told import year_of_comparison
from shared.contracts.mis_sync import LinkAction
from shared.contracts.vocabulary import LinkKind
from shared.database.pool import Connection, savepoint

__all__ = ["Consequences", "try_out"]


@dataclass(frozen=True)
class Consequences:
    """What would be decided and proposed, counted.

    `refused` are the ones that are not possible, each with the reason. `without_user` are staff of
    the groups decided now who get none, and why. `asks` counts what will have to be decided then.
    `other_year`: groups and users wait, since the MIS is in another academic year (R22).
    """

    maps: int = 0
    moves: int = 0
    takes_apart: int = 0
    ignores: int = 0
    unignores: int = 0
    tries_again: int = 0
    creates_users: int = 0
    creates_groups: int = 0
    creates_pupils: int = 0
    creates_parents: int = 0
    changes_pupils: int = 0
    changes_groups: int = 0
    changes_users: int = 0
    deactivates_pupils: int = 0
    links_groups: int = 0
    links_users: int = 0
    links_pupils: int = 0
    adds_memberships: int = 0
    adds_teaching: int = 0
    removes_links: int = 0
    asks: int = 0
    not_possible: int = 0
    refused: list[Reason] = field(default_factory=list)
    without_user: list[Reason] = field(default_factory=list)
    sync_running: bool = False
    other_year: bool = False


class _Undone(Exception):
    """Takes back what was tried out."""


async def try_out(
    connection: Connection,
    school_id: UUID,
    deed: Callable[[], Awaitable[Sequence[Became]]],
    now: datetime,
) -> Consequences:
    """Does all of it, counts, and takes it back: the preview and the deed can not differ."""
    found = Consequences()
    running = await history.applying(connection, school_id) is not None
    try:
        async with savepoint(connection):
            open_before = await listing.open_ids(connection, school_id)
            results = await deed()
            proposals, other_year = await _proposals(connection, school_id, now)
            open_after = await listing.open_ids(connection, school_id)
            groups = [r.key for r in results if r.mis_kind == "group" and r.compares]
            without = await listing.staff_without_user(connection, school_id, groups)
            found = Consequences(
                **_of_results(results),
                **_of_proposals(proposals),
                asks=len(open_after - open_before),
                without_user=without,
                sync_running=running,
                other_year=other_year,
            )
            raise _Undone
    except _Undone:
        return found


async def _proposals(
    connection: Connection, school_id: UUID, now: datetime
) -> tuple[Proposals, bool]:
    link = await find_link(connection, school_id)
    here = await school_rules(connection, school_id, None)
    if link is None or here is None or link.academic_year is None:
        return Proposals(), False
    year = await year_of_comparison(connection, school_id, link, here.academic_year)
    school = await school_rules(connection, school_id, year)
    if school is None:
        return Proposals(), False
    return await compare(connection, school_id, school, now), school.limited


def _of_results(results: Sequence[Became]) -> dict[str, Any]:
    def having(*outcomes: str) -> int:
        return sum(result.outcome in outcomes for result in results)

    refused = [result for result in results if not result.changed]
    return {
        "maps": having("mapped"),
        "moves": having("moved"),
        "takes_apart": having("taken_apart"),
        "ignores": having("ignored"),
        "unignores": having("unignored"),
        "tries_again": having("retried"),
        "not_possible": len(refused),
        "refused": [
            Reason(result.label or "A difference", result.detail or "") for result in refused
        ],
    }


def _of_proposals(proposals: Proposals) -> dict[str, Any]:
    counts = proposals.counts()
    added = [link for link in proposals.links if link.action is LinkAction.ADD]
    taught = [link for link in added if link.kind is LinkKind.TEACHER]
    joined = [link for link in added if link.kind is LinkKind.MEMBER]
    return {
        "creates_users": counts["users_created"],
        "creates_groups": counts["groups_created"],
        "creates_pupils": counts["pupils_created"],
        "creates_parents": counts["parents_created"],
        "changes_pupils": counts["pupils_updated"] + counts["pupils_reactivated"],
        "changes_groups": counts["groups_updated"],
        "changes_users": counts["users_updated"],
        "deactivates_pupils": counts["pupils_deactivated"],
        "links_groups": len({link.group_id for link in added}),
        "links_users": len({link.person_id for link in taught}),
        "links_pupils": len({link.person_id for link in joined}),
        "adds_memberships": len(joined),
        "adds_teaching": len(taught),
        "removes_links": counts["links_removed"],
    }
