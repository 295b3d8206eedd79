"""Events that a statement tells: as those that the outbox is given, and sent like them."""

from __future__ import annotations

import json
from uuid import UUID, uuid4

from shared.contracts.envelope import Event
from shared.contracts.roster import LinksChanged, PupilFieldsChanged, SchoolYearChanged
from shared.contracts.topology import ANNOUNCEMENTS
from shared.messaging.telling import told_in_parts
from tests.eventually import eventually
from tests.messaging.conftest import SmallService

YEAR = SchoolYearChanged(version=1, academic_year="2026/27")


async def bodies(service: SmallService, school_id: UUID) -> list[str]:
    rows = await service.rows("SELECT body FROM outbox WHERE school_id = $1 ORDER BY id", school_id)
    return [row["body"] for row in rows]


async def test_an_event_told_by_a_statement_is_as_a_published_one_and_delivered(
    small_service: SmallService,
) -> None:
    """Who may be unheard, where it goes and whose it is are the same; the id is of the time."""
    school_id = uuid4()
    messaging = small_service.messaging("relay", "consumer")
    await messaging.start()
    try:
        async with small_service.database.transaction() as connection:
            (published,) = await small_service.outbox.publish(connection, school_id, YEAR)
            address = small_service.outbox.address(school_id, SchoolYearChanged)
            told = await connection.fetchval(
                "SELECT outbox_tell($1::text::jsonb, $2::text[])", address, [YEAR.model_dump_json()]
            )
        assert told == 1
        one, other = [
            dict(row)
            for row in await small_service.rows(
                "SELECT id, exchange, routing_key, mandatory, body FROM outbox "
                "WHERE school_id = $1 ORDER BY id",
                school_id,
            )
        ]
        assert published in (one["id"], other["id"])
        ids = [one.pop("id"), other.pop("id")]
        assert [key.version for key in ids] == [7, 7]
        first, second = (
            Event[SchoolYearChanged].model_validate_json(row.pop("body")) for row in (one, other)
        )
        assert one == other
        assert [first.id, second.id] == ids
        same = {"id": first.id, "time": first.time, "correlationid": first.correlationid}
        assert second.model_copy(update=same) == first
        await eventually(lambda: small_service.effects(ids), lambda seen: len(seen) == 2)
    finally:
        await messaging.stop()


async def test_many_are_told_in_parts_in_their_order_and_nothing_is_told_of_nothing(
    small_service: SmallService,
) -> None:
    school_id = uuid4()
    query = told_in_parts(
        "generate_series(1, $2::integer) AS n",
        "'{\"n\":' || n || '}'",
        address="$1",
        start='{"kept":[',
        most=3,
    )
    async with small_service.database.transaction() as connection:
        address = small_service.outbox.address(school_id, PupilFieldsChanged)
        assert await connection.fetchval(query, address, 7) == 3
        assert await connection.fetchval(query, address, 0) is None
    events = [json.loads(body) for body in await bodies(small_service, school_id)]
    told = [[one["n"] for one in event["data"]["kept"]] for event in events]
    assert told == [[1, 2, 3], [4, 5, 6], [7]]
    assert {event["type"] for event in events} == {"roster.pupil_fields.changed.v1"}


async def test_a_part_ends_with_the_element_that_fills_it(small_service: SmallService) -> None:
    school_id = uuid4()
    query = told_in_parts(
        "unnest('{2,2,1,9,1}'::integer[]) AS n",
        "n::text",
        address="$1",
        start='{"kept":[',
        most=3,
        size="n",
    )
    async with small_service.database.transaction() as connection:
        address = small_service.outbox.address(school_id, PupilFieldsChanged)
        assert await connection.fetchval(query, address) == 3
    told = [json.loads(body)["data"]["kept"] for body in await bodies(small_service, school_id)]
    assert told == [[2, 2], [1, 9], [1]]


async def test_what_may_be_unheard_is_what_the_outbox_says(small_service: SmallService) -> None:
    outbox = small_service.outbox
    said = [
        json.loads(outbox.address(None, payload))["mandatory"]
        for payload in (ANNOUNCEMENTS[0], LinksChanged)
    ]
    assert said == [False, True]
