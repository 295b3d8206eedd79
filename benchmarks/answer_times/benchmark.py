"""Times of refused sign-ins and of forgotten passwords: unknown names beside all others.

Each kind of name is asked for in turn, in an order that is drawn anew for each round.
"""

from __future__ import annotations

import random
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import count

import aiohttp
import asyncpg

from benchmarks.answer_times.overlap import overlap
from benchmarks.identity import IdentityMeasured, identity_with_people
from benchmarks.interleaved import Measure, interleaved
from benchmarks.lines import Line, Side, line_of
from benchmarks.load import connected_to
from benchmarks.naive_fastapi import PEOPLE, peer_running
from benchmarks.servers import Servers
from benchmarks.sizes import Size

__all__ = ["measure_answer_times"]

_WRONG = "not the password at all"
_GUESSES_AT_A_NAME = 4
"""One less than those after which a name has to wait."""
_UNKNOWN, _ALSO_UNKNOWN = "unknown", "nobody"
_SIGN_IN, _FORGOTTEN, _LOCKED = "sign-in", "forgotten", "locked"
_PATHS = {_SIGN_IN: "/sessions", _LOCKED: "/sessions", _FORGOTTEN: "/password/forgotten"}
_STATUS = {_SIGN_IN: 401, _LOCKED: 429, _FORGOTTEN: 202}
_TO_INACTIVE = "UPDATE accounts SET active = false WHERE username = ANY ($1::text[])"
_TO_WAITING = (
    "UPDATE accounts SET state = 'awaiting_first_password', password_hash = NULL, "
    "default_until = now() + interval '14 days' WHERE username = ANY ($1::text[])"
)

Names = Mapping[str, Sequence[str]]
"""Those to ask for, by kind."""


@dataclass
class _Asker:
    """Asks one after the other, each time from another address."""

    http: aiohttp.ClientSession
    rounds: int
    draw: random.Random
    tells_address: bool = True

    def __post_init__(self) -> None:
        self._numbers = count()

    async def timed(self, what: str, names: Names) -> dict[str, list[float]]:
        """Seconds by kind. Raises where the answer is another than the one that is timed."""
        found: dict[str, list[float]] = defaultdict(list)
        for number in range(self.rounds):
            kinds = list(names)
            self.draw.shuffle(kinds)
            for kind in kinds:
                name = names[kind][number % len(names[kind])]
                began = time.perf_counter()
                status = await self.ask(what, name)
                found[kind].append(time.perf_counter() - began)
                if status != _STATUS[what]:
                    raise RuntimeError(f"{what}, {kind}: {status}, not {_STATUS[what]}")
        return found

    async def ask(self, what: str, name: str) -> int:
        body = {"identifier": name}
        if what != _FORGOTTEN:
            body["password"] = _WRONG
        if self.tells_address:
            number = next(self._numbers)
            body["address"] = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        async with self.http.post(_PATHS[what], json=body) as answer:
            await answer.read()
            return answer.status


@dataclass
class _Us:
    """The service; `names` are of all kinds, `same` of two that are one."""

    asker: _Asker
    names: Names
    same: Names
    admin_url: str

    async def measure(self) -> Mapping[str, float]:
        return {
            f"{what}: {kind}": figure
            for what in _PATHS
            for kind, figure in (await self._alike(what, self.names)).items()
        }

    async def limit(self) -> Mapping[str, float]:
        """What the overlap is of times between which there is no difference."""
        kinds = self.names.keys() - {_UNKNOWN}
        figures: dict[str, float] = {}
        for what in _PATHS:
            [figure] = (await self._alike(what, self.same)).values()
            figures |= {f"{what}: {kind}": figure for kind in kinds}
        return figures

    async def _alike(self, what: str, names: Names) -> dict[str, float]:
        """Each kind's overlap with those that are unknown."""
        await self._forget_guesses()
        if what == _LOCKED:
            names = {kind: of_kind[:1] for kind, of_kind in names.items()}
            for [name] in names.values():
                for _ in range(_GUESSES_AT_A_NAME + 1):
                    await self.asker.ask(_SIGN_IN, name)
        times = await self.asker.timed(what, names)
        return {kind: overlap(times[kind], times[_UNKNOWN]) for kind in names if kind != _UNKNOWN}

    async def _forget_guesses(self) -> None:
        connection = await asyncpg.connect(self.admin_url)
        try:
            await connection.execute("TRUNCATE throttle_counts")
        finally:
            await connection.close()


async def measure_answer_times(servers: Servers, runs: int, size: Size) -> list[Line]:
    """Cases `sign-in: …`, `forgotten: …` and `locked: …`, each beside names that nobody has.

    Of 1; the limit is what two lots of unknown names come to, the peer looks first and then works.
    """
    rounds = 4 if size is Size.QUICK else 200
    of_a_kind = -(-rounds // _GUESSES_AT_A_NAME)
    draw = random.Random(5)  # noqa: S311 - an order to ask in
    async with AsyncExitStack() as stack:
        identity = await stack.enter_async_context(identity_with_people(servers, 3 * of_a_kind))
        names = await _names(identity, of_a_kind)
        address = await stack.enter_async_context(peer_running(servers, identity.stored))
        http = await stack.enter_async_context(connected_to(identity.address))
        peer_http = await stack.enter_async_context(connected_to(address))
        same = {kind: _nobody(kind, of_a_kind) for kind in (_UNKNOWN, _ALSO_UNKNOWN)}
        us = _Us(_Asker(http, rounds, draw), names, same, identity.admin_url)
        peer = _Asker(peer_http, rounds, draw, tells_address=False)

        async def measure_peer() -> Mapping[str, float]:
            return await _peers(peer)

        sides: dict[Side, Measure] = {"us": us.measure, "peer": measure_peer, "limit": us.limit}
        found = await interleaved(sides, runs)
    return [line_of("answer-times", case, "overlap", of_case) for case, of_case in found.items()]


async def _names(identity: IdentityMeasured, of_a_kind: int) -> Names:
    """As many of each kind as are needed for nobody to be guessed at too often."""
    known, inactive, waiting = (
        identity.usernames[kind * of_a_kind : (kind + 1) * of_a_kind] for kind in range(3)
    )
    connection = await asyncpg.connect(identity.admin_url)
    try:
        await connection.execute(_TO_INACTIVE, inactive)
        await connection.execute(_TO_WAITING, waiting)
    finally:
        await connection.close()
    return {
        _UNKNOWN: _nobody(_UNKNOWN, of_a_kind),
        "known": known,
        "inactive": inactive,
        "waiting": waiting,
    }


def _nobody(word: str, how_many: int) -> list[str]:
    return [f"ng75pn_{word}.{number}" for number in range(how_many)]


async def _peers(peer: _Asker) -> Mapping[str, float]:
    names = {
        _UNKNOWN: [f"nobody {number}" for number in range(PEOPLE)],
        "known": [str(number) for number in range(PEOPLE)],
    }
    figures = {}
    for what in (_SIGN_IN, _FORGOTTEN):
        times = await peer.timed(what, names)
        figures[f"{what}: known"] = overlap(times["known"], times[_UNKNOWN])
    return figures
