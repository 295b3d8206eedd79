"""Saves a mapping, or shows what saving it would do (R19)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.mis_sync import activity
from services.mis_sync.context import MisSync
from services.mis_sync.links.repository import find_link, lock_link
from services.mis_sync.mapping.decisions import Decided, Decision, decide_all
from services.mis_sync.runs import history
from services.mis_sync.runs.comparison import Proposals, compare
from services.mis_sync.runs.due import make_due
from services.mis_sync.runs.service import school_rules
from shared.contracts.mis_sync import LinkAction
from shared.contracts.vocabulary import LinkKind
from shared.database.pool import Connection
from shared.security.principals import Principal

__all__ = ["Consequences", "Saved", "preview_mapping", "save_mapping"]


@dataclass(frozen=True)
class Saved:
    """`run_id` is the run that goes on with what was decided, if anything can go on."""

    run_id: UUID | None
    results: Sequence[Decided]

    @property
    def counts(self) -> dict[str, int]:
        return dict(Counter(result.outcome for result in self.results))


@dataclass(frozen=True)
class Consequences:
    """What would be proposed, counted; `not_possible` decisions would change nothing."""

    creates_users: int = 0
    creates_groups: int = 0
    creates_pupils: int = 0
    links_groups: int = 0
    links_users: int = 0
    links_pupils: int = 0
    removes_links: int = 0
    ignores: int = 0
    not_possible: int = 0


class _Undone(Exception):
    """Takes back what a preview did."""


async def save_mapping(
    mis_sync: MisSync, connection: Connection, principal: Principal, decisions: Sequence[Decision]
) -> Saved:
    """Each decision by itself; those that were possible go on in one run."""
    school_id, now = principal.tenant, mis_sync.clock()
    await lock_link(connection, school_id)
    results = await decide_all(connection, school_id, decisions, now)
    run_id = None
    if any(result.compares for result in results):
        run_id = await history.add_waiting(connection, school_id, "mapping", now)
        await make_due(connection, school_id, now)
    lines = [_line(result, principal, now) for result in results if result.changed]
    await activity.record(mis_sync.outbox, connection, school_id, lines)
    return Saved(run_id, results)


async def preview_mapping(
    mis_sync: MisSync, connection: Connection, principal: Principal, decisions: Sequence[Decision]
) -> Consequences:
    """Does all of it, counts, and takes it back: the preview and the deed can not differ."""
    school_id, now = principal.tenant, mis_sync.clock()
    found = Consequences()
    await lock_link(connection, school_id)
    try:
        async with connection.transaction():
            results = await decide_all(connection, school_id, decisions, now)
            found = _consequences(results, await _proposals(connection, school_id, now))
            raise _Undone
    except _Undone:
        return found


async def _proposals(connection: Connection, school_id: UUID, now: datetime) -> Proposals:
    link = await find_link(connection, school_id)
    if link is None or link.academic_year is None:
        return Proposals()
    school = await school_rules(connection, school_id, link.academic_year)
    return await compare(connection, school_id, school, now) if school else Proposals()


def _consequences(results: Sequence[Decided], proposals: Proposals) -> Consequences:
    counts = proposals.counts()
    added = [link for link in proposals.links if link.action is LinkAction.ADD]
    teachers = {link.person_id for link in added if link.kind is LinkKind.TEACHER}
    pupils = {link.person_id for link in added if link.kind is LinkKind.MEMBER}
    return Consequences(
        creates_users=counts["users_created"],
        creates_groups=counts["groups_created"],
        creates_pupils=counts["pupils_created"],
        links_groups=len({link.group_id for link in added}),
        links_users=len(teachers),
        links_pupils=len(pupils),
        removes_links=counts["links_removed"],
        ignores=sum(result.outcome == "ignored" for result in results),
        not_possible=sum(not result.changed for result in results),
    )


def _line(result: Decided, principal: Principal, now: datetime) -> activity.ActivityEntry:
    standing = result.standing
    if standing is None:
        raise LookupError("nothing was decided")
    return activity.entry(
        at=now,
        actor=activity.by(principal),
        action=f"mapping.{result.outcome}",
        kind="mapping",
        label=standing.label,
        subject_id=standing.id,
        after={
            "difference": standing.kind,
            "mis_id": standing.key,
            "record_id": str(result.decision.record_id or standing.suggestion_id or "") or None,
        },
    )
