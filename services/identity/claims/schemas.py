"""The shapes of the list of claimed and unclaimed accounts over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.identity.accounts.account import Account, Leadership
from services.identity.accounts.password_state import Slip, slip_for
from services.identity.claims.claim import Claim, ClaimState
from services.identity.claims.service import ClaimsPage, ClaimsSummary
from services.identity.school_settings.school_settings import FirstPasswords
from shared.contracts.vocabulary import StaffRole

__all__ = ["ClaimCounts", "ClaimView", "ClaimsFound", "ClaimsSummaryView", "Done", "TheseUsers"]

_MOST_NAMED = 500


class ClaimCounts(BaseModel):
    """How many active users are in each state."""

    own: int
    default: int
    code: int
    no_code: int
    lapsed: int
    link: int
    link_lapsed: int


class ClaimView(BaseModel):
    """A user and how it stands with their first password."""

    id: UUID
    username: str
    email: str | None
    title: str | None
    forename: str
    surname: str
    name: str
    role: StaffRole
    leadership: Leadership | None
    state: ClaimState
    claimed_at: datetime | None
    code_made_at: datetime | None = Field(description="When the slip was printed.")
    until: datetime | None = Field(
        description="Until when what they wait with works; for who waits for a slip, until when "
        "a code on one would; null where there is no such time."
    )
    link_until: datetime | None = Field(description="Until when their link opens.")
    slip: Slip | None

    @classmethod
    def of(cls, claim: Claim, now: datetime) -> ClaimView:
        user = claim.user
        told = user.for_others()
        return cls(
            id=user.account_id,
            username=told.username,
            email=user.email,
            title=user.title,
            forename=told.forename,
            surname=told.surname,
            name=user.name,
            role=told.role,
            leadership=user.leadership,
            state=claim.state,
            claimed_at=user.claimed_at,
            code_made_at=user.code_made_at,
            until=_until(claim),
            link_until=claim.link_until,
            slip=slip_for(user, now),
        )


class ClaimsFound(BaseModel):
    items: list[ClaimView]
    next_cursor: str | None
    total: int
    counts: ClaimCounts
    slips_for_all: int = Field(
        description="How many slips are printed for all who wait: heads and deputies get theirs "
        "by name only."
    )
    first_passwords: FirstPasswords

    @classmethod
    def of(cls, page: ClaimsPage, now: datetime) -> ClaimsFound:
        return cls(
            items=[ClaimView.of(claim, now) for claim in page.claims],
            next_cursor=page.next_cursor,
            total=page.total,
            counts=ClaimCounts.model_validate(page.counts),
            slips_for_all=page.slips_for_all,
            first_passwords=page.first_passwords,
        )


class RecentClaim(BaseModel):
    """Who has set their first password."""

    id: UUID
    name: str
    username: str
    claimed_at: datetime

    @classmethod
    def of(cls, user: Account) -> RecentClaim:
        if user.username is None or user.claimed_at is None:
            raise ValueError("only users who claimed their account are told of")
        return cls(
            id=user.account_id,
            name=user.name,
            username=user.username,
            claimed_at=user.claimed_at,
        )


class ClaimsSummaryView(BaseModel):
    counts: ClaimCounts
    recent: list[RecentClaim] = Field(description="Of the last seven days, the newest first.")
    default_paused_until: datetime | None = Field(
        description="Until when the default opens nothing, because it was missed too often (R2)."
    )

    @classmethod
    def of(cls, summary: ClaimsSummary) -> ClaimsSummaryView:
        return cls(
            counts=ClaimCounts.model_validate(summary.counts),
            recent=[RecentClaim.of(user) for user in summary.recent],
            default_paused_until=summary.default_paused_until,
        )


class TheseUsers(BaseModel):
    """Those of these whom it concerns; `null` is all whom it does."""

    model_config = ConfigDict(extra="forbid")

    user_ids: Annotated[list[UUID], Field(min_length=1, max_length=_MOST_NAMED)] | None = None

    def ids(self) -> set[UUID] | None:
        return None if self.user_ids is None else set(self.user_ids)


class Done(BaseModel):
    users: int = Field(description="How many it concerned.")


def _until(claim: Claim) -> datetime | None:
    if claim.state == "own":
        return None
    if claim.state in ("link", "link_lapsed"):
        return claim.link_until
    return claim.user.code_until
