"""What roster is told by its environment, each under `CLASSROOM_`."""

from __future__ import annotations

from typing import ClassVar

from shared.web.process import ServiceSettings

__all__ = ["Settings"]


class Settings(ServiceSettings):
    """Nothing but what every service is told. The scheduler asks for roll-ups that are due."""

    ROLES: ClassVar[frozenset[str]] = ServiceSettings.ROLES | {"scheduler"}
