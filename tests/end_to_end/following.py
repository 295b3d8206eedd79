"""A click, followed through the spans that it caused, from the gateway to the last consumer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tests.collector import Collector, Seen
from tests.eventually import eventually

__all__ = ["is_followed_to_the_last_consumer"]

THE_LAST = (
    ("classroom-reports", "process reports.roster.groups.changed.v1"),
    ("classroom-reports", "process reports.roster.links.changed.v1"),
    ("classroom-identity", "process identity.roster.groups.changed.v1"),
    ("classroom-identity", "process identity.activity.recorded.v1"),
    ("classroom-mis-sync", "process mis_sync.roster.groups.applied.v1"),
    ("classroom-mis-sync", "process mis_sync.identity.staff.applied.v1"),
)
"""Who hears last of a mapping that was saved: copies, the activity log, and the run's answers."""
SENDERS = {"classroom-mis-sync", "classroom-roster"}
SENT = {"send classroom.events", "send classroom.activity"}


async def is_followed_to_the_last_consumer(collector: Collector, click: str) -> None:
    """`click` is what a school reads out: the correlation id, which is the trace's."""

    async def look() -> dict[str, Seen]:
        return following(collector.all(), click)

    spans = await eventually(look, is_whole, seconds=60)
    (begin,) = [span for span in spans.values() if not span.parent and not span.links]
    assert (begin.service, begin.kind, begin.trace) == ("classroom-gateway", "SERVER", click)
    for service, name in THE_LAST:
        consumers = [one for one in spans.values() if (one.service, one.name) == (service, name)]
        assert {one.kind for one in consumers} == {"CONSUMER"}
        for one in consumers:
            assert begin in way_back(spans, one)
    copy = next(one for one in spans.values() if (one.service, one.name) == THE_LAST[0])
    assert [(one.service, one.kind, one.name) for one in way_back(spans, copy)] == [
        ("classroom-reports", "CONSUMER", "process reports.roster.groups.changed.v1"),
        ("classroom-roster", "CONSUMER", "process roster.mis_sync.groups.approved.v1"),
        ("classroom-mis-sync", "INTERNAL", "start a run"),
        ("classroom-mis-sync", "SERVER", "POST /mapping"),
        ("classroom-gateway", "CLIENT", "POST"),
        ("classroom-gateway", "SERVER", begin.name),
    ]
    assert {one.name for one in spans.values() if one.kind == "PRODUCER"} == SENT


def following(spans: Iterable[Seen], trace: str) -> dict[str, Seen]:
    """By id: that trace, and whatever is linked to what is found already."""
    left = list(spans)
    found: dict[str, Seen] = {}
    traces = {trace}
    while more := [
        span
        for span in left
        if span.trace in traces or any(linked in found for _, linked in span.links)
    ]:
        left = [span for span in left if span not in more]
        found |= {span.id: span for span in more}
        traces |= {span.trace for span in more}
    return found


def is_whole(spans: dict[str, Seen]) -> bool:
    """Each process sends when it likes: who heard last may be here before who began."""
    last = [one for one in spans.values() if (one.service, one.name) in THE_LAST]
    begins = [way_back(spans, one)[-1] for one in last]
    sends = [one for one in spans.values() if one.kind == "PRODUCER"]
    return (
        {(one.service, one.name) for one in last} == set(THE_LAST)
        and {one.service for one in sends} >= SENDERS
        and {one.name for one in sends} >= SENT
        and not any(one.parent or one.links for one in begins)
    )


def way_back(spans: dict[str, Seen], span: Seen) -> list[Seen]:
    return list(_causes(spans, span))


def _causes(spans: dict[str, Seen], span: Seen | None) -> Iterator[Seen]:
    while span is not None:
        yield span
        causes = [span.parent] if span.parent else [linked for _, linked in span.links]
        span = next((spans[cause] for cause in causes if cause in spans), None)
