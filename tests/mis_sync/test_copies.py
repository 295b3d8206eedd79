"""What mis_sync keeps of the school's details (R29) and of links, by version."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from shared.contracts.identity import SchoolChanged
from shared.contracts.roster import LinksChanged, LinkState, MembershipsAlike, MembershipsChanged
from shared.contracts.vocabulary import LinkKind, Origin, YearGroup
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


async def test_whole_classes_are_kept_as_links_are_and_by_their_versions(world: World) -> None:
    """What a roll-up says of many memberships, among what is said of one."""
    school = await world.new_school()
    group, ann, ben = uuid7(), uuid7(), uuid7()

    def alike(present: bool, *members: tuple[UUID, int]) -> MembershipsAlike:
        return MembershipsAlike(
            group_id=group, present=present, origin=Origin.MIS, override=False, members=members
        )

    by_hand = LinkState(
        kind=LinkKind.MEMBER,
        group_id=group,
        person_id=ben,
        version=3,
        present=True,
        origin=Origin.HAND,
        override=True,
    )
    await world.owners.say(
        school.id,
        MembershipsChanged(groups=(alike(True, (ann, 1)), alike(False, (ben, 2)))),
        LinksChanged(links=(by_hand,)),
        MembershipsChanged(groups=(alike(False, (ann, 2)),)),
    )
    kept = (
        "SELECT person_id, version, present, origin, override FROM own_links WHERE school_id = $1"
    )
    wanted = {(ann, 2, False, "mis", False), (ben, 3, True, "hand", True)}
    await eventually(
        lambda: world.rows(kept, school.id), lambda rows: {tuple(row) for row in rows} == wanted
    )
