"""The activity log's own event (R9), on an exchange of its own. Secrets are never in it."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.contracts.envelope import Contract, Payload

__all__ = ["ActivityEntry", "ActivityRecorded", "Actor", "Subject"]


class Actor(Contract):
    """Who did it. `name` is as it was then."""

    kind: Literal["person", "mis", "system", "operator"]
    account_id: UUID | None = None
    name: str
    authenticator: str | None = None
    """Of who shares an account, what they signed in with, such as `Mrs Smith's phone` (R1)."""


class Subject(Contract):
    """What it was done to. Of a link, `id` is the person's, where it is told."""

    kind: Literal[
        "school", "user", "parent", "pupil", "group", "link", "mis_link", "mapping", "session"
    ]
    id: UUID | None = None
    label: str


class ActivityEntry(Contract):
    at: AwareDatetime
    actor: Actor
    action: str
    """Such as `pupil.created`, `link.removed`."""
    subject: Subject
    also: tuple[Subject, ...] = ()
    """Others that the very same was done to, such as the rest of a class. Each is an entry of its
    own in the log."""
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None


class ActivityRecorded(Payload, event_type="activity.recorded.v1"):
    """Entries of one school. `service` is who saw it happen."""

    service: str
    entries: tuple[ActivityEntry, ...] = Field(min_length=1, max_length=500)
