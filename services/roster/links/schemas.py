"""The shape of links over HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.roster.links.many import FateOutcome, LinkFate
from shared.contracts.vocabulary import GroupKind, LinkKind, Origin, YearGroup

__all__ = ["LinkFateView", "LinkView", "ManyLinksView", "ManyPupilsBody", "ManyUsersBody"]

_MOST_AT_ONCE = 500


class LinkView(BaseModel):
    """A link of a group and a person. One that is not `present` was removed, and is kept."""

    kind: LinkKind
    group_id: UUID
    group_name: str
    group_kind: GroupKind
    group_year_group: YearGroup | None
    person_id: UUID
    version: int = Field(ge=1)
    present: bool
    origin: Origin
    override: bool = Field(description="Set by hand: no sync undoes it (R13)")


class ManyLinksBody(BaseModel):
    """People to be put into a group (`present`), or taken out of it."""

    model_config = ConfigDict(extra="forbid")

    present: bool
    seen: dict[UUID, Annotated[int, Field(ge=0)]] | None = Field(
        default=None,
        max_length=_MOST_AT_ONCE,
        description="The versions of their links as they were looked at; 0 where there was none.",
    )


class ManyUsersBody(ManyLinksBody):
    user_ids: list[UUID] = Field(min_length=1, max_length=_MOST_AT_ONCE)


class ManyPupilsBody(ManyLinksBody):
    pupil_ids: list[UUID] = Field(min_length=1, max_length=_MOST_AT_ONCE)


class LinkFateView(BaseModel):
    person_id: UUID
    name: str
    version: int = Field(ge=0, description="Of the link that is there; 0 where there is none.")
    outcome: FateOutcome
    reason: str | None = Field(description="Why they are left as they are, as a sentence.")
    note: str | None = Field(description="What to know of who is changed, as a sentence.")


class ManyLinksView(BaseModel):
    """What became of each, or would."""

    changed: int
    items: list[LinkFateView]

    @classmethod
    def of(cls, fates: Sequence[LinkFate]) -> ManyLinksView:
        items = [
            LinkFateView(
                person_id=fate.person_id,
                name=fate.name,
                version=fate.version,
                outcome=fate.outcome,
                reason=fate.reason,
                note=fate.note,
            )
            for fate in fates
        ]
        return cls(changed=sum(item.outcome == "changed" for item in items), items=items)
