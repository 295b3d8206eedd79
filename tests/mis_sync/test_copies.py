"""What mis_sync keeps of the school's details, by version (R29)."""

from __future__ import annotations

from typing import Any

from shared.contracts.identity import SchoolChanged
from shared.contracts.vocabulary import YearGroup
from tests.eventually import eventually
from tests.mis_sync.world import World

_KEPT = "SELECT version, name, last_year_group FROM own_schools WHERE school_id = $1"


def details(version: int, name: str, last: YearGroup) -> SchoolChanged:
    return SchoolChanged(
        version=version,
        name=name,
        postcode="NG7 5PN",
        first_year_group=YearGroup.R,
        last_year_group=last,
        town="Nottingham",
        telephone="0115 496 0123",
    )


async def test_the_newest_details_are_kept_in_whatever_order_they_come(world: World) -> None:
    school = await world.new_school()
    newest = (4, "Fourth", "8")
    messages = [
        details(4, "Fourth", YearGroup.Y8),
        details(2, "Second", YearGroup.Y2),
        details(4, "Fourth", YearGroup.Y8),
        details(3, "Third", YearGroup.Y3),
    ]
    before = await heard(world)
    await world.owners.say(school.id, *messages)
    await eventually(lambda: heard(world), lambda count: count >= before + len(messages))
    assert [tuple(row) for row in await world.rows(_KEPT, school.id)] == [newest]


async def heard(world: World) -> Any:
    """Messages that were taken: a late one is taken too, and changes nothing."""
    rows = await world.rows("SELECT count(*) FROM inbox WHERE consumer LIKE '%school.changed%'")
    return rows[0]["count"]
