"""Where RabbitMQ comes from: it is installed, or a container engine is, or Debian has a package."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from deploy.local.errors import OperatorError
from deploy.local.progress import Say, console
from deploy.local.servers.debian import can_install, install
from deploy.local.state import State

__all__ = [
    "USUAL_IMAGE",
    "Container",
    "Node",
    "container_engine",
    "find_broker",
    "find_installed",
    "has_image",
]

USUAL_PLACES = (
    "/usr/lib/rabbitmq/bin",
    "/opt/homebrew/opt/rabbitmq/sbin",
    "/usr/local/opt/rabbitmq/sbin",
    "/usr/local/sbin",
    "/opt/rabbitmq/sbin",
)
ENGINES = ("docker", "podman")
USUAL_IMAGE = "rabbitmq:4-management"
PULL_SECONDS = 900

NO_WAY = (
    "RabbitMQ is missing. There are three ways: install it so that `rabbitmq-server` is found "
    "(Debian, Ubuntu: `apt-get install rabbitmq-server`), or start a container engine (Docker or "
    "Podman) that you may use and that can get the image {image} (CLASSROOM_RABBITMQ_IMAGE names "
    "another), or run ./classroom as root or with sudo that asks for no password, "
    "and it installs Debian's package itself. A broker of your own can be named in RABBITMQ_URL."
)


@dataclass(frozen=True)
class Node:
    """RabbitMQ's own start script, not the wrapper that insists on a system user."""

    server: Path


@dataclass(frozen=True)
class Container:
    """A container engine that runs, and the image of RabbitMQ that it has."""

    engine: str
    image: str


def find_broker(state: State, say: Say) -> Node | Container:
    """The first way that works; raises `OperatorError` naming the three ways if none does.

    A stack that began in a container stays there, since its queues do.
    """
    known = state.read("rabbitmq")
    image = os.environ.get("CLASSROOM_RABBITMQ_IMAGE") or known.get("image", USUAL_IMAGE)
    if "container" in known:
        return _same_again(Container(known["container"], image), say)
    server = find_installed()
    if server is not None:
        return Node(server)
    engine = container_engine()
    if engine is not None:
        complaint = _get_image(Container(engine, image), say)
        if complaint is None:
            return Container(engine, image)
        console.print(f"{engine} did not get the image {image}: {complaint}")
    if can_install():
        install("rabbitmq-server", because="RabbitMQ is missing", say=say)
        server = find_installed()
        if server is not None:
            return Node(server)
    raise OperatorError(NO_WAY.format(image=image))


def _same_again(container: Container, say: Say) -> Container:
    complaint = _get_image(container, say)
    if complaint is not None:
        raise OperatorError(
            f"This stack's queues are in a container of {container.engine}, which cannot be "
            f"started from the image {container.image}: {complaint}"
        )
    return container


def find_installed() -> Path | None:
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


def container_engine() -> str | None:
    """The first container engine that answers."""
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


def has_image(engine: str, image: str) -> bool:
    """Whether it is there already, so that nothing must be fetched."""
    done = subprocess.run([engine, "image", "inspect", image], capture_output=True, check=False)
    return done.returncode == 0


def _get_image(container: Container, say: Say) -> str | None:
    """Fetch the image unless it is there; why it could not be had, else `None`."""
    if has_image(container.engine, container.image):
        return None
    say(f"getting the image {container.image}")
    try:
        done = subprocess.run(
            [container.engine, "pull", container.image],
            capture_output=True,
            text=True,
            timeout=PULL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"it was not there after {PULL_SECONDS} s"
    if done.returncode == 0:
        return None
    return (done.stderr.strip().splitlines() or ["it could not be fetched"])[-1]
