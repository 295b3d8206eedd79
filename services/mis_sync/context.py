"""What mis_sync's routes, subscribers and runner work with, wired once by `app.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request

from services.mis_sync.clock import Clock
from services.mis_sync.links.requests import SnapshotRequests
from shared.database.pool import Database
from shared.messaging.outbox import Outbox

__all__ = ["InContext", "MisSync"]


@dataclass(frozen=True)
class MisSync:
    """The parts of the service. `connector_broker_url` is written into credentials files."""

    database: Database
    outbox: Outbox
    requests: SnapshotRequests
    clock: Clock
    connector_broker_url: str


def _of_request(request: Request) -> MisSync:
    return cast(MisSync, request.app.state.mis_sync)


InContext = Annotated[MisSync, Depends(_of_request)]
"""The service's parts, for a route."""
