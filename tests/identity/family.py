"""Parents and their children as tests ask for them; roster's pupils come over the broker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import aio_pika
import httpx
from uuid_utils.compat import uuid7

from shared.contracts.envelope import Event
from shared.contracts.roster import PupilsChanged, PupilState
from shared.contracts.topology import EVENTS_EXCHANGE
from shared.contracts.vocabulary import Origin, YearGroup
from tests.broker import TestBroker
from tests.eventually import eventually
from tests.identity.door import OWN_PASSWORD, Door, SchoolInTest
from tests.identity.user_management import ask, link_mailed_to

__all__ = ["BORN", "Families", "an_address", "pupil"]

BORN = date(2018, 5, 17)


def pupil(forename: str = "Maya", **details: Any) -> PupilState:
    return PupilState(
        **{
            "id": uuid7(),
            "version": 1,
            "active": True,
            "upn": None,
            "legal_forename": forename,
            "legal_surname": "Patel",
            "date_of_birth": BORN,
            "year_group": YearGroup.Y3,
            "origin": Origin.MIS,
            **details,
        }
    )


def an_address(name: str = "anna") -> str:
    return f"{name}-{uuid4().hex[:12]}@home.example"


@dataclass
class Families:
    """A school's parents. `as_admin` is another school's admin where a test says so."""

    door: Door
    school: SchoolInTest
    broker: TestBroker
    _passwords: dict[str, str] = field(default_factory=dict)

    async def tell(self, *pupils: PupilState, school: UUID | None = None, times: int = 1) -> None:
        """roster tells of pupils, and identity has heard of each in this version or a later one."""
        school_id = school or self.school.id
        event = Event[PupilsChanged](
            source="/services/roster",
            type=PupilsChanged.EVENT_TYPE,
            schoolid=school_id,
            correlationid="test-correlation",
            data=PupilsChanged(pupils=pupils),
        )
        await self.publish(event, times)
        await eventually(lambda: self._heard(event.id), bool)

    async def publish(self, event: Event[PupilsChanged], times: int = 1) -> None:
        connection = await aio_pika.connect(self.broker.url)
        async with connection, connection.channel() as channel:
            exchange = await channel.get_exchange(EVENTS_EXCHANGE)
            for _ in range(times):
                body = event.model_dump_json().encode()
                message = aio_pika.Message(body, message_id=str(event.id))
                await exchange.publish(message, event.type)

    async def _heard(self, event_id: UUID) -> list[dict[str, Any]]:
        return await self.door.rows("SELECT 1 FROM inbox WHERE message_key = $1", event_id)

    async def try_to_add(self, email: str, children: Sequence[UUID] = (), **said: Any) -> Any:
        body = {
            "forename": "Anna",
            "surname": "Patel",
            "email": email,
            "children": [str(child) for child in children],
            **said,
        }
        return await ask(self.school, "POST", "/parents", body)

    async def add(
        self, email: str | None = None, children: Sequence[UUID] = (), **said: Any
    ) -> dict[str, Any]:
        answer = await self.try_to_add(email or an_address(), children, **said)
        assert answer.status_code == 201, answer.text
        parent: dict[str, Any] = answer.json()
        return parent

    async def child(self, forename: str = "Maya", **details: Any) -> UUID:
        one = pupil(forename, **details)
        await self.tell(one)
        return one.id

    async def read(self, parent: dict[str, Any]) -> dict[str, Any]:
        answer = await ask(self.school, "GET", f"/parents/{parent['id']}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def send_link(self, parent: dict[str, Any]) -> httpx.Response:
        return await ask(self.school, "POST", f"/parents/{parent['id']}/link")

    async def link(self, parent: dict[str, Any], child: UUID) -> httpx.Response:
        return await ask(self.school, "PUT", f"/parents/{parent['id']}/children/{child}")

    async def unlink(self, parent: dict[str, Any], child: UUID) -> httpx.Response:
        return await ask(self.school, "DELETE", f"/parents/{parent['id']}/children/{child}")

    async def set_active(self, parent: dict[str, Any], active: bool) -> httpx.Response:
        body = {"active": active}
        return await ask(self.school, "PUT", f"/parents/{parent['id']}/active", body)

    async def accept(self, parent: dict[str, Any], nth: int = 1) -> dict[str, Any]:
        """Through the invitation, with a password of their own; what comes next."""
        token = await link_mailed_to(self.door, parent["email"], nth)
        opened = await self.door.client.post("/sessions/link", json={"token": token})
        assert opened.status_code == 201, opened.text
        answer = await self.door.set_password(opened.json(), OWN_PASSWORD)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def sign_in(self, parent: dict[str, Any]) -> dict[str, Any]:
        answer = await self.door.sign_in(parent["email"], OWN_PASSWORD)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def asked_for(self, opened: dict[str, Any]) -> list[dict[str, Any]]:
        headers = self.door.as_session(opened["session"])
        answer = await self.door.client.get("/children/first-confirmation", headers=headers)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["items"])

    async def confirm(
        self, opened: dict[str, Any], dates: dict[UUID, date] | dict[UUID, str]
    ) -> httpx.Response:
        given = [{"child_id": str(c), "date_of_birth": str(born)} for c, born in dates.items()]
        headers = self.door.as_session(opened["session"])
        return await self.door.client.post(
            "/children/first-confirmation", json={"dates": given}, headers=headers
        )

    async def seen(self, opened: dict[str, Any]) -> dict[str, Any]:
        headers = self.door.as_session(opened["session"])
        answer = await self.door.client.get("/children", headers=headers)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def names_seen(self, opened: dict[str, Any]) -> list[str]:
        return [child["name"] for child in (await self.seen(opened))["items"]]
