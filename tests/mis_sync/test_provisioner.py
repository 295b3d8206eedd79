"""How a connector's broker user is made: never with rights before their limits (R15).

What the finished user can do is shown at a real broker in `tests/security/`; here the broker's
management fails at each step in turn.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from uuid import uuid4

import httpx
import pytest

from services.mis_sync.links.credentials import new_broker_credentials, password_hash
from services.mis_sync.provisioner.broker import Broker
from shared.contracts.topology import INBOUND_EXCHANGE

USER = "c_0123456789abcdef0123456789abcdef"


@dataclass
class Management:
    """Notes what is asked of it, and fails for good where it is told to."""

    fails_at: str | None = None
    asked: list[str] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        step = f"{request.method} {request.url.path.split('/')[2]}"
        self.asked.append(step)
        return httpx.Response(400 if step == self.fails_at else 204)


@pytest.fixture
async def management() -> AsyncIterator[tuple[Management, Broker]]:
    made = Management()
    transport = httpx.MockTransport(made)
    async with httpx.AsyncClient(transport=transport, base_url="http://broker") as client:
        yield made, Broker(client, "mis")


async def test_rights_come_last(management: tuple[Management, Broker]) -> None:
    made, broker = management
    await broker.make_connector(USER, "hash")
    assert made.asked == ["PUT users", "PUT topic-permissions", "PUT queues", "PUT permissions"]


@pytest.mark.parametrize("step", ["users", "topic-permissions", "queues", "permissions"])
async def test_a_step_that_fails_leaves_no_user(
    management: tuple[Management, Broker], step: str
) -> None:
    made, broker = management
    made.fails_at = f"PUT {step}"
    with pytest.raises(httpx.HTTPStatusError):
        await broker.make_connector(USER, "hash")
    assert made.asked[-1] == "DELETE users"


@pytest.mark.parametrize("meanwhile", ["made", "removed"])
@pytest.mark.parametrize("after", range(4))
async def test_whom_another_provisioner_makes_or_removes_meanwhile_is_not_taken_for_unlimited(
    meanwhile: str, after: int
) -> None:
    """Two stand side by side while one takes the other's place, and the new one begins by looking:
    a school whose connector was stripped then could not publish, and nobody was told."""
    limit = {"user": USER, "exchange": INBOUND_EXCHANGE}
    right = {"user": USER, "write": f"^{INBOUND_EXCHANGE}$"}
    there = {
        "users": [{"name": USER, "tags": []}],
        "topic-permissions": [limit],
        "permissions": [right],
    }
    gone: dict[str, list[dict[str, object]]] = {part: [] for part in there}
    before, now = (gone, there) if meanwhile == "made" else (there, gone)
    looks = iter(range(3))

    def management(request: httpx.Request) -> httpx.Response:
        seen = now if next(looks) >= after else before
        return httpx.Response(200, json=seen[request.url.path.rpartition("/")[2]])

    transport = httpx.MockTransport(management)
    async with httpx.AsyncClient(transport=transport, base_url="http://broker") as client:
        assert await Broker(client, "mis").unlimited_users() == []


def test_the_password_s_hash_is_the_broker_s_own() -> None:
    """Source: the worked example of rabbitmq.com/docs/passwords."""
    salt = bytes.fromhex("908DC60A")
    assert password_hash("test12", salt) == "kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR"


def test_a_password_does_not_show_where_credentials_are_printed() -> None:
    credentials = new_broker_credentials(uuid4())
    assert credentials.password not in repr(credentials)
    assert credentials.password_hash not in repr(credentials)
