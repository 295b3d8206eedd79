"""Sets the servers of Compose up: databases and roles, all that the broker holds, the bucket.

The same code as on one machine, and as safe to run again: what is right already stays as it is.
"""

from __future__ import annotations

import asyncio

import httpx

from deploy.compose import addresses
from deploy.compose.handing_out import (
    broker_admin_password,
    database_admin_password,
    databases,
    watcher_password,
)
from deploy.compose.object_store import keys_of, make_bucket
from deploy.local.broker_setup import set_up_broker
from deploy.local.progress import step
from deploy.local.rest import wait_for
from deploy.local.secrets_kept import broker_passwords, role_passwords
from deploy.local.state import State
from shared.database.provision import SERVICES, provision, provision_watcher

__all__ = ["set_up"]

BROKER_SECONDS = 180
PROCESSES = ("identity", "roster", "mis_sync", "reports", "gateway")


def set_up(state: State, url: str) -> None:
    """`url` is the address that people see. Remembers where everything is, for the operator."""
    with step("Databases and roles"):
        asyncio.run(_provision(state))
    management = addresses.management(addresses.BROKER_ADMIN, broker_admin_password(state))
    with step("RabbitMQ"):
        wait_for(lambda: _is_ready(management), "Starting RabbitMQ", seconds=BROKER_SECONDS)
    with step("Exchanges, queues and rights"):
        set_up_broker(management, broker_passwords(state))
    with step("Bucket for files"):
        make_bucket(keys_of(state).admin[-1], addresses.OBJECT_STORE, addresses.FILES_BUCKET)
    state.write(
        "stack",
        {
            "url": url,
            "addresses": {process: addresses.http(process) for process in PROCESSES},
            "files": addresses.files(),
            "relay_dsns": {name: found.relay for name, found in databases(state).items()},
            "service_dsns": {name: found.service for name, found in databases(state).items()},
        },
    )


async def _provision(state: State) -> None:
    admin = addresses.database(database_admin_password(state))
    for service in SERVICES:
        await provision(admin, service, role_passwords(state, service))
    await provision_watcher(admin, watcher_password(state))


def _is_ready(management_url: str) -> bool:
    """As its administrator, since a broker that was just made has to have made that one first."""
    try:
        answer = httpx.get(f"{management_url}/api/health/checks/local-alarms", timeout=5)
    except httpx.TransportError:
        return False
    return answer.status_code == httpx.codes.OK
