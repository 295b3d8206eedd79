"""Reports keeps its copy by version: repeats, latecomers and any order end the same."""

from __future__ import annotations

import asyncio
import random
from typing import Any
from uuid import UUID

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st
from uuid_utils.compat import uuid7

from shared.contracts.envelope import Payload
from shared.contracts.identity import SchoolChanged, UsersChanged
from shared.contracts.roster import (
    GroupsChanged,
    GroupState,
    LinksChanged,
    LinkState,
    MembershipsAlike,
    MembershipsChanged,
    PupilsChanged,
    PupilState,
    SchoolYearChanged,
)
from shared.contracts.vocabulary import GroupKind, LinkKind, Origin, YearGroup
from tests.eventually import eventually
from tests.roster.door import Door, SchoolInTest, problem_of, user

COPIED = {
    "pupils": ("id", "version", "active", "upn", "legal_forename", "legal_surname", "year_group"),
    "groups": ("id", "version", "active", "name", "kind", "year_group"),
    "links": ("kind", "group_id", "person_id", "version", "present"),
}


def school_changed(version: int) -> SchoolChanged:
    return SchoolChanged(
        version=version,
        name=f"School {version}",
        postcode="NG7 5PN",
        first_year_group=YearGroup.R,
        last_year_group=YearGroup(str(5 + version)),
        town=f"Town {version}",
    )


def history() -> list[Payload]:
    """Three versions of everything, each record's in its own event, in the order they happened.

    The second version of the membership is told as a roll-up tells of whole classes.
    """
    pupil_id, group_id, user_id = uuid7(), uuid7(), uuid7()
    events: list[Payload] = []
    for version in (1, 2, 3):
        pupil = PupilState(
            id=pupil_id,
            version=version,
            active=version != 2,
            upn=None,
            legal_forename=f"Zoë {version}",
            legal_surname="Hall",
            origin=Origin.MIS,
        )
        group = GroupState(
            id=group_id,
            version=version,
            active=True,
            name=f"{version} Blue",
            kind=GroupKind.CLASS,
            origin=Origin.MIS,
        )
        links = [
            LinkState(
                kind=kind,
                group_id=group_id,
                person_id=person_id,
                version=version,
                present=version != 2,
                origin=Origin.MIS,
                override=False,
            )
            for kind, person_id in ((LinkKind.MEMBER, pupil_id), (LinkKind.TEACHER, user_id))
        ]
        told: Payload = LinksChanged(links=tuple(links))
        if version == 2:
            member, teacher = links
            alike = MembershipsAlike(
                group_id=group_id,
                present=member.present,
                origin=member.origin,
                override=member.override,
                members=((member.person_id, member.version),),
            )
            events.append(MembershipsChanged(groups=(alike,)))
            told = LinksChanged(links=(teacher,))
        events += [
            school_changed(version),
            SchoolYearChanged(version=version, academic_year=f"202{version}/2{version + 1}"),
            UsersChanged(users=(user(user_id, version=version, surname=f"Hall {version}"),)),
            PupilsChanged(pupils=(pupil,)),
            GroupsChanged(groups=(group,)),
            told,
        ]
    return events


async def copy_of(reports: Door, school_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Every row that reports has of a school, without what tells two schools apart."""
    found = {}
    for table in ("schools", "school_years", "users", "pupils", "groups", "links"):
        query = f"SELECT to_jsonb(t) - 'school_id' AS row FROM {table} t WHERE school_id = $1 ORDER BY 1"  # noqa: E501, S608
        found[table] = [row["row"] for row in await reports.rows(query, school_id)]
    return found


async def hear_all(school: SchoolInTest, events: list[Payload]) -> None:
    said = [await school.door.say(school.id, event) for event in events]
    await asyncio.gather(*(school.door.is_taken(event_id) for event_id in said))


@settings(max_examples=10)
@given(seed=st.randoms(use_true_random=False))
async def test_any_order_with_repeats_ends_as_the_true_order_does(
    reports: Door, seed: random.Random
) -> None:
    events = history()
    in_order, shuffled = SchoolInTest(reports), SchoolInTest(reports)
    await hear_all(in_order, events)
    mixed = events + seed.sample(events, 6)
    seed.shuffle(mixed)
    await hear_all(shuffled, mixed)
    assert await copy_of(reports, shuffled.id) == await copy_of(reports, in_order.id)


async def test_many_who_have_just_come_meet_some_who_are_here(reports: Door) -> None:
    """They are written at once where none of them is, and only what is newer where some are."""

    def pupils(versions: dict[int, int]) -> PupilsChanged:
        states = (
            PupilState(
                id=UUID(int=number),
                version=version,
                active=True,
                upn=None,
                legal_forename=f"Zoë {version}",
                legal_surname=f"Hall {number}",
                origin=Origin.MIS,
            )
            for number, version in versions.items()
        )
        return PupilsChanged(pupils=tuple(states))

    school = SchoolInTest(reports)
    begun = dict.fromkeys(range(30), 1)
    await hear_all(school, [pupils(begun)])
    await hear_all(school, [pupils({3: 2, 4: 1})])
    await hear_all(school, [pupils(begun), pupils(dict.fromkeys(range(20, 60), 1))])
    query = "SELECT id, version, legal_forename FROM pupils WHERE school_id = $1 ORDER BY id"
    rows = await reports.rows(query, school.id)
    versions = {row["id"].int: row["version"] for row in rows}
    assert versions == dict.fromkeys(range(60), 1) | {3: 2}
    assert rows[3]["legal_forename"] == "Zoë 2"


async def test_figures_count_what_is_active(reports: Door) -> None:
    school = SchoolInTest(reports)
    await hear_all(school, history())
    assert await school.get("/summary") == {
        "academic_year": "2023/24",
        "pupils": 1,
        "groups": 1,
        "users": 1,
        "memberships": 1,
        "teachings": 1,
    }


async def test_figures_are_for_those_who_see_the_school_and_of_theirs_only(
    reports: Door,
) -> None:
    """R14, and nothing of another school."""
    school, stranger = SchoolInTest(reports), SchoolInTest(reports)
    await hear_all(school, history())
    assert (await stranger.get("/summary"))["pupils"] == 0
    answer = await reports.client.get("/summary", headers=school.as_teacher(uuid7()))
    assert problem_of(answer) == (403, "whole-school-only")


async def test_is_ready_once_it_hears_and_its_database_answers(reports: Door) -> None:
    async def look() -> httpx.Response:
        return await reports.client.get("/ready")

    well = await eventually(look, lambda seen: seen.json()["notices"].get("consumers", "") is None)
    assert well.status_code == 200
    assert well.json()["checks"] == {"database": None}


async def test_the_copy_equals_roster_s_tables(reports: Door, door: Door) -> None:
    """Through roster's outbox and the broker, after a sync, work by hand and an unlink."""
    school = SchoolInTest(door)
    await school.is_heard_of()
    group_id, pupil_id = await school.has_group("3 Blue"), await school.has_pupil()
    await school.has_link(LinkKind.MEMBER, group_id, pupil_id)
    await school.has_link(LinkKind.TEACHER, group_id, uuid7())
    path = f"/pupils/{pupil_id}"
    await school.by_hand("PATCH", path, {"expected_version": 1, "legal_forename": "Zoey"})
    await school.by_hand("DELETE", f"/groups/{group_id}/pupils/{pupil_id}")
    for event in await school.told():
        if ".changed." in event["type"]:
            await reports.is_taken(UUID(event["id"]))
    for table, columns in COPIED.items():
        names = ", ".join(columns)
        query = f"SELECT {names} FROM {table} WHERE school_id = $1 ORDER BY {names}"  # noqa: S608
        assert await reports.rows(query, school.id) == await door.rows(query, school.id)
