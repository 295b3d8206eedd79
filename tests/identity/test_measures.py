"""What operators are told of signing in: how many ended how, and never who."""

from __future__ import annotations

from datetime import timedelta

import asyncpg
import pytest

from services.identity.measures.repository import measures
from services.identity.sessions.session import IDLE
from tests.figures import figure
from tests.identity.door import OWN_PASSWORD, Door, SchoolInTest

SIGN_INS = "classroom_sign_ins_total"
OUTCOMES = ("admitted", "refused", "braked", "busy", "failed")


async def test_each_try_to_sign_in_is_counted_by_its_end(door: Door, school: SchoolInTest) -> None:
    user = await school.add_user()
    await school.claim(user["username"])

    async def counted() -> dict[str, float]:
        return {o: await figure(SIGN_INS, step="password", outcome=o) or 0 for o in OUTCOMES}

    before = await counted()
    assert (await door.sign_in(user["username"], OWN_PASSWORD)).status_code == 201
    assert (await door.sign_in(user["username"], "not it at all")).status_code == 401
    assert (await door.sign_in(user["username"], "x" * 129)).status_code == 401
    after = await counted()
    assert {outcome: after[outcome] - before[outcome] for outcome in OUTCOMES} == {
        **dict.fromkeys(OUTCOMES, 0),
        "admitted": 1,
        "refused": 2,
    }


@pytest.mark.usefixtures("standing_clock")  # others' sessions, some of the future, idle out too
async def test_a_session_is_live_until_it_idles_out(door: Door, school: SchoolInTest) -> None:
    user = await school.add_user()
    await school.claim(user["username"])
    before = await _live(door), await _live(door, IDLE)
    await door.sign_in(user["username"], OWN_PASSWORD)
    assert (await _live(door), await _live(door, IDLE)) == (before[0] + 1, before[1])


async def _live(door: Door, later: timedelta = timedelta()) -> float:
    connection = await asyncpg.connect(door.service_dsn)
    try:
        answers = await measures(connection, door.clock() + later, IDLE)
    finally:
        await connection.close()
    return sum(each.value for each in answers if each.labels == ("full",))
