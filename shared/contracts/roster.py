"""What roster says: the full state of pupils, groups and links, and its answers to proposals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.envelope import Contract, Payload
from shared.contracts.vocabulary import (
    AcademicYearName,
    GroupKind,
    LinkKind,
    Origin,
    Outcome,
    Sex,
    YearGroup,
)

__all__ = [
    "MAX_STATES_PER_EVENT",
    "OTHER_ACADEMIC_YEAR",
    "GroupState",
    "GroupsApplied",
    "GroupsChanged",
    "LinkOutcome",
    "LinkState",
    "LinksApplied",
    "LinksChanged",
    "MembershipsAlike",
    "MembershipsChanged",
    "PupilFieldsChanged",
    "PupilState",
    "PupilsApplied",
    "PupilsChanged",
    "RecordOutcome",
    "RollUpDue",
    "RosterErased",
    "SchoolYearChanged",
]

MAX_STATES_PER_EVENT = 500
OTHER_ACADEMIC_YEAR = "other_academic_year"
"""The `reason_code` of what waits until the MIS and the school are in one year (R22)."""


class PupilState(Contract):
    """A pupil, whole, at a version. Higher versions win; a version that was seen is a repeat."""

    id: UUID
    version: int = Field(ge=1)
    active: bool
    upn: str | None
    former_upns: tuple[str, ...] = ()
    legal_forename: str
    legal_surname: str
    preferred_forename: str | None = None
    preferred_surname: str | None = None
    middle_names: str | None = None
    date_of_birth: date | None = None
    sex: Sex | None = None
    year_group: YearGroup | None = None
    year_offset: int = 0
    """How many years above (negative: below) their age they are taught, by a person's word."""
    ethnicity: str | None = None
    """By DfE's codes, as are the next two. This and those after it are told only while the school
    keeps the field (R29); a state without one takes away what was heard before."""
    first_language: str | None = None
    sen_provision: str | None = None
    free_school_meals: bool | None = None
    pupil_premium: bool | None = None
    in_care: bool | None = None
    origin: Origin
    overrides: tuple[str, ...] = ()
    """Names of the fields set by hand, which the sync leaves alone (R13)."""


class PupilsChanged(Payload, event_type="roster.pupils.changed.v1"):
    pupils: tuple[PupilState, ...] = Field(max_length=MAX_STATES_PER_EVENT)


class PupilFieldsChanged(Payload, event_type="roster.pupil_fields.changed.v1"):
    """Which optional fields of pupils the school keeps (R29), whole.

    What one that was switched off held is to be forgotten, or hidden; the pupils' own states, which
    no longer have it, follow.
    """

    version: int = Field(ge=1)
    kept: frozenset[str]


class GroupState(Contract):
    id: UUID
    version: int = Field(ge=1)
    active: bool
    name: str
    kind: GroupKind
    year_group: YearGroup | None = None
    origin: Origin
    overrides: tuple[str, ...] = ()


class GroupsChanged(Payload, event_type="roster.groups.changed.v1"):
    groups: tuple[GroupState, ...] = Field(max_length=MAX_STATES_PER_EVENT)


class LinkState(Contract):
    """A pupil's membership of a group or a user's link to it; `present` false is an unlink kept."""

    kind: LinkKind
    group_id: UUID
    person_id: UUID
    version: int = Field(ge=1)
    present: bool
    origin: Origin
    override: bool
    """Set by hand: no sync undoes it (R13)."""


class LinksChanged(Payload, event_type="roster.links.changed.v1"):
    links: tuple[LinkState, ...] = Field(max_length=MAX_STATES_PER_EVENT)


class MembershipsAlike(Contract):
    """Memberships of one group that stand alike: each pupil, and the version of the link."""

    group_id: UUID
    present: bool
    origin: Origin
    override: bool
    members: tuple[tuple[UUID, Annotated[int, Field(ge=1)]], ...]

    def each(self) -> Iterator[LinkState]:
        """Each as a state of its own, in their order. What was checked is not checked again."""
        for person_id, version in self.members:
            yield LinkState.model_construct(
                kind=LinkKind.MEMBER,
                group_id=self.group_id,
                person_id=person_id,
                version=version,
                present=self.present,
                origin=self.origin,
                override=self.override,
            )


class MembershipsChanged(Payload, event_type="roster.memberships.changed.v1"):
    """What `LinksChanged` would say of whole classes, such as at the roll-up, in a quarter of the
    words. Whoever keeps memberships hears both, and by their versions in any order."""

    groups: tuple[MembershipsAlike, ...]

    @property
    def links(self) -> tuple[LinkState, ...]:
        """The states, one by one."""
        return tuple(link for group in self.groups for link in group.each())


class SchoolYearChanged(Payload, event_type="roster.school_year.changed.v1"):
    """The school's academic year, its own stored state (R12)."""

    version: int = Field(ge=1)
    academic_year: AcademicYearName


class RollUpDue(Payload, event_type="roster.roll_up.due.v1"):
    """The school's pupils are to go up from this academic year to the next (R12).

    Roster tells itself, so that it is retried and seen as any message is.
    """

    academic_year: AcademicYearName


class RecordOutcome(Contract):
    """What became of one proposed record; `reason` is a sentence an office can act on."""

    id: UUID
    outcome: Outcome
    version: int | None = None
    reason_code: str | None = None
    reason: str | None = None
    in_the_way: UUID | None = None
    """The record that stands in the way, where there is one in this school."""


class AppliedBatch(Payload):
    """The answer to one proposal batch, item by item."""

    run_id: UUID
    sequence: int = Field(ge=0)
    total: int = Field(ge=1)


class PupilsApplied(AppliedBatch, event_type="roster.pupils.applied.v1"):
    outcomes: tuple[RecordOutcome, ...]


class GroupsApplied(AppliedBatch, event_type="roster.groups.applied.v1"):
    outcomes: tuple[RecordOutcome, ...]


class LinkOutcome(Contract):
    kind: LinkKind
    group_id: UUID
    person_id: UUID
    outcome: Outcome
    reason_code: str | None = None
    reason: str | None = None


class LinksApplied(AppliedBatch, event_type="roster.links.applied.v1"):
    outcomes: tuple[LinkOutcome, ...]


class RosterErased(Payload, event_type="roster.school.erased.v1"):
    """Nothing is kept here of the school any more; `rows` were."""

    rows: int = Field(ge=0)
