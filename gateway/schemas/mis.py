"""The link to the MIS, its runs, its differences, and the mapping of them (R15–R23)."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from gateway.schemas.parts import PartialPage, Shape, Written
from shared.web.paging import Page

__all__ = [
    "Connector",
    "Credentials",
    "Difference",
    "DifferenceKind",
    "DifferenceState",
    "FieldChange",
    "Gone",
    "HeldRun",
    "Linked",
    "LossCount",
    "MappingAction",
    "MisLink",
    "MisPage",
    "MisSummary",
    "NotHere",
    "Progress",
    "Run",
    "RunChange",
    "RunChangeKind",
    "RunChangeOutcome",
    "RunChanges",
    "RunList",
    "RunRelease",
    "SeenConnector",
    "SigningKey",
    "SnapshotRequest",
    "Suggestion",
    "WatchedLink",
]

LinkHealth = Literal[
    "never_linked", "provisioning", "waiting", "healthy", "late", "held", "server_changed"
]
DifferenceKind = Literal[
    "group_unmapped",
    "staff_suggestion",
    "staff_email_clash",
    "staff_email_changed",
    "pupil_upn_changed",
    "pupil_suggestion",
    "refused_pupil",
    "refused_group",
    "refused_staff",
    "refused_link",
    "held_run",
    "contact_suggestion",
    "contact_email_changed",
    "refused_contact",
]
DifferenceState = Literal["open", "ignored", "resolved"]
MappingAction = Literal["map", "create", "ignore", "unignore"]
Match = Literal["not_matched", "may_match", "new", "matched"]


class Connector(Shape):
    id: UUID
    name: str
    broker_user: str
    created_at: AwareDatetime
    heard_at: AwareDatetime | None = Field(
        default=None, description="When it last said something, signed."
    )
    heard_kind: str | None = Field(default=None, description="What it reads.")
    listens: bool = Field(default=False, description="It runs all the time and waits for requests.")


class SnapshotRequest(Shape):
    """What the connector was asked last, and what came of it (R16)."""

    asked_at: AwareDatetime
    heard_at: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None
    outcome: Literal["answered", "failed", "not_heard"] | None = None
    reason: str | None = Field(default=None, description="How it stands, as in the history.")


class Progress(Shape):
    """How far a run is: what has arrived, and what the owners have answered."""

    parts: int | None
    parts_arrived: int
    batches: int
    batches_answered: int
    quiet_minutes: int | None = Field(
        default=None,
        description="For so long nothing has arrived of data that has not all come; null where "
        "something did just now.",
    )


class Run(Shape):
    """One snapshot or mapping, from its arrival to the owners' last answer (R23)."""

    id: UUID
    cause: str
    state: str
    reason: str | None = Field(default=None, description="Why it was refused, held or passed over.")
    started_at: AwareDatetime
    finished_at: AwareDatetime | None = None
    snapshot_taken_at: AwareDatetime | None = None
    academic_year: str | None = None
    counts: dict[str, int] = Field(
        default_factory=dict,
        description="What was proposed (`pupils_created`) and what came of it (`pupils_applied`).",
    )
    remarks: list[str] = Field(
        default_factory=list,
        description="What was left out of the snapshot, and where, to be mended in the MIS.",
    )
    progress: Progress


class RunList(Page[Run]):
    pass


RunChangeKind = Literal["pupil", "group", "staff", "parent", "member", "teacher"]
RunChangeOutcome = Literal["applied", "overridden", "waiting", "stale", "refused"]


class FieldChange(Shape):
    """Optional fields of pupils stand by name only, without what they hold."""

    field: str
    before: Any = None
    after: Any = None


class RunChange(Shape):
    """What a run did with one record, or with one link of a person to a `group`.

    `outcome` `overridden`: it was set by hand here and stays (R13).
    """

    kind: RunChangeKind
    record_id: UUID
    label: str
    group_id: UUID | None = None
    group: str | None = None
    action: str
    outcome: RunChangeOutcome
    reason: str | None = None
    fields: list[FieldChange] = Field(default_factory=list)


class RunChanges(Page[RunChange]):
    """`counts`: how many of each kind the search finds, whatever kind is shown."""

    counts: dict[RunChangeKind, int]


class LossCount(Shape):
    """Of the active records here that are mapped, how many would be gone."""

    mapped: int
    gone: int


class Gone(Shape):
    """Who would be gone, or of parents who would lose a child. `groups`: the classes and sets of a
    pupil; of a parent the children whom the MIS gave them."""

    kind: Literal["pupil", "group", "parent"]
    id: UUID
    label: str
    year_group: str | None = None
    groups: list[str] = Field(default_factory=list)


class HeldRun(Shape):
    """Data of the MIS that are held (R18). `server_changed`: re-instate the link (R21)."""

    run_id: UUID
    taken_at: AwareDatetime | None = None
    server_changed: bool
    pupils: LossCount
    groups: LossCount
    parents: LossCount | None = None
    gone: list[Gone]
    who: str = Field(description="The digest of who they are, to be sent back with the release.")


class RunRelease(Written):
    """Who was shown as gone; if it is not so any more, nothing is released."""

    pupils_gone: int = Field(ge=0)
    groups_gone: int = Field(ge=0)
    parents_gone: int = Field(default=0, ge=0)
    who: str = Field(pattern=r"^[0-9a-f]{64}$")


class MisLink(Shape):
    state: LinkHealth
    connector: Connector | None = None
    last_snapshot_at: AwareDatetime | None = None
    asked_at: str | None = Field(
        default=None, description="London's time, as `02:37`, at which it is asked every night."
    )
    last_run: Run | None = None
    held_run: UUID | None = Field(default=None, description="The data that are held, if any are.")
    last_request: SnapshotRequest | None = None


class WatchedLink(Shape):
    """`tag`: what to ask with for whatever comes after."""

    tag: str
    link: MisLink


class SeenConnector(Written):
    """The connector that was looked at, so that nobody revokes what they have not seen."""

    connector_id: UUID


class SeenLink(Written):
    """As `SeenConnector`, of a link that may have none: null where none was there."""

    connector_id: UUID | None


class SigningKey(Shape):
    """A private key, as a JSON Web Key."""

    kty: str
    crv: str
    x: str
    d: str


class Credentials(Shape):
    """The connector's file, whole: shown once and kept nowhere (R15)."""

    version: Literal[1] = 1
    school: str
    url: str
    username: str
    password: str
    signing_key: SigningKey
    exchange: str
    request_queue: str
    created_at: AwareDatetime


class Linked(Shape):
    credentials: Credentials
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
    version: int
    kind: Literal["pupil", "staff", "contact"]
    reason_kind: str
    label: str
    reason_code: str
    reason: str
    mis: dict[str, Any] = Field(description="The record as the MIS has it.")
    probably: Suggestion | None = Field(default=None, description="Who they may be here.")
    actions: list[MappingAction] = Field(description="What can be done about it from here.")
    found_at: AwareDatetime


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
    mis_kind: Literal["pupil", "staff", "group", "contact", "link", "run"]
    label: str
    reason_code: str
    reason: str
    mis: dict[str, Any] = Field(description="The record as the MIS has it.")
    suggestion: Suggestion | None = None
    actions: list[MappingAction] = Field(description="What may be decided of it as it stands.")
    found_at: AwareDatetime
