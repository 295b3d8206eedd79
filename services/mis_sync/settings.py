"""What mis_sync and its provisioner are told by their environment, each under `CLASSROOM_`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

__all__ = ["ProvisionerSettings", "Settings"]

_ROLES = frozenset({"http", "consumer", "relay", "scheduler"})


class Settings(BaseSettings):
    """`connector_broker_url` is how connectors reach the broker: `amqp://host:port/mis`."""

    model_config = SettingsConfigDict(env_prefix="CLASSROOM_", frozen=True)

    database_url: str
    relay_database_url: str | None = None
    rabbitmq_url: str
    mis_rabbitmq_url: str
    connector_broker_url: str
    principal_public_key_file: Path
    http_host: str = "127.0.0.1"
    http_port: int = 8000
    log_level: str = "INFO"
    roles: Annotated[frozenset[str], NoDecode] = _ROLES

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


class ProvisionerSettings(BaseSettings):
    """`rabbitmq_management_url` is an administrator's: `http://user:password@host:port`."""

    model_config = SettingsConfigDict(env_prefix="CLASSROOM_", frozen=True)

    rabbitmq_url: str
    rabbitmq_management_url: str
    mis_vhost: str = "mis"
    http_host: str = "127.0.0.1"
    http_port: int = 8001
    log_level: str = "INFO"
