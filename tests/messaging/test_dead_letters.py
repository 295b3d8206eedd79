"""Dead letters: listed with their reason, replayed to the one queue they were for, or discarded."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from shared.messaging.dead_letters import DeadLetter, DeadLetters, NoSuchDeadLetter
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
    small_service.failures[event.id] = [ValueError("a fault of ours")] * 5
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
