"""A service's doors as the tests use them: events in, HTTP with principals, and what it wrote.

Roster's, and those of reports, which hears what roster says.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import aio_pika
import httpx
from uuid_utils.compat import uuid7

from shared.contracts.envelope import Event, Payload, payload_type
from shared.contracts.identity import SchoolChanged, UsersChanged, UserState
from shared.contracts.mis_sync import (
    GroupProposal,
    GroupsApproved,
    LinkAction,
    LinkProposal,
    LinksApproved,
    ProposalAction,
    PupilDetails,
    PupilProposal,
    PupilsApproved,
)
from shared.contracts.topology import EVENTS_EXCHANGE
from shared.contracts.vocabulary import GroupKind, LinkKind, Origin, StaffRole, YearGroup
from shared.security.principals import Kind, Principal, PrincipalSigner, Scope
from tests.eventually import eventually
from tests.looking import Look, looking

__all__ = ["UPNS", "Clock", "Door", "SchoolInTest", "details", "ids_of", "problem_of", "user"]

# Made up for the tests, with right check letters.
UPNS = (
    "H801200001001",
    "X801200001002",
    "L801200001003",
    "A801200001004",
    "P801200001005",
)


class Clock:
    """The time that the service is told."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def __call__(self) -> datetime:
        return self._now

    def set(self, now: datetime) -> None:
        """It is this time from now on."""
        self._now = now

    @contextmanager
    def at(self, now: datetime) -> Iterator[None]:
        """It is this time until the block ends."""
        before, self._now = self._now, now
        try:
            yield
        finally:
            self._now = before


@dataclass
class Door:
    """The service under test, reached as the others reach it."""

    service: str
    client: httpx.AsyncClient
    signer: PrincipalSigner
    admin_dsn: str
    service_dsn: str
    exchange: aio_pika.abc.AbstractExchange
    clock: Clock
    look: Look

    @classmethod
    @asynccontextmanager
    async def opened(
        cls,
        *,
        service: str,
        client: httpx.AsyncClient,
        signer: PrincipalSigner,
        broker_url: str,
        admin_dsn: str,
        service_dsn: str,
        clock: Clock | None = None,
    ) -> AsyncIterator[Door]:
        connection = await aio_pika.connect(broker_url)
        async with connection, connection.channel() as channel, looking(admin_dsn) as look:
            exchange = await channel.get_exchange(EVENTS_EXCHANGE)
            clock = clock or Clock(datetime.now(UTC))
            yield cls(service, client, signer, admin_dsn, service_dsn, exchange, clock, look)

    async def say(self, school_id: UUID, payload: Payload, event_id: UUID | None = None) -> UUID:
        """Publish what another service would; its event id."""
        event = Event[Payload](
            id=event_id or uuid7(),
            source=f"/services/{payload.PUBLISHER}",
            type=payload.EVENT_TYPE,
            schoolid=school_id,
            correlationid="a-test-of-roster",
            data=payload,
        )
        body = event.model_dump_json(serialize_as_any=True).encode()
        message = aio_pika.Message(body, message_id=str(event.id), delivery_mode=2)
        await self.exchange.publish(message, payload.EVENT_TYPE, mandatory=True)
        return event.id

    async def rows(self, query: str, *arguments: Any) -> list[dict[str, Any]]:
        """What the database holds, seen past row-level security."""
        return [dict(row) for row in await self.look.fetch(query, *arguments)]

    async def is_taken(self, event_id: UUID) -> None:
        """Returns once the service has committed this message, and fails if it never does."""

        async def look() -> list[dict[str, Any]]:
            return await self.rows("SELECT 1 FROM inbox WHERE message_key = $1", event_id)

        await eventually(look)


@dataclass
class SchoolInTest:
    """A school of its own for each test, and how the other services speak of it."""

    door: Door
    id: UUID = field(default_factory=uuid4)
    year: str = "2026/27"

    async def is_heard_of(self) -> None:
        await self.hears(
            SchoolChanged(
                version=1,
                name="Heron Park Primary School",
                postcode="NG7 5PN",
                first_year_group=YearGroup.R,
                last_year_group=YearGroup.Y6,
            )
        )

    async def hears(self, payload: Payload, event_id: UUID | None = None) -> UUID:
        """Say it and wait until it is committed."""
        said = await self.door.say(self.id, payload, event_id)
        await self.door.is_taken(said)
        return said

    async def told(self, event_type: str | None = None) -> list[dict[str, Any]]:
        """What roster said of this school, in the order it was written, as its contract reads it:
        with all that may be left out."""
        rows = await self.door.rows(
            "SELECT body FROM outbox WHERE school_id = $1 ORDER BY id", self.id
        )
        events = [json.loads(row["body"]) for row in rows]
        for event in events:
            read = payload_type(event["type"]).model_validate(event["data"])
            event["data"] = read.model_dump(mode="json")
        return [event for event in events if event_type in (None, event["type"])]

    async def pupils_approved(
        self, *proposals: PupilProposal, year: str | None = None
    ) -> list[dict[str, Any]]:
        """The outcomes of a batch of pupils."""
        batch = PupilsApproved(**self._batch(year), proposals=proposals)
        return await self._outcomes(batch, "roster.pupils.applied.v1")

    async def groups_approved(
        self, *proposals: GroupProposal, year: str | None = None
    ) -> list[dict[str, Any]]:
        batch = GroupsApproved(**self._batch(year), proposals=proposals)
        return await self._outcomes(batch, "roster.groups.applied.v1")

    async def links_approved(
        self, *proposals: LinkProposal, year: str | None = None
    ) -> list[dict[str, Any]]:
        batch = LinksApproved(**self._batch(year), proposals=proposals)
        return await self._outcomes(batch, "roster.links.applied.v1")

    async def users_are_told(self, *users: UserState) -> None:
        await self.hears(UsersChanged(users=users))

    async def has_pupil(self, **given: Any) -> UUID:
        """A pupil whom the MIS gave."""
        pupil_id = uuid7()
        proposal = PupilProposal(
            pupil_id=pupil_id, action=ProposalAction.CREATE, details=details(**given)
        )
        (outcome,) = await self.pupils_approved(proposal)
        assert outcome["outcome"] == "applied", outcome
        return pupil_id

    async def has_group(
        self, name: str, kind: GroupKind = GroupKind.CLASS, year_group: str | None = None
    ) -> UUID:
        """A group that the MIS gave."""
        group_id = uuid7()
        proposal = GroupProposal(
            group_id=group_id,
            action=ProposalAction.CREATE,
            name=name,
            kind=kind,
            year_group=year_group and YearGroup(year_group),
        )
        (outcome,) = await self.groups_approved(proposal)
        assert outcome["outcome"] == "applied", outcome
        return group_id

    async def has_class(self, name: str, year_group: str, *pupils: UUID) -> UUID:
        """A class that the MIS gave, with these pupils in it."""
        group_id = await self.has_group(name, year_group=year_group)
        for pupil_id in pupils:
            await self.has_link(LinkKind.MEMBER, group_id, pupil_id)
        return group_id

    async def has_link(self, kind: LinkKind, group_id: UUID, person_id: UUID) -> str:
        """The outcome of a link that the MIS gives."""
        proposal = LinkProposal(
            kind=kind, group_id=group_id, person_id=person_id, action=LinkAction.ADD
        )
        (outcome,) = await self.links_approved(proposal)
        return str(outcome["outcome"])

    def as_admin(self) -> dict[str, str]:
        return self._signed(Kind.ADMIN, None, uuid4())

    def as_slt(self) -> dict[str, str]:
        return self._signed(Kind.USER, "slt", uuid4())

    def as_teacher(self, user_id: UUID) -> dict[str, str]:
        return self._signed(Kind.USER, "teacher", user_id)

    def as_parent(self) -> dict[str, str]:
        return self._signed(Kind.PARENT, None, uuid4())

    async def get(self, path: str, headers: dict[str, str] | None = None, **query: Any) -> Any:
        answer = await self.door.client.get(path, params=query, headers=headers or self.as_admin())
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def by_hand(
        self, method: str, path: str, body: Any = None, **query: Any
    ) -> httpx.Response:
        """What the admin does by hand."""
        return await self.door.client.request(
            method, path, json=body, params=query, headers=self.as_admin()
        )

    def _signed(self, kind: Kind, role: str | None, account_id: UUID) -> dict[str, str]:
        principal = Principal(account_id, self.id, kind, role, Scope.FULL, uuid4(), "Sam Reed")
        return {"Authorization": f"Bearer {self.door.signer.sign(principal, self.door.service)}"}

    def _batch(self, year: str | None) -> dict[str, Any]:
        return {
            "run_id": uuid7(),
            "sequence": 0,
            "total": 1,
            "academic_year": year or self.year,
        }

    async def _outcomes(
        self, batch: PupilsApproved | GroupsApproved | LinksApproved, answer_type: str
    ) -> list[dict[str, Any]]:
        await self.hears(batch)
        answers = [
            event["data"]
            for event in await self.told(answer_type)
            if event["data"]["run_id"] == str(batch.run_id)
        ]
        assert len(answers) == 1, "one answer to each batch"
        outcomes: list[dict[str, Any]] = answers[0]["outcomes"]
        return outcomes


def details(**given: Any) -> PupilDetails:
    """A pupil's details, of which a test names what matters to it."""
    return PupilDetails(
        **{
            "upn": UPNS[0],
            "legal_forename": "Zoë",
            "legal_surname": "O’Neill",
            "year_group": YearGroup.Y3,
            **given,
        }
    )


def user(user_id: UUID | None = None, **given: Any) -> UserState:
    """A user as identity tells of them."""
    return UserState(
        **{
            "id": user_id or uuid7(),
            "version": 1,
            "active": True,
            "username": "ng75pn_hall",
            "title": "Ms",
            "forename": "Ada",
            "surname": "Hall",
            "role": StaffRole.TEACHER,
            "claimed": True,
            "origin": Origin.MIS,
            **given,
        }
    )


def problem_of(answer: httpx.Response) -> tuple[int, str]:
    """Status and slug of a problem."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["type"].removeprefix("urn:classroom:problem:")


def ids_of(page: dict[str, Any]) -> list[UUID]:
    """The ids on a page, in their order."""
    items: Iterable[dict[str, Any]] = page["items"]
    return [UUID(item["id"]) for item in items]
