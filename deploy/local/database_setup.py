"""Makes the services' databases and roles, and migrates them to the newest, side by side."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping

from deploy.local.errors import OperatorError
from deploy.local.progress import Say
from deploy.local.secrets_kept import role_passwords
from deploy.local.state import State
from shared.database.provision import SERVICES, ServiceDatabase, provision

__all__ = ["set_up_databases"]


def set_up_databases(state: State, admin_dsn: str, say: Say) -> Mapping[str, ServiceDatabase]:
    """Safe to run again: what is there already stays as it is."""
    return asyncio.run(_set_up(state, admin_dsn, say))


async def _set_up(state: State, admin_dsn: str, say: Say) -> Mapping[str, ServiceDatabase]:
    databases = {
        service: await provision(admin_dsn, service, role_passwords(state, service))
        for service in SERVICES
    }
    finished: list[str] = []

    async def migrated(service: str) -> None:
        await _migrate(service, databases[service].owner)
        finished.append(service)
        say(f"{len(finished)} of {len(SERVICES)} migrated")

    await asyncio.gather(*(migrated(service) for service in SERVICES))
    return databases


async def _migrate(service: str, owner_dsn: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "shared.database.migrate", service),
        env={
            "PATH": os.environ.get("PATH", os.defpath),
            "CLASSROOM_MIGRATION_DATABASE_URL": owner_dsn,
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    if process.returncode != 0:
        last_words = "\n".join(output.decode(errors="replace").splitlines()[-8:])
        raise OperatorError(f"The migrations of {service} failed:\n{last_words}")
