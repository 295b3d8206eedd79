"""Which school at Wonde, and with which token."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field, SecretStr, StringConstraints

from services.mis_sync.connectors.web.config import Config, WebAddress

__all__ = ["WondeConfig"]


class WondeConfig(Config):
    SECRETS: ClassVar[dict[str, str]] = {"token": "WONDE_TOKEN"}

    school: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{1,40}$")]
    """Wonde's id of it, such as A1930499544."""
    token: SecretStr = Field(min_length=1)
    url: WebAddress = "https://api.wonde.com/v1.0"
    page_size: Annotated[int, Field(ge=1, le=5_000)] = 200
