"""Labels are templates, queues and classes: never a school, an id, or anything of a person."""

from __future__ import annotations

import re

import httpx

from deploy.local.state import State
from deploy.local.wiring import METRICS
from tests.demo import Demo

LABELS = {
    *("service", "role", "le", "version", "asked"),
    *("route", "method", "status"),
    *("queue", "reason", "cause", "state"),
    *("scope", "step", "outcome", "kind", "late", "pupils"),
}
"""All that there are. Whoever adds one says what it may hold."""
_SAMPLE = re.compile(r"^(\w+)\{(.*)\} \S+$", re.MULTILINE)
_LABEL = re.compile(r'(\w+)="([^"]*)"')
IDS = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}|@|\b[A-Z]\d{12}\b")


async def test_no_label_of_a_run_tells_of_anybody(demo: Demo) -> None:
    """The run is that of the whole session: whatever its tests have done has been counted."""
    samples = _SAMPLE.findall(await _scraped(demo))
    assert len(samples) > 500
    values: set[str] = set()
    for name, labels in samples:
        assert name.startswith("classroom_"), name
        told = dict(_LABEL.findall(labels))
        assert {"service", "role"} <= told.keys() <= LABELS, (name, told)
        values |= set(told.values())
    people = await _people(demo)
    for value in values:
        assert not IDS.search(value), value
        assert not any(name in value.lower() for name in people), value


async def _scraped(demo: Demo) -> str:
    ports = State(demo.stack.home).read("stack")["ports"]
    async with httpx.AsyncClient(timeout=30) as http:
        addresses = [f"http://127.0.0.1:{ports[port]}/metrics" for port in METRICS.values()]
        return "".join([(await http.get(address)).text for address in addresses])


async def _people(demo: Demo) -> list[str]:
    """Of schools and accounts. Short names are in other words too, such as `Hall` in `shall`."""
    connection = await demo.stack.database("identity")
    try:
        rows = await connection.fetch(
            "SELECT name FROM schools UNION SELECT username FROM accounts "
            "UNION SELECT surname FROM accounts"
        )
    finally:
        await connection.close()
    return [row["name"].lower() for row in rows if len(row["name"] or "") > 6]
