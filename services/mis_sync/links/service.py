"""The school's link to its MIS: made, re-instated, asked for its state (R15, R21, R23)."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from uuid_utils.compat import uuid7

from services.mis_sync import activity
from services.mis_sync.context import MisSync
from services.mis_sync.links import repository
from services.mis_sync.links.credentials import BrokerCredentials, new_broker_credentials
from services.mis_sync.links.repository import Connector, Link
from services.mis_sync.links.requests import RequestNotSent
from shared.contracts.mis_sync import ConnectorProvisioned, ConnectorRequested, ConnectorRevoked
from shared.database.pool import Connection
from shared.security.principals import Principal
from shared.web.problems import Conflict, Unavailable

__all__ = [
    "LATE_AFTER",
    "LinkState",
    "NotLinked",
    "SchoolNotHeardOf",
    "make_link",
    "request_snapshot",
    "state_of",
    "take_provisioned",
]

LATE_AFTER = timedelta(hours=48)


class LinkState(StrEnum):
    NEVER_LINKED = "never_linked"
    PROVISIONING = "provisioning"
    WAITING = "waiting"
    HEALTHY = "healthy"
    LATE = "late"
    HELD = "held"
    SERVER_CHANGED = "server_changed"


class NotLinked(Conflict):
    slug, title = "mis-not-linked", "The MIS is not linked"


class SchoolNotHeardOf(Conflict):
    slug, title = "school-not-ready", "The school is still being set up"


async def make_link(
    mis_sync: MisSync, connection: Connection, principal: Principal
) -> tuple[str, Connector, BrokerCredentials]:
    """Register a connector, or re-instate the link: the old one is revoked, a new one issued.

    The school's name, the connector, and its credentials, which are kept nowhere. Raises
    `SchoolNotHeardOf`.
    """
    school_id, now = principal.tenant, mis_sync.clock()
    name = await repository.school_name(connection, school_id)
    if name is None:
        raise SchoolNotHeardOf("The school was made just now. Please try again in a minute.")
    await repository.lock_new_link(connection, school_id)
    old = await repository.connector_in_force(connection, school_id)
    if old is not None:
        await repository.revoke(connection, school_id, old.id, now)
        await repository.mark_reinstated(connection, school_id)
        revoked = ConnectorRevoked(connector_id=old.id, broker_user=old.broker_user)
        await mis_sync.outbox.publish(connection, school_id, revoked)
    connector_id = uuid7()
    credentials = new_broker_credentials(connector_id)
    connector = await repository.register(
        connection, school_id, connector_id, credentials, made_by=principal.name, at=now
    )
    await mis_sync.outbox.publish(connection, school_id, order_for(connector))
    line = activity.entry(
        at=now,
        actor=activity.by(principal),
        action="mis_link.reinstated" if old else "mis_link.made",
        kind="mis_link",
        label=connector.broker_user,
        subject_id=connector.id,
        before={"broker_user": old.broker_user} if old else None,
        after={"broker_user": connector.broker_user},
    )
    await activity.record(mis_sync.outbox, connection, school_id, [line])
    return name, connector, credentials


def order_for(connector: Connector) -> ConnectorRequested:
    """What the provisioner is told; the same as often as it takes."""
    return ConnectorRequested(
        connector_id=connector.id,
        broker_user=connector.broker_user,
        password_hash=connector.password_hash,
    )


async def take_provisioned(
    connection: Connection, school_id: UUID, answers: list[ConnectorProvisioned], now: datetime
) -> None:
    """The provisioner's answers: from now on the connector can sign in."""
    for answer in answers:
        if answer.present:
            await repository.mark_provisioned(connection, school_id, answer.connector_id, now)


async def request_snapshot(mis_sync: MisSync, connection: Connection, principal: Principal) -> UUID:
    """Ask the connector for a snapshot now. Raises `NotLinked` or `Unavailable`."""
    connector = await repository.connector_in_force(connection, principal.tenant)
    if connector is None or connector.provisioned_at is None:
        raise NotLinked("Link the MIS first, then start its connector.")
    now = mis_sync.clock()
    try:
        request_id = await mis_sync.requests.send(principal.tenant, connector.broker_user, now)
    except RequestNotSent as error:
        raise Unavailable(
            "The connector could not be asked just now. Please try again in a minute."
        ) from error
    line = activity.entry(
        at=now,
        actor=activity.by(principal),
        action="mis_link.snapshot_requested",
        kind="mis_link",
        label=connector.broker_user,
        subject_id=connector.id,
    )
    await activity.record(mis_sync.outbox, connection, principal.tenant, [line])
    return request_id


def state_of(link: Link | None, connector: Connector | None, now: datetime) -> LinkState:
    """How the link stands (R23). Late is also a link by which nothing has ever come."""
    if link is None or connector is None:
        return LinkState.NEVER_LINKED
    if link.trouble is not None:
        return LinkState(link.trouble)
    if connector.provisioned_at is None:
        return LinkState.PROVISIONING
    newly = link.applied_at is None or link.applied_at < connector.created_at
    last = connector.created_at if newly else link.applied_taken_at
    if last is not None and now - last > LATE_AFTER:
        return LinkState.LATE
    return LinkState.WAITING if newly else LinkState.HEALTHY
