"""Labels are templates, queues and classes: never a school, an id, or anything of a person."""

from __future__ import annotations

import re

import httpx
from prometheus_client.parser import text_string_to_metric_families

from tests.demo import Demo
from tests.observability.prometheus import Prometheus

LABELS = {
    *("service", "role", "le", "version", "asked"),
    *("route", "method", "status"),
    *("queue", "reason", "cause", "state"),
    *("scope", "step", "outcome", "kind", "late", "pupils"),
}
"""All that there are. Whoever adds one says what it may hold."""
IDS = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}|@|\b[A-Z]\d{12}\b")


async def test_no_label_of_a_run_tells_of_anybody(demo: Demo, prometheus: Prometheus) -> None:
    """The run is that of the whole session: whatever its tests have done has been counted."""
    told = [*_words_of(await _people(demo))]
    metrics = (await demo.stack.status())["metrics"]
    seen = 0
    async with httpx.AsyncClient() as http:
        for address in metrics.values():
            text = (await http.get(address)).text
            for family in text_string_to_metric_families(text):
                for sample in family.samples:
                    seen += 1
                    assert sample.name.startswith("classroom_"), sample.name
                    assert {"service", "role"} <= sample.labels.keys() <= LABELS, sample
                    for value in sample.labels.values():
                        assert not IDS.search(value), sample
                        assert not any(word in value.lower() for word in told), sample
    assert seen > 500


async def _people(demo: Demo) -> list[str]:
    """Schools, usernames and names of everybody there is."""
    connection = await demo.stack.database("identity")
    try:
        rows = await connection.fetch(
            "SELECT name FROM schools UNION SELECT username FROM accounts "
            "UNION SELECT surname FROM accounts"
        )
    finally:
        await connection.close()
    return [row["name"] for row in rows]


def _words_of(people: list[str]) -> set[str]:
    """Short ones are in other words too, such as `Hall` in `shall`."""
    return {name.lower() for name in people if name and len(name) > 6}
