"""What reports is told by its environment, each under `CLASSROOM_`."""

from __future__ import annotations

from typing import ClassVar

from shared.web.process import ServiceSettings

__all__ = ["Settings"]


class Settings(ServiceSettings):
    """`files_url`: where files lie, `file:///folder` or `s3://bucket/prefix`.

    What S3 needs besides (`AWS_ENDPOINT_URL`, keys) is in its own variables.
    """

    ROLES: ClassVar[frozenset[str]] = ServiceSettings.ROLES | {"scheduler"}

    files_url: str
