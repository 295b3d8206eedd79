"""What identity is told by its environment, each under `CLASSROOM_`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

__all__ = ["Settings"]

_ROLES = frozenset({"http", "consumer", "relay"})


class Settings(BaseSettings):
    """`pepper_file` holds one line of 32 bytes or more, made at random."""

    model_config = SettingsConfigDict(env_prefix="CLASSROOM_", frozen=True)

    database_url: str
    relay_database_url: str | None = None
    rabbitmq_url: str
    principal_public_key_file: Path
    pepper_file: Path
    public_url: str
    smtp_host: str
    smtp_port: int = 25
    mail_from: str
    http_host: str = "127.0.0.1"
    http_port: int = 8000
    log_level: str = "INFO"
    roles: Annotated[frozenset[str], NoDecode] = _ROLES
    hashing_threads: int | None = Field(default=None, ge=1)
    """`None`: as many as there are cores."""
    hashing_queue: int = Field(default=128, ge=0)
    """How many may wait for a password to be checked; the next is asked to come back."""

    @field_validator("roles", mode="before")
    @classmethod
    def _split_roles(cls, given: object) -> object:
        if isinstance(given, str):
            return frozenset(part.strip() for part in given.split(",") if part.strip())
        return given

    @field_validator("roles")
    @classmethod
    def _know_roles(cls, given: frozenset[str]) -> frozenset[str]:
        if unknown := given - _ROLES:
            raise ValueError(f"no such role: {', '.join(sorted(unknown))}")
        return given

    @property
    def pepper(self) -> bytes:
        """The key, as the file has it, without the line's end."""
        return self.pepper_file.read_bytes().strip()
