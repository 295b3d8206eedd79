"""What reports is told by its environment, each under `CLASSROOM_`."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from shared.web.process import ServiceSettings

__all__ = ["Settings"]


class Settings(ServiceSettings):
    """`files_url`: where files lie, `file:///folder` or `s3://bucket/prefix`.

    What S3 needs besides (`AWS_ENDPOINT_URL`, keys) is in its own variables. The printer makes the
    reports that were asked for, the scheduler deletes files whose time is over (R27).
    """

    ROLES: ClassVar[frozenset[str]] = ServiceSettings.ROLES | {"printer", "scheduler"}

    files_url: str
    look_every_seconds: Annotated[float, Field(gt=0)] = 60.0
    """How often the scheduler looks for files to delete."""
