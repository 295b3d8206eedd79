"""What may befall a sync between the services: the same again, poison among the good, and everybody
at once. `docs/testing.md` says where the other faults are shown."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import aio_pika
from aio_pika.abc import HeadersType
from uuid_utils.compat import uuid7

from shared.contracts.mis import PupilRecord
from shared.contracts.signatures import SIGNATURE_HEADER
from shared.contracts.topology import INBOUND_EXCHANGE
from shared.contracts.vocabulary import YearGroup
from tests.eventually import eventually
from tests.mis_sync.mis import Mis, messages_of, upn
from tests.mis_sync.signing import signature_of
from tests.together.opening import Together, WholeSchool

DAY = timedelta(days=1)
PUPILS = 60


async def a_school(together: Together, pupils: int) -> WholeSchool:
    """Linked; its MIS has two classes that nobody has mapped yet."""
    school = await together.new_school()
    school.mis = Mis(instance_id="server-1")
    for number, name in enumerate(("Oak", "Elm")):
        school.mis.group(f"G{number}", name, "3")
        school.mis.teacher(f"S{number}", f"G{number}", email=f"s{number}@{school.id.hex}.example")
    for number in range(pupils):
        pupil_of(school.mis, number, f"G{number % 2}")
    await school.link()
    return school


def pupil_of(mis: Mis, number: int, group: str, **fields: Any) -> PupilRecord:
    return mis.pupil(
        f"P{number}",
        group,
        upn=upn(20_000 + number),
        legal_surname=f"Heron{number}",
        year_group="3",
        **fields,
    )


async def roll_of(school: WholeSchool) -> dict[str, Any]:
    """What anybody would see of it, without ids, in all services that hold it."""
    await school.comes_to_rest()
    return await roll_now(school)


async def roll_now(school: WholeSchool) -> dict[str, Any]:
    """As `roll_of`, whatever is still on its way."""
    pupils = await school.rows("roster", "SELECT * FROM pupils WHERE school_id = $1")
    groups = await school.rows("roster", "SELECT * FROM groups WHERE school_id = $1")
    users = await school.rows(
        "identity",
        "SELECT account_id AS id, split_part(email, '@', 1) AS name, active FROM accounts"
        " WHERE school_id = $1 AND kind = 'user'",
    )
    links = await school.rows("roster", "SELECT * FROM links WHERE school_id = $1")
    names = {
        **{row["id"]: row["legal_surname"] for row in pupils},
        **{row["id"]: row["name"] for row in (*groups, *users)},
    }
    return {
        "pupils": sorted(
            (p["upn"], p["legal_surname"], p["preferred_forename"] or "", p["year_group"])
            for p in pupils
            if p["active"]
        ),
        "groups": sorted((g["name"], g["year_group"], g["active"]) for g in groups),
        "users": sorted((u["name"], u["active"]) for u in users),
        "links": sorted(
            (link["kind"], names[link["group_id"]], names[link["person_id"]], link["present"])
            for link in links
        ),
    }


async def test_the_same_content_in_another_snapshot_changes_no_row_and_tells_nothing(
    together: Together,
) -> None:
    """F10."""
    school = await a_school(together, PUPILS)
    await school.sync(school.mis.snapshot(together.clock()))
    await school.create_all()
    before = await everything(school)
    told = await school.told()
    for _ in range(2):
        together.it_is(together.clock() + DAY)
        run = await school.sync(school.mis.snapshot(together.clock()))
        assert run["state"] == "closed"
        assert set(run["counts"].values()) == {0}
    assert await everything(school) == before
    assert await school.told() == told


async def everything(school: WholeSchool) -> list[list[tuple[Any, ...]]]:
    """Every row as it is, down to which row version of PostgreSQL it is (`xmin`)."""
    await school.comes_to_rest()
    found = []
    for service, table in (
        ("roster", "pupils"),
        ("roster", "groups"),
        ("roster", "links"),
        ("identity", "accounts"),
        ("mis_sync", "mis_records"),
        ("mis_sync", "mapping"),
        ("mis_sync", "differences"),
        ("mis_sync", "own_pupils"),
    ):
        rows = await school.rows(
            service,  # type: ignore[arg-type]
            f"SELECT xmin::text AS row_version, t.* FROM {table} t WHERE school_id = $1",  # noqa: S608
        )
        found.append(sorted(tuple(map(str, row.values())) for row in rows))
    return found


async def test_poison_among_the_good_harms_nobody_else(together: Together) -> None:
    """F12: broken messages are refused one by one, a broken record is listed, all else is here."""
    school = await a_school(together, 99)
    school.mis.pupil("BAD", "G0", upn="B000000000000", legal_surname="Bad")
    credentials = school.credentials
    assert credentials is not None
    me = credentials.username
    chunk = messages_of(school.mis.snapshot(), me)[1].body
    poison = [
        b"not json",
        b"\0\0\0",
        b'{"specversion": "9.9"}',
        b" " * (1024 * 1024 + 1),
        chunk.replace(b'"pupil"', b'"dragon"'),
        chunk.replace(b"Heron7", b"Heron\\u00007"),
    ]
    connection = await aio_pika.connect(credentials.address())
    async with connection:
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        exchange = await channel.get_exchange(INBOUND_EXCHANGE, ensure=False)
        for body in poison:
            key, message_id = f"{me}.snapshot.chunk", str(uuid7())
            signature = signature_of(credentials, message_id, key, body)
            headers: HeadersType = {SIGNATURE_HEADER: signature}
            message = aio_pika.Message(body, user_id=me, message_id=message_id, headers=headers)
            await exchange.publish(message, key)
    run = await school.sync(school.mis.snapshot(together.clock()))
    assert run["state"] == "closed"
    await school.create_all()
    roll = await roll_of(school)
    assert len(roll["pupils"]) == 99
    assert [each["reason_code"] for each in await school.not_here()] == ["pupil_invalid_upn"]
    refused = await eventually(
        lambda: together.mis_sync.rows(
            "SELECT reason FROM refused_messages WHERE broker_user = $1", me
        ),
        lambda rows: len(rows) == len(poison),
    )
    assert len(refused) == len(poison)


async def test_a_sync_an_edit_and_the_roll_up_at_once_lose_nothing(together: Together) -> None:
    """F20, R12, R13, R22: whoever is first, each has its say where it has one."""
    school = await a_school(together, 40)
    await school.sync(school.mis.snapshot(together.clock()))
    await school.create_all()
    await school.comes_to_rest()
    ids = {
        row["legal_surname"]: row["id"]
        for row in await school.rows("roster", "SELECT * FROM pupils WHERE school_id = $1")
    }
    together.it_is(together.clock().replace(year=2027, month=8, day=26))
    for number in range(40):
        pupil_of(school.mis, number, f"G{number % 2}", preferred_forename="Ann")

    async def edits() -> list[int]:
        """Half of the pupils, one after the other, each as somebody sees them just then."""
        answers = []
        for number in range(0, 40, 2):
            path = f"/pupils/{ids[f'Heron{number}']}"
            version = (await school.at_roster.get(path))["version"]
            body = {"expected_version": version, "preferred_forename": "Bea"}
            answers.append((await school.by_hand("PATCH", path, body)).status_code)
        return answers

    snapshot_id = await school.push(school.mis.snapshot(together.clock()))
    answers, _ = await asyncio.gather(edits(), school.rolls_up("2026/27"))
    await school.run_of(snapshot_id)
    await school.comes_to_rest()

    # Whoever was told of a conflict does it again; nobody else was overruled.
    for number, status in zip(range(0, 40, 2), answers, strict=True):
        assert status in (200, 409)
        if status == 409:
            path = f"/pupils/{ids[f'Heron{number}']}"
            version = (await school.at_roster.get(path))["version"]
            body = {"expected_version": version, "preferred_forename": "Bea"}
            assert (await school.by_hand("PATCH", path, body)).status_code == 200
    await a_year_later(together, school, 40)
    roll = await roll_of(school)
    assert {(surname, name) for _, surname, name, _ in roll["pupils"]} == {
        (f"Heron{number}", "Ann" if number % 2 else "Bea") for number in range(40)
    }


async def test_a_roll_up_that_was_not_heard_of_yet_leaves_nothing_to_decide(
    together: Together,
) -> None:
    """F20, R22: mis_sync compares with last year, roster refuses, and the new year mends it."""
    school = await a_school(together, 12)
    await school.sync(school.mis.snapshot(together.clock()))
    await school.create_all()
    await school.comes_to_rest()
    together.it_is(together.clock().replace(year=2027, month=8, day=26))
    copies = together.databases["mis_sync"]
    async with copies.transaction():
        await copies.execute("SELECT 1 FROM own_schools WHERE school_id = $1 FOR UPDATE", school.id)
        await school.rolls_up("2026/27")
        await school.hears(
            lambda rows: len(rows) == 12,
            "SELECT 1 FROM own_links WHERE school_id = $1 AND kind = 'member' AND NOT present",
        )
        pupil_of(school.mis, 12, "G0")
        run = await school.sync(school.mis.snapshot(together.clock()))
        assert run["counts"]["links_refused"] >= 12
        assert run["counts"]["pupils_refused"] >= 1
    await school.comes_to_rest()
    assert await school.differences() == []
    await a_year_later(together, school, 13)


async def a_year_later(together: Together, school: WholeSchool, pupils: int) -> None:
    """The MIS has followed: everybody is in their class, and nobody has to decide anything."""
    school.mis.academic_year = "2027/28"
    for mis_id, record in school.mis.pupils.items():
        school.mis.pupils[mis_id] = record.model_copy(update={"year_group": YearGroup.Y4})
    together.it_is(together.clock() + DAY)
    run = await school.sync(school.mis.snapshot(together.clock()))
    assert run["state"] == "closed"
    roll = await roll_of(school)
    assert {year for *_, year in roll["pupils"]} == {"4"}
    assert {link[1:3] for link in roll["links"] if link[0] == "member" and link[3]} == {
        ("Oak" if number % 2 == 0 else "Elm", f"Heron{number}") for number in range(pupils)
    }
    assert await school.differences() == []
