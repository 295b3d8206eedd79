"""The list of users as tests ask for it, and how roster speaks of groups and links."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

import aio_pika
from uuid_utils.compat import uuid7

from shared.contracts.envelope import Event, Payload
from shared.contracts.roster import GroupsChanged, GroupState, LinksChanged, LinkState
from shared.contracts.topology import EVENTS_EXCHANGE
from shared.contracts.vocabulary import GroupKind, LinkKind, Origin
from tests.broker import TestBroker
from tests.eventually import eventually
from tests.identity.door import SchoolInTest

__all__ = ["Roster", "group_state", "link_state", "listed", "names_of"]


@dataclass
class Roster:
    """roster as identity hears it."""

    school: SchoolInTest
    broker: TestBroker

    async def say(self, *payloads: Payload) -> None:
        """Publish these in this order; each is committed before this returns."""
        events = [self._event(payload) for payload in payloads]
        connection = await aio_pika.connect(self.broker.url)
        async with connection, connection.channel() as channel:
            exchange = await channel.get_exchange(EVENTS_EXCHANGE)
            for event in events:
                body = event.model_dump_json(serialize_as_any=True).encode()
                message = aio_pika.Message(body, message_id=str(event.id))
                await exchange.publish(message, event.type)
        for event in events:
            await eventually(partial(self._taken, event.id))

    async def has_group(
        self, name: str, *users: dict[str, Any], kind: GroupKind = GroupKind.CLASS
    ) -> UUID:
        """A group with these users linked to it."""
        group_id = uuid7()
        links = tuple(link_state(group_id, UUID(user["id"])) for user in users)
        await self.say(
            GroupsChanged(groups=(group_state(group_id, name=name, kind=kind),)),
            LinksChanged(links=links),
        )
        return group_id

    async def _taken(self, event_id: UUID) -> list[dict[str, Any]]:
        return await self.school.door.rows("SELECT 1 FROM inbox WHERE message_key = $1", event_id)

    def _event(self, payload: Payload) -> Event[Payload]:
        return Event[Payload](
            source="/services/roster",
            type=payload.EVENT_TYPE,
            schoolid=self.school.id,
            correlationid="test-correlation",
            data=payload,
        )


def group_state(group_id: UUID, **given: Any) -> GroupState:
    return GroupState(
        **{
            "id": group_id,
            "version": 1,
            "active": True,
            "name": "3 Blue",
            "kind": GroupKind.CLASS,
            "origin": Origin.MIS,
            **given,
        }
    )


def link_state(group_id: UUID, person_id: UUID, **given: Any) -> LinkState:
    return LinkState(
        **{
            "kind": LinkKind.TEACHER,
            "group_id": group_id,
            "person_id": person_id,
            "version": 1,
            "present": True,
            "origin": Origin.MIS,
            "override": False,
            **given,
        }
    )


async def listed(school: SchoolInTest, **query: Any) -> list[dict[str, Any]]:
    """All of the list, page by page."""
    headers = await school.as_admin()
    items: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        params = {"limit": 200, **query, **cursor}
        answer = await school.door.client.get("/users", params=params, headers=headers)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        items += page["items"]
        if page["next_cursor"] is None:
            assert page["total"] == len(items)
            return items
        cursor = {"cursor": page["next_cursor"]}


def names_of(users: list[dict[str, Any]]) -> list[str]:
    return [user["surname"] for user in users]
