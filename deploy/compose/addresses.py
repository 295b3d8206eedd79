"""Where each container is for the others, by the names that `docker-compose.yml` gives them."""

from __future__ import annotations

import os
from urllib.parse import quote

__all__ = [
    "BROKER_ADMIN",
    "CONNECTORS_BROKER",
    "FILES_BUCKET",
    "OBJECT_STORE",
    "amqp",
    "database",
    "files",
    "http",
    "management",
]

BROKER_ADMIN = "classroom_admin"
CONNECTORS_BROKER = "amqp://rabbitmq:5672/mis"
"""From a container; from outside it is the published port."""
OBJECT_STORE = "http://object-store:8333"
FILES_BUCKET = "classroom"
"""Where reports keeps files, unless it is told of another place."""


def files() -> dict[str, str]:
    """Where reports keeps files, as it is told itself; `set-up` and the operator are told too."""
    return {
        "url": os.environ.get("CLASSROOM_FILES_URL") or f"s3://{FILES_BUCKET}/files",
        "endpoint": os.environ.get("CLASSROOM_FILES_ENDPOINT", OBJECT_STORE),
        "region": os.environ.get("AWS_REGION") or "us-east-1",
    }


def http(process: str) -> str:
    return f"http://{process.replace('_', '-')}:8000"


def database(password: str) -> str:
    """Its administrator's DSN."""
    return f"postgresql://postgres:{quote(password, safe='')}@postgresql:5432/postgres"


def amqp(user: str, password: str, vhost: str) -> str:
    return f"amqp://{user}:{quote(password, safe='')}@rabbitmq:5672/{vhost}"


def management(user: str, password: str) -> str:
    return f"http://{user}:{quote(password, safe='')}@rabbitmq:15672"
