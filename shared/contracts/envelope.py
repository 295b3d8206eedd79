"""The envelope of every message: CloudEvents 1.0, JSON, structured mode.

Source: CloudEvents 1.0 specification, with its Distributed Tracing extension (`traceparent`,
`tracestate`); `schoolid` and `correlationid` are our extension attributes.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar, Generic, Literal, TypeVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from uuid_utils.compat import uuid7

__all__ = ["Contract", "Event", "Payload", "payload_type"]


class Contract(BaseModel):
    """A shape two services agreed on. Unknown fields are passed over: newer publishers add some."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Payload(Contract):
    """What a message says. `EVENT_TYPE` names it and ends in its version."""

    EVENT_TYPE: ClassVar[str]
    PUBLISHER: ClassVar[str]

    def __init_subclass__(
        cls, *, event_type: str | None = None, publisher: str | None = None, **kwargs: Any
    ) -> None:
        super().__init_subclass__(**kwargs)
        if event_type is None:
            return
        cls.EVENT_TYPE = event_type
        cls.PUBLISHER = publisher or event_type.split(".", 1)[0]
        if event_type in _TYPES:
            raise TypeError(f"{event_type} is already the type of {_TYPES[event_type].__name__}")
        _TYPES[event_type] = cls


_TYPES: dict[str, type[Payload]] = {}

P = TypeVar("P", bound=Payload)


def payload_type(event_type: str) -> type[Payload]:
    """The payload model of an event type. Raises `KeyError` for a type nobody declared."""
    return _TYPES[event_type]


def declared_types() -> dict[str, type[Payload]]:
    """Every event type that has been imported, by name."""
    return dict(_TYPES)


def _is_none(value: object) -> bool:
    return value is None


class Event(BaseModel, Generic[P]):
    """One message. Its id is made with the change it tells of and never changes again.

    The id is the AMQP message id and, with the consumer's name, the key of the inbox.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    specversion: Literal["1.0"] = "1.0"
    id: UUID = Field(default_factory=uuid7)
    source: str
    type: str
    time: AwareDatetime = Field(default_factory=lambda: datetime.now(UTC))
    datacontenttype: Literal["application/json"] = "application/json"
    schoolid: UUID | None = None
    correlationid: str = Field(min_length=1, max_length=128)
    traceparent: str | None = Field(default=None, exclude_if=_is_none)
    tracestate: str | None = Field(default=None, exclude_if=_is_none)
    """W3C trace context of what made the event; not there where nothing is traced."""
    data: P
