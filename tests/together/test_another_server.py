"""The MIS has moved to another server: from the held sync to the re-instated link (R21)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import aio_pika
import aiormq.exceptions
import pytest

from services.mis_sync.connectors.publish import BrokerRefused
from shared.contracts.vocabulary import YearGroup
from tests.eventually import eventually
from tests.mis_sync.mis import Mis, push
from tests.together.opening import STATE_EVENTS, Together, WholeSchool

DAY = timedelta(days=1)


async def a_school_in_full_swing(together: Together) -> WholeSchool:
    """Two classes of four with a teacher each, mapped; one pupil put elsewhere by hand (R13)."""
    school = await together.new_school()
    school.mis = Mis(instance_id="server-1")
    for number, name in enumerate(("Oak", "Elm")):
        school.mis.group(f"G{number}", name, "3")
        school.mis.teacher(f"S{number}", f"G{number}", email=f"s{number}@{school.id.hex}.example")
    for number in range(8):
        school.mis.pupil(f"P{number}", f"G{number % 2}", year_group="3")
    await school.link()
    await school.sync(school.mis.snapshot(together.clock()))
    await school.create_all()
    await school.comes_to_rest()
    (oak,) = [one for one in await everything(school, "groups") if one["name"] == "Oak"]
    (pupil,) = [p for p in await everything(school, "pupils") if p["legal_surname"] == "PatelP1"]
    answer = await school.by_hand("PUT", f"/groups/{oak['id']}/pupils/{pupil['id']}")
    assert answer.status_code == 200
    await school.comes_to_rest()
    return school


def moves_to_another_server(mis: Mis) -> None:
    """All ids are new; each is the id that somebody else had on the old server."""
    mis.instance_id = "server-2"
    pupils, staff, groups = (_shifted([*ids]) for ids in (mis.pupils, mis.staff, mis.groups))
    mis.pupils = {pupils[i]: _called(record, pupils[i]) for i, record in mis.pupils.items()}
    mis.staff = {staff[i]: _called(record, staff[i]) for i, record in mis.staff.items()}
    mis.groups = {groups[i]: _called(record, groups[i]) for i, record in mis.groups.items()}
    mis.memberships = {(pupils[p], groups[g]) for p, g in mis.memberships}
    mis.teachings = {(staff[s], groups[g]) for s, g in mis.teachings}


def _shifted(ids: list[str]) -> dict[str, str]:
    return dict(zip(ids, [*ids[1:], ids[0]], strict=True))


def _called(record: Any, mis_id: str) -> Any:
    return record.model_copy(update={"mis_id": mis_id})


async def everything(school: WholeSchool, table: str) -> list[dict[str, Any]]:
    """All rows, with their versions."""
    if table == "users":
        return await school.rows(
            "identity",
            "SELECT account_id, username, email, active, version FROM accounts"
            " WHERE school_id = $1 AND kind = 'user' ORDER BY 1",
        )
    return await school.rows(
        "roster",
        f"SELECT * FROM {table} WHERE school_id = $1 ORDER BY 2, 3, 4",  # noqa: S608
    )


async def as_it_stands(school: WholeSchool) -> dict[str, list[dict[str, Any]]]:
    await school.comes_to_rest()
    tables = ("pupils", "groups", "links", "users")
    return {table: await everything(school, table) for table in tables}


async def signs_in(address: Any) -> bool:
    try:
        await (await aio_pika.connect(address)).close()
    except (aiormq.exceptions.AMQPError, ConnectionError):
        return False
    return True


async def test_from_the_held_sync_to_the_reinstated_link_nobody_is_twice(
    together: Together,
) -> None:
    school = await a_school_in_full_swing(together)
    before, told = await as_it_stands(school), await school.told()
    moves_to_another_server(school.mis)

    # The sync is held, as often as it comes, and the page says what to do.
    for _ in range(2):
        together.it_is(together.clock() + DAY)
        run = await school.sync(school.mis.snapshot(together.clock()))
        assert run["state"] == "held"
        assert "another MIS server" in run["reason"]
        assert "Re-instate the link" in run["reason"]
    assert (await school.get("/summary"))["link_state"] == "server_changed"
    (held,) = await school.differences()
    assert (held["kind"], held["reason_code"]) == ("held_run", "server_changed")
    assert await as_it_stands(school) == before

    # Re-instated: other credentials, and the old ones are dead, on an open connection too.
    old = school.credentials
    assert old is not None
    connection = await aio_pika.connect(old.address())
    new = await school.link()
    assert (new.username, new.password) != (old.username, old.password)
    await eventually(lambda: signs_in(old.address()), lambda possible: not possible)
    with pytest.raises(BrokerRefused, match="renewed or revoked"):
        await push(old, school.mis.snapshot(together.clock()))
    await eventually(lambda: _is_closed(connection))
    assert await school.link_state() == "waiting"

    # The next snapshot is matched again by UPN, e-mail, name and year group: nothing changes.
    together.it_is(together.clock() + DAY)
    run = await school.sync(school.mis.snapshot(together.clock()))
    assert run["state"] == "closed"
    assert await as_it_stands(school) == before
    assert await school.told() == told, f"nothing is told of {STATE_EVENTS}"
    assert await school.link_state() == "healthy"
    assert await school.differences() == []
    assert await school.not_here() == []

    # And the new ids mean what they mean on the new server: who leaves there leaves here.
    (gone,) = [i for i, record in school.mis.pupils.items() if record.legal_surname == "PatelP5"]
    del school.mis.pupils[gone]
    school.mis.memberships = {pair for pair in school.mis.memberships if pair[0] != gone}
    for _ in range(2):
        together.it_is(together.clock() + DAY)
        await school.sync(school.mis.snapshot(together.clock()))
    after = await as_it_stands(school)
    assert [p["legal_surname"] for p in after["pupils"] if not p["active"]] == ["PatelP5"]
    assert {table: len(rows) for table, rows in after.items()} == {
        table: len(rows) for table, rows in before.items()
    }


async def _is_closed(connection: aio_pika.abc.AbstractConnection) -> bool:
    try:
        await (await connection.channel()).close()
    except (aiormq.exceptions.AMQPError, RuntimeError, ConnectionError):
        return True
    return False


async def test_in_the_summer_ids_that_were_others_do_no_harm(together: Together) -> None:
    """R22: the new server still reports last year, so at first only details of pupils flow."""
    school = await a_school_in_full_swing(together)
    moves_to_another_server(school.mis)
    await school.link()
    together.it_is(together.clock().replace(year=2027, month=8, day=26))
    await school.rolls_up("2026/27")
    before = await as_it_stands(school)
    together.it_is(together.clock() + DAY)
    assert (await school.sync(school.mis.snapshot(together.clock())))["state"] == "closed"
    assert await as_it_stands(school) == before
    school.mis.academic_year = "2027/28"
    for mis_id, record in school.mis.pupils.items():
        school.mis.pupils[mis_id] = record.model_copy(update={"year_group": YearGroup.Y4})
    together.it_is(together.clock() + DAY)
    assert (await school.sync(school.mis.snapshot(together.clock())))["state"] == "closed"
    after = await as_it_stands(school)
    assert [row["name"] for row in after["groups"]] == [row["name"] for row in before["groups"]]
    assert len(after["pupils"]) == len(before["pupils"])
    assert {row["year_group"] for row in after["pupils"]} == {"4"}
    names = {row["id"]: row["name"] for row in after["groups"]}
    surnames = {row["id"]: row["legal_surname"] for row in after["pupils"]}
    assert {
        (surnames[row["person_id"]], names[row["group_id"]])
        for row in after["links"]
        if row["kind"] == "member" and row["present"]
    } == {(f"PatelP{n}", "Oak" if n % 2 == 0 else "Elm") for n in range(8)}
