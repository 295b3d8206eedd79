"""What a message is worth that its connector did not sign, or not so: nothing (R15).

The one who tries is an administrator of the broker, who may write under any user's name and can
keep what has passed; only the connectors' private keys are not theirs.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import aio_pika
import pytest
from aio_pika.abc import AbstractExchange
from uuid_utils.compat import uuid7

from services.mis_sync.connectors.credentials import Credentials
from services.mis_sync.connectors.messages import Outgoing
from services.mis_sync.snapshots.signatures import OLDEST
from shared.contracts.envelope import Payload
from shared.contracts.signatures import SIGNATURE_HEADER
from shared.contracts.topology import INBOUND_EXCHANGE
from tests.eventually import eventually
from tests.mis_sync.mis import anew, messages_of
from tests.mis_sync.opening import open_world
from tests.mis_sync.signing import signature_of
from tests.mis_sync.world import SchoolInTest, World
from tests.servers import Servers


@pytest.fixture(scope="module")
async def standing_world(
    servers: Servers, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[World]:
    folder = tmp_path_factory.mktemp("signatures")
    async with open_world(servers, folder, "signatures") as opened:
        yield opened


@pytest.fixture
async def mine(standing_world: World) -> SchoolInTest:
    standing_world.clock.ahead *= 0
    school = await standing_world.linked_school(name="Heron Park")
    school.mis.pupil("P1")
    return school


@pytest.fixture
async def theirs(standing_world: World) -> SchoolInTest:
    return await standing_world.linked_school(name="Kite Hill")


def credentials_of(school: SchoolInTest) -> Credentials:
    assert school.credentials is not None
    return school.credentials


@dataclass
class Administrator:
    """May impersonate any user, which no connector may."""

    exchange: AbstractExchange

    async def sends(
        self,
        message: Outgoing[Payload],
        username: str,
        signature: object,
        *,
        suffix: str | None = None,
        message_id: str | None = None,
    ) -> None:
        headers: Mapping[str, Any] = {} if signature is None else {SIGNATURE_HEADER: signature}
        await self.exchange.publish(
            aio_pika.Message(
                message.body,
                user_id=username,
                message_id=message_id or message.message_id,
                headers=dict(headers),
            ),
            f"{username}.{suffix or message.suffix}",
            timeout=30,
        )


@pytest.fixture
async def administrator(standing_world: World, servers: Servers) -> AsyncIterator[Administrator]:
    name, vhost = f"admin_{uuid7().hex}", standing_world.broker.mis_vhost
    everything = {"configure": ".*", "write": ".*", "read": ".*"}
    with servers.management() as management:
        user = {"password": "p", "tags": "administrator,impersonator"}
        management.put(f"/api/users/{name}", json=user).raise_for_status()
        path = f"/api/permissions/{vhost}/{name}"
        management.put(path, json=everything).raise_for_status()
        url = aio_pika.connection.make_url(standing_world.broker.mis_url)
        connection = await aio_pika.connect(url.with_user(name).with_password("p"))
        async with connection:
            channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
            yield Administrator(await channel.get_exchange(INBOUND_EXCHANGE, ensure=False))
        management.delete(f"/api/users/{name}").raise_for_status()


def true_signature(message: Outgoing[Payload], credentials: Credentials, **but: Any) -> str:
    key = f"{credentials.username}.{message.suffix}"
    said = {"time": message.event.time, **but}
    return signature_of(credentials, message.message_id, key, message.body, **said)


async def refusals(world: World, user: str) -> list[str]:
    rows = await world.rows("SELECT reason FROM refused_messages WHERE broker_user = $1", user)
    return [row["reason"] for row in rows]


Attempt = Callable[[Administrator, SchoolInTest, SchoolInTest], Awaitable[None]]


def begin_of(school: SchoolInTest) -> Outgoing[Payload]:
    return messages_of(school.mis.snapshot(), credentials_of(school).username)[0]


async def unsigned(admin: Administrator, mine: SchoolInTest, _: SchoolInTest) -> None:
    await admin.sends(begin_of(mine), credentials_of(mine).username, None)


async def nonsense(admin: Administrator, mine: SchoolInTest, _: SchoolInTest) -> None:
    for signature in ("x", "a.b.c", "", 7, "." * 3_000, bytearray(b"\xff.\xff")):
        await admin.sends(begin_of(mine), credentials_of(mine).username, signature)


async def of_no_algorithm(admin: Administrator, mine: SchoolInTest, _: SchoolInTest) -> None:
    message = begin_of(mine)
    payload = true_signature(message, credentials_of(mine)).split(".")[1]
    for header in ("eyJhbGciOiJub25lIn0", "eyJhbGciOiJIUzI1NiJ9"):
        await admin.sends(message, credentials_of(mine).username, f"{header}.{payload}.")


async def with_another_schools_key(
    admin: Administrator, mine: SchoolInTest, theirs: SchoolInTest
) -> None:
    """All that is signed is true but for the key."""
    me = credentials_of(mine)
    message = begin_of(mine)
    stolen = me.model_copy(update={"signing_key": credentials_of(theirs).signing_key})
    await admin.sends(message, me.username, true_signature(message, stolen))


async def replayed_under_another_name(
    admin: Administrator, mine: SchoolInTest, theirs: SchoolInTest
) -> None:
    """Another school's message, as it was, in this school's place."""
    message = begin_of(theirs)
    signature = true_signature(message, credentials_of(theirs))
    await admin.sends(message, credentials_of(mine).username, signature)


async def with_another_body(admin: Administrator, mine: SchoolInTest, _: SchoolInTest) -> None:
    """Only what it says is another: that all lists are complete, so that everybody is gone."""
    first = begin_of(mine)
    changed = replace(first, body=first.body.replace(b'"complete":[', b'"complete":["pupil",'))
    assert changed.body != first.body
    signature = true_signature(first, credentials_of(mine))
    await admin.sends(changed, credentials_of(mine).username, signature)


async def under_another_id(admin: Administrator, mine: SchoolInTest, _: SchoolInTest) -> None:
    message = begin_of(mine)
    signature = true_signature(message, credentials_of(mine))
    me = credentials_of(mine).username
    await admin.sends(message, me, signature, message_id=str(uuid7()))


async def as_something_else(admin: Administrator, mine: SchoolInTest, _: SchoolInTest) -> None:
    message = begin_of(mine)
    signature = true_signature(message, credentials_of(mine))
    me = credentials_of(mine).username
    await admin.sends(message, me, signature, suffix="snapshot.end")


@pytest.mark.parametrize(
    ("attempt", "reason"),
    [
        (unsigned, "is not signed"),
        (nonsense, "is not signed by its connector's key"),
        (of_no_algorithm, "is not signed by its connector's key"),
        (with_another_schools_key, "is not signed by its connector's key"),
        (replayed_under_another_name, "is not signed by its connector's key"),
        (with_another_body, "has the signature of another message"),
        (under_another_id, "has the signature of another message"),
        (as_something_else, "has the signature of another message"),
    ],
)
async def test_is_refused_and_said(
    administrator: Administrator,
    mine: SchoolInTest,
    theirs: SchoolInTest,
    attempt: Attempt,
    reason: str,
) -> None:
    """For the operator and in the school's history; nothing of it is staged."""
    await attempt(administrator, mine, theirs)
    me = credentials_of(mine).username
    found = await eventually(lambda: refusals(mine.world, me), lambda found: reason in found)
    assert set(found) <= {"is not signed", "is not signed by its connector's key", reason}

    async def lines() -> list[dict[str, Any]]:
        return list((await mine.get("/runs", limit=50))["items"])

    [line, *_] = await eventually(lines)
    assert (line["cause"], line["state"]) == ("refused", "refused")
    assert await mine.runs() == []


async def test_one_that_was_kept_changes_nothing_when_it_is_sent_again(
    administrator: Administrator, mine: SchoolInTest
) -> None:
    """R16: a snapshot is told once, whoever repeats it; and an older one is passed over."""
    me = credentials_of(mine)
    kept = messages_of(mine.mis.snapshot(), me.username)
    mine.mis.pupil("P2")
    assert (await mine.sync())["state"] == "closed"
    for message in kept:
        await administrator.sends(message, me.username, true_signature(message, me))
    snapshot_id = kept[0].event.data.snapshot_id  # type: ignore[attr-defined]
    assert (await mine.run_of(snapshot_id))["state"] == "ignored"
    pupils = "SELECT mis_id FROM mis_records WHERE school_id = $1 AND NOT gone"
    assert len(await mine.world.rows(pupils, mine.id)) == 2


async def test_one_that_is_too_old_is_refused(
    administrator: Administrator, mine: SchoolInTest
) -> None:
    """Hours and days in a queue are no fault; there is an end to them."""
    me = credentials_of(mine)
    taken_at = mine.world.clock() - OLDEST - timedelta(minutes=1)
    [message, *_] = messages_of(mine.mis.snapshot(taken_at), me.username)
    await administrator.sends(message, me.username, true_signature(message, me))
    found = await eventually(lambda: refusals(mine.world, me.username))
    assert found == ["was signed more than 14 days ago, or the clock beside the MIS is wrong"]


async def test_the_time_that_is_signed_is_the_messages_own(
    administrator: Administrator, mine: SchoolInTest
) -> None:
    me = credentials_of(mine)
    message = anew(begin_of(mine))
    signature = true_signature(message, me, time=mine.world.clock())
    await administrator.sends(message, me.username, signature)
    found = await eventually(lambda: refusals(mine.world, me.username))
    assert found == ["has the signature of another message"]
