"""Dead letters: listed with their reason, replayed to the one queue they were for, or discarded."""

from __future__ import annotations

import json
from uuid import UUID, uuid4

import pytest

from shared.messaging.dead_letters import DeadLetter, DeadLetters, NoSuchDeadLetter, school_named_in
from tests.eventually import eventually
from tests.messaging.conftest import SmallService, year_changed


async def waiting(letters: DeadLetters, school_id: UUID) -> list[DeadLetter]:
    return [letter for letter in await letters.waiting() if letter.school_id == school_id]


async def test_a_replayed_message_takes_effect_once_its_fault_is_mended(
    small_service: SmallService,
) -> None:
    event = year_changed(uuid4())
    school_id = event.schoolid
    assert school_id is not None
    letters = DeadLetters(small_service.relay_dsn)
    # As PostgreSQL says it, with what it refused in the lines after the first.
    fault = ValueError("a fault of ours\nDETAIL:  Key (upn)=(H801200001001) already exists.")
    small_service.failures[event.id] = [fault] * 5
    messaging = small_service.messaging("consumer", "relay")
    await messaging.start()
    try:
        await small_service.publish_raw(event.model_dump_json().encode(), event.id)
        (letter,) = await eventually(lambda: waiting(letters, school_id))
        assert letter.reason == "ValueError: a fault of ours"
        await letters.replay(letter.id)
        await eventually(lambda: small_service.effects([event.id]))
        assert await waiting(letters, school_id) == []
        assert (await letters.show(letter.id)).state == "replayed"
        with pytest.raises(NoSuchDeadLetter):
            await letters.replay(letter.id)
    finally:
        await messaging.stop()


async def test_a_discarded_message_is_kept_and_never_applied(small_service: SmallService) -> None:
    event = year_changed(uuid4())
    school_id = event.schoolid
    assert school_id is not None
    letters = DeadLetters(small_service.relay_dsn)
    small_service.failures[event.id] = [ValueError("no")] * 5
    messaging = small_service.messaging("consumer")
    await messaging.start()
    try:
        await small_service.publish_raw(event.model_dump_json().encode(), event.id)
        (letter,) = await eventually(lambda: waiting(letters, school_id))
        await letters.discard(letter.id)
        assert await waiting(letters, school_id) == []
        assert (await letters.show(letter.id)).state == "discarded"
    finally:
        await messaging.stop()


async def test_what_was_settled_is_not_kept_for_ever(small_service: SmallService) -> None:
    """It holds all that the message said. What waits, waits."""
    school_id = uuid4()
    made = (
        "INSERT INTO dead_letters (id, consumer, message_key, routing_key, school_id, body, reason,"
        " tries, state, settled_at) SELECT gen_random_uuid(), 'q', days::text, 'r', $1, '', 'no',"
        " 5, CASE WHEN days > 0 THEN 'discarded' ELSE 'waiting' END,"
        " CASE WHEN days > 0 THEN now() - make_interval(days => days) END"
        " FROM unnest(ARRAY[0, 29, 31]) AS days RETURNING 1"
    )
    kept = "SELECT message_key FROM dead_letters WHERE school_id = $1 ORDER BY 1"
    await small_service.rows(made, school_id)
    relay = small_service.messaging("relay")
    await relay.start()
    try:
        left = await eventually(
            lambda: small_service.rows(kept, school_id), lambda rows: len(rows) < 3
        )
    finally:
        await relay.stop()
    assert [row["message_key"] for row in left] == ["0", "29"]


async def test_what_breaks_its_contract_is_of_the_school_that_it_names(
    small_service: SmallService,
) -> None:
    """Erased with the school like any other letter, though nobody took it for one of its."""
    school_id = uuid4()
    said = year_changed(school_id).model_dump(mode="json")
    body = json.dumps({**said, "data": {"academic_year": "Zoë Hall", "version": 0}}).encode()
    letters = DeadLetters(small_service.relay_dsn)
    messaging = small_service.messaging("consumer")
    await messaging.start()
    try:
        await small_service.publish_raw(body)
        (letter,) = await eventually(lambda: waiting(letters, school_id))
    finally:
        await messaging.stop()
    assert "contract" in letter.reason
    assert letter.body == body


@pytest.mark.parametrize(
    "body",
    [b"{", b"[]", b"\xff", b"{}", b'{"schoolid": 1}', b'{"schoolid": "x"}', b"[" * 100_000]
    + [
        json.dumps({"schoolid": str(UUID(int=1)), "data": data}).encode()
        for data in ("\0", "\ud800")
    ],
    ids=range(9),
)
def test_what_cannot_be_read_is_of_no_school(body: bytes) -> None:
    """Nor is what PostgreSQL cannot read: reports looks into the letters of a school."""
    assert school_named_in(body) is None
