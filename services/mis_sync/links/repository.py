"""The SQL of the school's MIS link and of its connectors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.mis_sync.links.credentials import BrokerCredentials
from services.mis_sync.measures import figures
from shared.database.pool import Connection

__all__ = [
    "Connector",
    "Link",
    "Sender",
    "connector_in_force",
    "find_link",
    "linked_schools",
    "lock_link",
    "lock_link_soon",
    "lock_new_link",
    "mark_heard",
    "mark_provisioned",
    "mark_reinstated",
    "register",
    "revoke",
    "revoke_all",
    "school_name",
    "sender_of",
    "sends_by_itself",
    "set_applied",
    "set_trouble",
]


@dataclass(frozen=True)
class Link:
    """The link as it stands. `instance_id` is the server the last applied snapshot came from."""

    trouble: str | None
    instance_id: str | None
    reinstated: bool
    academic_year: str | None
    applied_taken_at: datetime | None
    applied_at: datetime | None


@dataclass(frozen=True)
class Connector:
    id: UUID
    broker_user: str
    password_hash: str
    created_at: datetime
    provisioned_at: datetime | None
    heard_at: datetime | None = None
    heard_kind: str | None = None
    listens: bool = False


@dataclass(frozen=True)
class Sender:
    """Who the broker says sent a message."""

    school_id: UUID
    connector_id: UUID
    revoked: bool
    public_key: Mapping[str, str] | None
    """Of its signatures, a JSON Web Key; `None` for credentials from before there were any."""


_LINK = """
SELECT trouble, instance_id, reinstated, academic_year, applied_taken_at, applied_at
FROM mis_link WHERE school_id = $1
"""


async def find_link(connection: Connection, school_id: UUID) -> Link | None:
    row = await connection.fetchrow(_LINK, school_id)
    return Link(**row) if row else None


async def lock_link(connection: Connection, school_id: UUID) -> Link | None:
    """The link, held until the transaction ends: a school's changes follow one another."""
    row = await connection.fetchrow(f"{_LINK} FOR UPDATE", school_id)
    return Link(**row) if row else None


async def lock_link_soon(connection: Connection, school_id: UUID) -> Link | None:
    """As `lock_link`, but who cannot have it soon is not kept: raises `LockNotAvailableError`."""
    await connection.execute(
        f"""
        SET LOCAL lock_timeout = '300ms';
        SELECT FROM mis_link WHERE school_id = '{school_id.hex}' FOR UPDATE;
        SET LOCAL lock_timeout TO DEFAULT
        """
    )
    return await lock_link(connection, school_id)


async def lock_new_link(connection: Connection, school_id: UUID) -> Link:
    """As `lock_link`, for a school that may have none yet."""
    await connection.execute(
        "INSERT INTO mis_link (school_id) VALUES ($1) ON CONFLICT DO NOTHING", school_id
    )
    link = await lock_link(connection, school_id)
    if link is None:
        raise LookupError("the link was made in this transaction")
    return link


async def set_trouble(connection: Connection, school_id: UUID, trouble: str | None) -> None:
    await connection.execute(
        "UPDATE mis_link SET trouble = $2 WHERE school_id = $1", school_id, trouble
    )


async def set_applied(
    connection: Connection,
    school_id: UUID,
    *,
    instance_id: str | None,
    academic_year: str,
    taken_at: datetime,
    at: datetime,
) -> None:
    """A snapshot was taken over. A source that names no instance leaves the known one."""
    await connection.execute(
        """
        UPDATE mis_link SET trouble = NULL, reinstated = false,
            instance_id = coalesce($2, instance_id), academic_year = $3, applied_taken_at = $4,
            applied_at = $5
        WHERE school_id = $1
        """,
        school_id,
        instance_id,
        academic_year,
        taken_at,
        at,
    )
    figures.snapshot("applied")


async def mark_reinstated(connection: Connection, school_id: UUID) -> None:
    await connection.execute(
        """
        UPDATE mis_link SET trouble = nullif(trouble, 'server_changed'), reinstated = true
        WHERE school_id = $1
        """,
        school_id,
    )


async def connector_in_force(connection: Connection, school_id: UUID) -> Connector | None:
    row = await connection.fetchrow(
        """
        SELECT id, broker_user, password_hash, created_at, provisioned_at, heard_at, heard_kind,
            listens
        FROM connectors WHERE school_id = $1 AND revoked_at IS NULL
        """,
        school_id,
    )
    return Connector(**row) if row else None


async def register(
    connection: Connection,
    school_id: UUID,
    connector_id: UUID,
    credentials: BrokerCredentials,
    *,
    made_by: str,
    at: datetime,
) -> Connector:
    """The school's one connector in force; a former one is revoked first."""
    public_key = json.dumps(credentials.public_key)
    await connection.execute(
        """
        INSERT INTO connectors (school_id, id, broker_user, password_hash, made_by, created_at,
            public_key)
        VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb)
        """,
        school_id,
        connector_id,
        credentials.username,
        credentials.password_hash,
        made_by,
        at,
        public_key,
    )
    await connection.execute(
        "SELECT register_connector($1, $2, $3, $4::jsonb)",
        credentials.username,
        school_id,
        connector_id,
        public_key,
    )
    return Connector(connector_id, credentials.username, credentials.password_hash, at, None)


async def revoke(connection: Connection, school_id: UUID, connector_id: UUID, at: datetime) -> None:
    await connection.execute(
        "UPDATE connectors SET revoked_at = $3 WHERE school_id = $1 AND id = $2",
        school_id,
        connector_id,
        at,
    )


async def revoke_all(connection: Connection, school_id: UUID) -> None:
    """The school is linked no more, and asked in no night."""
    await connection.execute("SELECT unregister_connectors($1)", school_id)


async def mark_heard(
    connection: Connection,
    school_id: UUID,
    connector_id: UUID,
    at: datetime,
    kind: str,
    *,
    listens: bool,
) -> None:
    """Never moved back: a message that was kept and is sent again tells nothing new."""
    await connection.execute(
        """
        UPDATE connectors SET
            heard_kind = CASE WHEN heard_at IS NULL OR heard_at < $3 THEN $4 ELSE heard_kind END,
            heard_at = greatest(heard_at, $3),
            listens = listens OR $5 AND (listened_at IS NULL OR listened_at < $3),
            listened_at = CASE WHEN $5 THEN greatest(listened_at, $3) ELSE listened_at END
        WHERE school_id = $1 AND id = $2 AND (heard_at IS NULL OR heard_at < $3
            OR $5 AND (listened_at IS NULL OR listened_at < $3))
        """,
        school_id,
        connector_id,
        at,
        kind,
        listens,
    )


async def sends_by_itself(connection: Connection, school_id: UUID, connector: Connector) -> bool:
    """Whether there is nobody to ask: it has sent, and nothing of it waits for requests.

    One that waited once is found out by the last request, which it did not hear and sent
    nevertheless; when it says again that it waits, it is asked again.
    """
    if connector.heard_at is None:
        return False
    if connector.listens:
        stopped = await connection.fetchval(
            """
            UPDATE connectors c SET listens = false
            FROM (SELECT asked_at, outcome FROM snapshot_requests WHERE school_id = $1
                ORDER BY asked_at DESC, id DESC LIMIT 1) AS q
            WHERE c.school_id = $1 AND c.id = $2 AND q.outcome = 'not_heard'
                AND c.listened_at < q.asked_at AND c.heard_at > q.asked_at
            RETURNING true
            """,
            school_id,
            connector.id,
        )
        return bool(stopped)
    return True


async def mark_provisioned(
    connection: Connection, school_id: UUID, connector_id: UUID, at: datetime
) -> bool:
    """Whether it is in force."""
    revoked_at: datetime | None = await connection.fetchval(
        """
        UPDATE connectors SET provisioned_at = coalesce(provisioned_at, $3)
        WHERE school_id = $1 AND id = $2 RETURNING revoked_at
        """,
        school_id,
        connector_id,
        at,
    )
    return revoked_at is None


async def sender_of(connection: Connection, broker_user: str) -> Sender | None:
    """Needs no tenant: it is how the tenant of a message is found."""
    row = await connection.fetchrow(
        "SELECT school_id, connector_id, revoked, public_key FROM connector_of($1)", broker_user
    )
    if row is None:
        return None
    key = json.loads(row["public_key"]) if row["public_key"] else None
    return Sender(row["school_id"], row["connector_id"], row["revoked"], key)


async def linked_schools(connection: Connection) -> list[UUID]:
    rows = await connection.fetch("SELECT linked_schools() AS school_id")
    return [row["school_id"] for row in rows]


async def school_name(connection: Connection, school_id: UUID) -> str | None:
    name: str | None = await connection.fetchval(
        "SELECT name FROM own_schools WHERE school_id = $1", school_id
    )
    return name
