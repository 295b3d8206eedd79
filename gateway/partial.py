"""Pages that come without a part: a service that fails is named, and the rest is there."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeVar

import structlog

from gateway.clients.problems import ServiceAway, ServiceRefused
from gateway.schemas.parts import ServiceName

__all__ = ["Parts"]

T = TypeVar("T")

log = structlog.get_logger(__name__)


class Parts:
    """The parts of one page that it can do without."""

    def __init__(self) -> None:
        self._missing: set[ServiceName] = set()

    @property
    def unavailable(self) -> list[ServiceName]:
        return sorted(self._missing)

    async def of(self, service: ServiceName, part: Awaitable[T]) -> T | None:
        """The part, or `None` where its service does not answer or will not give it."""
        try:
            return await part
        except ServiceAway:
            self._missing.add(service)
        except ServiceRefused as refusal:
            log.warning("part refused", asked=service.value, type=refusal.slug)
            self._missing.add(service)
        return None
