"""The tests' servers as containers: PostgreSQL and RabbitMQ by testcontainers.

As a program it says which images would be used, and fails with the reason if they cannot be.
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import docker
import httpx
import psycopg
from docker.errors import DockerException, ImageNotFound
from tenacity import retry, stop_after_delay, wait_fixed
from testcontainers.core.config import testcontainers_config
from testcontainers.core.container import DockerContainer
from testcontainers.core.docker_client import DockerClient

__all__ = ["containers"]

POSTGRES_IMAGE = os.environ.get("CLASSROOM_TEST_POSTGRES_IMAGE", "postgres:18")
RABBITMQ_IMAGE = os.environ.get("CLASSROOM_TEST_RABBITMQ_IMAGE", "rabbitmq:4-management")

# As the private server is made and run.
INITDB = "--encoding=UTF8 --locale=C --locale-provider=builtin --builtin-locale=C.UTF-8"
POSTGRES = ["postgres", "-c", "max_connections=250"]


@contextmanager
def containers() -> Iterator[dict[str, str]]:
    """Both servers for as long as the block lasts; the environment in which the tests find them."""
    _do_without_what_is_not_here()
    password = secrets.token_urlsafe(16)
    postgres = DockerContainer(POSTGRES_IMAGE).with_exposed_ports(5432).with_command(POSTGRES)
    postgres.with_env("POSTGRES_PASSWORD", password).with_env("POSTGRES_INITDB_ARGS", INITDB)
    rabbitmq = DockerContainer(RABBITMQ_IMAGE).with_exposed_ports(5672, 15672)
    rabbitmq.with_env("RABBITMQ_DEFAULT_USER", "test").with_env("RABBITMQ_DEFAULT_PASS", password)
    with postgres, rabbitmq:
        user = f"test:{password}"
        addresses = {
            "CLASSROOM_TEST_DATABASE_URL": (
                f"postgresql://postgres:{password}@{_address(postgres, 5432)}/postgres"
            ),
            "CLASSROOM_TEST_RABBITMQ_URL": f"amqp://{user}@{_address(rabbitmq, 5672)}/",
            "CLASSROOM_TEST_RABBITMQ_MANAGEMENT_URL": f"http://{user}@{_address(rabbitmq, 15672)}",
        }
        _wait_until_they_answer(*addresses.values())
        yield addresses


def _address(container: DockerContainer, port: int) -> str:
    """A name may stand for an address of IPv6 as well, at which nobody need listen."""
    host = container.get_container_host_ip()
    return f"{'127.0.0.1' if host == 'localhost' else host}:{container.get_exposed_port(port)}"


@retry(stop=stop_after_delay(180), wait=wait_fixed(0.5), reraise=True)
def _wait_until_they_answer(database_url: str, _: str, management_url: str) -> None:
    """An image may start its server twice; what counts is that it answers from outside."""
    with psycopg.connect(database_url, connect_timeout=2) as connection:
        connection.execute("SELECT 1")
    httpx.get(f"{management_url}/api/health/checks/local-alarms").raise_for_status()


def _do_without_what_is_not_here() -> None:
    """testcontainers' reaper ends what a killed run left; not worth the wait for its image."""
    if not _is_here(DockerClient().client, testcontainers_config.ryuk_image):
        testcontainers_config.ryuk_disabled = True


def _is_here(engine: docker.DockerClient, image: str) -> bool:
    try:
        engine.images.get(image)
    except ImageNotFound:
        return False
    return True


def _main() -> str | None:
    """Why containers cannot be used, without fetching anything; `None` if they can."""
    try:
        engine = DockerClient().client
        missing = [i for i in (POSTGRES_IMAGE, RABBITMQ_IMAGE) if not _is_here(engine, i)]
    except DockerException:
        return "no container engine answers"
    if missing:
        return f"not among the images of the engine: {', '.join(missing)}"
    print(f"{POSTGRES_IMAGE} and {RABBITMQ_IMAGE}")  # noqa: T201
    return None


if __name__ == "__main__":
    sys.exit(_main())
