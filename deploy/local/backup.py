"""A copy of all that a stack must not lose, in two files; and a stack made of such a copy.

One has each service's database (`pg_dump`, one after the other) and the files of the schools, the
other the secrets: whoever finds the one has no use of the pepper. What the broker holds is told
again: events that were not sent lie in the outboxes, and a service tells its whole state once more
(`republish`).
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

__all__ = ["back_up", "restore", "secrets_beside"]

AS_IT_WAS = ("--create", "--clean", "--if-exists", "--exit-on-error")
"""With the rights on the database itself, which are no part of what is in it."""
ADMIN_SECRETS = ("secrets/postgresql-admin", "secrets/rabbitmq-admin")
"""Those of the servers that were: a new server gets its own."""


def secrets_beside(copy: Path) -> Path:
    """The file of the secrets that belong to a copy, unless it is kept elsewhere."""
    return copy.with_name(f"{copy.name}.secrets")


def back_up(state: State, to: Path) -> None:
    """Write the copy of a stack that is up; readable by its owner only. Raises `OperatorError`."""
    url_of(state)
    admin = state.read("stack")["database_url"]
    for file in (to, secrets_beside(to)):
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    with tempfile.TemporaryDirectory() as folder, tarfile.open(to, "w") as archive:
        for service in SERVICES:
            with step(f"Database {service}"):
                dump = Path(folder) / f"{service}.dump"
                _run(admin, service, "pg_dump", "--format=custom", f"--file={dump}")
                archive.add(dump, dump.name)
        with step("Files"):
            archive.add(state.files, "files")
    with step("Secrets"), tarfile.open(secrets_beside(to), "w") as archive:
        archive.add(state.secrets, "secrets", filter=_without_servers)


def restore(state: State, copy: Path, secrets: Path) -> None:
    """Make what the copy has into a stack that is still to be started. There must be none here.

    Raises `OperatorError`.
    """
    if state.home.exists() and any(state.home.iterdir()):
        raise OperatorError(
            f"There is something in {state.home} already: restore where nothing is."
        )
    with tempfile.TemporaryDirectory() as folder:
        for source in (copy, secrets):
            with tarfile.open(source) as archive:
                archive.extractall(folder, filter="data")
        with step("Secrets and files"):
            _move(Path(folder) / "secrets", state.secrets)
            _move(Path(folder) / "files", state.files)
        with step("PostgreSQL"):
            admin = postgresql.start_postgresql(state).url
        for service in SERVICES:
            with step(f"Database {service}"):
                asyncio.run(provision(admin, service, role_passwords(state, service)))
                dump = str(Path(folder) / f"{service}.dump")
                _run(admin, "postgres", "pg_restore", *AS_IT_WAS, dump)


def _without_servers(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    return None if member.name in ADMIN_SECRETS else member


def _move(source: Path, target: Path) -> None:
    for path in sorted(source.iterdir()):
        path.rename(target / path.name)


def _run(admin: str, database: str, program: str, *arguments: str) -> None:
    """In that database; the password is not on the command line, which anybody sees."""
    parts = urlsplit(admin)
    host = parts.netloc.rpartition("@")[2]
    where = urlunsplit(parts._replace(netloc=f"{parts.username}@{host}", path=f"/{database}"))
    done = subprocess.run(
        [str(postgresql.programs() / program), f"--dbname={where}", *arguments],
        env={"PATH": os.defpath, "PGPASSWORD": unquote(parts.password or "")},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise OperatorError(f"{program} failed: {done.stderr.strip()[-1500:]}")
