"""What reports is told by its environment, each under `CLASSROOM_`."""

from __future__ import annotations

from shared.web.process import ServiceSettings

__all__ = ["Settings"]


class Settings(ServiceSettings):
    """Nothing but what every service is told."""
