"""What identity says: schools, users, ended sessions, answers about staff. Never a secret."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.envelope import Contract, Payload
from shared.contracts.roster import AppliedBatch, RecordOutcome
from shared.contracts.vocabulary import Origin, StaffRole, YearGroup

__all__ = [
    "IdentitySettingsChanged",
    "ParentState",
    "ParentsApplied",
    "ParentsChanged",
    "SchoolChanged",
    "SchoolErasing",
    "SchoolLeft",
    "SessionsEnded",
    "StaffApplied",
    "UserState",
    "UsersChanged",
]


class SchoolChanged(Payload, event_type="identity.school.changed.v1"):
    """The school's details, whole. Its id is the envelope's `schoolid`."""

    version: int = Field(ge=1)
    name: str
    postcode: str
    first_year_group: YearGroup
    last_year_group: YearGroup
    address_line_1: str | None = None
    address_line_2: str | None = None
    town: str | None = None
    telephone: str | None = None
    contact_email: str | None = None


class SchoolLeft(Payload, event_type="identity.school.left.v1"):
    """Nobody of it signs in any more. Its rows stay until `erase_after`."""

    erase_after: datetime


class SchoolErasing(Payload, event_type="identity.school.erasing.v1"):
    """All that is kept of the school, files and rows, is to go now. Said again, it is nothing."""


class IdentitySettingsChanged(Payload, event_type="identity.settings.changed.v1"):
    """How the school's people sign in, whole (R29). Never a secret."""

    version: int = Field(ge=1)
    first_passwords: Literal["default", "starting_codes"]
    two_step: Literal["optional", "admin_and_slt"]


class UserState(Contract):
    """A teacher's or SLT's account, whole, at a version, without anything secret."""

    id: UUID
    version: int = Field(ge=1)
    active: bool
    username: str
    email: str | None = None
    title: str | None = None
    forename: str
    surname: str
    staff_code: str | None = None
    role: StaffRole
    leadership: Literal["head", "deputy"] | None = None
    claimed: bool
    """The user has set a password of their own (R2)."""
    origin: Origin
    overrides: tuple[str, ...] = ()
    """Names of the details set by hand, which the sync leaves alone (R13)."""


class UsersChanged(Payload, event_type="identity.users.changed.v1"):
    users: tuple[UserState, ...] = Field(max_length=500)


class ParentState(Contract):
    """A parent's account, whole, at a version, without anything secret."""

    id: UUID
    version: int = Field(ge=1)
    active: bool
    email: str | None = None
    title: str | None = None
    forename: str
    surname: str
    claimed: bool
    """The parent has set a password (R2)."""
    children: tuple[UUID, ...] = ()
    """Pupils that the parent is linked to, in the order of their ids."""
    confirmed_children: tuple[UUID, ...] = ()
    """Those whose date of birth the parent gave; of the others they see nothing."""
    mis_children: tuple[UUID, ...] = ()
    """Of the children, those that the MIS gave; the others were linked by hand (R13)."""
    kept_apart: tuple[UUID, ...] = ()
    """Pupils who were unlinked by hand: no sync links them again (R13)."""
    origin: Origin
    overrides: tuple[str, ...] = ()
    """Names of the details set by hand, which the sync leaves alone (R13)."""


class ParentsChanged(Payload, event_type="identity.parents.changed.v1"):
    parents: tuple[ParentState, ...] = Field(max_length=500)


class SessionsEnded(Payload, event_type="identity.session.ended.v1"):
    """These sessions open nothing from now on; every gateway drops what it remembers of them."""

    session_ids: tuple[UUID, ...]


class StaffApplied(AppliedBatch, event_type="identity.staff.applied.v1"):
    outcomes: tuple[RecordOutcome, ...]


class ParentsApplied(AppliedBatch, event_type="identity.parents.applied.v1"):
    outcomes: tuple[RecordOutcome, ...]
