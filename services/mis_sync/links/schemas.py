"""The shapes of the link and of a connector's credentials file."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from services.mis_sync.links.credentials import BrokerCredentials
from services.mis_sync.links.repository import Connector
from services.mis_sync.links.service import LinkState
from services.mis_sync.runs.schemas import Run
from shared.contracts.topology import INBOUND_EXCHANGE, request_queue_of

__all__ = ["ConnectorOut", "Credentials", "Link", "Linked", "Requested", "Summary"]


class ConnectorOut(BaseModel):
    id: UUID
    name: str
    broker_user: str
    created_at: AwareDatetime

    @classmethod
    def of(cls, connector: Connector) -> ConnectorOut:
        return cls(
            id=connector.id,
            name=f"Connector of {connector.created_at:%-d %B %Y}",
            broker_user=connector.broker_user,
            created_at=connector.created_at,
        )


class Link(BaseModel):
    """How the link stands (R23). `last_snapshot_at`: when the one applied last was taken.

    `asked_at` is London's time, as `02:37`, at which the MIS is asked every night.
    """

    state: LinkState
    connector: ConnectorOut | None
    last_snapshot_at: AwareDatetime | None
    asked_at: str | None = Field(description="Null where no connector is linked.")
    last_run: Run | None
    held_run: UUID | None = Field(description="The data that are held, if any are (R18, R21).")


class Credentials(BaseModel):
    """The connector's file, whole: shown once and kept nowhere."""

    version: Literal[1] = 1
    school: str
    url: str
    username: str
    password: str
    exchange: str
    request_queue: str
    created_at: AwareDatetime

    @classmethod
    def of(
        cls, school: str, url: str, connector: Connector, credentials: BrokerCredentials
    ) -> Credentials:
        return cls(
            school=school,
            url=url,
            username=credentials.username,
            password=credentials.password,
            exchange=INBOUND_EXCHANGE,
            request_queue=request_queue_of(credentials.username),
            created_at=connector.created_at,
        )


class Linked(BaseModel):
    credentials: Credentials
    link: Link


class Requested(BaseModel):
    request_id: UUID


class Summary(BaseModel):
    """`differences` counts the open ones: where there are any, the mapping alert is raised."""

    link_state: LinkState
    differences: int = Field(ge=0)
    not_here: int = Field(ge=0)
    last_run: Run | None
