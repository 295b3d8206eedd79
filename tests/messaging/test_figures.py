"""What is counted of messages: each end once, and the operator's list in the same classes."""

from __future__ import annotations

from collections import Counter
from functools import partial
from uuid import uuid4

from shared.contracts.roster import SchoolYearChanged
from shared.messaging.measures import measures_of
from shared.messaging.subscription import Refused
from shared.observability.metrics.messaging import DEAD_LETTERS, OUTBOX_OLDEST, OUTBOX_UNSENT
from tests.eventually import eventually
from tests.figures import figure
from tests.messaging.conftest import SmallService, year_changed

QUEUE = f"reports.{SchoolYearChanged.EVENT_TYPE}"
COUNTED = {
    "handled": ("classroom_messages_handled_total", {}),
    "failed": ("classroom_messages_failed_total", {}),
    "again": ("classroom_messages_retried_total", {"cause": "failed"}),
    "away": ("classroom_messages_retried_total", {"cause": "away"}),
    "repeats": ("classroom_inbox_repeats_total", {}),
    "timed": ("classroom_message_seconds_count", {}),
    "parked: contract": ("classroom_messages_parked_total", {"reason": "contract"}),
    "parked: refused": ("classroom_messages_parked_total", {"reason": "refused"}),
    "parked: failed": ("classroom_messages_parked_total", {"reason": "failed"}),
}


async def counted() -> Counter[str]:
    return Counter(
        {
            what: int(await figure(name, queue=QUEUE, **labels) or 0)
            for what, (name, labels) in COUNTED.items()
        }
    )


async def listed(service: SmallService) -> Counter[str]:
    """Dead letters of our queue, by class."""
    told = await measures_of(service.relay_dsn, "reports")
    ours = [each for each in told if each.gauge is DEAD_LETTERS and each.labels[0] == QUEUE]
    return Counter({each.labels[1]: int(each.value) for each in ours})


async def test_every_end_of_a_message_is_counted_once(small_service: SmallService) -> None:
    await small_service.begins_with_nothing()
    messaging = small_service.messaging("consumer")
    await messaging.start()
    try:
        before, letters = await counted(), await listed(small_service)
        good, away, refused, bad = (year_changed(uuid4()) for _ in range(4))
        small_service.failures[away.id] = [ConnectionError("gone for a moment")]
        small_service.failures[refused.id] = [Refused("is of no use")]
        small_service.failures[bad.id] = [ValueError("cannot be applied")] * 5
        for event in (good, good, good, away, refused, bad):
            await small_service.publish_raw(event.model_dump_json().encode(), event.id)
        await small_service.publish_raw(b"{", uuid4())
        await eventually(counted, lambda now: now["timed"] - before["timed"] == 7)
    finally:
        await messaging.stop()
    # Asked again: the figures are read one by one, so the last message may end between two of them.
    assert await counted() - before == Counter(
        {
            "handled": 4,
            "failed": 5,
            "again": 4,
            "away": 1,
            "repeats": 2,
            "timed": 7,
            "parked: contract": 1,
            "parked: refused": 1,
            "parked: failed": 1,
        }
    )
    assert await listed(small_service) - letters == Counter(contract=1, refused=1, failed=1)


async def test_an_event_is_in_the_outbox_s_figures_until_the_broker_has_it(
    small_service: SmallService,
) -> None:
    published = await figure("classroom_outbox_published_total") or 0
    before = await _waiting(small_service)
    async with small_service.database.transaction(school := uuid4()) as connection:
        await small_service.outbox.publish(connection, school, year_changed(school).data)

    unsent, oldest = await _waiting(small_service)
    assert unsent == before[0] + 1
    assert oldest > 0
    relay = small_service.messaging("relay")
    await relay.start()
    try:
        await eventually(partial(_waiting, small_service), lambda now: now[0] <= before[0])
        sent = partial(figure, "classroom_outbox_published_total")
        await eventually(sent, lambda now: now is not None and now > published)
        assert await figure("classroom_outbox_unsent") is not None
    finally:
        await relay.stop()


async def _waiting(service: SmallService) -> tuple[float, float]:
    told = await measures_of(service.relay_dsn, "reports")
    values = {each.gauge: each.value for each in told}
    return values[OUTBOX_UNSENT], values[OUTBOX_OLDEST]
