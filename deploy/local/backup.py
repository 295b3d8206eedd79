"""A copy of all that a stack must not lose, in one file; and a stack made of such a copy.

What is in it: each service's database (`pg_dump`, one after the other), the secrets, and the files
of the schools. What the broker holds is told again: events that were not sent lie in the outboxes,
and a service tells its whole state once more (`republish`).
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import tarfile
import tempfile
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from deploy.local.errors import OperatorError
from deploy.local.progress import step
from deploy.local.secrets_kept import role_passwords
from deploy.local.servers import postgresql
from deploy.local.state import State, url_of
from shared.database.provision import SERVICES, provision

__all__ = ["back_up", "restore"]

PARTS = ("secrets", "files")
STOPPING = ("--exit-on-error", "--single-transaction")
ADMIN_SECRETS = ("secrets/postgresql-admin", "secrets/rabbitmq-admin")
"""Those of the servers that were: a new server gets its own."""


def back_up(state: State, to: Path) -> None:
    """Write the copy of a stack that is up; readable by its owner only. Raises `OperatorError`."""
    url_of(state)
    admin = state.read("stack")["database_url"]
    os.close(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    with tempfile.TemporaryDirectory() as folder, tarfile.open(to, "w") as archive:
        for service in SERVICES:
            with step(f"Database {service}"):
                dump = Path(folder) / f"{service}.dump"
                _run(admin, service, "pg_dump", "--format=custom", f"--file={dump}")
                archive.add(dump, dump.name)
        with step("Secrets and files"):
            for part in PARTS:
                archive.add(state.home / part, part, filter=_without_servers)


def restore(state: State, copy: Path) -> None:
    """Make what the copy has into a stack that is still to be started. There must be none here.

    Raises `OperatorError`.
    """
    if state.home.exists() and any(state.home.iterdir()):
        raise OperatorError(
            f"There is something in {state.home} already: restore where nothing is."
        )
    with tempfile.TemporaryDirectory() as folder, tarfile.open(copy) as archive:
        archive.extractall(folder, filter="data")
        with step("Secrets and files"):
            for part in PARTS:
                _move(Path(folder) / part, getattr(state, part))
        with step("PostgreSQL"):
            admin = postgresql.start_postgresql(state).url
        for service in SERVICES:
            with step(f"Database {service}"):
                asyncio.run(provision(admin, service, role_passwords(state, service)))
                dump = str(Path(folder) / f"{service}.dump")
                _run(admin, service, "pg_restore", "--clean", "--if-exists", *STOPPING, dump)


def _without_servers(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    return None if member.name in ADMIN_SECRETS else member


def _move(source: Path, target: Path) -> None:
    for path in sorted(source.iterdir()):
        path.rename(target / path.name)


def _run(admin: str, service: str, program: str, *arguments: str) -> None:
    """In the service's database; the password is not on the command line, which anybody sees."""
    parts = urlsplit(admin)
    host = parts.netloc.rpartition("@")[2]
    where = urlunsplit(parts._replace(netloc=f"{parts.username}@{host}", path=f"/{service}"))
    done = subprocess.run(
        [str(postgresql.programs() / program), f"--dbname={where}", *arguments],
        env={"PATH": os.defpath, "PGPASSWORD": unquote(parts.password or "")},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise OperatorError(f"{program} failed: {done.stderr.strip()[-1500:]}")
