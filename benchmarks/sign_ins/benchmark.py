"""Sign-ins a second, whole service over HTTP, and what other requests wait in the meantime.

The service, a naive FastAPI and the bare verifying of passwords take turns. Nothing but sign-ins
that succeed counts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

import aiohttp

from benchmarks.identity import PASSWORD, IdentityMeasured, identity_with_people
from benchmarks.interleaved import interleaved
from benchmarks.lines import Line, line_of
from benchmarks.load import at_a_pace, connected_to, flat_out, percentile
from benchmarks.naive_fastapi import PEOPLE, peer_running
from benchmarks.servers import Servers
from benchmarks.sign_ins.ceiling import verified_per_second
from benchmarks.sizes import Size

__all__ = ["measure_sign_ins"]

_OPENED, _FOUND = 201, 200
_MONDAY_PER_SECOND = 10.0
"""600 people in a minute."""
_READS_PER_SECOND = 25.0
_CLIENTS = 32


@dataclass(frozen=True)
class _Side:
    """Somebody to sign in with: over HTTP, under the same paths."""

    http: aiohttp.ClientSession
    usernames: Sequence[str]
    seconds: float

    async def sign_in(self, number: int) -> int:
        username = self.usernames[number % len(self.usernames)]
        body = {"identifier": username, "password": PASSWORD}
        async with self.http.post("/sessions", json=body) as answer:
            await answer.read()
            return answer.status

    async def measure(self) -> Mapping[str, float]:
        """Flat out; then reads, while people sign in as on a Monday, and while all do at once."""
        storm = await flat_out(self.sign_in, wanted=_OPENED, clients=_CLIENTS, seconds=self.seconds)
        monday = at_a_pace(
            self.sign_in, wanted=_OPENED, per_second=_MONDAY_PER_SECOND, seconds=self.seconds
        )
        flood = flat_out(self.sign_in, wanted=_OPENED, clients=_CLIENTS, seconds=self.seconds)
        return {
            "sign-ins": storm.per_second,
            "reads": await self._reads_during(monday),
            "reads-flat-out": await self._reads_during(flood),
        }

    async def idle(self) -> Mapping[str, float]:
        waited = await self._reads_during(asyncio.sleep(self.seconds))
        return {"reads": waited, "reads-flat-out": waited}

    async def _reads_during(self, storm: Awaitable[object]) -> float:
        """The 99th percentile of a request that looks a session up, in milliseconds."""
        token = await self._token()

        async def read(_: int) -> int:
            async with self.http.post("/sessions/lookup", json={"token": token}) as answer:
                await answer.read()
                return answer.status

        reads, _ = await asyncio.gather(
            at_a_pace(read, wanted=_FOUND, per_second=_READS_PER_SECOND, seconds=self.seconds),
            storm,
        )
        return percentile(reads.seconds, 0.99) * 1000

    async def _token(self) -> str:
        body = {"identifier": self.usernames[0], "password": PASSWORD}
        async with self.http.post("/sessions", json=body) as answer:
            return str((await answer.json())["token"])


async def measure_sign_ins(servers: Servers, runs: int, size: Size) -> list[Line]:
    """Cases `sign-ins`, `reads` (as on a Monday) and `reads-flat-out`.

    The limit of the sign-ins is what the cores verify, that of the reads is their time when nobody
    signs in.
    """
    seconds = 0.4 if size is Size.QUICK else 10.0
    async with AsyncExitStack() as stack:
        identity = await stack.enter_async_context(identity_with_people(servers, PEOPLE))
        address = await stack.enter_async_context(peer_running(servers, identity.stored))
        us = await _side(stack, identity.address, identity.usernames, seconds)
        peer = await _side(stack, address, [str(number) for number in range(PEOPLE)], seconds)
        limit = _limit(identity, us, seconds)
        found = await interleaved({"us": us.measure, "peer": peer.measure, "limit": limit}, runs)
    return [
        line_of("B5", "sign-ins", "1/s", found["sign-ins"]),
        line_of("B5", "reads", "ms (p99)", found["reads"], less_is_better=True),
        line_of("B5", "reads-flat-out", "ms (p99)", found["reads-flat-out"], less_is_better=True),
    ]


async def _side(
    stack: AsyncExitStack, address: str, usernames: Sequence[str], seconds: float
) -> _Side:
    http = await stack.enter_async_context(connected_to(address))
    return _Side(http, usernames, seconds)


def _limit(
    identity: IdentityMeasured, us: _Side, seconds: float
) -> Callable[[], Awaitable[Mapping[str, float]]]:
    async def measure() -> Mapping[str, float]:
        verified = await verified_per_second(identity.stored, seconds)
        return {"sign-ins": verified, **await us.idle()}

    return measure
