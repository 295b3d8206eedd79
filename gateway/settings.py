"""What the gateway needs from its surroundings: `CLASSROOM_…` in the environment."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import HttpUrl, field_validator
from pydantic_settings import NoDecode

from shared.web.process import ProcessSettings

__all__ = ["Settings"]


class Settings(ProcessSettings):
    """`public_url` is the address that people see; what changes something must come from it.

    `trusted_proxies` is a comma list of addresses and networks: what they say of whom they ask for
    is believed, for the brakes on guessing; nobody else's `X-Forwarded-For` is.
    """

    public_url: HttpUrl
    frontend_dir: Path = Path("frontend/dist")
    rabbitmq_url: str
    principal_private_key_file: Path
    identity_url: HttpUrl
    roster_url: HttpUrl
    mis_sync_url: HttpUrl
    reports_url: HttpUrl
    service_seconds: float = 2.0
    page_seconds: float = 4.0
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = ()

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _split_proxies(cls, given: object) -> object:
        if isinstance(given, str):
            return tuple(part.strip() for part in given.split(",") if part.strip())
        return given

    @property
    def origin(self) -> str:
        """Scheme, host and port of the public address, as browsers write them in `Origin`."""
        parts = urlsplit(str(self.public_url))
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def https(self) -> bool:
        return self.public_url.scheme == "https"
