"""All SQL about parents' links to their children as the MIS gives and takes them (R13, R20)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.identity.mis_contacts.rules import ChildLink
from shared.database.pool import Connection

__all__ = ["add_links", "links_of", "take_links_away"]


async def links_of(
    connection: Connection, parents: Sequence[UUID]
) -> dict[UUID, dict[UUID, ChildLink]]:
    """By parent, then by pupil; those unlinked by hand too."""
    rows = await connection.fetch(
        "SELECT account_id, pupil_id, present, origin = 'hand' AS by_hand FROM parent_children "
        "WHERE account_id = ANY ($1::uuid[])",
        list(parents),
    )
    found: defaultdict[UUID, dict[UUID, ChildLink]] = defaultdict(dict)
    for row in rows:
        found[row["account_id"]][row["pupil_id"]] = ChildLink(row["present"], row["by_hand"])
    return found


async def add_links(
    connection: Connection, school_id: UUID, links: Sequence[tuple[UUID, UUID]], now: datetime
) -> None:
    """(parent, pupil), of the MIS's; whatever there is already stays."""
    await connection.execute(
        "INSERT INTO parent_children (school_id, account_id, pupil_id, linked_at, origin) "
        "SELECT $1, l.account_id, l.pupil_id, $4, 'mis' "
        "FROM unnest($2::uuid[], $3::uuid[]) AS l (account_id, pupil_id) ON CONFLICT DO NOTHING",
        school_id,
        [parent for parent, _ in links],
        [pupil for _, pupil in links],
        now,
    )


async def take_links_away(connection: Connection, links: Sequence[tuple[UUID, UUID]]) -> None:
    """(parent, pupil), which the MIS gave and has no longer; what a person set is left (R13)."""
    await connection.execute(
        "DELETE FROM parent_children c USING unnest($1::uuid[], $2::uuid[]) AS l (account_id, "
        "pupil_id) WHERE (c.account_id, c.pupil_id) = (l.account_id, l.pupil_id) "
        "AND c.origin = 'mis'",
        [parent for parent, _ in links],
        [pupil for _, pupil in links],
    )
