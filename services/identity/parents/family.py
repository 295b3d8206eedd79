"""A parent and their children, as the rules see them: who must still confirm what, who sees whom.

A parent sees a child who is linked to them, whose date of birth they gave, and who is on roll. All
of that is decided here and nowhere else (R2, R6).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from services.identity.accounts.account import Account
from shared.contracts.vocabulary import Origin

__all__ = ["Child", "Family", "InvitationState", "Pupil", "seen_by", "to_confirm"]

InvitationState = Literal["not_invited", "invited", "claimed", "lapsed"]


@dataclass(frozen=True, kw_only=True)
class Pupil:
    """What is known here of a pupil, from what roster tells."""

    pupil_id: UUID
    active: bool
    forename: str
    surname: str
    date_of_birth: date | None = field(default=None, repr=False)
    year_group: str | None = None

    @property
    def name(self) -> str:
        return f"{self.forename} {self.surname}"


@dataclass(frozen=True, kw_only=True)
class Child:
    """A pupil, linked to a parent. `pupil` is `None` while roster has not told of them."""

    pupil_id: UUID
    pupil: Pupil | None
    confirmed_at: datetime | None = None
    origin: Origin = Origin.HAND
    """Who says so: the MIS, or a person, whom no sync contradicts (R13)."""

    @property
    def name(self) -> str:
        return self.pupil.name if self.pupil else "A pupil who is not known here yet"

    @property
    def on_roll(self) -> bool:
        return self.pupil is not None and self.pupil.active

    @property
    def confirmed(self) -> bool:
        return self.confirmed_at is not None

    @property
    def to_confirm(self) -> bool:
        """Only a date that the school has can be asked for, and of a leaver none is."""
        return (
            not self.confirmed
            and self.pupil is not None
            and self.pupil.active
            and self.pupil.date_of_birth is not None
        )

    @property
    def seen(self) -> bool:
        return self.confirmed and self.on_roll

    @property
    def hindrance(self) -> str | None:
        """What keeps the parent from seeing the child, for the school's office."""
        if self.pupil is None:
            return "This pupil is not known here yet. Please look again in a minute."
        if not self.pupil.active:
            return "Not on roll, so the parent does not see this child."
        if self.confirmed:
            return None
        if self.pupil.date_of_birth is None:
            return (
                "There is no date of birth for this pupil, so the parent cannot confirm it and "
                "does not see this child. Add it in Pupil Management or in your MIS."
            )
        return "The parent is asked for the date of birth at their next sign-in."


@dataclass(frozen=True)
class Family:
    """A parent with their children. `invited_until` is when the newest open link lapses."""

    parent: Account
    children: tuple[Child, ...]
    invited_until: datetime | None = None
    invited_at: datetime | None = None
    """When they were invited first; nobody whom the sync made is, before the school says so."""
    dates_paused: bool = False
    """Too many wrong dates of birth were given, so that none is taken for now."""

    @property
    def state(self) -> InvitationState:
        if self.parent.claimed:
            return "claimed"
        if self.invited_until:
            return "invited"
        return "lapsed" if self.invited_at else "not_invited"

    @property
    def cannot_send_reason(self) -> str | None:
        """Why no link can be sent to them now (R4)."""
        if not self.parent.active:
            return "This parent is inactive. Make them active again first."
        return None


def to_confirm(children: Iterable[Child]) -> list[Child]:
    """Those whose dates of birth the parent is asked for before anything opens (R2)."""
    return [child for child in children if child.to_confirm]


def seen_by(parent: Account, children: Iterable[Child]) -> list[Child]:
    """The children that the parent sees (R6: an inactive parent sees nobody)."""
    return [child for child in children if child.seen] if parent.active else []
