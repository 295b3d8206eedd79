"""The activity log: what every service saw, kept as it was told (R9)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import aio_pika
import asyncpg
import pytest

from shared.contracts.activity import ActivityEntry, ActivityRecorded, Actor, Subject
from shared.contracts.envelope import Event
from shared.contracts.topology import ACTIVITY_EXCHANGE
from shared.web.paging import encode_cursor
from tests.broker import TestBroker
from tests.eventually import eventually
from tests.identity.door import Door, SchoolInTest


async def log_of(door: Door, school: SchoolInTest) -> list[dict[str, Any]]:
    return await door.rows(
        "SELECT * FROM activity_log WHERE school_id = $1 ORDER BY event_id, position", school.id
    )


async def test_identity_s_own_changes_reach_the_log_through_the_broker(
    door: Door, school: SchoolInTest
) -> None:
    user = await school.add_user(surname="Logged")
    rows = await eventually(
        lambda: log_of(door, school),
        lambda rows: any(r["subject_label"] == "Jo Logged" for r in rows),
    )
    assert [row["action"] for row in rows] == [
        "school.created",
        "user.created",
        "user.claimed",
        "user.created",
    ]
    assert str(rows[-1]["subject_id"]) == user["id"]
    assert rows[-1]["actor_name"] == "Administrator"


async def test_what_another_service_saw_is_kept_once(
    door: Door, school: SchoolInTest, broker: TestBroker
) -> None:
    entries = tuple(
        ActivityEntry(
            at=datetime(2026, 11, 1, 12, minute, tzinfo=UTC),
            actor=Actor(kind="mis", name="MIS"),
            action="pupil.changed",
            subject=Subject(kind="pupil", label=f"Pupil {minute}"),
            before={"year_group": "3"},
            after={"year_group": "4"},
        )
        for minute in range(3)
    )
    event = Event[ActivityRecorded](
        source="/services/roster",
        type=ActivityRecorded.EVENT_TYPE,
        schoolid=school.id,
        correlationid="test-correlation",
        data=ActivityRecorded(service="roster", entries=entries),
    )
    connection = await aio_pika.connect(broker.url)
    async with connection, connection.channel() as channel:
        exchange = await channel.get_exchange(ACTIVITY_EXCHANGE)
        for _ in range(2):
            message = aio_pika.Message(event.model_dump_json().encode(), message_id=str(event.id))
            await exchange.publish(message, event.type)

    async def roster_s() -> list[dict[str, Any]]:
        return [row for row in await log_of(door, school) if row["service"] == "roster"]

    rows = await eventually(roster_s)
    assert [row["subject_label"] for row in rows] == ["Pupil 0", "Pupil 1", "Pupil 2"]
    assert rows[0]["before"] == '{"year_group": "3"}'
    assert rows[2]["at"] == datetime(2026, 11, 1, 12, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    "statement", ["UPDATE activity_log SET action = 'x'", "DELETE FROM activity_log"]
)
async def test_the_service_can_only_add_to_it(
    door: Door, school: SchoolInTest, statement: str
) -> None:
    connection = await asyncpg.connect(door.service_dsn)
    async with connection.transaction():
        await connection.execute("SELECT set_config('app.school_id', $1, true)", str(school.id))
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    await connection.close()


@pytest.mark.parametrize("kind", ["users", "parents", "activity"])
async def test_whoever_takes_a_list_of_people_as_a_file_is_in_the_log(
    door: Door, school: SchoolInTest, kind: str
) -> None:
    headers = await school.as_admin()
    answer = await door.client.get(
        f"/{kind}/export", params={"search": "nobody at all"}, headers=headers
    )
    assert answer.is_success
    told = await door.told(school.id, "activity.recorded.v1")
    entries = [entry for event in told for entry in event["data"]["entries"]]
    [taken] = [entry for entry in entries if entry["action"] == f"{kind}.exported"]
    assert taken["actor"]["name"] == "Administrator"
    assert taken["after"]["search"] == "nobody at all"
    assert 0 in taken["after"].values()


async def test_a_place_before_all_time_is_no_place_in_the_log(
    door: Door, school: SchoolInTest
) -> None:
    cursor = encode_cursor(["0001-01-01T00:00:00+23:59", str(uuid4()), 0])
    headers = await school.as_admin()
    answer = await door.client.get("/activity", params={"cursor": cursor}, headers=headers)
    assert answer.status_code == 400
