"""What roster is told by its environment, each under `CLASSROOM_`."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from shared.web.process import ServiceSettings

__all__ = ["Settings"]


class Settings(ServiceSettings):
    """The scheduler asks for roll-ups that are due."""

    ROLES: ClassVar[frozenset[str]] = ServiceSettings.ROLES | {"scheduler"}

    look_every_seconds: Annotated[float, Field(gt=0)] = 10.0
    """How often the scheduler looks for what is due."""
