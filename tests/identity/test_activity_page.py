"""Reading the activity log: by whom, in which order and words, filtered, and as a file (R9)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from uuid_utils.compat import uuid7

from services.identity.activity import repository
from shared.contracts.activity import ActivityEntry, ActivityRecorded, Actor, Subject
from shared.contracts.envelope import Event
from tests.identity.door import Door, SchoolInTest, problem_of

NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)
MIS = Actor(kind="mis", name="MIS sync")
OFFICE = Actor(kind="person", account_id=uuid4(), name="Office")


def entry(label: str, action: str = "pupil.created", **details: Any) -> ActivityEntry:
    kind = details.pop("kind", action.partition(".")[0])
    actor, at = details.pop("actor", MIS), details.pop("at", NOON)
    subject = details.pop("subject", None) or Subject(kind=kind, label=label)
    return ActivityEntry(at=at, actor=actor, action=action, subject=subject, **details)


async def log(door: Door, school: SchoolInTest, entries: Iterable[ActivityEntry]) -> UUID:
    """As if one event had been heard."""
    event = Event[ActivityRecorded](
        id=uuid7(),
        source="/services/roster",
        type=ActivityRecorded.EVENT_TYPE,
        schoolid=school.id,
        correlationid="test",
        data=ActivityRecorded(service="roster", entries=tuple(entries)),
    )
    async with door.app.state.identity.database.transaction(school.id) as connection:
        await repository.append(connection, school.id, [event])
    return event.id


async def ask(school: SchoolInTest, **query: Any) -> dict[str, Any]:
    headers = await school.as_admin()
    answer = await school.door.client.get("/activity", params=query, headers=headers)
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    return page


async def labels(school: SchoolInTest, **query: Any) -> list[str]:
    """Of what the tests logged, not of what setting the school up did."""
    page = await ask(school, **{"last_day": "2026-12-31", "first_day": "2026-01-01"} | query)
    return [
        item["subject"]["label"]
        for item in page["items"]
        if item["actor"]["name"] in ("MIS sync", "Office", "Ann")
    ]


async def sentences(school: SchoolInTest, **query: Any) -> list[str]:
    page = await ask(school, first_day="2026-06-10", last_day="2026-06-10", **query)
    return [item["sentence"] for item in page["items"]]


async def exported(school: SchoolInTest, **query: Any) -> str:
    headers = await school.as_admin()
    answer = await school.door.client.get("/activity/export", params=query, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    return answer.content.decode()


async def test_who_what_when_before_and_after(door: Door, school: SchoolInTest) -> None:
    changed = entry(
        "Maya Patel",
        "pupil.changed",
        actor=OFFICE,
        before={"date_of_birth": "2018-08-31", "upn": None, "active": True, "pupil_id": "x"},
        after={"date_of_birth": "2018-09-01", "upn": [], "active": False, "pupil_id": "y"},
    )
    event_id = await log(door, school, [changed])
    [item] = (await ask(school, event_id=str(event_id)))["items"]
    assert (item["at"], item["actor"]["name"]) == ("2026-06-10T12:00:00Z", "Office")
    assert item["sentence"] == "Maya Patel: active, date of birth changed"
    assert item["fields"] == [
        {"name": "Active", "before": "Yes", "after": "No"},
        {"name": "Date of birth", "before": "31/08/2018", "after": "01/09/2018"},
    ]


async def test_pages_are_newest_first_and_miss_nothing(door: Door, school: SchoolInTest) -> None:
    await log(door, school, [entry(f"Old {n}", at=NOON - timedelta(1)) for n in range(3)])
    await log(door, school, [entry(f"New {n}") for n in range(4)])
    day = {"first_day": "2026-06-09", "last_day": "2026-06-10"}
    seen, cursor = [], None
    while True:
        page = await ask(school, limit=2, **day, **({"cursor": cursor} if cursor else {}))
        assert page["total"] == 7
        seen += [item["subject"]["label"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
        if len(seen) == 2:
            await log(door, school, [entry("Newer still", at=NOON + timedelta(days=1))])
    assert seen == ["New 3", "New 2", "New 1", "New 0", "Old 2", "Old 1", "Old 0"]


async def test_what_a_sync_did_many_times_is_one_line(door: Door, school: SchoolInTest) -> None:
    pupils = [entry(f"Pupil {n}") for n in range(30)]
    links = [entry(f"Pupil {n} in 3 Blue", "link.added", after={"present": True}) for n in range(2)]
    event_id = await log(door, school, [*pupils, *links])
    await log(door, school, [entry("Alone", actor=OFFICE)])
    assert await sentences(school, together=True) == [
        "Alone added",
        "2 people added to groups",
        "30 pupils added",
    ]
    page = await ask(school, first_day="2026-06-10", last_day="2026-06-10", together=True, limit=2)
    assert page["total"] == 3
    rest = await sentences(school, together=True, limit=2, cursor=page["next_cursor"])
    assert rest == ["30 pupils added"]
    opened = await ask(school, event_id=str(event_id), action="pupil.created", limit=200)
    assert opened["total"] == len(opened["items"]) == 30
    assert {item["alike"] for item in opened["items"]} == {1}
    assert await sentences(school, together=True, search="pupil 29") == ["Pupil 29 added"]


async def test_sentences_are_plain_words(door: Door, school: SchoolInTest) -> None:
    for one in (
        entry("Maya Patel in 3 Blue", "link.added"),
        entry("Maya Patel in 3 Blue", "link.removed"),
        entry("3 Blue", "group.changed", before={"name": "3B"}, after={"name": "3 Blue"}),
        entry("Zoë {O’Neill}", "user.email_asked_for"),
        entry("3 Blue", "mapping.ignored"),
    ):
        await log(door, school, [one])
    assert (await sentences(school))[::-1] == [
        "3 Blue: Maya Patel added",
        "3 Blue: Maya Patel taken out",
        "3 Blue: name changed",
        "Zoë {O’Neill}: User email asked for",
        "MIS mapping: 3 Blue ignored",
    ]


async def test_marks_are_told_and_not_shown(door: Door, school: SchoolInTest) -> None:
    """R1: the admin account sees no assessments, neither on the page nor in the file."""
    about = Subject(kind="pupil", label="Zoë Bell, English, Autumn 2026/27")
    mark = entry(
        "",
        "mark.recorded",
        subject=about,
        before={"attainment": "Below", "comment": None, "effort": "Poor"},
        after={"attainment": "Above", "comment": "Reads", "effort": None},
    )
    comment = entry("", "comment.head_teacher", subject=about, after={"comment": "Reads"})
    await log(door, school, [mark, comment])
    items = (await ask(school, first_day="2026-06-10", last_day="2026-06-10"))["items"]
    assert [item["sentence"] for item in items][::-1] == [
        "Zoë Bell, English, Autumn 2026/27: attainment, comment, effort recorded",
        "Zoë Bell, English, Autumn 2026/27: head teacher’s comment written",
    ]
    assert [tuple(field.values()) for field in items[1]["fields"]] == [
        ("Attainment", "recorded", "changed"),
        ("Comment", "", "recorded"),
        ("Effort", "recorded", "taken away"),
    ]
    headers = await school.as_admin()
    file = await school.door.client.get("/activity/export", headers=headers)
    for answer in (file.text, json.dumps(items)):
        assert not {"Below", "Above", "Reads", "Poor"} & set(answer.replace(",", " ").split())
    assert "attainment" in file.text


async def test_days_are_the_school_s_own(door: Door, school: SchoolInTest) -> None:
    """In summer, London is an hour ahead of UTC."""
    await log(door, school, [entry("Late on the 9th", at=datetime(2026, 6, 9, 22, 59, tzinfo=UTC))])
    await log(door, school, [entry("First of the 10th", at=datetime(2026, 6, 9, 23, tzinfo=UTC))])
    await log(door, school, [entry("Last of the 10th", at=datetime(2026, 6, 10, 22, tzinfo=UTC))])
    await log(door, school, [entry("The 11th", at=datetime(2026, 6, 10, 23, tzinfo=UTC))])
    day = "2026-06-10"
    assert await labels(school, first_day=day, last_day=day) == [
        "Last of the 10th",
        "First of the 10th",
    ]
    assert await labels(school, first_day="2026-06-11") == ["The 11th"]
    assert await labels(school, last_day="2026-06-09") == ["Late on the 9th"]
    for edge in ("0001-01-01", "9999-12-31"):
        assert (await ask(school, first_day=edge, last_day=edge))["items"] == []


async def test_filters(door: Door, school: SchoolInTest) -> None:
    ann = Actor(kind="person", account_id=uuid4(), name="Ann", authenticator="Mrs Smith’s phone")
    await log(door, school, [entry("Zoë O’Neill", "pupil.changed", actor=ann)])
    await log(door, school, [entry("100%_ Blue", "group.created", actor=OFFICE)])
    await log(door, school, [entry("Otto", "pupil.made_inactive")])
    assert await labels(school, actor_kind="mis") == ["Otto"]
    assert await labels(school, actor_account_id=str(ann.account_id)) == ["Zoë O’Neill"]
    assert await labels(school, subject_kind="pupil") == ["Otto", "Zoë O’Neill"]
    assert await labels(school, action="group.created") == ["100%_ Blue"]
    assert await labels(school, search="ZOE oneill") == ["Zoë O’Neill"]
    assert await labels(school, search="ann") == ["Zoë O’Neill"]
    assert await labels(school, search="smiths phone") == ["Zoë O’Neill"]
    assert await labels(school, search="100 blue") == ["100%_ Blue"]
    assert await labels(school, search="nobody") == []


async def test_of_one_pupil_it_tells_their_groups_too(door: Door, school: SchoolInTest) -> None:
    """What happened to one pupil: themselves, and coming to groups and leaving them."""
    pupil_id = uuid4()
    maya = entry("Maya", subject=Subject(kind="pupil", id=pupil_id, label="Maya"))
    joined = entry(
        "Maya in 3 Blue",
        "link.added",
        subject=Subject(kind="link", label="Maya in 3 Blue"),
        after={"person_id": str(pupil_id), "present": True},
    )
    await log(door, school, [maya, entry("Otto"), joined])
    assert sorted(await labels(school, about=str(pupil_id))) == ["Maya", "Maya in 3 Blue"]
    assert await labels(school, about=str(uuid4())) == []


async def test_what_was_done_to_a_whole_class_is_in_each_pupil_s_history(
    door: Door, school: SchoolInTest
) -> None:
    """R9, R12: told as one entry, it is found by each pupil and name, and as one line for all."""
    maya, otto = (Subject(kind="pupil", id=uuid4(), label=name) for name in ("Maya", "Otto"))
    moved = entry(
        "", "pupil.moved_up", subject=maya, also=(otto,), before={"year_group": "3"},
        after={"year_group": "4"},
    )  # fmt: skip
    into = [Subject(kind="link", id=one.id, label=f"{one.label} in 4 Blue") for one in (maya, otto)]
    joined = entry(
        "",
        "link.added",
        subject=into[0],
        also=(into[1],),
        before={"present": False, "group_id": str(uuid4())},
        after={"present": True, "group_id": str(uuid4())},
    )
    event = await log(door, school, [moved, joined])
    assert await labels(school, about=str(otto.id)) == ["Otto in 4 Blue", "Otto"]
    page = await ask(school, about=str(otto.id))
    assert [item["sentence"] for item in page["items"]] == [
        "4 Blue: Otto added",
        "Otto moved up",
    ]
    (year,) = page["items"][1]["fields"]
    assert (year["name"], year["before"], year["after"]) == ("Year group", "3", "4")
    assert await labels(school, search="maya") == ["Maya in 4 Blue", "Maya"]
    assert await sentences(school, together=True, event_id=str(event)) == [
        "2 people added to groups",
        "2 pupils moved up",
    ]


async def test_what_is_set_by_hand_is_said_in_words(door: Door, school: SchoolInTest) -> None:
    changed = {
        "before": {"sex": None, "overrides": []},
        "after": {"sex": "F", "overrides": ["sex", "year_group"]},
    }
    handed = {"before": {"overrides": ["upn"]}, "after": {"overrides": []}}
    await log(door, school, [entry("Maya", "pupil.changed", **changed)])
    await log(door, school, [entry("Otto", "pupil.changed", **handed)])
    said = {item["sentence"]: item["fields"] for item in (await ask(school))["items"]}
    assert {"name": "Set by hand", "before": "", "after": "Sex, Year group"} in said[
        "Maya: sex changed"
    ]
    assert "Otto: set by hand changed" in said


async def test_what_can_be_chosen_is_what_is_there(door: Door, school: SchoolInTest) -> None:
    renamed = Actor(kind="person", account_id=OFFICE.account_id, name="Office, renamed")
    await log(
        door, school, [entry("A", actor=OFFICE), entry("B", actor=Actor(kind="mis", name="MIS"))]
    )
    await log(door, school, [entry("A", actor=renamed, at=NOON + timedelta(hours=1))])
    headers = await school.as_admin()
    found = (await door.client.get("/activity/choices", headers=headers)).json()
    actors = {(actor["kind"], actor["name"]) for actor in found["actors"]}
    assert {("mis", "MIS sync"), ("person", "Office, renamed")} <= actors
    assert ("person", "Office") not in actors
    assert {"action": "pupil.created", "name": "Pupil added"} in found["actions"]
    # Each once, whether somebody of that kind has an account or none.
    both = [Actor(kind="person", name="Nobody"), Actor(kind="mis", account_id=uuid4(), name="By")]
    await log(door, school, [entry("A", actor=actor) for actor in (*both, *both, OFFICE)])
    found = (await door.client.get("/activity/choices", headers=headers)).json()
    again = [(actor["kind"], actor["account_id"]) for actor in found["actors"]]
    (listed,) = await door.rows(
        "SELECT count(DISTINCT (actor_kind, actor_account_id)) AS actors, "
        "count(DISTINCT action) AS actions FROM activity_log WHERE school_id = $1",
        school.id,
    )
    assert len(again) == len(set(again)) == listed["actors"]
    assert len(found["actions"]) == listed["actions"]


async def test_the_file_holds_the_filtered_log(door: Door, school: SchoolInTest) -> None:
    evil = '=HYPERLINK("http://evil.example")'
    await log(
        door,
        school,
        [
            entry(evil, actor=Actor(kind="person", account_id=uuid4(), name="＝cmd")),
            entry("Zoë, “Z”", "pupil.changed", before={"year_group": "3"}, after={"year_group": 4}),
        ],
    )
    await log(door, school, [entry("Another day", at=NOON + timedelta(days=5))])
    text = await exported(school, first_day="2026-06-10", last_day="2026-06-10")
    assert text.startswith("\ufeffDate,Time,Who,What happened,")
    _, *rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    assert [row[0:2] for row in rows] == [["10/06/2026", "13:00:00"]] * 2
    assert rows[0][2:] == [
        "MIS sync",
        "Zoë, “Z”: year group changed",
        "Zoë, “Z”",
        "Year group: 3",
        "Year group: 4",
    ]
    assert rows[1][2:5] == ["'＝cmd", f"'{evil} added", f"'{evil}"]


async def test_a_long_log_is_in_the_file_whole(door: Door, school: SchoolInTest) -> None:
    """It is read in pieces; none is missed or told twice where they meet."""
    for event in range(5):
        await log(door, school, [entry(f"Pupil {event}-{n}") for n in range(450)])
    text = await exported(school, first_day="2026-06-10", last_day="2026-06-10")
    _, *rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    expected = [f"Pupil {event}-{n}" for event in range(5) for n in range(450)]
    assert [row[4] for row in rows] == expected[::-1]


@pytest.mark.parametrize("path", ["/activity", "/activity/choices", "/activity/export"])
async def test_it_is_the_admin_s_alone(door: Door, school: SchoolInTest, path: str) -> None:
    for role in ("teacher", "slt"):
        user = await school.add_user(role=role)
        headers = door.as_session((await school.claim(user["username"]))["session"])
        assert problem_of(await door.client.get(path, headers=headers)) == (403, "forbidden")
    assert (await door.client.get(path)).status_code == 401


async def test_another_school_sees_nothing_of_it(door: Door, school: SchoolInTest) -> None:
    event_id = await log(door, school, [entry("Maya Patel")])
    elsewhere = await door.new_school()
    assert "Maya" not in json.dumps(await ask(elsewhere))
    assert (await ask(elsewhere, event_id=str(event_id)))["total"] == 0
    assert "Maya" not in await exported(elsewhere)
    headers = await elsewhere.as_admin()
    assert "pupil.created" not in (await door.client.get("/activity/choices", headers=headers)).text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"cursor": "rubbish"}, 400),
        ({"cursor": "WyJ4IiwieSIsMV0"}, 400),
        ({"first_day": "yesterday"}, 422),
        ({"actor_kind": "ghost"}, 422),
        ({"action": "x'; --"}, 422),
    ],
)
async def test_what_cannot_be_asked(school: SchoolInTest, query: Any, status: int) -> None:
    headers = await school.as_admin()
    answer = await school.door.client.get("/activity", params=query, headers=headers)
    assert answer.status_code == status


@pytest.mark.parametrize("statement", ["TRUNCATE activity_log", "DROP TABLE activity_log"])
async def test_nobody_in_the_service_can_do_away_with_it(
    door: Door, school: SchoolInTest, statement: str
) -> None:
    connection = await asyncpg.connect(door.service_dsn)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(statement)
    await connection.close()
