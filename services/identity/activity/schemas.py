"""The shapes of the activity log over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.identity.activity.entry import Entry
from services.identity.activity.log import Choices
from services.identity.activity.wording import action_name, actor_name, details, sentence

__all__ = ["ActivityChoices", "ActivityView", "ActorKind", "SubjectKind"]

ActorKind = Literal["person", "mis", "system", "operator"]
SubjectKind = Literal[
    "school", "user", "parent", "pupil", "group", "link", "mis_link", "mapping", "session"
]


class ActorView(BaseModel):
    kind: str
    account_id: UUID | None
    name: str = Field(description="As it was then.")
    authenticator: str | None = Field(
        default=None, description="Of who shares an account, what they signed in with (R1)."
    )

    @classmethod
    def of(
        cls, kind: str, account_id: UUID | None, name: str, authenticator: str | None = None
    ) -> ActorView:
        return cls(
            kind=kind,
            account_id=account_id,
            name=actor_name(kind, name),
            authenticator=authenticator,
        )


class SubjectView(BaseModel):
    kind: str
    id: UUID | None
    label: str


class FieldView(BaseModel):
    """One field that is not as it was, in words. Empty where there is nothing."""

    name: str
    before: str
    after: str


class ActivityView(BaseModel):
    """One entry, or with `alike` above 1 the newest of a line's."""

    id: str
    event_id: UUID
    at: datetime
    actor: ActorView
    action: str
    subject: SubjectView
    sentence: str = Field(description="What happened, in plain words.")
    alike: int = Field(description="How many entries of this event and action the line is for.")
    fields: list[FieldView] = Field(description="What differs between before and after.")

    @classmethod
    def of(cls, entry: Entry) -> ActivityView:
        return cls(
            id=f"{entry.place.event_id}-{entry.place.position}",
            event_id=entry.place.event_id,
            at=entry.place.at,
            actor=ActorView.of(
                entry.actor_kind,
                entry.actor_account_id,
                entry.actor_name,
                entry.actor_authenticator,
            ),
            action=entry.action,
            subject=SubjectView(
                kind=entry.subject_kind, id=entry.subject_id, label=entry.subject_label
            ),
            sentence=sentence(entry),
            alike=entry.alike,
            fields=[
                FieldView(name=name, before=before, after=after)
                for name, before, after in details(entry)
            ],
        )


class ActionView(BaseModel):
    action: str
    name: str


class ActivityChoices(BaseModel):
    """Who and what stands in the school's log, to filter it by."""

    actors: list[ActorView]
    actions: list[ActionView]

    @classmethod
    def of(cls, found: Choices) -> ActivityChoices:
        return cls(
            actors=[
                ActorView.of(actor.kind, actor.account_id, actor.name) for actor in found.actors
            ],
            actions=[ActionView(action=one, name=action_name(one)) for one in found.actions],
        )
