"""Sets the servers of a cluster up: databases and roles, and all that the broker holds.

The same code as on one machine, and as safe to run again. It waits for the servers, and for all
nodes of the broker, since a quorum queue has its members on those that are there when it is made.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import asyncpg
import httpx
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_random_exponential

from deploy.local.broker_setup import UNDELIVERABLE, set_up_broker
from deploy.local.broker_users import BrokerNames
from deploy.local.errors import OperatorError
from deploy.local.progress import step
from deploy.local.rest import wait_for
from deploy.local.secrets_kept import broker_passwords, role_passwords
from deploy.local.state import State
from shared.contracts.topology import INBOUND_QUEUE, QUEUES
from shared.database.provision import provision

__all__ = ["few_members", "set_up"]

_SECONDS = 900
_MEMBERS_SECONDS = 120
"""The step is run again after it, and makes what could not be made."""
MEMBERS = 3
"""Of a quorum queue, where there are as many nodes: RabbitMQ's own number."""


def set_up(
    state: State,
    admin_dsns: Mapping[str, str],
    management: str,
    nodes: int,
    names: BrokerNames | None = None,
) -> None:
    """`admin_dsns` are the databases' administrators' by service, `management` is the broker's."""
    with step("Databases and roles"):
        asyncio.run(_provision(state, admin_dsns))
    with httpx.Client(base_url=management, timeout=30, trust_env=False) as broker:
        with step(f"RabbitMQ's {nodes} nodes"):
            wait_for(lambda: _running(broker) >= nodes, "Starting RabbitMQ", seconds=_SECONDS)
        with step("Exchanges, queues and rights"):
            set_up_broker(management, broker_passwords(state), names)
        with step("Members of each queue"):
            _wait_for_members(broker, min(nodes, MEMBERS), names or BrokerNames())


def few_members(
    queues: Sequence[Mapping[str, Any]], wanted: Collection[str], members: int
) -> list[str]:
    """Those of the wanted that are not there, no quorum queues, or on fewer nodes.

    An import of definitions says nothing of a queue that it could not make.
    """
    well = {
        queue["name"]
        for queue in queues
        if queue.get("type") == "quorum" and len(queue.get("members") or []) >= members
    }
    return sorted(set(wanted) - well)


_AWAY = (OSError, TimeoutError, asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError)


async def _provision(state: State, admin_dsns: Mapping[str, str]) -> None:
    @retry(
        retry=retry_if_exception_type(_AWAY),
        wait=wait_random_exponential(multiplier=1, max=10),
        stop=stop_after_delay(_SECONDS),
        reraise=True,
    )
    async def one(service: str, admin: str) -> None:
        await provision(admin, service, role_passwords(state, service))

    await asyncio.gather(*(one(service, admin) for service, admin in admin_dsns.items()))


def _running(broker: httpx.Client) -> int:
    try:
        answer = broker.get("/api/nodes")
    except httpx.TransportError:
        return 0
    if answer.is_error:
        return 0
    return sum(bool(node.get("running")) for node in answer.json())


def _wait_for_members(broker: httpx.Client, members: int, names: BrokerNames) -> None:
    few: list[str] = []
    wanted = {
        names.vhost: [UNDELIVERABLE, *(queue.name for queue in QUEUES)],
        names.mis_vhost: [UNDELIVERABLE, INBOUND_QUEUE],
    }

    def enough() -> bool:
        few[:] = [
            name
            for vhost, there in wanted.items()
            for name in few_members(_queues(broker, vhost), there, members)
        ]
        return not few

    try:
        wait_for(enough, "Making members", seconds=_MEMBERS_SECONDS)
    except OperatorError as error:
        raise OperatorError(f"Not on {members} nodes: {', '.join(few)}.") from error


def _queues(broker: httpx.Client, vhost: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = broker.get(f"/api/queues/{vhost}").raise_for_status().json()
    return found
