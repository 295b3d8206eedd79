"""A real Prometheus asks all that dashboards and alerts ask, and sees a fault of a real stack."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import aio_pika
import pytest

from deploy.local.broker_users import BrokerNames
from deploy.local.servers.rabbitmq import BrokerAdmin
from deploy.local.state import State
from deploy.local.wiring import HTTP_PROCESSES
from deploy.observability.panels import queries
from tests.demo import Demo
from tests.eventually import eventually
from tests.observability.prometheus import Prometheus, names_in

ALERTS = Path(__file__).resolve().parents[2] / "docs" / "operations" / "alerts.md"
_IN_PAGES = re.compile(r"^```promql\n(.*?)^```", re.MULTILINE | re.DOTALL)
QUEUE = "reports.identity.school.changed.v1"

EMPTY = {
    "http: Failures by route (0)": "no page of a stack that is well fails",
    "http: Failures (0)": "no service that is well fails",
    "messaging: Tries that failed (0)": "no message fails but those that break their contract",
    "messaging: Put off (0)": "nothing was away",
    "messaging: Dead letters (1)": "the one letter came before there was a rate",
    "servers: Queues that nobody consumes (0)": "but where nothing is ever to be consumed",
}
"""Queries that may find nothing, each with the reason. Alerts that do not fire find nothing."""


async def test_every_process_and_server_is_scraped(prometheus: Prometheus) -> None:
    wanted = {f"classroom {name}" for name in HTTP_PROCESSES}
    found = await eventually(
        prometheus.targets, lambda targets: set(targets.values()) == {"up"}, seconds=60
    )
    assert wanted <= set(found)
    assert {job.partition(" ")[0] for job in found} == {
        *("classroom", "rabbitmq", "rabbitmq-queues", "postgresql")
    }


async def test_everything_that_is_asked_finds_something(prometheus: Prometheus, demo: Demo) -> None:
    """Every query of every dashboard, every rule, and what the alerts' page has people ask."""
    async with _dead_letter(demo), _put_off(demo):
        for name, query in queries().items():
            await _answered(prometheus, name, query)
        rules = await eventually(prometheus.rules, _evaluated, seconds=30)
        assert [rule["name"] for rule in rules if rule["health"] != "ok"] == []
        for rule in rules:
            await _exists(prometheus, rule["name"], rule["query"])
        for query in _IN_PAGES.findall(ALERTS.read_text("utf-8")):
            for line in query.splitlines():
                await _exists(prometheus, "the alerts' page", line)
                await prometheus.query(line)


async def test_a_dead_letter_is_told_of_until_somebody_has_dealt_with_it(
    prometheus: Prometheus, demo: Demo
) -> None:
    async def of_our_queue() -> list[dict[str, str]]:
        return [alert for alert in await prometheus.firing() if alert.get("queue") == QUEUE]

    async with _dead_letter(demo):
        firing = await eventually(of_our_queue, seconds=60)
        assert [(each["alertname"], each["reason"]) for each in firing] == [
            ("DeadLetters", "contract")
        ]
    await eventually(of_our_queue, lambda firing: not firing, seconds=60)


async def test_a_stack_that_is_well_wakes_nobody(prometheus: Prometheus) -> None:
    assert [alert for alert in await prometheus.firing() if alert["severity"] == "page"] == []


@asynccontextmanager
async def _dead_letter(demo: Demo) -> AsyncIterator[None]:
    """One that breaks its contract lies there while the block runs, and is then taken off."""
    broker = BrokerAdmin(**State(demo.stack.home).read("stack")["broker"])
    url = broker.amqp_url_for(broker.user, broker.password, BrokerNames().vhost)
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel()
        message = aio_pika.Message(b"{}", message_id=str(uuid4()))
        await channel.default_exchange.publish(message, QUEUE)

    database = await demo.stack.database("reports")
    try:
        lying = "SELECT id::text FROM dead_letters WHERE consumer = $1 AND state = 'waiting'"
        letter = await eventually(lambda: database.fetchval(lying, QUEUE))
        try:
            yield
        finally:
            await demo.stack.command("dead-letters", "discard", letter)
    finally:
        await database.close()


@asynccontextmanager
async def _put_off(demo: Demo) -> AsyncIterator[None]:
    """One that waits for its school's lock stands among reports' while the block runs.

    It is of a queue that no process has, or it would be tried at once.
    """
    database = await demo.stack.database("reports")
    try:
        school = uuid4()
        await database.execute(
            "INSERT INTO messages_put_off"
            " (consumer, school_id, routing_key, headers, deliveries, body)"
            " VALUES ('reports.of.no.process.v1', $1, 'identity.school.changed.v1', '{}', 0, '{}')",
            school,
        )
        try:
            yield
        finally:
            await database.execute("DELETE FROM messages_put_off WHERE school_id = $1", school)
    finally:
        await database.close()


async def _answered(prometheus: Prometheus, name: str, query: str) -> None:
    """Every name in it was scraped, and it finds something, unless it may be empty."""
    await _exists(prometheus, name, query)
    if name in EMPTY:
        await prometheus.query(query)
        return
    try:
        await eventually(lambda: prometheus.query(query), seconds=30)
    except AssertionError:
        pytest.fail(f"{name} finds nothing: {query}")


async def _exists(prometheus: Prometheus, name: str, query: str) -> None:
    asked = names_in(query)
    assert asked or "hour()" in query, f"{name} asks for nothing: {query}"
    try:
        await eventually(prometheus.names, asked.issubset, seconds=30)
    except AssertionError:
        pytest.fail(f"{name} asks for {sorted(asked - await prometheus.names())}")


def _evaluated(rules: list[dict[str, Any]]) -> bool:
    return all(rule["health"] != "unknown" for rule in rules)
