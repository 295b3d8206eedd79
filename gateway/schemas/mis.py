"""The link to the MIS, its runs, its differences, and the mapping of them (R15–R23)."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from gateway.schemas.parts import PartialPage, Shape, Written
from shared.web.paging import Page

__all__ = [
    "Connector",
    "Decision",
    "Difference",
    "DifferenceKind",
    "DifferenceList",
    "DifferenceState",
    "Linked",
    "Mapped",
    "MappingPreview",
    "MappingRequest",
    "MappingResult",
    "MisLink",
    "MisPage",
    "MisSummary",
    "NotHere",
    "NotHereList",
    "Run",
    "RunList",
    "Suggestion",
]

LinkHealth = Literal[
    "never_linked", "provisioning", "waiting", "healthy", "late", "held", "server_changed"
]
DifferenceKind = Literal[
    "group_unmapped",
    "staff_suggestion",
    "staff_email_clash",
    "pupil_upn_changed",
    "pupil_suggestion",
    "refused_pupil",
    "refused_group",
    "refused_staff",
    "refused_link",
    "held_run",
]
DifferenceState = Literal["open", "ignored", "resolved"]
Match = Literal["not_matched", "may_match", "new", "matched"]


class Connector(Shape):
    id: UUID
    name: str
    broker_user: str
    created_at: AwareDatetime


class Run(Shape):
    """One snapshot, from its arrival to the owners' last answer."""

    id: UUID
    state: str
    reason: str | None = Field(default=None, description="Why it was refused, held or passed over.")
    started_at: AwareDatetime
    finished_at: AwareDatetime | None = None
    snapshot_taken_at: AwareDatetime | None = None
    academic_year: str | None = None
    counts: dict[str, int] = Field(default_factory=dict)


class RunList(Page[Run]):
    pass


class MisLink(Shape):
    state: LinkHealth
    connector: Connector | None = None
    last_snapshot_at: AwareDatetime | None = None
    last_run: Run | None = None


class Linked(Shape):
    """`credentials` is the content of the connector's file; it is shown once and not kept."""

    credentials: dict[str, Any]
    link: MisLink


class MisSummary(Shape):
    """`differences` counts the open ones: where there are any, the mapping alert is raised."""

    link_state: LinkHealth
    differences: int
    not_here: int
    last_run: Run | None = None


class Suggestion(Shape):
    """A record here that it may be. `values` are shown beside the MIS's."""

    id: UUID
    label: str
    values: dict[str, Any] = Field(default_factory=dict)


class NotHere(Shape):
    """In the MIS, not here, because … (R20)."""

    id: UUID
    kind: Literal["pupil", "staff", "parent"]
    label: str
    reason_code: str
    reason: str
    probably: Suggestion | None = None


class NotHereList(Page[NotHere]):
    pass


class MisPage(PartialPage):
    link: MisLink | None
    summary: MisSummary | None
    not_here: list[NotHere]


class Difference(Shape):
    id: UUID
    version: int
    kind: DifferenceKind
    state: DifferenceState
    match: Match
    label: str
    reason: str | None = None
    mis: dict[str, Any] = Field(description="The record as the MIS has it.")
    suggestion: Suggestion | None = None
    found_at: AwareDatetime | None = None


class DifferenceList(Page[Difference]):
    pass


class Decision(Written):
    """`map` needs the `record_id` of the record here that it is."""

    difference_id: UUID
    action: Literal["map", "create", "ignore", "unignore"]
    record_id: UUID | None = None
    expected_version: int = Field(ge=0)


class MappingRequest(Written):
    decisions: list[Decision] = Field(min_length=1, max_length=500)


class Mapped(Shape):
    difference_id: UUID
    outcome: str
    detail: str | None = None


class MappingResult(Shape):
    run_id: UUID | None = None
    results: list[Mapped]
    counts: dict[str, int] = Field(default_factory=dict)


class MappingPreview(Shape):
    """What saving would do, counted."""

    creates_users: int = 0
    creates_groups: int = 0
    creates_pupils: int = 0
    links_groups: int = 0
    links_users: int = 0
    ignores: int = 0
