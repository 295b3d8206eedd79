"""MIS Mapping: what is decided, what is mapped, and who is not here (R18–R20)."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from gateway.schemas.mis import Difference, MappingAction, NotHere
from gateway.schemas.parts import Shape, Written
from shared.web.paging import Page

__all__ = [
    "Changed",
    "ChangesRequest",
    "ChangesResult",
    "Decision",
    "DifferenceCount",
    "DifferenceList",
    "Mapped",
    "MappedList",
    "MappedOrigin",
    "MappedRecord",
    "MappingChange",
    "MappingPreview",
    "MappingRequest",
    "MappingResult",
    "NotHereCount",
    "NotHereKind",
    "NotHereList",
    "Reason",
    "RecordKind",
]

RecordKind = Literal["pupil", "staff", "group"]
MappedOrigin = Literal["matched", "new", "person"]
NotHereKind = Literal["pupil", "staff", "contact"]


class DifferenceCount(Shape):
    kind: str
    count: int


class DifferenceList(Page[Difference]):
    """`counts` are of all in the asked state, by kind."""

    counts: list[DifferenceCount]


class NotHereCount(Shape):
    """How many there are for one reason."""

    kind: str
    reason_kind: str
    count: int


class NotHereList(Page[NotHere]):
    """`counts` are of everybody who is not here."""

    counts: list[NotHereCount]


class Decision(Written):
    """`map` takes the suggested record if `record_id` names no other."""

    difference_id: UUID
    action: MappingAction
    record_id: UUID | None = None
    expected_version: int = Field(ge=0)


class MappingRequest(Written):
    decisions: list[Decision] = Field(min_length=1, max_length=500)


class Mapped(Shape):
    """`outcome`: mapped, created, retried, ignored, unignored; or not_found, refused."""

    difference_id: UUID
    outcome: str
    detail: str | None = None


class MappingResult(Shape):
    run_id: UUID | None = None
    results: list[Mapped]
    counts: dict[str, int] = Field(default_factory=dict)


class Reason(Shape):
    """Who it is about, and why."""

    label: str
    reason: str


class MappingPreview(Shape):
    """What saving would do, worked out by doing it and taking it back.

    `refused` are the ones that are not possible; `without_user` are staff of the groups decided now
    who get none; `asks` counts what will have to be decided after it; with `other_year` groups and
    users wait until the MIS is in the school's academic year (R22).
    """

    maps: int
    moves: int
    takes_apart: int
    ignores: int
    unignores: int
    tries_again: int
    creates_users: int
    creates_groups: int
    creates_pupils: int
    creates_parents: int
    changes_pupils: int
    changes_groups: int
    changes_users: int
    deactivates_pupils: int
    links_groups: int
    links_users: int
    links_pupils: int
    adds_memberships: int
    adds_teaching: int
    removes_links: int
    asks: int
    not_possible: int
    refused: list[Reason]
    without_user: list[Reason]
    sync_running: bool
    other_year: bool


class MappedRecord(Shape):
    """A record of the MIS and the record here that it is. `version` goes back with a change.

    `here` is null while the record is still to be made; `gone`: the MIS does not have it now.
    """

    kind: RecordKind
    mis_id: str
    label: str
    record_id: UUID
    here_label: str | None
    origin: MappedOrigin
    reason: str
    made_by: str | None
    made_at: AwareDatetime
    version: int
    gone: bool
    mis: dict[str, Any]
    here: dict[str, Any] | None


class MappedList(Page[MappedRecord]):
    """`counts` are of all that is mapped, by kind."""

    counts: dict[str, int]


class MappingChange(Written):
    """`move` needs the record here that it is from now on."""

    kind: RecordKind
    mis_id: str = Field(min_length=1, max_length=200)
    action: Literal["move", "take_apart"]
    record_id: UUID | None = None
    expected_version: int = Field(ge=0)


class ChangesRequest(Written):
    changes: list[MappingChange] = Field(min_length=1, max_length=500)


class Changed(Shape):
    """`outcome`: moved, taken_apart; or refused, with the reason."""

    kind: str
    mis_id: str
    label: str
    outcome: str
    detail: str | None = None


class ChangesResult(Shape):
    run_id: UUID | None = None
    results: list[Changed]
