"""The school's link to its MIS: made, re-instated, asked for its state (R15, R21, R23)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from uuid_utils.compat import uuid7

from services.mis_sync import activity
from services.mis_sync.asking.repository import hold
from services.mis_sync.asking.service import keep_request
from services.mis_sync.context import MisSync
from services.mis_sync.links import repository
from services.mis_sync.links.credentials import BrokerCredentials, new_broker_credentials
from services.mis_sync.links.repository import Connector, Link
from services.mis_sync.links.requests import RequestNotSent
from services.mis_sync.snapshots.staging import end_unfinished_of
from shared.contracts.mis_sync import ConnectorProvisioned, ConnectorRequested, ConnectorRevoked
from shared.database.pool import Connection
from shared.security.principals import Principal
from shared.web.problems import Conflict, Unavailable

__all__ = [
    "LATE_AFTER",
    "LinkChangedMeanwhile",
    "LinkState",
    "NewConnector",
    "NotLinked",
    "SchoolNotHeardOf",
    "Seen",
    "cut_off",
    "make_link",
    "order_for",
    "renew_credentials",
    "request_snapshot",
    "state_of",
    "take_provisioned",
    "unlink",
]

LATE_AFTER = timedelta(hours=48)
_CHANGED = "Somebody else has changed the link meanwhile. Look at the page again first."


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


class LinkChangedMeanwhile(Conflict):
    slug, title = "mis-link-changed", "The link has changed meanwhile"


@dataclass(frozen=True)
class NewConnector:
    """A connector just registered, and its credentials, which are kept nowhere."""

    school: str
    connector: Connector
    credentials: BrokerCredentials


@dataclass(frozen=True)
class Seen:
    """The connector in force that the person looked at; `None` where they saw that none is."""

    connector_id: UUID | None


async def make_link(
    mis_sync: MisSync, connection: Connection, principal: Principal, seen: Seen | None = None
) -> NewConnector:
    """Register a connector, or re-instate the link: the old one is revoked, a new one issued.

    The next snapshot may come from another server (R21). Raises `SchoolNotHeardOf`, and
    `LinkChangedMeanwhile` where it is not as it was `seen`.
    """
    school_id = principal.tenant
    link = await repository.lock_new_link(connection, school_id)
    old = await repository.connector_in_force(connection, school_id)
    if seen is not None and seen.connector_id != (old.id if old else None):
        raise LinkChangedMeanwhile(_CHANGED)
    if old is not None:
        await _revoke(mis_sync, connection, school_id, old)
    again = old is not None or link.applied_at is not None
    if again:
        await repository.mark_reinstated(connection, school_id)
    action = "mis_link.reinstated" if again else "mis_link.made"
    return await _issue(mis_sync, connection, principal, action, old)


async def renew_credentials(
    mis_sync: MisSync, connection: Connection, principal: Principal, seen: UUID
) -> NewConnector:
    """A new file in place of the old, which stops working; the MIS behind it is the same.

    `seen` is the connector that the person looked at. Raises `NotLinked` or
    `LinkChangedMeanwhile`.
    """
    old = await _seen_connector(connection, principal.tenant, seen)
    await _revoke(mis_sync, connection, principal.tenant, old)
    return await _issue(mis_sync, connection, principal, "mis_link.renewed", old)


async def unlink(
    mis_sync: MisSync, connection: Connection, principal: Principal, seen: UUID
) -> None:
    """The connector is cut off, and nothing comes any more; what came stays as it is.

    Raises as `renew_credentials` does.
    """
    old = await _seen_connector(connection, principal.tenant, seen)
    await _revoke(mis_sync, connection, principal.tenant, old)
    await repository.revoke_all(connection, principal.tenant)
    await _record(mis_sync, connection, principal, "mis_link.revoked", old, before=old)


async def cut_off(mis_sync: MisSync, connection: Connection, school_id: UUID) -> None:
    """As `unlink`, because the school has left. One that has no link is left alone."""
    old = await repository.connector_in_force(connection, school_id)
    if old is not None:
        await _revoke(mis_sync, connection, school_id, old)
    await repository.revoke_all(connection, school_id)


async def _seen_connector(connection: Connection, school_id: UUID, seen: UUID) -> Connector:
    await repository.lock_new_link(connection, school_id)
    connector = await repository.connector_in_force(connection, school_id)
    if connector is None:
        raise NotLinked("There is no link to your MIS now.")
    if connector.id != seen:
        raise LinkChangedMeanwhile(_CHANGED)
    return connector


async def _revoke(
    mis_sync: MisSync, connection: Connection, school_id: UUID, old: Connector
) -> None:
    """Here at once; at the broker as soon as the provisioner hears, which also cuts it off."""
    now = mis_sync.clock()
    await repository.revoke(connection, school_id, old.id, now)
    await end_unfinished_of(connection, school_id, old.id, now)
    revoked = ConnectorRevoked(connector_id=old.id, broker_user=old.broker_user)
    await mis_sync.outbox.publish(connection, school_id, revoked)


async def _issue(
    mis_sync: MisSync,
    connection: Connection,
    principal: Principal,
    action: str,
    old: Connector | None,
) -> NewConnector:
    school_id = principal.tenant
    name = await repository.school_name(connection, school_id)
    if name is None:
        raise SchoolNotHeardOf("The school was made just now. Please try again in a minute.")
    connector_id = uuid7()
    credentials = new_broker_credentials(connector_id)
    connector = await repository.register(
        connection,
        school_id,
        connector_id,
        credentials,
        made_by=principal.name,
        at=mis_sync.clock(),
    )
    await mis_sync.outbox.publish(connection, school_id, order_for(connector))
    await _record(mis_sync, connection, principal, action, connector, before=old, after=connector)
    return NewConnector(name, connector, credentials)


async def _record(
    mis_sync: MisSync,
    connection: Connection,
    principal: Principal,
    action: str,
    subject: Connector,
    *,
    before: Connector | None = None,
    after: Connector | None = None,
) -> None:
    line = activity.entry(
        at=mis_sync.clock(),
        actor=activity.by(principal),
        action=action,
        kind="mis_link",
        label=subject.broker_user,
        subject_id=subject.id,
        before={"broker_user": before.broker_user} if before else None,
        after={"broker_user": after.broker_user} if after else None,
    )
    await activity.record(mis_sync.outbox, connection, principal.tenant, [line])


def order_for(connector: Connector) -> ConnectorRequested:
    """What the provisioner is told; the same as often as it takes."""
    return ConnectorRequested(
        connector_id=connector.id,
        broker_user=connector.broker_user,
        password_hash=connector.password_hash,
    )


async def take_provisioned(
    mis_sync: MisSync,
    connection: Connection,
    school_id: UUID,
    answers: Sequence[ConnectorProvisioned],
) -> None:
    """The provisioner's answers: from now on the connector can sign in.

    One that was revoked before it was made is revoked again: orders to make and to revoke come on
    queues of their own, so that either may be first.
    """
    for answer in answers:
        if not answer.present:
            continue
        in_force = await repository.mark_provisioned(
            connection, school_id, answer.connector_id, mis_sync.clock()
        )
        if not in_force:
            again = ConnectorRevoked(
                connector_id=answer.connector_id, broker_user=answer.broker_user
            )
            await mis_sync.outbox.publish(connection, school_id, again)


async def request_snapshot(mis_sync: MisSync, connection: Connection, principal: Principal) -> UUID:
    """Ask the connector for a snapshot now. Raises `NotLinked` or `Unavailable`."""
    connector = await repository.connector_in_force(connection, principal.tenant)
    if connector is None or connector.provisioned_at is None:
        raise NotLinked("Link the MIS first, then start its connector.")
    now, request_id = mis_sync.clock(), uuid7()
    await hold(connection, request_id)
    try:
        await mis_sync.requests.send(principal.tenant, connector.broker_user, now, request_id)
    except RequestNotSent as error:
        raise Unavailable(
            "The connector could not be asked just now. Please try again in a minute."
        ) from error
    await keep_request(connection, principal.tenant, request_id, "asked", now)
    await _record(mis_sync, connection, principal, "mis_link.snapshot_requested", connector)
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
