"""What a collector is told of all that the tests did with the demo: nothing of anybody."""

from __future__ import annotations

import re
from collections import defaultdict

import httpx

from shared.database.provision import SERVICES
from tests.api import signed_in
from tests.collector import Seen
from tests.demo import Demo
from tests.eventually import eventually

STRANGERS = "0af7651916cd43dd8448eb211c80319c"
PATTERNS = {
    "an id": r"[0-9a-f]{8}-[0-9a-f]{4}-|[0-9a-f]{32}",
    "an address": r"\w@\w|\bexample\b",
    "a UPN": r"\b[A-Z]\d{11}[\dA-Z]\b",
    "a postcode": r"\b[A-Z]{1,2}\d[\dA-Z]? ?\d[A-Z]{2}\b",
    "a date": r"\d{4}-\d\d-\d\d",
    "a query": r"\?\w|=\w+&|%[0-9A-F]{2}",
    "a token": r"\b[\w-]{40,}\b",
}
NAMES = {
    "identity": "SELECT unnest(ARRAY[username, email, forename, surname]) FROM accounts"
    " UNION SELECT unnest(ARRAY[name, postcode]) FROM schools",
    "roster": "SELECT unnest(ARRAY[upn, legal_forename, legal_surname, preferred_forename,"
    " preferred_surname]) FROM pupils UNION SELECT name FROM groups",
}
"""Whoever is anywhere in the demo by now, the schools of other tests included."""


def said(span: Seen) -> set[str]:
    resource = {key: text for key, text in span.resource.items() if key != "service.instance.id"}
    pairs = (*span.attributes.items(), *resource.items())
    return {span.name, *span.texts, *(text for pair in pairs for text in pair)}


async def names(demo: Demo) -> set[str]:
    found: set[str] = set()
    for service, query in NAMES.items():
        connection = await demo.stack.database(service)
        found |= {row[0] for row in await connection.fetch(query) if row[0]}
        await connection.close()
    return found


async def test_no_span_says_anything_of_a_person_or_a_school(demo: Demo) -> None:
    """All that came until now: of the whole run, where this is not asked for alone."""
    admin = demo.accounts["admin"]
    async with signed_in(demo.url, admin.username, admin.password) as api:
        some = (await api.get("/api/pupils", search="a", limit=1))["items"][0]
        await api.get(f"/api/pupils/{some['id']}")

    async def look() -> list[Seen]:
        return demo.collector.all()

    def arrived(spans: list[Seen]) -> bool:
        routes = {(span.service, span.attributes.get("http.route")) for span in spans}
        return {
            ("classroom-gateway", "/api/pupils/{pupil_id}"),
            ("classroom-roster", "/pupils/{pupil_id}"),
        } <= routes

    spans = await eventually(look, arrived)
    assert {span.service for span in spans} == {
        *(f"classroom-{service.replace('_', '-')}" for service in SERVICES),
        "classroom-gateway",
        "classroom-provisioner",
    }
    texts: dict[str, str] = {}
    for span in spans:
        texts |= dict.fromkeys(said(span), f"{span.service} {span.name}")
    known = "|".join(re.escape(name) for name in sorted(await names(demo), key=len, reverse=True))
    looked_for = {**PATTERNS, "a name": rf"\b(?:{known})\b"}
    found = defaultdict(set)
    for what, pattern in looked_for.items():
        for text, where in texts.items():
            if re.search(pattern, text):
                found[what].add((where, text))
    assert found == {}


async def test_a_stranger_begins_no_trace_and_hears_which_one_began(demo: Demo) -> None:
    """Whoever could say what is kept could have all of theirs kept, at our cost."""
    async with httpx.AsyncClient(timeout=30) as client:
        answer = await client.get(
            f"{demo.url}/api/session",
            headers={"traceparent": f"00-{STRANGERS}-b7ad6b7169203331-01", "baggage": "a=b"},
        )
    reference = answer.headers["x-correlation-id"]

    async def look() -> list[Seen]:
        """What ends within a request may be sent before the request is."""
        return [one for one in demo.collector.of_trace(reference) if one.kind == "SERVER"]

    (span,) = await eventually(look)
    assert (span.service, span.name, span.parent) == (
        "classroom-gateway",
        "GET /api/session",
        "",
    )
    assert demo.collector.of_trace(STRANGERS) == []
