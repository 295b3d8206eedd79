"""The shapes of the link and of a connector's credentials file."""

from __future__ import annotations

from typing import Literal, cast
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.mis_sync.asking.repository import LastRequest
from services.mis_sync.links.repository import Connector
from services.mis_sync.links.service import LinkState, NewConnector
from services.mis_sync.runs.schemas import Run
from shared.contracts.topology import INBOUND_EXCHANGE, request_queue_of

__all__ = [
    "ConnectorOut",
    "Credentials",
    "Link",
    "Linked",
    "RequestOut",
    "Requested",
    "SeenConnector",
    "SeenLink",
    "SigningKey",
    "Summary",
]


class ConnectorOut(BaseModel):
    id: UUID
    name: str
    broker_user: str
    created_at: AwareDatetime
    heard_at: AwareDatetime | None = Field(description="When it last said something, signed.")
    heard_kind: str | None = Field(description="What it reads, such as `oneroster-csv`.")
    listens: bool = Field(description="It runs all the time and waits for requests.")

    @classmethod
    def of(cls, connector: Connector) -> ConnectorOut:
        return cls(
            id=connector.id,
            name=f"Connector of {connector.created_at:%-d %B %Y}",
            broker_user=connector.broker_user,
            created_at=connector.created_at,
            heard_at=connector.heard_at,
            heard_kind=connector.heard_kind,
            listens=connector.listens,
        )


class RequestOut(BaseModel):
    """What the connector was asked last. `outcome`: answered, failed or not_heard."""

    asked_at: AwareDatetime
    heard_at: AwareDatetime | None
    ended_at: AwareDatetime | None
    outcome: Literal["answered", "failed", "not_heard"] | None
    reason: str | None = Field(description="How it stands, as in the history.")

    @classmethod
    def of(cls, request: LastRequest) -> RequestOut:
        return cls(
            asked_at=request.asked_at,
            heard_at=request.heard_at,
            ended_at=request.ended_at,
            outcome=cast(Literal["answered", "failed", "not_heard"] | None, request.outcome),
            reason=request.note,
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
    last_request: RequestOut | None


class SigningKey(BaseModel):
    """A private key, as a JSON Web Key."""

    kty: str
    crv: str
    x: str
    d: str


class Credentials(BaseModel):
    """The connector's file, whole: shown once and kept nowhere."""

    version: Literal[1] = 1
    school: str
    url: str
    username: str
    password: str
    signing_key: SigningKey
    exchange: str
    request_queue: str
    created_at: AwareDatetime

    @classmethod
    def of(cls, made: NewConnector, url: str) -> Credentials:
        credentials = made.credentials
        return cls(
            school=made.school,
            url=url,
            username=credentials.username,
            password=credentials.password,
            signing_key=SigningKey.model_validate(credentials.signing_key),
            exchange=INBOUND_EXCHANGE,
            request_queue=request_queue_of(credentials.username),
            created_at=made.connector.created_at,
        )


class Linked(BaseModel):
    credentials: Credentials
    link: Link


class SeenConnector(BaseModel):
    """The connector that the person looked at, so that nobody revokes what they have not seen."""

    model_config = ConfigDict(extra="forbid")

    connector_id: UUID


class SeenLink(BaseModel):
    """As `SeenConnector`, of a link that may have none."""

    model_config = ConfigDict(extra="forbid")

    connector_id: UUID | None


class Requested(BaseModel):
    request_id: UUID


class Summary(BaseModel):
    """`differences` counts the open ones: where there are any, the mapping alert is raised."""

    link_state: LinkState
    differences: int = Field(ge=0)
    not_here: int = Field(ge=0)
    last_run: Run | None
