"""The activity log as its page shows it (R9)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import Field

from gateway.schemas.parts import Shape

__all__ = ["Activity", "ActivityChoices", "ActivityList"]


class ActivityActor(Shape):
    """Who did it. `kind` is `person`, `mis`, `system` or `operator`."""

    kind: str
    account_id: UUID | None
    name: str
    authenticator: str | None = Field(
        default=None, description="Of who shares an account, what they signed in with."
    )


class ActivitySubject(Shape):
    kind: str
    id: UUID | None
    label: str


class ActivityField(Shape):
    """One field that is not as it was, in words. Empty where there is nothing."""

    name: str
    before: str
    after: str


class Activity(Shape):
    """One entry, or with `alike` above 1 the newest of a line's."""

    id: str
    event_id: UUID
    at: datetime
    actor: ActivityActor
    action: str
    subject: ActivitySubject
    sentence: str = Field(description="What happened, in plain words.")
    alike: int = Field(description="How many entries of this event and action the line is for.")
    fields: list[ActivityField]


class ActivityList(Shape):
    items: list[Activity]
    next_cursor: str | None = None
    total: int


class ActivityAction(Shape):
    action: str
    name: str


class ActivityChoices(Shape):
    """Who and what stands in the school's log, to filter it by."""

    actors: list[ActivityActor]
    actions: list[ActivityAction]
