"""An entry of the activity log as it is read, and what the reader asks for (R9)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from shared.school.academic_year import SCHOOL_TIME

__all__ = ["ActorFound", "Entry", "Place", "Wanted", "days"]


@dataclass(frozen=True)
class Place:
    """Where an entry stands in the log, newest first."""

    at: datetime
    event_id: UUID
    position: int


@dataclass(frozen=True)
class Entry:
    """Who did what to what, when, from what to what."""

    place: Place
    service: str
    actor_kind: str
    actor_account_id: UUID | None
    actor_name: str
    actor_authenticator: str | None
    action: str
    subject_kind: str
    subject_id: UUID | None
    subject_label: str
    before: dict[str, Any]
    after: dict[str, Any]
    alike: int = 1
    """How many entries of one event with the same action this one stands for."""


@dataclass(frozen=True)
class ActorFound:
    """Somebody who stands in the log, by their newest name."""

    kind: str
    account_id: UUID | None
    name: str


@dataclass(frozen=True)
class Wanted:
    """Which entries; `None` is all of them. `until` is the first moment after them."""

    since: datetime | None = None
    until: datetime | None = None
    actor_kind: str | None = None
    actor_account_id: UUID | None = None
    subject_kind: str | None = None
    action: str | None = None
    event_id: UUID | None = None
    search: str | None = None
    about: UUID | None = None
    """A pupil's, user's or group's id; of a person, coming to groups and leaving them too."""

    def between(self, first: date | None, last: date | None) -> Wanted:
        """Of these days of the school's own time, both included."""
        since, until = days(first, last)
        return replace(self, since=since, until=until)


def days(first: date | None, last: date | None) -> tuple[datetime | None, datetime | None]:
    """From the beginning of the first day in London to the end of the last."""
    return (
        _beginning(first) if first else None,
        _beginning(last + timedelta(days=1)) if last and last < date.max else None,
    )


def _beginning(day: date) -> datetime:
    if day.year == 1:
        return datetime.min.replace(tzinfo=UTC)
    return datetime.combine(day, time(), SCHOOL_TIME).astimezone(UTC)
