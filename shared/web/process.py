"""What every process that answers over HTTP is told by its environment, and how it is run."""

from __future__ import annotations

import gc
import sys
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Annotated, ClassVar

import uvicorn
from pydantic import Field, field_validator
from pydantic_settings import NoDecode
from starlette.types import ASGIApp

from shared.kept import Lines
from shared.observability.metrics.serving import serve_metrics
from shared.settings import FromSurroundings
from shared.web.ending import begin_to_end

__all__ = ["ProcessSettings", "ServiceSettings", "serve"]

_OBJECTS_BETWEEN_COLLECTIONS = 20_000
_NOT_STARTED = 3
_GRACEFUL_SECONDS = 10
"""More than the consumers are given to finish, less than the supervisor waits."""


class ProcessSettings(FromSurroundings):
    """Of every process: where it listens, and how much it says.

    `metrics_port` is where its metrics are; without one none are served.
    """

    http_host: str = "127.0.0.1"
    http_port: int = 8000
    log_level: str = "INFO"
    metrics_host: str = "127.0.0.1"
    metrics_port: int | None = None
    version: str | None = None

    @property
    def role(self) -> str:
        """What this process does, in one word for its metrics."""
        return "http"


class ServiceSettings(ProcessSettings):
    """Of one service. `roles` is a comma list of what this process does, all of it by default."""

    ROLES: ClassVar[frozenset[str]] = frozenset({"http", "consumer", "relay"})

    database_url: str
    relay_database_url: str | None = None
    rabbitmq_url: str
    database_connections: int | None = Field(default=None, ge=2, le=100)
    """How many the pool may hold; `None`: as many as the service finds right."""
    principal_public_key_file: Path
    roles: Annotated[frozenset[str], NoDecode] = Field(default=frozenset(), validate_default=True)

    def kept_relay(self) -> Lines | None:
        return self.kept("relay_database_url") if self.relay_database_url else None

    @field_validator("roles", mode="before")
    @classmethod
    def _split_roles(cls, given: object) -> object:
        if isinstance(given, str):
            return frozenset(part.strip() for part in given.split(",") if part.strip())
        return given

    @field_validator("roles")
    @classmethod
    def _know_roles(cls, given: frozenset[str]) -> frozenset[str]:
        if unknown := given - cls.ROLES:
            raise ValueError(f"no such role: {', '.join(sorted(unknown))}")
        return given or cls.ROLES

    @property
    def role(self) -> str:
        return "all" if self.roles == self.ROLES else "+".join(sorted(self.roles))


class _Server(uvicorn.Server):
    """Says that it ends before it waits for the answers in hand."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        begin_to_end()
        super().handle_exit(sig, frame)


def serve(app: ASGIApp, settings: ProcessSettings, service: str) -> None:
    """Answer until told to end; what is in hand is finished first, for ten seconds at most."""
    _collect_less_often()
    serve_metrics(
        service=service,
        role=settings.role,
        host=settings.metrics_host,
        port=settings.metrics_port,
        build=settings.version,
    )
    config = uvicorn.Config(
        app,
        host=settings.http_host,
        port=settings.http_port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # whom to believe is the application's to say
        timeout_graceful_shutdown=_GRACEFUL_SECONDS,
    )
    server = _Server(config)
    with suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        sys.exit(_NOT_STARTED)


def _collect_less_often() -> None:
    """What is loaded stays, and need not be looked through. Work on a whole school makes so many
    objects that looking for dead rings of them took a quarter of its time (benchmark B7)."""
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS, 20, 50)
