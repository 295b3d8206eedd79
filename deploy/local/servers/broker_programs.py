"""Where RabbitMQ comes from: it is installed, or a container engine is, or Debian has a package."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from deploy.local.errors import OperatorError
from deploy.local.progress import Say
from deploy.local.servers.debian import can_install, install
from deploy.local.state import State

__all__ = ["Container", "Node", "find_broker"]

USUAL_PLACES = (
    "/usr/lib/rabbitmq/bin",
    "/opt/homebrew/opt/rabbitmq/sbin",
    "/usr/local/opt/rabbitmq/sbin",
    "/usr/local/sbin",
    "/opt/rabbitmq/sbin",
)
ENGINES = ("docker", "podman")

NO_WAY = (
    "RabbitMQ is missing. There are three ways: install it so that `rabbitmq-server` is found "
    "(Debian, Ubuntu: `apt-get install rabbitmq-server`), or start a container engine (Docker or "
    "Podman) that you may use, or run ./classroom as root or with sudo that asks for no password, "
    "and it installs Debian's package itself. A broker of your own can be named in RABBITMQ_URL."
)


@dataclass(frozen=True)
class Node:
    """RabbitMQ's own start script, not the wrapper that insists on a system user."""

    server: Path


@dataclass(frozen=True)
class Container:
    engine: str


def find_broker(state: State, say: Say) -> Node | Container:
    """The first way that works; raises `OperatorError` naming the three ways if none does.

    A stack that began in a container stays there, since its queues do.
    """
    chosen = state.read("rabbitmq").get("container")
    server = _installed_server()
    if server is not None and chosen is None:
        return Node(server)
    engine = chosen or _container_engine()
    if engine is not None:
        return Container(engine)
    if can_install():
        install("rabbitmq-server", because="RabbitMQ is missing", say=say)
        server = _installed_server()
        if server is not None:
            return Node(server)
    raise OperatorError(NO_WAY)


def _installed_server() -> Path | None:
    """RabbitMQ's script. Debian's wrapper of the same name on the PATH, which becomes a system
    user and calls the script by the name it was itself called by, is not it.
    """
    if shutil.which("erl") is None:
        return None
    on_path = shutil.which("rabbitmq-server")
    folders = [Path(on_path).resolve().parent] if on_path else []
    for folder in (*folders, *map(Path, USUAL_PLACES)):
        server = (folder / "rabbitmq-server").resolve()
        if (
            server.name == "rabbitmq-server"
            and (server.parent / "rabbitmq-env").exists()
            and os.access(server, os.X_OK)
        ):
            return server
    return None


def _container_engine() -> str | None:
    for engine in ENGINES:
        if shutil.which(engine) is None:
            continue
        try:
            done = subprocess.run([engine, "info"], capture_output=True, timeout=15, check=False)
        except subprocess.TimeoutExpired:
            continue
        if done.returncode == 0:
            return engine
    return None
