"""What mis_sync and its provisioner are told by their environment, each under `CLASSROOM_`."""

from __future__ import annotations

from typing import ClassVar

from shared.web.process import ProcessSettings, ServiceSettings

__all__ = ["ProvisionerSettings", "Settings"]


class Settings(ServiceSettings):
    """`connector_broker_url` is how connectors reach the broker: `amqp://host:port/mis`."""

    ROLES: ClassVar[frozenset[str]] = ServiceSettings.ROLES | {"scheduler"}

    mis_rabbitmq_url: str
    connector_broker_url: str


class ProvisionerSettings(ProcessSettings):
    """`rabbitmq_management_url` is an administrator's: `http://user:password@host:port`."""

    rabbitmq_url: str
    rabbitmq_management_url: str
    mis_vhost: str = "mis"

    @property
    def role(self) -> str:
        return "provisioner"
