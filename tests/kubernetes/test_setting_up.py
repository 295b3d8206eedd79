"""The step that sets a cluster's servers up, on a real broker; and who measures its queues."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aio_pika
import aiormq.exceptions
import httpx
import pytest

from deploy.kubernetes.keeping import keep, make
from deploy.kubernetes.set_up import few_members, set_up
from deploy.local.broker_users import BrokerNames, broker_users
from deploy.local.errors import OperatorError
from deploy.local.state import State
from shared.contracts.topology import INBOUND_QUEUE, QUEUES
from tests.eventually import eventually
from tests.kubernetes.manifests import rendered
from tests.servers import Servers


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kept")
    make(folder)
    return folder


@pytest.fixture(scope="module")
async def names(servers: Servers, kept: Path) -> AsyncIterator[BrokerNames]:
    """A pair of vhosts that the step has set up. The databases are left out: their roles are those
    of every other test."""
    worker = servers.worker
    found = BrokerNames(f"{worker}_k8s", f"{worker}_k8s_mis", f"{worker}_k8s_")
    for _ in range(2):
        await asyncio.to_thread(set_up, State(kept), {}, servers.management_url, 1, found)
    yield found
    with servers.management() as management:
        for vhost in (found.vhost, found.mis_vhost):
            management.delete(f"/api/vhosts/{vhost}")
        for user in broker_users(found):
            management.delete(f"/api/users/{quote(user.name, safe='')}")


def test_every_queue_is_a_quorum_queue_on_as_many_nodes_as_there_are(
    names: BrokerNames, servers: Servers
) -> None:
    with servers.management() as management:
        queues = management.get(f"/api/queues/{names.vhost}").json()
        inbound = management.get(f"/api/queues/{names.mis_vhost}").json()
    wanted = sorted(queue.name for queue in QUEUES)
    assert few_members(queues, wanted, 1) == []
    assert few_members(inbound, [INBOUND_QUEUE], 1) == []
    assert few_members(queues, wanted, 2) == wanted, "there is one node here"
    # What could not be made is not in the list at all.
    assert few_members([], wanted, 1) == wanted
    classic = [{**each, "type": "classic"} for each in queues]
    assert few_members(classic, wanted, 1) == wanted


async def test_the_scaler_sees_what_waits_and_what_is_in_hand(
    names: BrokerNames, servers: Servers, kept: Path
) -> None:
    """As KEDA asks: all of a service's queues by their names' beginning, and one by its name."""
    queue = next(queue.name for queue in QUEUES if queue.service == "roster")
    triggers = _triggers("roster-consumer") + _triggers("mis-sync-consumer")
    async with await aio_pika.connect(servers.vhost_url(names.vhost)) as connection:
        channel = await connection.channel()
        for _ in range(2):
            await channel.default_exchange.publish(aio_pika.Message(b"{}"), queue)
        taken = await (await channel.get_queue(queue)).get(no_ack=False, timeout=30)
        assert taken is not None
        async with _scaler(names, servers, kept) as scaler:

            async def look() -> int:
                return sum([await _length(scaler, names, each) for each in triggers])

            assert await eventually(look, lambda found: found == 2, seconds=30) == 2
        await taken.nack(requeue=True)


async def test_the_scaler_can_touch_nothing(
    names: BrokerNames, servers: Servers, kept: Path
) -> None:
    queue = QUEUES[0].name
    async with _scaler(names, servers, kept) as scaler:
        for method, path, body in (
            (
                "POST",
                f"/api/queues/{names.vhost}/{queue}/get",
                {"count": 1, "ackmode": "ack_requeue_true", "encoding": "auto"},
            ),
            ("DELETE", f"/api/queues/{names.vhost}/{queue}/contents", None),
            ("DELETE", f"/api/queues/{names.mis_vhost}/{INBOUND_QUEUE}", None),
            (
                "PUT",
                f"/api/users/{names.user_prefix}more",
                {"password": "x", "tags": "administrator"},
            ),
            ("GET", "/api/definitions", None),
        ):
            answer = await scaler.request(method, path, json=body)
            assert answer.status_code in (401, 403), (path, answer.status_code, answer.text)
    url = servers.vhost_url(names.vhost, f"{names.user_prefix}scaler", _password(kept))
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel()
        with pytest.raises(aiormq.exceptions.ChannelAccessRefused):
            await (await channel.get_queue(queue, ensure=False)).get(no_ack=True, timeout=30)


def test_a_secret_that_is_missing_is_not_made_up(kept: Path, tmp_path: Path) -> None:
    mounted = State(kept).secrets
    with pytest.raises(OperatorError, match="no secret roster-elsewhere"):
        keep(State(tmp_path), mounted, ["roster-owner", "roster-elsewhere"])
    keep(State(tmp_path), mounted, ["roster-owner"])
    assert State(tmp_path).secret("roster-owner") == State(kept).secret("roster-owner")
    assert make(kept) == {path.name: path.read_text() for path in mounted.iterdir()}


def _triggers(name: str) -> list[Mapping[str, str]]:
    spec = rendered("cluster").one("ScaledObject", name)["spec"]
    return [each["metadata"] for each in spec["triggers"]]


async def _length(scaler: httpx.AsyncClient, names: BrokerNames, trigger: Mapping[str, str]) -> int:
    vhost = names.vhost if trigger["vhostName"] == BrokerNames().vhost else names.mis_vhost
    if trigger.get("useRegex") != "true":
        found = await scaler.get(f"/api/queues/{vhost}/{quote(trigger['queueName'], safe='')}")
        return int(found.raise_for_status().json().get("messages", 0))
    asked = {
        "page": "1",
        "use_regex": "true",
        "pagination": "false",
        "name": trigger["queueName"],
        "page_size": trigger["pageSize"],
    }
    answer = (await scaler.get(f"/api/queues/{vhost}", params=asked)).raise_for_status().json()
    items: list[dict[str, Any]] = answer["items"]
    assert answer["total_count"] <= int(trigger["pageSize"]), "KEDA asks for the first page alone"
    return sum(int(each.get("messages", 0)) for each in items)


def _password(kept: Path) -> str:
    return State(kept).secret("broker-scaler")


def _scaler(names: BrokerNames, servers: Servers, kept: Path) -> httpx.AsyncClient:
    url = httpx.URL(servers.management_url).copy_with(userinfo=b"")
    told = f"{names.user_prefix}scaler:{_password(kept)}".encode()
    # A broker that refuses does not read the body, and would cut the next question off.
    headers = {
        "Authorization": f"Basic {base64.b64encode(told).decode()}",
        "Connection": "close",
    }
    return httpx.AsyncClient(base_url=url, headers=headers, timeout=30, trust_env=False)
