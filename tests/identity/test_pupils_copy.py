"""identity's copy of the pupils: any order, any number of times, and each school its own."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from uuid_utils.compat import uuid7

from services.identity.parents.repository import keep_pupils
from shared.contracts.envelope import Event
from shared.contracts.roster import PupilsChanged
from shared.contracts.vocabulary import YearGroup
from tests.eventually import eventually
from tests.identity.door import Door, SchoolInTest
from tests.identity.family import BORN, Families, pupil

COPY = "SELECT * FROM pupils WHERE school_id = $1 ORDER BY id"


async def test_the_newest_version_stands_however_often_it_comes(families: Families) -> None:
    newest = pupil("Newest", version=3, active=False, year_group=YearGroup.Y4)
    older = pupil("Older", id=newest.id, version=2)
    await families.tell(newest, older)
    await families.tell(older, times=2)
    await families.tell(newest, times=2)
    [row] = await families.door.rows(COPY, families.school.id)
    assert (row["version"], row["legal_forename"], row["year_group"]) == (3, "Newest", "4")


async def test_only_what_is_needed_is_kept(families: Families) -> None:
    """Data minimised: no UPN, no sex, no middle names."""
    await families.tell(pupil(upn="A801203012345", middle_names="Rose"))
    [row] = await families.door.rows(COPY, families.school.id)
    assert "A801203012345" not in str(row)
    assert "Rose" not in str(row)


async def test_a_school_keeps_its_own_of_the_same_id(families: Families, door: Door) -> None:
    """No school's message changes what another school has."""
    ours = pupil("Ours", version=2)
    await families.tell(ours)
    other = await door.new_school()
    await families.tell(pupil("Theirs", id=ours.id, version=9), school=other.id)
    [row] = await door.rows(COPY, families.school.id)
    assert (row["legal_forename"], row["version"]) == ("Ours", 2)


async def test_a_copy_that_was_lost_is_filled_again_and_confirmations_stay(
    families: Families, door: Door
) -> None:
    """As `./classroom republish roster` does."""
    one = pupil("Maya")
    await families.tell(one)
    parent = await families.add(children=[one.id])
    full = (await families.confirm(await families.accept(parent), {one.id: BORN})).json()
    await door.rows("DELETE FROM pupils WHERE school_id = $1", families.school.id)
    assert await families.names_seen(full) == []
    [child] = (await families.read(parent))["children"]
    assert "not known here yet" in child["hindrance"]
    await families.tell(one)
    assert await families.names_seen(full) == ["Maya Patel"]


async def test_a_message_of_no_school_is_refused(families: Families, door: Door) -> None:
    event = Event[PupilsChanged](
        source="/services/roster",
        type=PupilsChanged.EVENT_TYPE,
        correlationid="test-correlation",
        data=PupilsChanged(pupils=(pupil(),)),
    )
    await families.publish(event)
    query = "SELECT reason FROM dead_letters WHERE message_key = $1"
    found = await eventually(lambda: door.rows(query, str(event.id)), bool)
    assert "names no school" in found[0]["reason"]


@given(shuffled=st.randoms(use_true_random=False), data=st.data())
@settings(max_examples=15)
async def test_any_order_and_any_repeats_end_the_same(
    door: Door, standing_school: SchoolInTest, shuffled: random.Random, data: st.DataObject
) -> None:
    versions = [
        pupil(f"V{n}", id=uuid, version=n)
        for uuid in [uuid7() for _ in range(2)]
        for n in range(1, 4)
    ]
    repeats = data.draw(st.lists(st.sampled_from(range(len(versions))), max_size=6))
    said = [*versions, *(versions[n] for n in repeats)]
    shuffled.shuffle(said)
    cut = data.draw(st.integers(0, len(said)))
    database = door.app.state.identity.database
    for part in (said[:cut], said[cut:]):
        async with database.transaction(standing_school.id) as connection:
            await keep_pupils(connection, standing_school.id, part)
    kept: list[dict[str, Any]] = await door.rows(
        "SELECT legal_forename FROM pupils WHERE id = ANY ($1)", [one.id for one in versions]
    )
    assert [row["legal_forename"] for row in kept] == ["V3", "V3"]


@pytest.fixture(scope="module")
async def standing_school(door: Door) -> SchoolInTest:
    return await door.new_school()
