"""Who may do what at the broker: one user per process that speaks to it, as narrow as can be.

A user without a topic permission for an exchange may publish everything to it (RabbitMQ's default),
so each has one for every topic exchange that it may write to or bind to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from shared.contracts.activity import ActivityRecorded
from shared.contracts.envelope import Payload
from shared.contracts.identity import SchoolChanged, SessionsEnded
from shared.contracts.mis_sync import ConnectorProvisioned
from shared.contracts.topology import (
    ACTIVITY_EXCHANGE,
    EVENTS_EXCHANGE,
    INBOUND_QUEUE,
    QUEUES,
    REPLAY_EXCHANGE,
)

__all__ = ["Access", "BrokerNames", "BrokerUser", "TopicAccess", "broker_users"]

NOTHING = "^$"


@dataclass(frozen=True)
class BrokerNames:
    """What the vhosts and users are called, so that several systems can share a broker."""

    vhost: str = "classroom"
    mis_vhost: str = "mis"
    user_prefix: str = ""


@dataclass(frozen=True)
class TopicAccess:
    """Patterns of the routing keys that may be published to, or bound from, a topic exchange."""

    exchange: str
    write: str = NOTHING
    read: str = NOTHING


@dataclass(frozen=True)
class Access:
    """Patterns of the names that may be declared, written to and read from in one vhost."""

    vhost: str
    configure: str = NOTHING
    write: str = NOTHING
    read: str = NOTHING
    topics: tuple[TopicAccess, ...] = ()


@dataclass(frozen=True)
class BrokerUser:
    key: str
    """Names the password, whatever the prefix."""
    name: str
    access: tuple[Access, ...]
    tags: tuple[str, ...] = field(default=())


def broker_users(names: BrokerNames) -> tuple[BrokerUser, ...]:
    """All users but the connectors', whom the provisioner makes."""
    services = ("identity", "roster", "mis_sync", "reports")
    return (
        *(_user(names, service, (_service(names, service),)) for service in services),
        _user(names, "gateway", (_gateway(names),)),
        _user(names, "mis_sync_inbound", (_inbound(names),)),
        _user(names, "mis_sync_provisioner", _provisioner(names), ("administrator",)),
        _user(names, "scaler", _scaler(names), ("monitoring",)),
    )


def _user(
    names: BrokerNames, key: str, access: tuple[Access, ...], tags: tuple[str, ...] = ()
) -> BrokerUser:
    return BrokerUser(key, f"{names.user_prefix}{key}", access, tags)


def _service(
    names: BrokerNames, service: str, publishes: str | None = None, *, active: bool = True
) -> Access:
    """Its own queues; publishes events under its own name, and replays to its own queues."""
    own = rf"{service}\."
    heard: dict[str, list[str]] = {}
    for queue in QUEUES:
        if queue.service == service:
            heard.setdefault(queue.exchange, []).append(queue.payload.EVENT_TYPE)
    written = [EVENTS_EXCHANGE, REPLAY_EXCHANGE] + ([ACTIVITY_EXCHANGE] if active else [])
    return Access(
        names.vhost,
        configure=f"^{own}",
        write=f"^{own}|{_one_of(written)}",
        read=f"^{own}|{_one_of([*heard, REPLAY_EXCHANGE])}",
        topics=(
            TopicAccess(
                EVENTS_EXCHANGE,
                write=publishes or f"^{own}",
                read=_one_of(heard.get(EVENTS_EXCHANGE, [])),
            ),
            TopicAccess(
                ACTIVITY_EXCHANGE,
                write=_types(ActivityRecorded) if active else NOTHING,
                read=_one_of(heard.get(ACTIVITY_EXCHANGE, [])),
            ),
            TopicAccess(REPLAY_EXCHANGE, write=f"^{own}", read=f"^{own}"),
        ),
    )


def _gateway(names: BrokerNames) -> Access:
    """Hears of sessions and schools on queues that go with it, and publishes nothing."""
    own = r"^gateway\."
    return Access(
        names.vhost,
        configure=own,
        write=own,
        read=f"{own}|{_one_of([EVENTS_EXCHANGE])}",
        topics=(TopicAccess(EVENTS_EXCHANGE, read=_types(SessionsEnded, SchoolChanged)),),
    )


def _inbound(names: BrokerNames) -> Access:
    """Takes snapshots in, and puts requests into the connectors' queues by their names."""
    return Access(names.mis_vhost, write=r"^amq\.default$", read=_one_of([INBOUND_QUEUE]))


def _provisioner(names: BrokerNames) -> tuple[Access, ...]:
    """Makes the connectors' users; tells mis_sync that it has, and nothing else."""
    told = _types(ConnectorProvisioned)
    requests = Access(names.mis_vhost, configure=r"^mis\.requests\.")
    return (_service(names, "provisioner", told, active=False), requests)


def _scaler(names: BrokerNames) -> tuple[Access, ...]:
    """Sees how long queues are, for whoever adds consumers by that, and touches none."""
    return (Access(names.vhost), Access(names.mis_vhost))


def _types(*payloads: type[Payload]) -> str:
    return _one_of([payload.EVENT_TYPE for payload in payloads])


def _one_of(names: list[str]) -> str:
    return f"^({'|'.join(re.escape(name) for name in names)})$" if names else NOTHING
