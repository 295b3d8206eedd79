"""Who has claimed their account and who waits, and slips for those who do (R2, R4)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from gateway.schemas.parts import Shape, Written
from gateway.schemas.users import Leadership, Slip
from shared.contracts.vocabulary import StaffRole

__all__ = [
    "Claim",
    "ClaimCounts",
    "ClaimList",
    "ClaimState",
    "ClaimsSummary",
    "HowMany",
    "RecentClaim",
    "SlipsWanted",
    "TheseUsers",
]

ClaimState = Literal["own", "default", "code", "no_code", "lapsed", "link", "link_lapsed"]


class Claim(Shape):
    """A user and how it stands with their first password."""

    id: UUID
    username: str
    email: str | None = None
    title: str | None = None
    forename: str
    surname: str
    name: str
    role: StaffRole
    leadership: Leadership | None = None
    state: ClaimState
    claimed_at: datetime | None = None
    code_made_at: datetime | None = Field(default=None, description="When the slip was printed.")
    until: datetime | None = Field(
        default=None,
        description="Until when what they wait with works; for who waits for a slip, until when "
        "a code on one would; null where there is no such time.",
    )
    link_until: datetime | None = Field(default=None, description="Until when their link opens.")
    slip: Slip | None = None


class ClaimCounts(Shape):
    """How many active users are in each state."""

    own: int
    default: int
    code: int
    no_code: int
    lapsed: int
    link: int
    link_lapsed: int


class ClaimList(Shape):
    items: list[Claim]
    next_cursor: str | None = None
    total: int
    counts: ClaimCounts
    slips_for_all: int = Field(
        description="How many slips are printed for all who wait: heads and deputies get theirs "
        "by name only."
    )
    first_passwords: Literal["default", "starting_codes"]


class RecentClaim(Shape):
    """Who has set their first password."""

    id: UUID
    name: str
    username: str
    claimed_at: datetime


class ClaimsSummary(Shape):
    counts: ClaimCounts
    recent: list[RecentClaim] = Field(description="Of the last seven days, the newest first.")
    default_paused_until: datetime | None = Field(
        default=None,
        description="Until when the default opens nothing, because it was missed too often.",
    )


class SlipsWanted(Written):
    """Either `user_ids` or `waiting`."""

    user_ids: Annotated[list[UUID], Field(max_length=500)] | None = None
    waiting: Annotated[list[Literal["default", "code", "no_code"]], Field(max_length=3)] | None = (
        Field(default=None, description="All who wait so, but heads and deputies.")
    )


class TheseUsers(Written):
    """Those of these whom it concerns; `null` is all whom it does."""

    user_ids: Annotated[list[UUID], Field(max_length=500)] | None = None


class HowMany(Shape):
    users: int = Field(description="How many it concerned.")
