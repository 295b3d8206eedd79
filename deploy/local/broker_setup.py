"""Sets a broker up, as its administrator and over its management interface; again and again alike.

Vhosts, exchanges, every queue and binding of the topology, and the users of `broker_users`, all in
one import of definitions, which changes nothing that is right already. A broker may also load them
from a file when it boots (`topology`, `administrator`).
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx

from deploy.local.broker_users import BrokerNames, BrokerUser, broker_users
from deploy.local.errors import OperatorError
from shared.contracts.topology import (
    ACTIVITY_EXCHANGE,
    EVENTS_EXCHANGE,
    INBOUND_EXCHANGE,
    INBOUND_QUEUE,
    QUEUES,
    REPLAY_EXCHANGE,
)

__all__ = ["UNDELIVERABLE", "administrator", "set_up_broker", "topology"]

UNDELIVERABLE = "classroom.undeliverable"
"""Exchange and queue, in both vhosts, of what the broker itself gives up on. It stays empty unless
something is badly wrong: our consumers count tries themselves."""

MOST_DELIVERIES = 100_000
"""Far above what our own counting lets happen, and above the 20 that RabbitMQ 4 begins with."""

QUORUM = {"x-queue-type": "quorum"}
Definition = dict[str, Any]


def set_up_broker(
    management_url: str, passwords: Mapping[str, str], names: BrokerNames | None = None
) -> None:
    """Make or set right everything that the services need; `passwords` by user.

    `management_url` has the administrator's name and password in it.
    """
    names = names or BrokerNames()
    with httpx.Client(base_url=management_url, timeout=60, trust_env=False) as management:
        for vhost in (names.vhost, names.mis_vhost):
            _put_vhost(management, vhost)
        definitions = _definitions(names, passwords)
        _done(management.post("/api/definitions", json=definitions), "set the broker up")


def topology(names: BrokerNames | None = None) -> Definition:
    """All that the broker holds but users and their rights, in RabbitMQ's form; no secrets."""
    names = names or BrokerNames()
    return {
        "vhosts": [{"name": names.vhost}, {"name": names.mis_vhost}],
        "exchanges": _exchanges(names),
        "queues": _queues(names),
        "bindings": _bindings(names),
        "policies": _policies(names),
    }


def administrator(name: str, password: str) -> Definition:
    """Whom a broker must be told of that boots with definitions: it makes no default user then.

    The same for the same password, so that what is written of it can be compared.
    """
    names = BrokerNames()
    salt = hashlib.sha256(f"{name}:{password}".encode()).digest()[:4]
    user = {
        "name": name,
        "password_hash": salted_hash(password, salt),
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": "administrator",
    }
    everything = {"user": name, "configure": ".*", "write": ".*", "read": ".*"}
    vhosts = (names.vhost, names.mis_vhost)
    return {"users": [user], "permissions": [{**everything, "vhost": vhost} for vhost in vhosts]}


def _put_vhost(management: httpx.Client, vhost: str) -> None:
    """First, since whoever makes a vhost is let into it, and only then may fill it."""
    _done(management.put(f"/api/vhosts/{quote(vhost, safe='')}"), f"make the vhost {vhost}")


def _definitions(names: BrokerNames, passwords: Mapping[str, str]) -> Definition:
    users = broker_users(names)
    return {
        **topology(names),
        "users": [_user(user, passwords[user.key]) for user in users],
        "permissions": [
            {
                "user": user.name,
                "vhost": access.vhost,
                "configure": access.configure,
                "write": access.write,
                "read": access.read,
            }
            for user in users
            for access in user.access
        ],
        "topic_permissions": [
            {
                "user": user.name,
                "vhost": access.vhost,
                "exchange": topic.exchange,
                "write": topic.write,
                "read": topic.read,
            }
            for user in users
            for access in user.access
            for topic in access.topics
        ],
        "parameters": [],
        "global_parameters": [],
    }


def _exchanges(names: BrokerNames) -> list[Definition]:
    kinds = [
        (names.vhost, EVENTS_EXCHANGE, "topic"),
        (names.vhost, ACTIVITY_EXCHANGE, "topic"),
        (names.vhost, REPLAY_EXCHANGE, "topic"),
        (names.mis_vhost, INBOUND_EXCHANGE, "topic"),
        *((vhost, UNDELIVERABLE, "fanout") for vhost in (names.vhost, names.mis_vhost)),
    ]
    always = {"durable": True, "auto_delete": False, "internal": False, "arguments": {}}
    return [{"vhost": vhost, "name": name, "type": kind, **always} for vhost, name, kind in kinds]


def _queues(names: BrokerNames) -> list[Definition]:
    wanted = [
        *((names.vhost, queue.name) for queue in QUEUES),
        (names.mis_vhost, INBOUND_QUEUE),
        *((vhost, UNDELIVERABLE) for vhost in (names.vhost, names.mis_vhost)),
    ]
    always = {"durable": True, "auto_delete": False, "arguments": QUORUM}
    return [{"vhost": vhost, "name": name, **always} for vhost, name in wanted]


def _bindings(names: BrokerNames) -> list[Definition]:
    wanted = [
        *((names.vhost, q.exchange, q.name, q.payload.EVENT_TYPE) for q in QUEUES),
        *((names.vhost, REPLAY_EXCHANGE, queue.name, queue.name) for queue in QUEUES),
        (names.mis_vhost, INBOUND_EXCHANGE, INBOUND_QUEUE, "#"),
        *((vhost, UNDELIVERABLE, UNDELIVERABLE, "") for vhost in (names.vhost, names.mis_vhost)),
    ]
    return [
        {
            "vhost": vhost,
            "source": exchange,
            "destination": queue,
            "destination_type": "queue",
            "routing_key": key,
            "arguments": {},
        }
        for vhost, exchange, queue, key in wanted
    ]


def _policies(names: BrokerNames) -> list[Definition]:
    """`at-least-once` dead-lettering needs `reject-publish`, or it silently is at most once."""
    definition = {
        "dead-letter-exchange": UNDELIVERABLE,
        "dead-letter-strategy": "at-least-once",
        "overflow": "reject-publish",
        "delivery-limit": MOST_DELIVERIES,
    }
    services = "|".join(sorted({queue.service for queue in QUEUES}))
    patterns = [(names.vhost, rf"^({services})\."), (names.mis_vhost, rf"^{INBOUND_QUEUE}$")]
    return [
        {
            "vhost": vhost,
            "name": "nothing-is-dropped",
            "pattern": pattern,
            "apply-to": "queues",
            "definition": definition,
            "priority": 1,
        }
        for vhost, pattern in patterns
    ]


def _user(user: BrokerUser, password: str) -> Definition:
    return {
        "name": user.name,
        "password_hash": salted_hash(password),
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": ",".join(user.tags),
    }


def salted_hash(password: str, salt: bytes | None = None) -> str:
    """RabbitMQ's form: base64 of four bytes of salt and the SHA-256 of salt and password."""
    salt = salt if salt is not None else os.urandom(4)
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()


def _done(answer: httpx.Response, what: str) -> None:
    if answer.is_error:
        raise OperatorError(
            f"RabbitMQ did not let us {what}: {answer.status_code} {answer.text[:300]}"
        )
