"""`republish` says the full state again, at the versions it has."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from uuid_utils.compat import uuid7

from services.roster.fields.field import OPTIONAL_FIELDS
from services.roster.republish import republish
from shared.contracts.vocabulary import LinkKind
from shared.database.pool import Database
from tests.roster.door import UPNS, Door, SchoolInTest

STATES = (
    "roster.school_year.changed.v1",
    "roster.pupil_fields.changed.v1",
    "roster.groups.changed.v1",
    "roster.pupils.changed.v1",
    "roster.links.changed.v1",
)


@pytest.fixture
async def database(door: Door) -> AsyncIterator[Database]:
    database = Database(door.service_dsn, name="republish-test", max_size=2)
    await database.open()
    yield database
    await database.close()


async def test_says_every_record_of_the_school_as_it_stands(
    school: SchoolInTest, database: Database
) -> None:
    group_id = await school.has_group("3 Blue")
    kept = dict.fromkeys(OPTIONAL_FIELDS, False) | {"sen_provision": True}
    await school.by_hand("PUT", "/settings/pupil-fields", kept | {"expected_version": 0})
    pupils = [await school.has_pupil(upn=upn, sen_provision="K") for upn in UPNS]
    await school.has_link(LinkKind.MEMBER, group_id, pupils[0])
    await school.has_link(LinkKind.TEACHER, group_id, uuid7())
    body = {"expected_version": 1, "active": False}
    await school.by_hand("PATCH", f"/pupils/{pupils[4]}", body)
    before = await school.told()
    assert await republish(database, school.id) == {school.id: 8}
    said = (await school.told())[len(before) :]
    assert [event["type"] for event in said] == list(STATES)
    assert newest(said) == newest(before)


async def test_goes_through_all_schools(school: SchoolInTest, database: Database) -> None:
    other = SchoolInTest(school.door)
    await other.is_heard_of()
    said = await republish(database)
    assert {school.id, other.id} <= said.keys()


async def test_of_a_school_nobody_knows_says_so(door: Door, database: Database) -> None:
    with pytest.raises(LookupError, match="knows no school"):
        await republish(database, uuid7())


def newest(events: list[dict[str, object]]) -> dict[str, object]:
    """The last state of each record that was said."""
    found: dict[str, object] = {}
    for event in events:
        data = event["data"]
        assert isinstance(data, dict)
        for kind in ("groups", "pupils", "links"):
            for state in data.get(kind, []):
                names = ("id", "kind", "group_id", "person_id")
                key = ":".join(str(state.get(name)) for name in names)
                found[f"{kind}:{key}"] = state
    return found
