"""The product as `docker-compose.yml` runs it, under a name of its own and at ports of its own."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.compose.ports import free_ports

__all__ = ["Compose", "running", "why_not"]

CHECKOUT = Path(__file__).resolve().parents[2]
ENGINE_SECONDS = 20
UP_SECONDS = 360
PORTS = ("CLASSROOM_PORT", "CLASSROOM_MAIL_PORT", "CLASSROOM_AMQP_PORT", "CLASSROOM_RABBITMQ_PORT")


@dataclass(frozen=True)
class Compose:
    """One project. Nothing is built and nothing is fetched."""

    project: str
    ports: dict[str, int] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.ports['CLASSROOM_PORT']}"

    @property
    def mailpit(self) -> str:
        return f"http://127.0.0.1:{self.ports['CLASSROOM_MAIL_PORT']}"

    def run(self, *words: str, seconds: float = UP_SECONDS, check: bool = True) -> str:
        """What `docker compose WORDS` prints. Raises with all that it said if it fails."""
        done = subprocess.run(
            ["docker", "compose", "--project-name", self.project, *words],
            cwd=CHECKOUT,
            env={**os.environ, **{name: str(port) for name, port in self.ports.items()}},
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        if check and done.returncode:
            raise AssertionError(f"docker compose {' '.join(words)}:\n{done.stderr[-4000:]}")
        return done.stdout

    def containers(self) -> dict[str, dict[str, Any]]:
        """What the engine knows of each container, those that have ended included, by service."""
        ids = self.run("ps", "--all", "--quiet").split()
        done = subprocess.run(
            ["docker", "inspect", *ids], capture_output=True, text=True, check=True
        )
        label = "com.docker.compose.service"
        return {found["Config"]["Labels"][label]: found for found in json.loads(done.stdout)}

    def image_of(self, service: str) -> str:
        asked = ("--profile", "*", "config", "--format", "json")
        config = json.loads(self.run(*asked, seconds=ENGINE_SECONDS))
        return str(config["services"][service]["image"])


def why_not() -> str | None:
    """Why Compose cannot be had here and now; `None` if it can."""
    try:
        if _fails("docker", "compose", "version"):
            return "Docker Compose is not installed"
        if _fails("docker", "info"):
            return "no container engine answers"
        images = Compose("classroom").run("config", "--images", seconds=ENGINE_SECONDS).split()
        missing = [image for image in images if _fails("docker", "image", "inspect", image)]
    except FileNotFoundError:
        return "no container engine is installed"
    except subprocess.TimeoutExpired:
        return f"the container engine did not answer in {ENGINE_SECONDS} s"
    if missing:
        return f"not among the engine's images: {', '.join(sorted(set(missing)))}"
    return None


@contextmanager
def running() -> Iterator[Compose]:
    """Everything up and the demo school made, until the block ends; then nothing is left."""
    ports = dict(zip(PORTS, free_ports(len(PORTS)), strict=True))
    compose = Compose(f"classroom-test-{secrets.token_hex(4)}", ports)
    try:
        compose.run("up", "--detach", "--no-build", "--pull", "never")
        yield compose
    finally:
        compose.run("down", "--volumes", "--timeout", "5", check=False)


def _fails(*command: str) -> bool:
    done = subprocess.run(command, capture_output=True, timeout=ENGINE_SECONDS, check=False)
    return done.returncode != 0
