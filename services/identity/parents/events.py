"""What other services hear of parents: full states, in batches."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from services.identity.accounts.account import Account
from services.identity.parents.family import Child
from services.identity.parents.repository import children_of, kept_apart
from shared.contracts.identity import ParentsChanged, ParentState
from shared.contracts.vocabulary import Origin
from shared.database.pool import Connection
from shared.messaging.outbox import Outbox

__all__ = ["PARENTS_PER_EVENT", "publish_parents"]

PARENTS_PER_EVENT = 500


async def publish_parents(
    outbox: Outbox, connection: Connection, accounts: Sequence[Account]
) -> None:
    """The states of those that are parents, all of one school, with the children they have now."""
    parents = [account for account in accounts if account.kind == "parent"]
    for start in range(0, len(parents), PARENTS_PER_EVENT):
        part = parents[start : start + PARENTS_PER_EVENT]
        children = await children_of(connection, [parent.account_id for parent in part])
        apart = await kept_apart(connection, [parent.account_id for parent in part])
        states = tuple(
            _state(parent, children[parent.account_id], apart[parent.account_id]) for parent in part
        )
        await outbox.publish(connection, part[0].school_id, ParentsChanged(parents=states))


def _state(parent: Account, children: Sequence[Child], apart: Sequence[UUID]) -> ParentState:
    return ParentState(
        id=parent.account_id,
        version=parent.version,
        active=parent.active,
        email=parent.email,
        title=parent.title,
        forename=parent.forename or "",
        surname=parent.surname or "",
        claimed=parent.claimed,
        children=tuple(sorted(child.pupil_id for child in children)),
        confirmed_children=tuple(sorted(c.pupil_id for c in children if c.confirmed)),
        mis_children=tuple(sorted(c.pupil_id for c in children if c.origin is Origin.MIS)),
        kept_apart=tuple(sorted(apart)),
        origin=parent.origin,
        overrides=tuple(sorted(parent.overrides)),
    )
