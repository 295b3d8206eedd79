"""The shapes of parents over HTTP: as the admin sees them, and what parents see themselves."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.identity.accounts.schemas import Code, Email, PersonName
from services.identity.parents.confirming import ChildrenSeen
from services.identity.parents.family import Child, Family, InvitationState
from services.identity.parents.invitations import INVITED_AT_ONCE, Invited
from services.identity.parents.service import NewParent
from services.identity.sessions.schemas import Address, Device
from shared.contracts.vocabulary import Origin, YearGroup

__all__ = [
    "ActiveParents",
    "ChildrenToConfirm",
    "DatesGiven",
    "InvitationsBody",
    "InvitationsSent",
    "LinkSent",
    "NewParentBody",
    "OwnChildren",
    "ParentChanges",
    "ParentView",
    "ParentsActiveBody",
]

_MOST_CHILDREN = 20
ParentIds = Annotated[list[UUID], Field(min_length=1, max_length=INVITED_AT_ONCE)]


class NewParentBody(BaseModel):
    """A parent made by hand, who is invited by e-mail. `children` are pupils' ids."""

    model_config = ConfigDict(extra="forbid")

    title: Code | None = None
    forename: PersonName
    surname: PersonName
    email: Email
    children: list[UUID] = Field(default_factory=list, max_length=_MOST_CHILDREN)

    def as_new_parent(self) -> NewParent:
        return NewParent(
            title=self.title,
            forename=self.forename,
            surname=self.surname,
            email=self.email,
            children=tuple(dict.fromkeys(self.children)),
        )


class ParentChanges(BaseModel):
    """What is to change; what is not sent stays. Only an inactive parent's address may go."""

    model_config = ConfigDict(extra="forbid")

    expected_version: int = Field(ge=1, description="The version that was looked at.")
    title: Code | None = None
    forename: PersonName | None = None
    surname: PersonName | None = None
    email: Email | None = None

    @model_validator(mode="after")
    def names_stay(self) -> ParentChanges:
        for name in ("forename", "surname"):
            if name in self.model_fields_set and getattr(self, name) is None:
                raise ValueError(f"every parent has a {name}")
        return self

    def said(self) -> dict[str, Any]:
        return self.model_dump(exclude_unset=True, exclude={"expected_version"})


class ParentsActiveBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    ids: ParentIds
    active: bool


class ActiveParents(BaseModel):
    changed: int


class InvitationsBody(BaseModel):
    """Either those of `ids`, or with `lapsed` all whose invitation works no more, or with
    `not_invited` all who never had one."""

    model_config = ConfigDict(extra="forbid")

    ids: ParentIds | None = None
    lapsed: bool = False
    not_invited: bool = False

    @model_validator(mode="after")
    def one_of_them(self) -> InvitationsBody:
        if (self.ids is not None) + self.lapsed + self.not_invited != 1:
            raise ValueError(
                "say either which parents, or those whose link has lapsed, or those never invited"
            )
        return self


class InvitationsSent(BaseModel):
    """`left`: who wait without one still, and are invited by asking once more."""

    sent: int
    claimed: int = Field(description="Passed over: they have a password.")
    inactive: int = Field(description="Passed over: they are inactive.")
    left: int

    @classmethod
    def of(cls, invited: Invited) -> InvitationsSent:
        return cls(
            sent=invited.sent,
            claimed=invited.claimed,
            inactive=invited.inactive,
            left=invited.left,
        )


class ChildView(BaseModel):
    """A child as the admin sees it with the parent."""

    id: UUID
    name: str
    year_group: YearGroup | None
    confirmed_at: datetime | None
    seen: bool = Field(description="Whether the parent sees the child.")
    hindrance: str | None = Field(description="Why not, in a sentence.")

    @classmethod
    def of(cls, child: Child) -> ChildView:
        return cls(
            id=child.pupil_id,
            name=child.name,
            year_group=_year_group(child),
            confirmed_at=child.confirmed_at,
            seen=child.seen,
            hindrance=child.hindrance,
        )


class ParentView(BaseModel):
    id: UUID
    version: int
    active: bool
    title: str | None
    forename: str
    surname: str
    name: str
    email: str | None
    state: InvitationState = Field(description="`claimed`: has set a password (R2).")
    invited_until: datetime | None = Field(description="Until when the invitation works.")
    claimed_at: datetime | None
    origin: Origin
    children: list[ChildView]
    can_send_link: bool
    cannot_send_reason: str | None = Field(description="A sentence for the page (R4).")
    dates_paused: bool = Field(
        description="Too many wrong dates of birth were given; a new link takes it back."
    )

    @classmethod
    def of(cls, family: Family) -> ParentView:
        parent = family.parent
        return cls(
            id=parent.account_id,
            version=parent.version,
            active=parent.active,
            title=parent.title,
            forename=parent.forename or "",
            surname=parent.surname or "",
            name=parent.name,
            email=parent.email,
            state=family.state,
            invited_until=None if parent.claimed else family.invited_until,
            claimed_at=parent.claimed_at,
            origin=parent.origin,
            children=[ChildView.of(child) for child in family.children],
            can_send_link=family.cannot_send_reason is None,
            cannot_send_reason=family.cannot_send_reason,
            dates_paused=family.dates_paused,
        )


class LinkSent(BaseModel):
    """What was sent, and the parent as they are now."""

    sent: Literal["invitation", "password_link"]
    parent: ParentView


class ChildToConfirm(BaseModel):
    """By first name only: whoever reads this has not shown yet that the child is theirs."""

    id: UUID
    forename: str


class ChildrenToConfirm(BaseModel):
    items: list[ChildToConfirm]

    @classmethod
    def of(cls, children: list[Child]) -> ChildrenToConfirm:
        return cls(
            items=[
                ChildToConfirm(id=child.pupil_id, forename=child.pupil.forename)
                for child in children
                if child.pupil
            ]
        )


class DateGiven(BaseModel):
    model_config = ConfigDict(extra="forbid")

    child_id: UUID
    date_of_birth: date = Field(repr=False)


class DatesGiven(BaseModel):
    """The date of birth of each child that is asked for."""

    model_config = ConfigDict(extra="forbid")

    dates: list[DateGiven] = Field(min_length=1, max_length=_MOST_CHILDREN)
    address: Address | None = None
    device: Device | None = None

    def by_child(self) -> dict[UUID, date]:
        return {given.child_id: given.date_of_birth for given in self.dates}


class OwnChild(BaseModel):
    id: UUID
    name: str
    year_group: YearGroup | None


class OwnChildren(BaseModel):
    """The children that the parent sees, and how many they do not see yet."""

    items: list[OwnChild]
    to_confirm: int = Field(description="Asked for at the next sign-in.")
    without_date: int = Field(description="The school has no date of birth to ask for.")

    @classmethod
    def of(cls, seen: ChildrenSeen) -> OwnChildren:
        return cls(
            items=[
                OwnChild(id=child.pupil_id, name=child.name, year_group=_year_group(child))
                for child in seen.children
            ],
            to_confirm=seen.to_confirm,
            without_date=seen.without_date,
        )


def _year_group(child: Child) -> YearGroup | None:
    return YearGroup(child.pupil.year_group) if child.pupil and child.pupil.year_group else None
